"""Public sets: what their notes promise is there, and their traps are undone."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.colours import LEFT_RGB
from physio_core.skeleton.layouts import layout_named
from physio_lab.datasets.annotations import Annotations, Score, Sides
from physio_lab.datasets.public import read_irds, read_penn, read_ui_prmd, read_utd_mhad, read_wmft

scipy_io = pytest.importorskip("scipy.io", reason="the laboratory is not installed: scripts/setup --training")


def penn_file(folder: Path, name: str = "0001", frames: int = 4, **change: object) -> None:
    x = np.tile(np.arange(13.0) * 10 + 1, (frames, 1))
    seen = np.ones((frames, 13), np.uint8)
    seen[:, 4] = 0
    values = {"action": "squat", "x": x, "y": x * 2, "visibility": seen, "dimensions": [[300, 400, frames]], "train": 1, **change}
    scipy_io.savemat(folder / f"{name}.mat", values)


def test_penn_pixels_become_fractions_and_hidden_joints_are_missing(tmp_path):
    penn_file(tmp_path)
    (one,) = read_penn(tmp_path)
    assert (one.layout, one.label, one.name, one.width_px, one.height_px) == ("penn_13", "squat", "0001", 400, 300)
    np.testing.assert_allclose(one.points[0, 2, 3], [30.5 / 400, 61.5 / 300], rtol=1e-6)
    assert not one.points[0, :, 4].any()
    assert one.confidence[0, 0].tolist() == [1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    np.testing.assert_allclose(np.diff(one.stamps_s), 1 / 30)
    assert one.annotations.view == ""
    penn_file(tmp_path, pose="back")
    assert next(read_penn(tmp_path)).annotations.view == "back"


def test_penn_gives_the_split_that_is_asked_for(tmp_path):
    (tmp_path / "labels").mkdir()
    penn_file(tmp_path / "labels", "0001")
    penn_file(tmp_path / "labels", "0002", train=-1)
    names = {split: [one.name for one in read_penn(tmp_path, split)] for split in ("", "train", "test")}
    assert names == {"": ["0001", "0002"], "train": ["0001"], "test": ["0002"]}
    with pytest.raises(ConfigError, match="no split 'val'"):
        next(read_penn(tmp_path, "val"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"y": np.zeros((3, 13))}, "differ"),
        ({key: np.ones((4, 14)) for key in ("x", "y", "visibility")}, "14 joints"),
        ({"x": np.full((4, 13), np.nan)}, "NaN"),
    ],
    ids=["shapes", "joints", "nan"],
)
def test_penn_files_that_do_not_fit_are_refused(tmp_path, change, says):
    penn_file(tmp_path, **change)
    with pytest.raises(InputError, match=says):
        list(read_penn(tmp_path))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_truncated_matlab_file_is_named(tmp_path, share):
    penn_file(tmp_path)
    path = tmp_path / "0001.mat"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(InputError, match=r"0001\.mat"):
        list(read_penn(tmp_path))


def test_a_folder_without_the_set_is_refused(tmp_path):
    for read in (read_penn, read_utd_mhad, read_ui_prmd):
        with pytest.raises(InputError, match="holds no"):
            next(read(tmp_path))
    for read in (read_irds, read_wmft):
        with pytest.raises(InputError, match="cannot be read"):
            next(read(tmp_path))


def test_a_packed_set_of_another_kind_or_with_rows_too_few_is_refused(tmp_path):
    np.savez(tmp_path / "irds_int16.npz", frames=np.zeros((4, 25, 3), np.int16), offsets=[0, 2, 4])
    with pytest.raises(InputError, match="lacks scale_m"):
        next(read_irds(tmp_path))
    np.savez(tmp_path / "irds_int16.npz", frames=np.zeros((4, 25, 3), np.int16), offsets=[0, 2, 4], scale_m=0.001)
    (tmp_path / "index.csv").write_text("row,file\n0,a.txt\n")
    with pytest.raises(InputError, match="lacks the columns correct_label, gesture, subject"):
        next(read_irds(tmp_path))
    (tmp_path / "index.csv").write_text("file,subject,gesture,correct_label\na.txt,101,0,1\n")
    with pytest.raises(InputError, match="has 1 rows, but irds_int16.npz 2 sequences"):
        next(read_irds(tmp_path))


def test_penn_action_whole(data):
    clips = list(read_penn(data / "penn_action", "train"))
    counts = Counter(clip.label for clip in clips)
    assert len(clips) == 1258
    assert (counts["squat"], counts["pushup"], counts["pullup"], counts["jumping_jacks"]) == (114, 104, 98, 56)
    assert 0.6 < np.mean([clip.confidence.mean() for clip in clips]) < 0.97


def test_left_in_penn_action_is_the_persons_own(data):
    right, left = (layout_named("penn_13").index(f"{side}_shoulder") for side in ("right", "left"))
    agree = Counter()
    for clip in read_penn(data / "penn_action", "train"):
        path = data / "penn_action" / "labels" / f"{clip.name}.mat"
        view = str(scipy_io.loadmat(str(path), variable_names=["pose"])["pose"][0])
        both = (clip.confidence[0][:, [left, right]] > 0).all(axis=1)
        if view in ("front", "back") and both.any():
            leftmost = np.median(clip.points[0, both, left, 0] - clip.points[0, both, right, 0]) < 0
            agree[view, leftmost == (view == "back")] += 1
    # Seen from the front a person's left is at the right of the picture, from behind at its left.
    assert agree["front", True] > 5 * agree["front", False]
    assert agree["back", True] > 3 * agree["back", False]


@pytest.mark.parametrize(
    ("read", "folder", "count", "layout"),
    [
        (read_ui_prmd, "ui_prmd", 2000, "kinect_22"), (read_irds, "irds", 2577, "kinect_25"),
        (read_wmft, "wmft_jbhi", 1080, "kinect_25"), (read_utd_mhad, "utd_mhad", 431, "kinect_20"),
    ],
)  # fmt: skip
def test_depth_sets_are_whole_and_lie_like_pictures(data, read, folder, count, layout):
    names, upright, faces = set(), [], []
    for one in read(data / folder):
        names.add(one.name)
        joint = dict(zip(layout_named(layout).joints, one.points[0, 0], strict=True))
        upright.append(joint["spine_shoulder"][1] < joint["spine_base"][1])
        # People face the sensor: their left is at the right of the picture; and the room lies in front of it.
        faces.append(joint["left_shoulder"][0] > joint["right_shoulder"][0] and joint["spine_base"][2] > 0.5)
        assert (one.layout, one.width_px) == (layout, 0)
    assert len(names) == count
    assert np.mean(upright) > 0.99
    assert np.mean(faces) > 0.95


@pytest.mark.parametrize(("read", "folder"), [(read_ui_prmd, "ui_prmd"), (read_irds, "irds")])
def test_depth_sets_are_drawn_head_up(data, read, folder):
    animation = pytest.importorskip("physio_lab.plot.animation", reason="pillow comes with scripts/setup --training")
    for one in islice(read(data / folder), 0, 500, 50):
        joints = enumerate(layout_named(one.layout).joints)
        one.confidence[..., [joint for joint, name in joints if not re.search("knee|ankle|foot|head|neck", name)]] = 0.0
        picture = next(animation.skeleton_pictures(one))
        head, legs = (np.argwhere((picture == colour).all(-1))[:, 0].mean() for colour in (animation.INK_RGB, LEFT_RGB))
        assert head < legs, one.name


def test_gestures_of_irds_move_the_arm_they_are_named_for(data):
    moved = Counter()
    for one in read_irds(data / "irds", correct=True):
        if "flexion" in one.label and one.subject.startswith("1"):
            travel = {side: np.ptp(one.points[0, :, layout_named("kinect_25").index(f"{side}_wrist")], axis=0).max()
                      for side in ("left", "right")}  # fmt: skip
            moved[one.label.endswith(max(travel, key=travel.get))] += 1
    assert moved[True] > 20 * moved[False]


def test_what_the_sets_know_besides_the_label_is_annotated(data):
    sides = {(one.label, one.annotations.side) for one in read_irds(data / "irds", correct=False)}
    assert ("side_tap_left", Sides.LEFT) in sides and ("shoulder_forward_elevation", Sides.BOTH) in sides and len(sides) == 9
    scores = Counter(one.annotations.score for one in read_wmft(data / "wmft_jbhi"))
    assert scores == {Score(value, worst=2, best=0): 360 for value in range(3)}


def test_movements_done_wrong_on_purpose_can_be_left_out(data):
    wrong = list(read_ui_prmd(data / "ui_prmd", correct=False))
    assert len(wrong) == 1000
    assert all(one.name.endswith("_incorrect") and one.annotations == Annotations(1, correct=False) for one in wrong)
    assert len(list(read_ui_prmd(data / "ui_prmd", correct=True))) == 1000
