"""The session's table is kept, whole; and a patient is led through a plan as the table says."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest

from physio_core.errors import UnknownExercise
from physio_core.judging.judgement import Judgement
from physio_core.session.machine import SessionConfig
from physio_core.session.status import RUNNING, State
from physio_core.session.transitions import TRANSITIONS, Trigger
from physio_core.types import Reason, Skeleton, Tracking, Verdict
from physio_testing.sessions import CATALOGUE, FAST, NAMED, Room, at


def every(**then: State) -> dict[State, State]:
    return {State(state): after for state, after in then.items()}


GOES_TO: dict[Trigger, dict[State, State]] = {
    Trigger.ASK: dict.fromkeys(State, State.SHOW),
    Trigger.NEXT: dict.fromkeys((State.IDLE, *RUNNING), State.SHOW),
    Trigger.PAUSE: dict.fromkeys((State.IDLE, *RUNNING), State.PAUSED),
    Trigger.RESUME: {**{state: state for state in RUNNING}, State.PAUSED: State.SHOW},
    Trigger.PAIN: {state: state for state in State},
    Trigger.EFFORT: {state: state for state in State},
    Trigger.IGNORE: {state: state for state in RUNNING},
    Trigger.ACCEPT: {state: state for state in RUNNING},
    Trigger.STOP: {**dict.fromkeys(State, State.STOPPED), State.FINISHED: State.FINISHED},
    Trigger.TIME: every(
        idle=State.SHOW, show=State.READY, ready=State.WATCH, watch=State.VERDICT, verdict=State.SHOW, rest=State.READY
    ),
    Trigger.DECIDED: every(watch=State.VERDICT),
}
"""What each trigger leads to in each state; what is not here is forbidden and changes nothing."""


def pull(room: Room, trigger: Trigger, judge) -> tuple[State, bool]:
    """Cause a trigger; the state afterwards, and whether it was refused aloud."""
    if trigger is Trigger.TIME:
        left_s = room.session.status(room.now_s).time_left_s
        room.now_s += 1e4 if math.isnan(left_s) else left_s + 0.01
        return room.session.tick(room.now_s).state, False
    if trigger is Trigger.DECIDED:
        judge.says = Judgement(verdict=Verdict.RIGHT, decided=True)
        return room.session.update(Skeleton(room.now_s, Tracking.NOBODY), room.now_s).state, False
    words = {Trigger.ASK: "lunge", Trigger.PAIN: "pain 1", Trigger.EFFORT: "effort 1"}
    words |= dict.fromkeys((Trigger.IGNORE, Trigger.ACCEPT), f"{trigger.value} depth")
    answer = room.say(words.get(trigger, trigger.value))
    assert answer.accepted is not bool(answer.reason)
    if not answer.accepted:
        assert "squat" in answer.reason and "pause, resume, next, stop" in answer.reason
    return answer.status.state, not answer.accepted


@pytest.mark.parametrize(("state", "trigger"), [*itertools.product(State, Trigger)])
def test_every_trigger_in_every_state_does_what_the_table_says_or_changes_nothing(state, trigger, told):
    room = at(state, judges=told.seats("body"))
    before, now_s = room.session.status(room.now_s), room.now_s
    assert before.state is state
    room.events.clear()
    after, refused = pull(room, trigger, told)
    allowed = state in GOES_TO[trigger]
    assert after is GOES_TO[trigger].get(state, state)
    assert (trigger in TRANSITIONS[state]) is (allowed or trigger is Trigger.NEXT)
    assert refused is (not allowed and trigger not in (Trigger.TIME, Trigger.DECIDED))
    assert refused is (("rejected", "") in room.happened)
    if not allowed:
        assert replace(room.session.status(now_s), input_age_s=before.input_age_s, refused=False) == before


@pytest.mark.parametrize("state", [State.IDLE, State.SHOW, State.READY, State.WATCH, State.VERDICT])
def test_time_leads_on_when_the_status_says_so(state):
    room = at(state)
    left_s = room.session.status(room.now_s).time_left_s
    assert left_s > 0.1
    room.now_s += left_s - 0.01
    assert room.session.tick(room.now_s).state is state
    room.now_s += 0.02
    assert room.session.tick(room.now_s).state is not state


def test_a_plan_is_gone_through_with_its_rounds_and_what_follows():
    room = Room()
    seen = []
    for exercise in ("squat", "lunge"):
        room.until(State.SHOW)
        status = room.until(State.VERDICT, exercise)
        seen.append((status.round, status.rounds, status.asked, status.verdict, status.next, status.turn))
    assert seen == [(1, 2, "squat", Verdict.RIGHT, "lunge", 1), (2, 2, "lunge", Verdict.RIGHT, "", 2)]
    assert room.until(State.FINISHED, "lunge").asked == ""
    kinds = ["asked", "ready", "watching", "verdict"]
    assert room.happened == [*((kind, name) for name in ("squat", "lunge") for kind in kinds), ("finished", "")]


def test_after_a_wrong_verdict_the_same_exercise_is_asked_for_once_more_and_then_the_next():
    room = Room()
    tries = []
    for _ in range(3):
        status = room.until(State.VERDICT, "deadlift")
        tries.append((status.asked, status.round, status.attempt, status.turn, status.next, status.verdict))
        room.until(State.SHOW)
    assert tries[:2] == [("squat", 1, 1, 1, "squat", Verdict.WRONG), ("squat", 1, 2, 2, "lunge", Verdict.WRONG)]
    assert tries[2][:3] == ("lunge", 2, 1)


def test_a_right_second_attempt_goes_on_and_next_skips_the_second_attempt():
    room = Room()
    room.until(State.VERDICT, "deadlift")
    assert room.say("next").status.asked == "lunge"
    room = Room()
    room.until(State.VERDICT, "deadlift")
    room.until(State.SHOW)
    assert room.until(State.VERDICT, "squat").verdict is Verdict.RIGHT
    assert room.until(State.SHOW).asked == "lunge"


def test_nothing_begins_by_itself_in_request_mode_and_one_request_is_one_round():
    room = Room(mode="request")
    status = room.wait(60.0)
    assert (status.state, status.next, math.isnan(status.time_left_s)) == (State.IDLE, "", True)
    assert (room.say("squat").status.round, room.say("squat").status.rounds) == (1, 1)


def test_getting_down_to_the_floor_takes_the_time_that_the_exercise_file_says():
    room = Room("push_up", mode="request")
    room.until(State.WATCH, "squat")
    status = room.see("squat", CATALOGUE["push_up"].getting_ready_s - 0.5)
    assert (status.state, status.verdict, status.judging, status.progress) == (State.WATCH, Verdict.NONE, False, 0.0)
    assert room.see("push_up", 1.0).judging
    assert room.until(State.VERDICT, "push_up").verdict is Verdict.RIGHT


def test_a_lost_camera_is_said_at_once_and_ends_unsure():
    room = Room("squat")
    room.until(State.WATCH, "squat")
    status = room.wait(1.3)
    assert (status.state, status.verdict, status.reason) == (State.WATCH, Verdict.UNSURE, Reason.NO_CAMERA)
    assert status.input_age_s > 1.0
    assert room.until(State.VERDICT).reason is Reason.NO_CAMERA


def test_a_pause_costs_no_time_and_no_evidence():
    room = at(State.WATCH, watch_s=4.0)
    room.see("squat", 0.5)
    room.say("pause")
    assert room.see("lunge", 20.0).state is State.PAUSED
    room.say("resume")
    status = room.see("squat", 0.9)
    assert (status.state, status.verdict) == (State.VERDICT, Verdict.RIGHT)


def test_a_pause_is_ended_by_people_alone_also_when_the_model_turns_out_not_to_know_the_exercise():
    room = at(State.SHOW, catalogue=NAMED)
    room.say("pause")
    assert room.see("", 0.1, labels=("lunge", "unknown")).state is State.PAUSED
    status = room.say("resume").status
    assert (status.state, status.asked) == (State.SHOW, "lunge")


def test_next_in_a_pause_before_anything_was_asked_for_ends_nothing():
    room = Room(mode="request")
    room.say("pause")
    answer = room.say("next")
    assert (answer.accepted, answer.status.state) == (False, State.PAUSED)
    assert "nothing comes next" in answer.reason


def test_a_pause_tells_what_follows_it():
    room = Room()
    room.until(State.VERDICT, "deadlift")
    assert room.say("pause").status.next == "squat"


def test_another_exercise_is_named_as_long_as_it_is_spoken_of():
    room = Room("squat", mode="request", say_after_s=0.5)
    room.until(State.WATCH, "lunge")
    assert room.see("lunge", 0.7).seen == "lunge"
    status = room.see("", 0.3)
    assert (status.verdict, status.seen) == (Verdict.WRONG, "lunge")
    assert (room.see("", 0.4).verdict, room.see("", 0.1).seen) == (Verdict.UNSURE, "")


def test_words_that_mean_nothing_change_nothing():
    room = at(State.WATCH)
    before = room.session.status(room.now_s)
    answer = room.say("squat, headstand")
    assert not answer.accepted
    assert replace(answer.status, refused=False) == before
    assert ("rejected", "") in room.happened


def test_a_refusal_is_told_until_it_was_read_or_something_else_was_carried_out():
    room = at(State.WATCH)
    assert room.say("headstand").status.refused
    assert room.wait(3.0).refused
    assert not room.wait(1.5).refused
    room.say("headstand")
    assert not room.say("pause").status.refused


def test_what_the_running_model_does_not_know_is_left_out_by_name_and_refused():
    room = Room(catalogue=NAMED, exercises=("squat", "lunge"))
    room.until(State.SHOW)
    status = room.see("", 0.1, labels=("lunge", "unknown"))
    assert ("skipped", "squat") in room.happened
    assert (status.state, status.asked) == (State.SHOW, "lunge")
    answer = room.say("squat")
    assert not answer.accepted
    assert "does not know it, only lunge" in answer.reason


@pytest.mark.parametrize(
    ("known", "asked", "skipped"),
    [
        ("squat", "squat", ["lunge", "deadlift"]),
        ("lunge", "lunge", ["squat", "deadlift"]),
        ("plank", "", ["squat", "lunge", "deadlift"]),
    ],
)
def test_what_is_left_out_is_told_in_the_order_in_which_it_would_have_come(known, asked, skipped):
    room = Room(catalogue=NAMED, exercises=("squat", "lunge", "deadlift"))
    room.until(State.SHOW)
    assert room.see("", 0.1, labels=(known, "unknown")).asked == asked
    assert [name for kind, name in room.happened if kind == "skipped"] == skipped


def test_settings_may_change_while_it_runs():
    room = at(State.SHOW)
    room.session.config = SessionConfig(**{**FAST, "show_s": 30.0})
    assert room.wait(20.0).state is State.SHOW


def test_a_list_with_an_unknown_exercise_is_refused_at_the_start():
    with pytest.raises(UnknownExercise, match=r"headstand.*squat"):
        Room(exercises=("headstand",))


def test_a_camera_counts_as_lost_only_while_watching_and_only_after_its_time():
    room = at(State.SHOW)
    assert room.wait(1.5).reason is Reason.NONE
    room.until(State.WATCH, "squat")
    room.see("squat", 0.4)
    assert room.wait(0.9).reason is Reason.NONE
    assert room.wait(0.3).reason is Reason.NO_CAMERA


def test_a_patient_whose_turn_has_just_begun_is_given_the_same_time_to_be_seen():
    room = Room("squat")
    room.until(State.WATCH)
    assert room.wait(0.9).reason is Reason.NONE
    assert room.wait(0.3).reason is Reason.NO_CAMERA


def test_the_age_of_the_input_begins_with_each_prediction():
    room = Room("squat")
    assert room.see("squat", 0.1).input_age_s == 0.0
    assert room.wait(0.3).input_age_s == pytest.approx(0.3)


def test_words_that_come_late_find_the_session_where_time_has_brought_it():
    room = at(State.SHOW)
    room.now_s += 2.5
    assert room.say("pause").status.state is State.PAUSED
    assert room.say("resume").status.state is State.READY


def test_nothing_is_judged_before_the_first_turn():
    room = Room(mode="request")
    assert not room.wait(0.1).judging


def test_a_verdict_tells_how_long_the_turn_took():
    room = Room("squat", mode="request")
    room.until(State.WATCH)
    began_s = room.now_s
    status = room.until(State.VERDICT, "squat")
    assert status.wait_s == pytest.approx(room.now_s - began_s)


def test_without_a_countdown_the_turn_begins_after_the_showing():
    room = at(State.SHOW, ready_s=0.0)
    assert room.wait(2.1).state is State.WATCH
    assert ("ready", "squat") not in room.happened and ("watching", "squat") in room.happened


def test_after_a_pause_as_much_time_is_left_as_before():
    room = at(State.SHOW)
    room.wait(0.5)
    left_s = room.session.status(room.now_s).time_left_s
    room.say("pause")
    room.wait(7.0)
    assert room.say("resume").status.time_left_s == pytest.approx(left_s)
