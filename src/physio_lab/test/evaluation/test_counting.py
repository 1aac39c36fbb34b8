"""Counting is evaluated by what was counted by eye; clips of unknown movements are always run."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.assessment.periodic import within_body
from physio_core.errors import InputError
from physio_core.exercises.catalogue import load_exercises
from physio_lab.datasets.annotations import Annotations
from physio_lab.evaluation.counting import ClipCount, Errors, asked_for, chosen, figures
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.landmarks import count_landmarks, read_landmarks


def clip(label: str, reps: int | None = None, grade: str = "A") -> Clip:
    return Clip(Path(f"{label}_{reps}_{grade}.mp4"), label, grade, annotations=Annotations(repetitions=reps))


def test_grades_choose_among_clips_with_a_number_and_unknown_movements_always_run():
    clips = [clip("squat", 3), clip("squat", 3, "H"), clip("squat"), clip("unknown", None, "U")]
    assert chosen(clips, "AB") == [clips[0], clips[3]]
    with pytest.raises(InputError, match="grade H"):
        chosen([clip("squat")], "H")


def test_figures_tell_exact_relative_and_false_apart():
    counts = [
        ClipCount(clip("squat", 4), ("squat",), (4,), (0,)),
        ClipCount(clip("squat", 5), ("squat",), (4,), (1,)),
        ClipCount(clip("lunge", 2), error="broken"),
        ClipCount(clip("unknown"), ("squat", "lunge"), (0, 1), (0, 0)),
        ClipCount(clip("unknown", None, "U"), ("squat", "lunge"), (0, 0), (3, 0)),
    ]
    found = figures(counts)
    assert (found["n"], found["exact_fraction"], found["n_unknown"]) == (3, 1 / 3, 2)
    assert found["mean_relative_error"] == pytest.approx((0 + 1 / 5 + 1) / 3)
    assert found["false_repetition_fraction"] == 0.5
    assert set(found["failed"]) == {"lunge_2_A.mp4"} and len(found["wrong"]) == 2


def test_a_clip_is_asked_for_what_it_shows_under_its_other_names_too_and_an_unknown_one_for_what_is_taught():
    catalogue = load_exercises()
    taught = ("squat", "push_up", "unknown")
    assert [one.name for one in asked_for("squat", catalogue, taught)] == ["squat"]
    assert [one.name for one in asked_for("bicep_curl", catalogue, taught)] == ["elbow_flexion"]
    assert asked_for("hand", catalogue, taught) == []
    assert {one.name for one in asked_for("unknown", catalogue, taught)} == {"squat", "push_up"}
    silent = {name: replace(one, repetition=None) for name, one in catalogue.items()}
    assert asked_for("squat", silent, taught) == []


def test_packed_landmarks_are_counted_clip_by_clip(tmp_path: Path):
    swing = np.sin(np.linspace(0.0, 2.0 * np.pi * 5, 300))
    joints = np.stack([0.5 + 0.3 * swing[:, None] * np.linspace(-1.0, 1.0, 33)] * 3, axis=-1)
    np.savez(tmp_path / "set.npz", frames=np.uint16(4000 * joints), offsets=[0, 300], scale=1 / 4000)
    with (tmp_path / "index.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["file", "reps", "fps"], ["a.mp4", "5", "30"]])
    (one,) = read_landmarks(tmp_path / "set.npz", tmp_path / "index.csv")
    assert abs(count_landmarks(one) - one.true) <= 1
    (tmp_path / "index.csv").write_text("file,reps\n")
    with pytest.raises(InputError, match="take files of one set"):
        list(read_landmarks(tmp_path / "set.npz", tmp_path / "index.csv"))


def test_errors_and_normalised_points():
    assert Errors([(4, 4), (5, 3)]).share(1) == 0.5 and Errors().share(0) is None
    assert Errors([(5, 3)]).relative(0.1) == pytest.approx(2 / 5.1)
    rows = within_body(np.array([[[2.0, 4.0], [4.0, 8.0]]]))
    np.testing.assert_allclose(rows, [[0.0, 0.0, 1.0, 1.0]])
