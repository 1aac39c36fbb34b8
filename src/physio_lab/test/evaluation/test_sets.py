"""Label files are streamed as they would come from a camera; the measure is not softened for classes that a set lacks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from physio_core.cli import main
from physio_core.skeleton.layouts import layout_named
from physio_core.skeleton.remapping import remap
from physio_core.types import UNKNOWN
from physio_lab.datasets.sequence import SkeletonSequence, back_and_forth
from physio_lab.evaluation.evaluate import Case
from physio_lab.evaluation.sets import GUESSED, folded, guessed
from physio_lab.reports.confusion import Confusion

io = pytest.importorskip("scipy.io", reason="reading .mat needs scipy: scripts/setup --training")


def write_mat(path: Path, squat: Case, action: str, train: int = 1) -> None:
    assert squat.sequence
    source, target = layout_named("openpose_18"), layout_named("penn_13")
    points, _ = remap(squat.sequence.points, squat.sequence.confidence, source, target)
    pixels = points[0] * (640, 480) + 0.5
    io.savemat(
        path,
        {
            "action": action, "pose": "left", "x": pixels[..., 0], "y": pixels[..., 1], "train": train,
            "visibility": np.ones(points.shape[1:3], np.uint8), "dimensions": np.array([480, 640, len(pixels)], np.uint16),
        },
    )  # fmt: skip


def test_label_files_give_the_same_keys_as_videos(tmp_path: Path, squat: Case) -> None:
    write_mat(tmp_path / "0001.mat", squat, "squat")
    write_mat(tmp_path / "0002.mat", squat, "situp")
    write_mat(tmp_path / "0003.mat", squat, "squat", train=-1)
    found, scores = tmp_path / "found.json", tmp_path / "scores.csv"
    line = ["action", "evaluate-skeletons", "penn", str(tmp_path), "--workers", "1", "--json", str(found), "--csv", str(scores)]
    assert main([*line, "--split", "train"]) == 0
    result = json.loads(found.read_text())
    keys = "n accuracy balanced_accuracy coverage wrong_name_windows recall confusion seconds_to_label_median"
    assert set(keys.split()) <= set(result) and result["n"] == 2
    assert sum(result["confusion"]["squat"].values()) == sum(result["confusion"][UNKNOWN].values()) == 1
    assert "0002.mat" in scores.read_text() and "squat" in (tmp_path / "scores_confusion.csv").read_text()
    assert main(line) == 0
    assert json.loads(found.read_text())["n"] == 3


@pytest.mark.parametrize(
    "flags", [[], ["--split", "test"], ["--set", "wrong=1"], ["--set", "min_time_s=soon"], ["--workers", "0"]]
)
def test_what_cannot_be_measured_is_refused(
    tmp_path: Path, squat: Case, flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    if flags:
        write_mat(tmp_path / "0001.mat", squat, "squat")
    assert main(["action", "evaluate-skeletons", "penn", str(tmp_path), *flags]) == 2
    assert capsys.readouterr().err.startswith("physio: ")


def test_a_damaged_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "0001.mat").write_bytes(b"no labels")
    assert main(["action", "evaluate-skeletons", "penn", str(tmp_path)]) == 2
    assert "0001.mat" in capsys.readouterr().err


def test_exercises_that_the_set_lacks_are_folded_beside_the_strict_measure() -> None:
    confusion = {
        "squat": {"squat": 3, "lunge": 1, UNKNOWN: 0, "failed": 0},
        "lunge": {"squat": 0, "lunge": 0, UNKNOWN: 0, "failed": 0},
        UNKNOWN: {"squat": 1, "lunge": 2, UNKNOWN: 4, "failed": 1},
    }
    assert folded(Confusion.from_dict(confusion)) == {
        "accuracy": pytest.approx(9 / 12),
        "balanced_accuracy": pytest.approx((3 / 4 + 6 / 8) / 2),
    }


def test_a_short_clip_is_played_back_and_forth_without_a_jump(squat: Case) -> None:
    assert squat.sequence
    longer = back_and_forth(squat.sequence, 15.0)
    assert len(longer.stamps_s) == 450 and np.allclose(np.diff(longer.stamps_s), 1 / 30)
    assert np.array_equal(longer.points[:, 180], squat.sequence.points[:, 178])
    steps = np.abs(np.diff(longer.points, axis=1)).max()
    assert steps <= np.abs(np.diff(squat.sequence.points, axis=1)).max() + 1e-6
    assert back_and_forth(squat.sequence, 3.0) is squat.sequence


def marked(hidden: dict[str, slice], frames: int = 6) -> SkeletonSequence:
    """Both elbows moving right by 0.1 a frame, 0.2 apart; some frames of some joints hidden, as placeholders."""
    layout = layout_named("penn_13")
    points = np.full((1, frames, 13, 2), 0.5, np.float32)
    for side, offset in (("left", 0.2), ("right", 0.0)):
        points[0, :, layout.index(f"{side}_elbow"), 0] = offset + 0.1 * np.arange(frames)
    confidence = np.ones((1, frames, 13), np.float32)
    for joint, when in hidden.items():
        confidence[0, when, layout.index(joint)], points[0, when, layout.index(joint)] = 0.0, 0.0
    return SkeletonSequence(points, confidence, np.arange(frames) / 30, "penn_13")


def test_a_hidden_joint_moves_with_its_partner() -> None:
    left = layout_named("penn_13").index("left_elbow")
    got = guessed(marked({"left_elbow": slice(2, None)}))
    assert got.points[0, :, left, 0] == pytest.approx(0.2 + 0.1 * np.arange(6))
    assert got.confidence[0, :, left] == pytest.approx([1, 1, *[GUESSED] * 4])


def test_a_joint_never_seen_is_behind_its_partner_and_one_without_partner_stays_missing() -> None:
    layout = layout_named("penn_13")
    left, right = layout.index("left_elbow"), layout.index("right_elbow")
    got = guessed(marked({"left_elbow": slice(0, None), "right_elbow": slice(0, 2)}))
    assert (got.confidence[0, :2, [left, right]] == 0).all()
    assert got.points[0, 2:, left] == pytest.approx(got.points[0, 2:, right]) and (got.confidence[0, 2:, right] == 1).all()


def test_nothing_later_is_used() -> None:
    whole, start = marked({"left_elbow": slice(1, 4)}), marked({"left_elbow": slice(1, 4)}, frames=4)
    assert np.array_equal(guessed(whole).points[:, :4], guessed(start).points)
