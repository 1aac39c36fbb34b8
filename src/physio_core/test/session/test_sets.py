"""Sets, rests, repetitions, pain and effort: what the patient does and tells changes what comes next."""

from __future__ import annotations

import math

import pytest

from physio_core.assessment.repetition import Outcome, Repetition, ScoreTerm
from physio_core.judging.judgement import Judgement
from physio_core.session.events import Correction, EventKind
from physio_core.session.prescription import Prescription
from physio_core.session.status import State
from physio_core.types import Side, Verdict
from physio_testing.sessions import Room, at


def repetition(number: int, outcome: Outcome = Outcome.COMPLETE) -> Repetition:
    return Repetition(number, outcome, Side.NONE, number - 1.0, number - 0.5, float(number))


def repeat(room: Room, judge, complete: int, score: float = 0.9, goal: int = 0) -> None:
    """Let the judge see repetitions, and decide when the goal is reached."""
    for number in range(1, complete + 1):
        judge.says = Judgement(
            verdict=Verdict.RIGHT, repetitions=number, newest=repetition(number), terms=(ScoreTerm("range", score),),
            decided=number == goal,
        )  # fmt: skip
        room.see("squat", 0.1)
    judge.says = Judgement()


def test_a_set_ends_with_its_repetitions_and_the_next_follows_a_rest(told):
    room = Room("squat 2x3", judges=told.seats("body"), mode="request", set_rest_s=20.0)
    room.until(State.WATCH)
    assert told.goal.repetitions == 3
    repeat(room, told, 3, goal=3)
    status = room.session.status(room.now_s)
    assert (status.state, status.next, status.current_set.repetitions, status.current_set.score) == (
        State.VERDICT,
        "squat",
        3,
        90.0,
    )
    status = room.until(State.REST)
    assert (status.current_set.set, status.current_set.sets, round(status.time_left_s)) == (2, 2, 20)
    assert math.isnan(status.current_set.score) and status.current_set.repetitions == 0
    room.until(State.WATCH)
    repeat(room, told, 4, goal=4)
    assert room.until(State.FINISHED).state is State.FINISHED
    kinds = [event.kind for event in room.events if event.kind not in (EventKind.READY, EventKind.WATCHING)]
    first = [EventKind.ASKED, *[EventKind.REPETITION] * 3, EventKind.VERDICT, EventKind.RESTING, EventKind.CHANGED]
    assert kinds == [*first, *[EventKind.REPETITION] * 4, EventKind.VERDICT, EventKind.CHANGED, EventKind.FINISHED]


def test_a_repetition_is_an_event_once_and_gives_more_time(told):
    room = Room("squat 9", judges=told.seats("body"), mode="request")
    room.until(State.WATCH)
    for _ in range(5):
        repeat(room, told, 1)
        room.see("squat", 8.0)
    assert room.session.status(room.now_s).state is State.WATCH
    assert [event.judgement.newest.number for event in room.events if event.kind is EventKind.REPETITION] == [1] * 5
    room.see("squat", 3.0)
    assert room.session.status(room.now_s).state is State.VERDICT


@pytest.mark.parametrize("outcome", [Outcome.WRONG, Outcome.INTERRUPTED])
def test_what_is_not_counted_gives_no_more_time_so_that_no_set_goes_on_without_end(told, outcome):
    room = Room("squat 9", judges=told.seats("body"), mode="request")
    room.until(State.WATCH)
    for number in range(1, 9):
        told.says = Judgement(newest=repetition(number, outcome))
        room.see("squat", 1.0)
    assert room.session.status(room.now_s).state is State.WATCH
    for number in range(9, 12):
        told.says = Judgement(newest=repetition(number, outcome))
        room.see("squat", 1.0)
    assert room.session.status(room.now_s).state is State.VERDICT


def test_a_set_of_seconds_ends_with_its_time(told):
    room = Room("squat 15s", judges=told.seats("body"), mode="request")
    status = room.until(State.WATCH)
    assert (status.current_set.goal, status.current_set.goal_s, told.goal.timed) == (0, 15.0, True)
    room.see("squat", 14.5)
    assert room.session.status(room.now_s).state is State.WATCH
    assert room.see("squat", 1.0).state is State.VERDICT


@pytest.mark.parametrize(("pain", "extents"), [(3, [1.0, 1.0]), (5, [0.8, 0.8])])
def test_a_session_in_which_it_hurt_gets_no_harder_however_well_it_is_done(pain, extents, told):
    room = Room("squat 3x3", judges=told.seats("body"), mode="request", set_rest_s=1.0)
    room.session.ask((Prescription("squat", 3, 3, extent=0.9),), room.now_s)
    room.until(State.WATCH)
    room.say(f"pain {pain}")
    for extent in extents:
        repeat(room, told, 3, goal=3)
        room.until(State.REST)
        assert room.until(State.READY).current_set.extent == pytest.approx(extent)
        room.until(State.WATCH)


