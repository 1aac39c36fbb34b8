"""`physio sim render` writes clips that their index and truth describe."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.video import read_video
from physio_core.errors import UnknownExercise
from physio_sim.commands import add_commands

SMALL = ["--fps", "10"]


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(), "sim")
    options = parser.parse_args(["sim", *arguments])
    return int(options.run(options))


def _index(folder: Path) -> list[dict[str, str]]:
    with (folder / "INDEX.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_index_describes_every_clip(tmp_path: Path) -> None:
    assert _run("render", "--exercise", "squat,lunge", "--seconds", "6", *SMALL, "--out", str(tmp_path)) == 0
    rows = _index(tmp_path)
    assert [row["label"] for row in rows] == ["squat", "lunge"]
    assert {row["grade"] for row in rows} == {"S"}
    for row in rows:
        frames = list(read_video(tmp_path / row["file"]))
        truth = np.load(tmp_path / Path(row["file"]).with_suffix(".npz"))
        assert len(frames) == len(truth["phase"]) == int(row["frames"]) == 60
        assert frames[0].rgb.shape == (480, 640, 3)
        assert int(row["reps"]) == truth["repetition"][-1] - truth["repetition"][0] >= 1
        assert truth["skeleton"].shape == (60, 18, 2)
        assert truth["joint_angles_rad"].shape == (60, len(truth["joint_names"]))


def test_the_label_is_what_is_done_not_what_was_asked(tmp_path: Path) -> None:
    _run("render", "--exercise", "squat", "--persona", "wrong_exercise", "--seconds", "1", *SMALL, "--out", str(tmp_path))
    (row,) = _index(tmp_path)
    assert row["asked"] == "squat" != row["label"]


def test_repetitions_before_the_patient_stops_still_count(tmp_path: Path) -> None:
    options = ["--persona", "stops_half_way", "--seconds", "20", "--fps", "5", "--width-px", "64", "--height-px", "48"]
    _run("render", *options, "--out", str(tmp_path))
    (row,) = _index(tmp_path)
    truth = np.load(tmp_path / Path(row["file"]).with_suffix(".npz"))
    assert truth["exercise"][-1] == ""
    assert int(row["reps"]) >= 1


def test_rendering_again_replaces_a_clip_and_keeps_the_others(tmp_path: Path) -> None:
    for exercise in ("squat", "lunge", "squat"):
        _run("render", "--exercise", exercise, "--seconds", "0.3", *SMALL, "--out", str(tmp_path))
    assert sorted(row["asked"] for row in _index(tmp_path)) == ["lunge", "squat"]


def test_an_unknown_exercise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownExercise, match="moonwalk"):
        _run("render", "--exercise", "moonwalk", "--out", str(tmp_path))


def test_a_picture_of_the_clinic_is_written(tmp_path: Path) -> None:
    assert _run("picture", "--camera", "room", "--out", str(tmp_path / "room.png")) == 0
    assert (tmp_path / "room.png").stat().st_size > 10_000


def test_the_estimator_sees_nearly_every_picture(capsys: pytest.CaptureFixture[str]) -> None:
    _run("visibility", "--exercise", "squat,push_up", "--count", "1", "--seconds", "1")
    for line in capsys.readouterr().out.splitlines()[1:]:
        exercise, pictures, detected, confidence, error_px, _ = line.split()
        assert (exercise in ("squat", "push_up"), pictures) == (True, "10")
        assert float(detected) >= 0.9 and float(confidence) > 0.6 and float(error_px) < 20.0


def test_nobody_detected_is_a_figure_not_a_crash(capsys: pytest.CaptureFixture[str]) -> None:
    _run("visibility", "--exercise", "squat", "--count", "1", "--seconds", "0.3", "--camera-tilt-deg", "-30")
    assert "nan" in capsys.readouterr().out


def test_the_benchmark_prints_and_writes_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run("benchmark", "--seconds", "0.2", "--json", str(tmp_path / "figures.json"))
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert set(figures) == {"real_time_factor", "physics_real_time_factor", "picture_ms", "scan_ms"}
    assert all(value > 0 for value in figures.values())
    assert "real_time_factor" in capsys.readouterr().out
