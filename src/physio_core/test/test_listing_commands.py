"""`physio exercise list`, `physio exercise show`, `physio action list`: what there is, what lacks, and the code that says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from physio_core.cli import main
from physio_core.share import shared_path
from physio_testing.installed import install_share

MODEL = shared_path("models", "stgcn_body")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_every_exercise_that_ships_is_listed_by_its_whole_name_on_a_narrow_terminal(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["exercise", "list"]) == 0
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    rows = {cells[0]: cells[1] for cells in lines if len(cells) == 4}
    assert {"squat": "body", "standing_leg_raise_front": "body", "hand_fist": "hand"}.items() <= rows.items()
    assert rows["draw_circle_counterclockwise"] == "trajectory"


def test_what_an_exercise_of_ones_own_lacks_is_said_and_so_is_it_by_the_code(tmp_path: Path, capsys):
    squat = yaml.safe_load(shared_path("config", "exercises", "squat.yaml").read_text(encoding="utf-8"))
    (tmp_path / "plank.yaml").write_text(yaml.safe_dump(squat | {"repetition": None}), encoding="utf-8")
    assert main(["exercise", "list", "--exercise-dir", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "plank: the model does not know it, only" in out
    assert "plank: no figure beside its file" in out
    assert main(["exercise", "list", "--language", "fr"]) == 1
    assert "squat: no wording in 'fr', shown in 'en'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--exercise-dir", "/no/such/folder"], "/no/such/folder"),
        (["--model", "/no/such/model"], "no model at /no/such/model"),
    ],
)
def test_a_folder_that_is_not_there_is_one_line(capsys, arguments, said):
    assert main(["exercise", "list", *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1


def test_an_exercise_is_shown_with_what_a_therapist_must_know(capsys):
    assert main(["exercise", "show", "squat", "--language", "de"]) == 0
    out = capsys.readouterr().out
    assert "squat: Kniebeuge" in out and "hip height from 73 to 37 cm" in out and "source: technique: Myer" in out
    assert "Fersen am Boden lassen." in out and "neue Schmerzen in Knie oder Hüfte" in out
    rows = {cells[0]: cells for line in out.splitlines() if len(cells := [cell.strip() for cell in line.split("│")[1:-1]]) > 5}
    assert rows["depth"][1:] == ["knee flexion", "max, turn", "from 80 deg", "40 deg", "2", ""]
    assert rows["knees_in"][3:] == ["to 5 cm", "6 cm", "1.5", "yes"]


def test_the_faults_of_an_exercise_are_shown_by_their_whole_names_at_80_columns(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["exercise", "show", "shoulder_abduction"]) == 0
    out = capsys.readouterr().out
    assert "…" not in out and "│ trunk_side_lean " in out and "│ incomplete_return " in out
    assert " furthest, whole " in out  # no line of a pipe is wrapped


def test_what_an_exercise_lacks_in_a_language_is_shown_in_english_and_said(capsys):
    assert main(["exercise", "show", "squat", "--language", "fr"]) == 1
    out = capsys.readouterr().out
    assert "Keep your heels on the floor." in out
    assert "squat: no wording, safety notes, contra-indications in 'fr'" in out


def test_an_exercise_that_nobody_knows_is_refused_in_one_line(capsys):
    assert main(["exercise", "show", "sqat"]) == 2
    err = capsys.readouterr().err
    assert "sqat" in err and "squat" in err and err.count("\n") == 1


def test_models_are_listed_with_what_they_know(tmp_path: Path, monkeypatch, capsys):
    shipped = install_share(tmp_path) / "models"
    for name in ("stgcn_body", "mine"):
        (shipped / name).mkdir(parents=True)
        shutil.copy(MODEL / "card.json", shipped / name)
    (shipped / "no_model").mkdir()
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path))
    assert main(["action", "list"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if "openpose_18" in line]
    assert [row.split("│")[1].strip() for row in rows] == ["mine", "stgcn_body"]
    assert all("squat" in row and "unknown" in row for row in rows)
