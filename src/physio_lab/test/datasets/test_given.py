"""Joints and units that a format does not store: told by the numbers, said by a person, or refused; never guessed silently."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

from physio_core import cli
from physio_core.errors import InputError
from physio_core.skeleton.layouts import BODY_25, KINECT_25, OPENPOSE_18
from physio_lab.datasets.formats import open_set
from physio_lab.datasets.given import Given
from physio_lab.datasets.kinetics import read_kinetics, write_kinetics
from physio_lab.datasets.npy import read_npy, write_npy
from physio_lab.datasets.pyskl import read_pyskl, write_pyskl
from physio_lab.datasets.sequence import in_layout


def arrays(tmp_path, values):
    """ST-GCN's files of one sample (T, V, C)."""
    np.save(tmp_path / "set_data.npy", values.transpose(2, 0, 1)[None, ..., None].astype(np.float32))
    (tmp_path / "set_label.pkl").write_bytes(pickle.dumps((["clip"], [0])))
    return tmp_path / "set_data.npy"


def kinetics(tmp_path, text):
    (tmp_path / "set").mkdir()
    (tmp_path / "set/clip.json").write_text(text)
    return tmp_path / "set"


def clip(pose, score, **more):
    frame = {"frame_index": 1, "skeleton": [{"pose": pose, "score": score}]}
    return json.dumps({"data": [frame], "label": "squat", "label_index": 0, **more})


def pysk(tmp_path, keypoint, **more):
    one = {"frame_dir": "clip", "label": 0, "total_frames": 2, "keypoint": keypoint.astype(np.float32), **more}
    (tmp_path / "set.pkl").write_bytes(pickle.dumps({"split": {}, "annotations": [one]}))
    return tmp_path / "set.pkl"


XYZ = np.random.default_rng(0).uniform(-1.0, 1.0, (4, 25, 3)) + [0, 0, 3]


def test_arrays_of_a_depth_camera_are_metres_not_scores(tmp_path):
    (found,) = read_npy(arrays(tmp_path, XYZ))
    assert (found.layout, found.width_px, found.points.shape) == ("kinect_25", 0, (1, 4, 25, 3))
    np.testing.assert_allclose(found.points[0], XYZ * [-1, -1, 1], atol=1e-6)  # Kinect's frame into the optical one
    assert (found.confidence == 1).all()


@pytest.mark.parametrize("write, name", [(write_kinetics, "set"), (write_npy, "set_data.npy"), (write_pyskl, "set.pkl")])
def test_25_joints_in_a_picture_are_openposes(tmp_path, make, same, write, name):
    one = make(layout="body_25", source="clip_0")
    one.points[one.confidence == 0] = 0
    write(tmp_path / name, [one], ["squat"])
    (found,) = open_set(tmp_path / name)
    same(found, one, tolerance=1e-6)
    body = in_layout(found, "openpose_18")
    for joint in ("nose", "right_hip", "left_shoulder", "left_ear"):
        place = BODY_25.index(joint)
        np.testing.assert_array_equal(body.points[..., OPENPOSE_18.index(joint), :], found.points[..., place, :])


@pytest.mark.parametrize("write, name", [(write_kinetics, "set"), (write_pyskl, "set.pkl")])
def test_kinects_joints_in_a_picture_come_back_or_are_not_written(tmp_path, make, write, name):
    one = make(layout="kinect_25")
    write(tmp_path / name, [one], ["squat"])
    assert next(iter(open_set(tmp_path / name))).layout == "kinect_25"
    with pytest.raises(InputError, match="the joints of kinect_25 would be read as others"):
        write_npy(tmp_path / "set_data.npy", [one], ["squat"])


def test_what_a_person_says_goes_before_any_guess(tmp_path):
    path = arrays(tmp_path, np.random.default_rng(0).uniform(0, 1, (4, 25, 3)))
    assert next(read_npy(path)).layout == "body_25"
    metres = next(read_npy(path, Given(units="metres")))
    assert (metres.layout, metres.points.shape[-1], metres.width_px) == ("kinect_25", 3, 0)
    assert next(read_npy(path, Given(layout="kinect_25", units="fractions"))).layout == "kinect_25"
    with pytest.raises(InputError, match="has 25 joints, --input-layout coco_17 has 17"):
        next(read_npy(path, Given(layout="coco_17")))


def test_a_third_channel_that_is_neither_score_nor_depth_must_be_said(tmp_path):
    path = arrays(tmp_path, XYZ[:, :18])
    with pytest.raises(InputError, match="say what they are: --input-units pixels or --input-units fractions or .*metres"):
        next(read_npy(path))
    assert next(read_npy(path, Given(units="metres"))).layout == "openpose_18"


