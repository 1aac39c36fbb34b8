"""What camera_info says, by value: a pinhole of an angle of view, or a file of camera_calibration, which is refused by name."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import yaml

from physio_core.errors import ConfigError
from physio_nodes.camera_info import info_topic, pinhole, read_calibration

NUMBERS = {
    "image_width": 320,
    "image_height": 240,
    "camera_name": "web",
    "distortion_model": "rational_polynomial",
    "camera_matrix": {"rows": 3, "cols": 3, "data": [300, 0, 160, 0, 301, 120, 0, 0, 1]},
    "distortion_coefficients": {"rows": 1, "cols": 8, "data": [0.1, 0, 0, 0, 0, 0.2, 0, 0]},
    "rectification_matrix": {"rows": 3, "cols": 3, "data": [1, 0, 0, 0, 1, 0, 0, 0, 1]},
    "projection_matrix": {"rows": 3, "cols": 4, "data": [302, 0, 161, 0, 0, 303, 121, 0, 0, 0, 1, 0]},
}


def written(tmp_path: Path, **changes: object) -> Path:
    path = tmp_path / "web.yaml"
    path.write_text(yaml.safe_dump({key: value for key, value in {**NUMBERS, **changes}.items() if value is not None}))
    return path


@pytest.mark.parametrize("topic", ["camera/image_raw", "/front/camera/image_raw", "front/camera/image"])
def test_the_topic_stands_beside_that_of_the_images(topic):
    assert info_topic(topic) == topic.rpartition("/")[0] + "/camera_info"


def test_a_pinhole_shows_its_whole_angle_of_view_in_square_pixels():
    info = pinhole(640, 480, math.pi / 2)
    focal_px = 320.0  # 45 degrees to either side
    assert list(info.k) == pytest.approx([focal_px, 0, 320, 0, focal_px, 240, 0, 0, 1])
    assert list(info.p) == pytest.approx([focal_px, 0, 320, 0, 0, focal_px, 240, 0, 0, 0, 1, 0])
    assert list(info.r) == [1, 0, 0, 0, 1, 0, 0, 0, 1] and list(info.d) == [0.0] * 5
    assert (info.width, info.height, info.distortion_model) == (640, 480, "plumb_bob")


def test_a_file_is_read_whole(tmp_path):
    info = read_calibration(written(tmp_path))
    assert (info.width, info.height, info.distortion_model) == (320, 240, "rational_polynomial")
    for field, name in (("k", "camera_matrix"), ("r", "rectification_matrix"), ("p", "projection_matrix")):
        assert list(getattr(info, field)) == NUMBERS[name]["data"]
    assert list(info.d) == NUMBERS["distortion_coefficients"]["data"]


def test_a_file_in_the_home_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    written(tmp_path)
    assert read_calibration("~/web.yaml").width == 320


@pytest.mark.parametrize("name", [name for name in NUMBERS if name != "camera_name"])
def test_an_entry_that_is_missing_is_named(tmp_path, name):
    with pytest.raises(ConfigError, match=f"is not a file of camera_calibration: '{name}'"):
        read_calibration(written(tmp_path, **{name: None}))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"camera_matrix": {"data": [1.0] * 8}}, "camera_matrix holds 8 numbers, need 9"),
        ({"projection_matrix": {"data": [1.0] * 9}}, "projection_matrix holds 9 numbers, need 12"),
        ({"rectification_matrix": {"data": ["x"] * 9}}, "could not convert string to float"),
        ({"rectification_matrix": [1.0] * 9}, "list indices"),
        ({"image_width": "wide"}, "invalid literal"),
    ],
)
def test_what_is_not_as_long_or_no_number_is_refused(tmp_path, changes, complaint):
    with pytest.raises(ConfigError, match=complaint):
        read_calibration(written(tmp_path, **changes))


@pytest.mark.parametrize("text", ["", "- 1\n- 2\n", "a: [", "just words"])
def test_what_is_no_calibration_at_all_is_refused(tmp_path, text):
    path = tmp_path / "web.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"web\.yaml is not a file of camera_calibration"):
        read_calibration(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gone\.yaml cannot be read: No such file or directory"):
        read_calibration(tmp_path / "gone.yaml")
