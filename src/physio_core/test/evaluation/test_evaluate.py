"""Evaluating a folder: broken input is reported, figures are counted right, the command prints and writes them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from physio_core.action.model import DEFAULT_MODEL
from physio_core.cli import main
from physio_core.datasets.sequence import SkeletonSequence
from physio_core.errors import InputError
from physio_core.evaluation.evaluate import Case, Outcome, Setup, figures, judge, judge_all, watch
from physio_core.evaluation.index import Clip, read_index
from physio_core.evaluation.tables import markdown
from physio_core.evaluation.verdict import ClipSummary, summarise
from physio_core.evaluation.watch import thinned
from physio_core.share import shared_path
from physio_core.types import UNKNOWN, Abstain, Frame, Prediction

LABELS = ("squat", "lunge", UNKNOWN)
HEADER = "file,label,reps,grade\n"


def said(label: str, seconds: float, start_s: float, abstain: Abstain = Abstain.NONE) -> list[Prediction]:
    return [Prediction(start_s + i / 10, label, labels=LABELS, abstain=abstain) for i in range(round(seconds * 10))]


def outcome(truth: str, named: str) -> Outcome:
    return Outcome(Clip(Path("x.mp4"), truth, "A"), truth, ClipSummary(named, {named: 5.0}, {"nobody": 5.0}, 2.0))


def test_three_repetitions_in_a_long_talk_are_named() -> None:
    clip = said(UNKNOWN, 15.0, 0.0) + said("squat", 5.0, 15.0)
    summary = summarise(clip)
    assert summary.label == "squat" and summary.first_s == pytest.approx(15.0)


def test_a_short_mistake_names_no_exercise() -> None:
    summary = summarise(said(UNKNOWN, 10.0, 0.0) + said("lunge", 0.9, 10.0))
    assert summary.label == UNKNOWN and summary.wrong_share(UNKNOWN) == pytest.approx(0.9 / 10.9, rel=0.05)


def test_silence_lowers_the_coverage_only() -> None:
    summary = summarise(said("", 5.0, 0.0, Abstain.NOBODY) + said("squat", 5.0, 5.0))
    assert summary.label == "squat" and summary.coverage == pytest.approx(0.5) and summary.abstained_s.keys() == {"nobody"}


def test_no_prediction_at_all_is_unknown() -> None:
    assert summarise([]).label == UNKNOWN


def test_figures_count_failed_clips_as_wrong() -> None:
    broken = Outcome(Clip(Path("bad.mp4"), "squat", "A"), "squat", None, "no video")
    got = figures([outcome("squat", "squat"), broken, outcome(UNKNOWN, "lunge"), outcome("lunge", "lunge")], LABELS)
    assert got["n"] == 4 and got["accuracy"] == 0.5
    assert got["recall"] == {"squat": 0.5, "lunge": 1.0, UNKNOWN: 0.0}
    assert got["balanced_accuracy"] == pytest.approx(0.5)
    assert got["confusion"]["squat"]["failed"] == 1 and got["failed"] == ["bad.mp4"]
    assert got["by_grade"] == {"A": {"n": 4, "accuracy": 0.5}}
    assert got["wrong_name_windows"] == pytest.approx(1 / 3) and got["coverage"] == pytest.approx(0.5)


def test_thinning_gives_about_the_rate_asked_for() -> None:
    frames = [Frame(i / 30, np.zeros((16, 16, 3), np.uint8)) for i in range(300)]
    assert len(list(thinned(frames, 9.0))) == pytest.approx(90, abs=2)
    assert len(list(thinned(frames, 0.0))) == len(list(thinned(frames, 100.0))) == 300


def test_grades_choose_clips(tmp_path: Path) -> None:
    (tmp_path / "INDEX.csv").write_text(HEADER + "a.mp4,squat,3,A\n" * 2 + "b.mp4,squat,,H\n")
    assert [clip.path.name for clip in read_index(tmp_path, "AB")] == ["a.mp4"]  # the same row twice is one clip
    with pytest.raises(InputError, match="A, H"):
        read_index(tmp_path, "U")


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        HEADER,
        "file,label\na.mp4,squat\n",
        "\x00\x01",
        HEADER + ",squat,3,A\n",
        HEADER + "a.mp4,,,\n",
        HEADER + "a.mp4,squat,3,A\na.mp4,lunge,3,A\n",
    ],
)
def test_an_index_that_cannot_be_used_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "INDEX.csv").write_text(content)
    with pytest.raises(InputError, match=r"INDEX\.csv"):
        read_index(tmp_path)


def test_a_label_the_model_does_not_know_counts_as_unknown(tmp_path: Path) -> None:
    assert judge(watch(Clip(tmp_path / "gone.mp4", "bicep_curl", "A")), Setup()).truth == UNKNOWN


def test_the_command_reports_broken_files_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    (tmp_path / "INDEX.csv").write_text(HEADER + "broken.mp4,squat,3,A\nmissing.mp4,lunge,3,A\n")
    page, found = tmp_path / "table.md", tmp_path / "found.json"
    assert main(["action", "evaluate", str(tmp_path), "--workers", "1", "--json", str(found), "--markdown", str(page)]) == 0
    result = json.loads(found.read_text())
    assert result["n"] == 2 and result["accuracy"] == 0.0 and sorted(result["failed"]) == ["broken.mp4", "missing.mp4"]
    assert "missing.mp4" in page.read_text() and "broken.mp4" in capsys.readouterr().out


def test_the_command_refuses_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "evaluate", str(tmp_path)]) == 2
    assert "INDEX.csv" in capsys.readouterr().err


def test_the_command_refuses_a_model_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "INDEX.csv").write_text(HEADER + "a.mp4,squat,3,A\n")
    assert main(["action", "evaluate", str(tmp_path), "--model", str(tmp_path)]) == 2
    assert "no model" in capsys.readouterr().err


def test_the_list_shows_the_shipped_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "list"]) == 0
    assert DEFAULT_MODEL in capsys.readouterr().out


def test_the_page_names_every_clip() -> None:
    outcomes = [outcome("squat", "lunge")]
    page = markdown(outcomes, figures(outcomes, LABELS), LABELS, "physio action evaluate DIR --grades A")
    assert "| x.mp4 | A | squat | lunge | **no** |" in page and "`physio action evaluate DIR --grades A`" in page


BAD_FLAGS = (
    ["--fps", "-1"],
    ["--workers", "0"],
    ["--grades", "X"],
    ["--set", "name_above=2"],
    ["--json", "/proc/none/found.json"],
)


@pytest.mark.parametrize("flags", BAD_FLAGS)
def test_flags_that_cannot_be_used_are_refused(tmp_path: Path, flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "INDEX.csv").write_text(HEADER + "gone.mp4,squat,3,A\n")
    assert main(["action", "evaluate", str(tmp_path), "--workers", "1", *flags]) == 2
    assert capsys.readouterr().err.startswith("physio: ")


def test_calibrating_needs_a_model_and_clips_with_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "INDEX.csv").write_text(HEADER + "gone.mp4,squat,3,A\n")
    assert main(["action", "calibrate", str(tmp_path)]) == 2
    assert "--model" in capsys.readouterr().err
    folder = shutil.copytree(shared_path("models", DEFAULT_MODEL), tmp_path / "model")
    assert main(["action", "calibrate", str(tmp_path), "--model", str(folder), "--workers", "1"]) == 2
    assert "nothing was said" in capsys.readouterr().err


def test_skeletons_that_do_not_fit_the_model_give_no_label(squat: Case) -> None:
    assert squat.sequence
    points, confidence = (np.zeros((1, 5, 13, 2), np.float32), np.ones((1, 5, 13), np.float32))
    penn = SkeletonSequence(points, confidence, np.arange(5) / 30, "penn_13", width_px=640, height_px=480)
    got = judge(Case(squat.clip, penn, marked=True), Setup())
    assert got.named == "" and "penn_13" in got.error


def test_several_processes_say_the_same_as_one_in_the_same_order(squat: Case) -> None:
    broken = Case(Clip(Path("gone.mp4"), "lunge", "B"), None, "no video")
    one, two = (judge_all([squat, broken, squat], Setup(), workers) for workers in (1, 2))
    assert [(item.named, item.error) for item in one] == [(item.named, item.error) for item in two]
    assert one[0].named == "squat" and one[1].error == "no video"


def test_a_page_without_a_place_for_the_tables_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib: scripts/setup --training")
    (tmp_path / "INDEX.csv").write_text(HEADER + "gone.mp4,squat,3,A\n")
    page = tmp_path / "page.md"
    page.write_text("no marks\n")
    assert main(["action", "evaluate", str(tmp_path), "--workers", "1", "--tables", str(page)]) == 2
    said = capsys.readouterr()
    assert "<!-- physio: evaluate -->" in said.err and "accuracy" not in said.out and page.read_text() == "no marks\n"
