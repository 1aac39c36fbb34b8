"""A movement is added by its file and its figure alone: listed, shown, judged by the judge of its kind, and on record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.assessment.repetition import Fault, ScoreTerm
from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import askable
from physio_core.judging.judgement import Judgement
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.languages.texts import load_texts
from physio_core.screen.layout import DemoFigure, Sheet
from physio_core.screen.pages import scene_of
from physio_core.screen.state import ScreenState, TherapistPage
from physio_core.screen.wording import load_words
from physio_core.session.events import EventKind
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.messages import message
from physio_core.session.status import State
from physio_core.types import Side, Skeleton, Tracking, Verdict

FILE = """
kind: trajectory
view: front
needs: [wrist]
wording:
  en: {title: Circle, called: a circle, instruction: Draw a circle with one hand.}
  de: {title: Kreis, called: ein Kreis, instruction: Mit einer Hand einen Kreis ziehen.}
"""
FIGURE = "period_s: 2\nangles_deg: {left_shoulder_abduction: [0, 90]}\n"
CLOSING = Judgement(
    verdict=Verdict.RIGHT, seen="circle", progress=1.0, decided=True, repetitions=3,
    terms=(ScoreTerm("shape", 0.9),), faults=(Fault("reach", 12.0, "deg", Side.LEFT),),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "figures").mkdir()
    (tmp_path / "circle.yaml").write_text(FILE)
    (tmp_path / "figures" / "circle.yaml").write_text(FIGURE)
    return tmp_path


def test_one_file_and_its_figure_are_a_new_exercise(folder, told):
    catalogue = load_library(LibraryConfig(exercise_dir=str(folder)), told.seats("trajectory")).exercises
    catalogue = {name: one for name, one in catalogue.items() if name == "circle" or one.barred}
    assert askable(catalogue) == ("circle",)
    words = load_words("en", catalogue=catalogue)
    listed = scene_of(ScreenState(therapist_page=TherapistPage()), words, Sheet())
    assert [event.name for _, event in listed.buttons if event.name] == ["circle"]

    session = Session(catalogue, SessionConfig(mode="request", show_s=1.0, ready_s=0.0), told.seats("trajectory"))
    answer = session.command("circle", 0.0)
    assert answer.accepted and answer.status.state is State.SHOW
    assert message(answer.status, catalogue, load_texts("de").part("coach"), "de") == "Kreis: Mit einer Hand einen Kreis ziehen."
    shown = scene_of(ScreenState(answer.status), words, Sheet())
    assert any(isinstance(item, DemoFigure) and item.figure is catalogue["circle"].figure for item in shown.items)

    told.says = CLOSING
    status = session.update(Skeleton(1.1, Tracking.TRACKED, points=np.zeros((18, 3)), confidence=np.ones(18)), 1.1)
    assert (status.state, status.verdict) == (State.VERDICT, Verdict.RIGHT)
    verdict = session.take_events()[-1]
    assert (verdict.kind, verdict.exercise) == (EventKind.VERDICT, "circle")
    assert (verdict.judgement.repetitions, verdict.judgement.terms, verdict.judgement.faults) == (
        3,
        CLOSING.terms,
        CLOSING.faults,
    )


def test_without_a_judge_of_its_kind_it_is_listed_and_refused_with_the_reason(folder, told, capsys):
    seats = told.seats("hand")
    catalogue = load_library(LibraryConfig(exercise_dir=str(folder)), seats).exercises
    why = "there is no judge for exercises of kind 'trajectory' yet, only for: hand"
    assert catalogue["circle"].barred == why
    refused = Session(catalogue, SessionConfig(mode="request"), seats).command("circle", 0.0)
    assert not refused.accepted and why in refused.reason
    with pytest.raises(ConfigError, match="no judge for exercises of kind 'trajectory'"):
        Session(catalogue, SessionConfig(mode="list", exercises=("circle",)), seats)
    main(["exercise", "list", "--exercise-dir", str(folder)])
    assert "Circle" in capsys.readouterr().out


def test_what_was_done_before_it_was_asked_for_is_told_to_the_judge(folder, told):
    catalogue = load_library(LibraryConfig(exercise_dir=str(folder)), told.seats("trajectory")).exercises
    session = Session(catalogue, SessionConfig(mode="request"), told.seats("trajectory"))
    session.update(Skeleton(7.5, Tracking.NOBODY), 0.1)
    session.command("circle", 0.2)
    assert told.asked == [("circle", 7.5)]