@pytest.mark.parametrize("kind", ["kinetics", "npy"])
def test_pixels_where_fractions_belong_must_be_said_with_the_pictures_size(tmp_path, kind):
    pose = np.random.default_rng(0).uniform(50, 300, (1, 18, 2))
    if kind == "npy":
        path, read = arrays(tmp_path, np.concatenate([pose, np.ones((1, 18, 1))], axis=2)), read_npy
    else:
        path, read = kinetics(tmp_path, clip(pose.ravel().tolist(), [1.0] * 18)), read_kinetics
    with pytest.raises(InputError, match="are no fractions of a picture; .*--input-units pixels --input-size WIDTHxHEIGHT"):
        next(read(path))
    found = next(read(path, Given(units="pixels", size_px=(640, 480))))
    np.testing.assert_allclose(found.points[0], pose / [640, 480], atol=1e-6)
    assert (found.width_px, found.height_px) == (640, 480)


def test_pyskls_third_number_beside_a_picture_is_a_score(tmp_path):
    keypoint = np.random.default_rng(0).uniform(1, 200, (1, 2, 17, 3))
    keypoint[..., 2] = 0.25
    (found,) = read_pyskl(pysk(tmp_path, keypoint, img_shape=(240, 320)))
    np.testing.assert_allclose(found.points, keypoint[..., :2] / [320, 240], atol=1e-6)
    assert (found.confidence == 0.25).all()


@pytest.mark.parametrize(
    ("scale", "depth", "more", "message"),
    [
        (200, 3.0, {"img_shape": (240, 320)}, "the third number per joint is no score; say .* pixels or --input-units metres"),
        (200, 0.5, {}, "too large for metres, but no img_shape; say what they are"),
        (1, 3.0, {"img_shape": (0, 320)}, "width 320 and height 0 are no size"),
    ],
)
def test_pyskls_numbers_that_can_be_two_things_are_refused(tmp_path, scale, depth, more, message):
    keypoint = np.full((1, 2, 25, 3), float(scale))
    keypoint[..., 2] = depth
    with pytest.raises(InputError, match=message):
        list(read_pyskl(pysk(tmp_path, keypoint, **more)))


def test_pyskls_fractions_are_not_divided_again(tmp_path):
    keypoint = np.random.default_rng(0).uniform(0.1, 0.9, (1, 2, 17, 2))
    (found,) = read_pyskl(pysk(tmp_path, keypoint, img_shape=(240, 320)))
    np.testing.assert_allclose(found.points, keypoint, atol=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        clip([0.5] * 36, [1] * 18).replace('"frame_index": 1', '"frame_index": 1e999'),
        clip([0.5] * 36, [1] * 18, width=float("inf"), height=1),
        clip([0.5] * 36, [1] * 18, width=1e300, height=256),
        clip([0.5] * 36, [1] * 18, fps=float("nan")),
        clip([0.5] * 36, [1] * 18, label_index=float("inf")),
        clip([float("inf")] * 36, [1] * 18),
        '{"data": ' + "[" * 100_000,
        "",
    ],
)
def test_damaged_json_is_one_line(tmp_path, text, capsys):
    assert cli.main(["dataset", "stats", str(kinetics(tmp_path, text))]) == 2
    told = capsys.readouterr().err
    assert told.startswith("physio: ") and "clip" in told
    assert told.count("\n") == 1


def test_the_options_reach_every_command_and_not_formats_that_know(tmp_path, make, capsys):
    path = arrays(tmp_path, np.random.default_rng(0).uniform(0, 1, (4, 25, 3)))
    out = tmp_path / "out.pkl"
    assert cli.main(["dataset", "convert", str(path), str(out), "--input-units", "metres", "--input-layout", "kinect_25"]) == 0
    assert next(iter(open_set(out))).layout == KINECT_25.name
    assert cli.main(["dataset", "stats", f"columns:{path}", "--input-size", "3x4"]) == 2
    assert "stores its joints and units" in capsys.readouterr().err
    assert cli.main(["dataset", "stats", str(path), "--input-size", "wide"]) == 2


def test_a_label_file_of_windows_begins_with_a_mark(tmp_path, make):
    (tmp_path / "set_label_name.txt").write_bytes("\ufeffsquat\r\nlunge\r\n".encode())
    arrays(tmp_path, np.random.default_rng(0).uniform(0, 1, (4, 18, 3)))
    assert next(iter(open_set(tmp_path / "set_data.npy"))).label == "squat"
