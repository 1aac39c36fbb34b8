"""Video files and image folders: true times, and clear refusals."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from physio_core.camera.config import CameraConfig
from physio_core.camera.image import fit, read_image, write_image
from physio_core.camera.sources import FolderReader, open_source
from physio_core.camera.video import VideoReader, read_video
from physio_core.errors import OutputError, SourceError


@pytest.fixture
def clip(tmp_path):
    """Ten images, 25 per second, 160x120; the red channel rises."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 25.0, (160, 120))
    for index in range(10):
        writer.write(np.full((120, 160, 3), (0, 0, 20 * index), np.uint8))
    writer.release()
    return path


def test_pictures_carry_the_times_of_the_file(clip):
    frames = list(read_video(clip))
    assert [frame.stamp_s for frame in frames] == pytest.approx(np.arange(10) / 25.0)


def test_pictures_are_red_first(clip):
    last = list(read_video(clip))[-1].rgb
    assert last[..., 0].mean() == pytest.approx(180, abs=8)
    assert last[..., 2].mean() < 12


@pytest.mark.parametrize("content", [b"", b"this is text\n" * 500, bytes(range(256)) * 64])
def test_what_is_no_video_is_refused_by_name(tmp_path, content):
    path = tmp_path / "wrong.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"wrong\.mp4"):
        VideoReader(path)


@pytest.mark.parametrize("name", ["missing.mp4", "."])
def test_a_wrong_path_is_refused_by_name(tmp_path, name):
    with pytest.raises(SourceError, match="missing|is not a file"):
        next(read_video(tmp_path / name))


def test_a_folder_is_read_in_the_order_of_names(tmp_path):
    for index in (2, 0, 1):
        write_image(tmp_path / f"{index}.png", np.full((32, 48, 3), 50 * index, np.uint8))
    reader = FolderReader(tmp_path, fps=10.0)
    frames = [reader.read() for _ in range(4)]
    assert [frame.rgb[0, 0, 0] for frame in frames[:3]] == [0, 50, 100]
    assert [frame.stamp_s for frame in frames[:3]] == pytest.approx([0.0, 0.1, 0.2])
    assert frames[3] is None


def test_a_folder_without_images_and_a_broken_image_are_refused(tmp_path):
    with pytest.raises(SourceError, match="no images"):
        FolderReader(tmp_path, fps=10.0)
    (tmp_path / "a.png").write_bytes(b"no image")
    with pytest.raises(SourceError, match=r"a\.png"):
        FolderReader(tmp_path, fps=10.0).read()


def test_a_source_that_needs_a_path_says_so():
    with pytest.raises(SourceError, match="needs a path"):
        open_source(CameraConfig(source="video"))


def test_large_pictures_are_shrunk_and_small_ones_left_alone():
    assert fit(np.zeros((1080, 1920, 3), np.uint8), 640, 480).shape == (360, 640, 3)
    assert fit(np.zeros((100, 80, 3), np.uint8), 640, 480).shape == (100, 80, 3)


def test_a_picture_survives_writing_and_reading(tmp_path):
    rgb = np.random.default_rng(0).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    write_image(tmp_path / "p.png", rgb)
    assert (read_image(tmp_path / "p.png") == rgb).all()
    with pytest.raises(OutputError, match=r"ending '\.xyz'; what is written there needs \.png or \.jpg"):
        write_image(tmp_path / "p.xyz", rgb)
    write_image(tmp_path / "p.JPG", rgb)
    assert (tmp_path / "p.JPG").read_bytes()[:3] == b"\xff\xd8\xff"
