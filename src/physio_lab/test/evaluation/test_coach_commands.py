"""`physio coach evaluate`: refused before the work, or everything written that was asked for."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from physio_core.cli import main
from physio_lab.evaluation import commands
from physio_lab.evaluation.evaluate import Case
from physio_lab.evaluation.index import Clip

HEADER = "file,label,reps,grade\n"
MARKS = "<!-- physio: coach-evaluate -->\n<!-- /physio: coach-evaluate -->\n"


@pytest.fixture
def folder(tmp_path: Path, squat: Case, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one clip whose joints are known, and one that is no video."""
    (tmp_path / "INDEX.csv").write_text(HEADER + "squat.mp4,squat,3,A\nbad.mp4,lunge,3,B\n")
    cases = [squat, Case(Clip(tmp_path / "bad.mp4", "lunge", "B"), None, "no video")]
    monkeypatch.setattr(commands, "watch_all", lambda *_: cases)
    return tmp_path


def test_everything_asked_for_is_written_and_pages_keep_what_is_around_the_table(folder: Path, capsys):
    found, rows, page = folder / "f.json", folder / "f.csv", folder / "page.md"
    page.write_text(f"# Mine\n{MARKS}the end\n")
    files = ["--json", str(found), "--csv", str(rows), "--tables", str(page), "--note", "Mine."]
    assert main(["coach", "evaluate", str(folder), "--workers", "1", "--grades", "AB", *files]) == 1
    got = json.loads(found.read_text())
    assert got["n"] == 2 and (got["right_when_right"], got["false_praise"], got["false_blame"]) == (0.5, 0.0, 0.0)
    assert got["unsure"] == 0.5 and got["failed"] == ["bad.mp4"] and got["settings"]["right_s"] == 3.0
    table = list(csv.DictReader(rows.read_text().splitlines()))
    assert len(table) == len(got["exercises"]) + 1 and table[-1]["error"] == "no video"
    assert {row["asked"]: row["verdict"] for row in table}["squat"] == "right"
    text = page.read_text()
    assert text.startswith("# Mine\n") and text.endswith("the end\n") and "`physio coach evaluate DIR --grades AB" in text
    assert "| squat | 1 | 1.000 | 1.000 | 0.000 | 0.000 | 0.000 |" in text and "Mine." in text
    assert "bad.mp4" in capsys.readouterr().out


def test_a_setting_of_the_session_changes_the_verdict(folder: Path, tmp_path: Path):
    found = tmp_path / "f.json"
    assert main(["coach", "evaluate", str(folder), "--workers", "1", "--set", "right_s=60", "--json", str(found)]) == 1
    assert json.loads(found.read_text())["right_when_right"] == 0.0


@pytest.mark.parametrize(("broken", "code"), [(0, 0), (1, 1), (2, 2)])
def test_the_exit_code_says_whether_clips_could_be_used(folder: Path, squat: Case, broken, code, capsys, monkeypatch):
    cases = [Case(squat.clip, None, "no video")] * broken + [squat] * (2 - broken)
    monkeypatch.setattr(commands, "watch_all", lambda *_: cases)
    assert main(["coach", "evaluate", str(folder), "--workers", "1", "--json", str(folder / "f.json")]) == code
    assert ("none of 2 clips could be used" in capsys.readouterr().err) is (code == 2)
    assert len(json.loads((folder / "f.json").read_text())["failed"]) == broken


@pytest.mark.parametrize(
    "flags",
    [["--fps", "-1"], ["--workers", "0"], ["--grades", "X"], ["--set", "right_s=-2"], ["--set", "least_s=1"],
     ["--model", "/nowhere"], ["--json", "/proc/none/found.json"], ["--cache", "/dev/null/joints"],
     ["--json", "same", "--csv", "same"]],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_before_the_work(folder: Path, flags, capsys, monkeypatch):
    monkeypatch.setattr(commands, "watch_all", lambda *_: pytest.fail("the clips were looked at"))
    assert main(["coach", "evaluate", str(folder), *flags]) == 2
    assert capsys.readouterr().err.startswith("physio: ")


def test_a_page_without_a_place_for_the_tables_is_refused_before_the_work(folder: Path, capsys, monkeypatch):
    monkeypatch.setattr(commands, "watch_all", lambda *_: pytest.fail("the clips were looked at"))
    page = folder / "page.md"
    page.write_text("no marks\n")
    assert main(["coach", "evaluate", str(folder), "--tables", str(page)]) == 2
    assert "<!-- physio: coach-evaluate -->" in capsys.readouterr().err and page.read_text() == "no marks\n"
