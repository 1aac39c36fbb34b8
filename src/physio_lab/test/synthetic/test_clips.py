"""`physio sim render` writes clips that their index and truth describe."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from physio_core import cli
from physio_core.camera.video import read_video
from physio_core.errors import ConfigError, InputError, UnknownExercise
from physio_lab.evaluation.index import read_index
from physio_sim.clinic import Clinic

SMALL = ["--fps", "10"]


def _run(*arguments: str) -> int:
    options = cli.parse(["sim", *arguments])
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
        assert len(truth["rep_number"]) >= int(row["reps"]) and len(truth["fault_name"]) == 0
        assert (truth["rep_start_s"] < truth["rep_turn_s"]).all() and (truth["rep_turn_s"] < truth["rep_end_s"]).all()


def test_the_faults_of_a_persona_are_told_for_each_repetition(tmp_path: Path) -> None:
    _run("render", "--persona", "trunk_lean=30+too_fast", "--seconds", "3", *SMALL, "--out", str(tmp_path))
    truth = np.load(next(tmp_path.glob("*.npz")))
    assert set(truth["fault_name"]) == {"trunk_lean", "too_fast"}
    leaning = truth["fault_name"] == "trunk_lean"
    assert (truth["fault_value"][leaning] > truth["fault_sound"][leaning] + 20.0).all() and set(truth["fault_unit"]) == {
        "deg",
        "s",
    }
    assert set(truth["fault_rep"]) == set(truth["rep_number"])


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


def test_an_index_of_ones_own_is_added_to_and_not_changed(tmp_path: Path) -> None:
    own = "\ufefffile;label;reps;grade;note\r\n\u00fcbung.mp4;squat;1;A;keep\r\n".encode()
    (tmp_path / "INDEX.csv").write_bytes(own)
    _run("render", "--seconds", "0.1", *SMALL, "--out", str(tmp_path))
    assert (tmp_path / "INDEX.csv").read_bytes() == own + b"squat_able_best_1.mp4;squat;0;S;\r\n"
    assert [clip.path.name for clip in read_index(tmp_path)] == ["\u00fcbung.mp4", "squat_able_best_1.mp4"]


@pytest.mark.parametrize("index", [b"file,note\na.mp4,keep\n", b"file,label,reps,grade\n\x81,squat,1,A\n"])
def test_an_index_that_cannot_be_added_to_is_refused_before_the_rendering(tmp_path: Path, index: bytes) -> None:
    (tmp_path / "INDEX.csv").write_bytes(index)
    with pytest.raises(InputError, match="INDEX.csv"):
        _run("render", "--out", str(tmp_path))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("INDEX.csv", index)]


@pytest.mark.parametrize(
    "words",
    [
        "render --seconds 0", "render --seconds -1", "render --seconds nan", "render --count 0", "render --fps 0",
        "render --exercise=", "render --exercise squat,moonwalk", "render --persona able,nobody", "render --view front,up",
        "picture --at 5", "picture --at nan", "picture --exercise moonwalk", "picture --out p.xyz",
        "picture --exercise squat,lunge", "visibility --count 0",
        "visibility --seconds 0", "visibility --exercise moonwalk", "benchmark --seconds nan", "benchmark --seconds -1",
        "benchmark --json file/x.json",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    command, *options = words.split()
    out = {"render": ["--out", "clips"], "picture": ["--out", "p.png"]}.get(command, [])
    monkeypatch.setattr(Clinic, "__init__", lambda *_: pytest.fail("the work began"))
    with pytest.raises(ConfigError):
        _run(command, *out, *options)


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
