"""What a judge says reaches status and events as it was said, and ends with the attempt; no more is told without one."""

from __future__ import annotations

import math

import pytest

from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.judgement import Judgement
from physio_core.session.events import EventKind
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.status import State
from physio_core.types import Prediction, Reason, Skeleton, Tracking, Verdict

CATALOGUE = load_exercises()
SAID = Judgement(
    12.5, True, ("feet",), True, "lunge", 0.75, Verdict.WRONG, Reason.OUT_OF_FRAME, 0.25, repetitions=3
)  # fmt: skip


@pytest.fixture
def session(told) -> Session:
    """Squats, then lunges, whose parts each last a second or two."""
    config = SessionConfig(
        mode="list", exercises=("squat", "lunge"), start_delay_s=1.0, show_s=2.0, ready_s=1.0, watch_s=8.0, verdict_s=1.0
    )
    return Session(CATALOGUE, config, told.seats("body"))


def seen(stamp_s: float) -> Skeleton:
    return Skeleton(stamp_s, Tracking.NOBODY)


def watching(session: Session) -> None:
    """Let time pass until the first patient's turn, which begins at 4 s."""
    for now_s in (0.0, 1.0, 3.0, 4.0):
        state = session.tick(now_s).state
    assert state is State.WATCH
    session.take_events()


def test_each_part_ends_at_the_very_moment_that_was_announced(session):
    assert [session.tick(now_s).state.value for now_s in (0.0, 1.0, 3.0, 4.0, 12.0, 13.0)] == [
        "idle", "show", "ready", "watch", "verdict", "show",
    ]  # fmt: skip


def test_a_session_that_has_not_begun_can_be_asked_how_it_is(session):
    status = session.status(5.0)
    assert (status.state, status.rounds, status.judging) == (State.IDLE, 0, False)
    assert math.isnan(status.time_left_s) and math.isinf(status.input_age_s)


def test_what_the_judge_says_is_in_the_status_as_it_was_said(session, told):
    watching(session)
    told.says = SAID
    status = session.update(seen(5.0), 5.0)
    said = ("stamp_s", "missing", "judging", "seen", "confidence", "verdict", "reason", "progress")
    assert {name: getattr(status, name) for name in said} == {name: getattr(SAID, name) for name in said}


def test_a_turn_that_runs_out_ends_with_what_the_judge_says_at_its_close(session):
    watching(session)
    status = session.tick(12.0)
    assert (status.state, status.verdict) == (State.VERDICT, Verdict.UNSURE)
    (event,) = session.take_events()
    assert (event.kind, event.judgement, event.status.rounds) == (EventKind.VERDICT, Judgement(verdict=Verdict.UNSURE), 2)


def test_the_event_of_a_verdict_carries_the_whole_judgement_and_the_next_attempt_begins_without(session, told):
    watching(session)
    told.says = SAID
    session.update(seen(5.0), 5.0)
    session.tick(12.0)
    status = session.tick(13.0)
    verdict, again = session.take_events()
    assert (verdict.judgement, verdict.judgement.repetitions) == (SAID, 3)
    assert (again.kind, again.exercise, again.judgement) == (EventKind.ASKED, "squat", Judgement())
    assert (status.attempt, status.judging, status.verdict) == (2, False, Verdict.NONE)


def test_a_stop_tells_of_no_attempt_and_what_comes_then_changes_nothing(session, told):
    watching(session)
    told.says = SAID
    session.update(seen(5.0), 5.0)
    stopped = session.command("stop", 6.0).status
    assert (stopped.state, stopped.judging, stopped.verdict, stopped.turn, stopped.next) == (
        State.STOPPED, False, Verdict.NONE, 1, "",
    )  # fmt: skip
    event = session.take_events()[-1]
    assert (event.kind, event.judgement, event.status.rounds) == (EventKind.STOPPED, Judgement(), 0)
    assert session.update(seen(7.0), 7.0).verdict is Verdict.NONE


def test_nothing_is_announced_after_a_stop_also_where_exercises_would_be_drawn_for_ever(told):
    session = Session(CATALOGUE, SessionConfig(mode="random", start_delay_s=0.0, seed=1), told.seats("body"))
    assert session.tick(0.0).next
    assert session.command("stop", 1.0).status.next == ""


def test_a_judge_goes_by_what_came_after_it_was_asked(session, told):
    session.tick(0.0)
    session.tick(1.0)
    session.update(seen(41.5), 3.0)
    session.command("next", 3.5)
    assert told.asked == [("squat", 0.0), ("lunge", 41.5)]


def test_only_what_the_judge_goes_by_counts_as_input(session):
    watching(session)
    session.update(seen(4.5), 4.5)
    assert session.update(Prediction(5.0, "squat", 0.9), 5.0).input_age_s == 0.5


def test_events_count_the_rounds_while_something_is_asked_for(session):
    session.tick(0.0)
    assert not session.command("resume", 0.5).accepted
    session.tick(1.0)
    counted = [(event.kind.value, event.status.rounds) for event in session.take_events()]
    assert counted == [("rejected", 0), ("asked", 2)]


def test_what_is_refused_says_why(session):
    session.tick(0.0)
    assert session.command("resume", 0.5).reason.startswith("there is nothing to resume, the coach is idle")


def test_what_nobody_can_judge_is_refused_from_the_start(told):
    session = Session(CATALOGUE, SessionConfig(mode="request"), told.seats("hand"))
    answer = session.command("squat", 0.0)
    assert (answer.accepted, answer.status.state) == (False, State.IDLE)
    assert "there is no judge for exercises of kind 'body' yet, only for: hand" in answer.reason
