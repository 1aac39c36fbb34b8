"""Evaluating a folder: broken input is reported, figures are counted right, the command prints and writes them."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from physio_core.action.card import DEFAULT_MODEL
from physio_core.cli import main
from physio_core.errors import InputError
from physio_core.types import UNKNOWN, Abstain, Frame, Prediction
from physio_lab.datasets.annotations import Annotations, Sides
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.evaluation.clip_label import ClipSummary, summarise
from physio_lab.evaluation.evaluate import Case, Outcome, Setup, figures, judge, judge_all, watch
from physio_lab.evaluation.index import Clip, read_index
from physio_lab.evaluation.tables import markdown, print_result
from physio_lab.evaluation.watch import thinned
from physio_lab.reports.markdown import markdown_row

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


def test_an_index_needs_files_and_labels_and_tells_what_else_it_knows(tmp_path: Path) -> None:
    (tmp_path / "INDEX.csv").write_text("file,label\na.mp4,squat\n")
    assert read_index(tmp_path) == [Clip(tmp_path / "a.mp4", "squat")]
    (tmp_path / "INDEX.csv").write_text(
        "file,label,reps,subject,side,source_repo\na.mp4,squat,5,p1,left,web\nb.mp4,squat,~5,,,\n"
    )
    one, other = read_index(tmp_path)
    assert (one.annotations, one.subject, one.source) == (Annotations(5, side=Sides.LEFT), "p1", "web")
    assert other.annotations.count is None


def test_intervals_are_over_subjects_where_they_are_known() -> None:
    clips = [Clip(Path(f"{n}.mp4"), "squat", subject=f"p{n // 10}") for n in range(100)]
    named = ["squat" if n < 50 else "lunge" for n in range(100)]  # five people whom it knows, five whom it does not
    made = {
        over: figures(
            [Outcome(clip, "squat", ClipSummary(name, {}, {}, None)) for clip, name in zip(some, named, strict=True)], LABELS
        )
        for over, some in (("subject", clips), ("clip", [replace(clip, subject="") for clip in clips]))
    }
    widths = {over: got["intervals"]["accuracy"]["high"] - got["intervals"]["accuracy"]["low"] for over, got in made.items()}
    assert all(got["intervals"]["over"] == over for over, got in made.items())
    assert made["subject"]["intervals"]["groups"] == 10 and widths["subject"] > 2 * widths["clip"]


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
        "file,grade\na.mp4,A\n",
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


def test_the_list_shows_the_shipped_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "list"]) == 0
    assert DEFAULT_MODEL in capsys.readouterr().out


def test_the_page_names_every_clip() -> None:
    outcomes = [outcome("squat", "lunge")]
    page = markdown(outcomes, figures(outcomes, LABELS), LABELS, "physio action evaluate DIR --grades A")
    assert "| x.mp4 | A | squat | lunge | **no** |" in page and "`physio action evaluate DIR --grades A`" in page
    assert "trained on these clips" not in page  # true of some folders only: see --note


ODD = "x[red]|_<b>*.mp4"


def test_file_names_are_shown_as_they_are() -> None:
    outcomes = [Outcome(Clip(Path(ODD), "squat", "A"), "squat", None, "no video: [/red]")]
    console = Console(file=io.StringIO(), width=200)
    print_result(console, outcomes, figures(outcomes, LABELS), LABELS)
    assert f"{ODD} A: squat, named nothing: no video: [/red]" in console.file.getvalue()  # type: ignore[attr-defined]
    page = markdown(outcomes, figures(outcomes, LABELS), LABELS, "physio action evaluate DIR")
    assert r"| x\[red\]\|\_\<b\>\*.mp4 | A | squat |" in page and "jumping_jack" in markdown_row(["jumping_jack"])


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
