"""What was done in a session, gathered from its events."""

from __future__ import annotations

import math

from physio_core.assessment.repetition import Fault, Outcome, Repetition
from physio_core.judging.judgement import Judgement
from physio_core.session.events import Event, EventKind
from physio_core.session.status import SetStatus, State, Status
from physio_core.session.summary import MOST, Done, Summary
from physio_core.types import Side, Verdict
from physio_testing.sessions import Room


def event(kind: EventKind, exercise: str = "squat", round_: int = 1, fault: str = "", outcome=Outcome.COMPLETE, **work) -> Event:
    newest = Repetition(1, outcome, Side.NONE, 0.0, 0.5, 1.0, faults=(Fault(fault, 5.0),) if fault else ())
    return Event(kind, Status(round=round_, current_set=SetStatus(**work)), exercise, judgement=Judgement(newest=newest))


def summary_of(*events: Event) -> tuple[Done, ...]:
    summary = Summary()
    for one in events:
        summary.update(one)
    return summary.done()


def test_sets_of_an_exercise_are_added_up_and_their_score_goes_by_their_repetitions():
    first = event(EventKind.VERDICT, set=1, sets=2, repetitions=5, goal=5, score=90.0)
    second = event(EventKind.VERDICT, set=2, sets=2, repetitions=1, goal=5, score=30.0)
    assert summary_of(first, second) == (Done("squat", 6, 10, 80.0),)


def test_an_attempt_that_was_repeated_counts_once():
    wrong, right = (event(EventKind.VERDICT, repetitions=done, goal=5, score=80.0) for done in (0, 4))
    assert summary_of(wrong, right) == (Done("squat", 4, 5, 80.0),)


def test_what_was_not_right_most_often_is_what_to_work_on_but_not_in_another_movement():
    seen = [event(EventKind.REPETITION, fault=name) for name in ("depth", "knees_in", "knees_in")]
    other = [event(EventKind.REPETITION, fault="too_fast", outcome=Outcome.WRONG)] * 5
    (done,) = summary_of(*seen, *other, event(EventKind.VERDICT, repetitions=3, goal=3))
    assert done.fault == "knees_in"
    assert math.isnan(done.score)


def test_a_new_list_begins_a_new_summary():
    before = event(EventKind.VERDICT, repetitions=3, goal=3)
    assert summary_of(
        before, event(EventKind.ASKED, "lunge", 1), event(EventKind.VERDICT, "lunge", score=50.0, repetitions=1)
    ) == (Done("lunge", 1, 0, 50.0),)
    assert [done.exercise for done in summary_of(before, event(EventKind.ASKED, "lunge", 2))] == ["squat"]


def test_any_number_of_exercises_stays_bounded():
    assert len(summary_of(*(event(EventKind.VERDICT, f"exercise_{index}") for index in range(10 * MOST)))) == MOST


def test_a_real_session_is_summed_up(told):
    """The next set of a real session may ask for more, and the summary says of how many."""
    room, summary = Room("squat 2x3", judges=told.seats("body"), mode="request", set_rest_s=2.0), Summary()
    for _ in range(2):
        room.until(State.WATCH)
        goal = told.goal.repetitions
        for number in range(1, goal + 1):
            newest = Repetition(number, Outcome.COMPLETE, Side.NONE, number - 1.0, number - 0.5, float(number))
            told.says = Judgement(verdict=Verdict.RIGHT, repetitions=number, newest=newest, decided=number == goal)
            room.see("squat", 0.1)
        told.says = Judgement()
    room.until(State.FINISHED)
    for one in room.events:
        summary.update(one)
    (done,) = summary.done()
    assert (done.exercise, done.repetitions) == ("squat", done.goal)
    assert done.goal >= 6