def test_pain_eases_the_set_that_runs_and_more_of_it_stops_the_session(told):
    room = Room("squat 2x8", judges=told.seats("body"), mode="request")
    room.until(State.WATCH)
    assert room.say("pain 5").accepted
    assert (told.goal.extent, told.goal.repetitions) == (0.9, 7)
    assert room.session.status(room.now_s).current_set.goal == 7
    answer = room.say("pain 8")
    assert (answer.accepted, answer.status.state) == (True, State.STOPPED)
    pain, changed, worse, stopped = room.events[-4:]
    assert [pain.value, changed.change.value, worse.value] == [5, 5, 8]
    assert stopped.kind is EventKind.STOPPED and "therapist" in stopped.detail
    assert room.say("next").accepted is False


@pytest.mark.parametrize("state", list(State))
def test_pain_that_must_stop_stops_from_anywhere(state, told):
    room = at(state, judges=told.seats("body"))
    over = state in (State.STOPPED, State.FINISHED)
    assert room.say("pain 10").status.state is (state if over else State.STOPPED)


def test_an_effort_that_was_told_keeps_a_good_set_from_getting_harder(told):
    room = Room("squat 2x3", judges=told.seats("body"), mode="request")
    room.until(State.WATCH)
    room.say("effort 6")
    repeat(room, told, 3, goal=3)
    assert EventKind.CHANGED not in [event.kind for event in room.events]


def test_too_few_complete_ones_make_the_next_set_easier(told):
    room = Room("squat 2x5", judges=told.seats("body"), mode="request", watch_s=3.0, set_rest_s=1.0)
    room.until(State.WATCH)
    repeat(room, told, 2)
    told.says = Judgement(verdict=Verdict.RIGHT, repetitions=2, newest=repetition(2), terms=(ScoreTerm("range", 0.9),))
    room.until(State.REST, label="squat")
    room.until(State.READY)
    assert (told.goal.extent, told.goal.repetitions) == (0.9, 5)


def test_a_wrong_set_is_asked_for_again_and_does_not_count(told):
    room = Room("squat 2x3", judges=told.seats("body"), mode="request")
    room.until(State.WATCH)
    told.says = Judgement(verdict=Verdict.WRONG, decided=True)
    room.see("lunge", 0.1)
    told.says = Judgement()
    status = room.until(State.SHOW)
    assert (status.attempt, status.current_set.set, status.current_set.goal) == (2, 1, 3)


def test_a_pause_in_a_rest_keeps_the_time_that_was_left(told):
    room = at(State.REST, judges=told.seats("body"), set_rest_s=30.0)
    left_s = room.session.status(room.now_s).time_left_s
    room.say("pause")
    room.wait(50.0)
    room.say("resume")
    status = room.session.status(room.now_s)
    assert (status.state, round(status.time_left_s)) == (State.REST, round(left_s))


def test_next_leaves_the_sets_that_are_left(told):
    room = at(State.REST, judges=told.seats("body"))
    assert (room.say("next").status.asked, room.say("next").status.state) == ("lunge", State.FINISHED)


def test_how_hard_it_was_may_be_told_in_the_rest_and_counts_for_the_set_before(told):
    room = Room("squat 2x3", judges=told.seats("body"), mode="request", set_rest_s=1.0)
    room.until(State.WATCH)
    repeat(room, told, 3, goal=3)
    room.until(State.REST)
    room.say("effort 6")
    room.until(State.WATCH)
    assert EventKind.CHANGED not in [event.kind for event in room.events] and told.goal.repetitions == 3


def test_what_hurt_is_done_more_gently_for_the_rest_of_the_session(told):
    room = Room("squat 8, lunge 8", judges=told.seats("body"), mode="request")
    room.until(State.WATCH)
    room.say("pain 5")
    room.say("next")
    assert (told.goal.extent, told.goal.repetitions) == (0.9, 7)
    room.say("stop")
    room.say("squat 8")
    assert (told.goal.extent, told.goal.repetitions) == (1.0, 8)


def test_a_fault_that_the_therapist_ignores_is_not_looked_at_from_the_next_set_on_until_it_is_accepted(told):
    room = Room("squat 4x3", judges=told.seats("body"), mode="request", set_rest_s=1.0)
    room.until(State.VERDICT)
    assert room.say("ignore too fast").accepted and room.events[-1].correction == Correction("too_fast", False)
    room.until(State.WATCH)
    assert "too_fast" not in told.faults and "depth" in told.faults
    room.say("accept too_fast")
    room.until(State.VERDICT)
    room.until(State.WATCH)
    assert "too_fast" in told.faults


@pytest.mark.parametrize(("fault", "why"), [("", "has no fault ''; it has: depth"), ("wings", "no fault 'wings'")])
def test_a_fault_that_is_none_cannot_be_ignored(told, fault, why):
    answer = at(State.WATCH, judges=told.seats("body")).say(f"ignore {fault}")
    assert not answer.accepted and why in answer.reason


def test_what_may_hurt_is_never_ignored(told):
    room = at(State.WATCH, judges=told.seats("body"))
    assert "may hurt" in room.say("ignore knees_in").reason
    assert room.say("accept knees_in").accepted
