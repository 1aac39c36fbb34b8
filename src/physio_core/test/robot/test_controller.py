"""The controller: one gesture per decided round, zero at the first doubt."""

from __future__ import annotations

import math

import pytest

from physio_core.robot.controller import Controller
from physio_core.robot.gesture import GestureConfig
from physio_core.robot.limits import STOP, VelocityLimits
from physio_core.robot.watchdog import WatchdogConfig
from physio_core.session.status import State, Status
from physio_core.types import Verdict

STEP_S = 0.05


class Bench:
    """A controller, a coach's side and a clock; every request is kept in ``sent``."""

    def __init__(self):
        self.now_s = 100.0
        self.controller = Controller(GestureConfig(), VelocityLimits(), WatchdogConfig())
        self.sent = []

    def coach(self, state, *, round=1, verdict=Verdict.NONE, times=1, age_s=0.05, allowed=True):
        for _ in range(times):
            self.controller.update(Status(state, round, "squat", verdict=verdict, input_age_s=age_s, turn=round), self.now_s)
            self.step(allowed)
        return self

    def step(self, allowed=True):
        self.sent.append(self.controller.velocity(self.now_s, STEP_S, allowed))
        self.now_s += STEP_S
        return self.sent[-1]

    def decide(self, verdict=Verdict.RIGHT, round=1, times=5):
        return self.coach(State.WATCH, round=round).coach(State.VERDICT, round=round, verdict=verdict, times=times)


def test_right_is_a_nod_and_wrong_a_shake():
    assert Bench().decide(Verdict.RIGHT).sent[-1].linear_m_s > 0.02
    assert abs(Bench().decide(Verdict.WRONG).sent[-1].angular_rad_s) > 0.02


def test_unsure_moves_nothing():
    assert set(Bench().decide(Verdict.UNSURE).sent) == {STOP}


def test_one_gesture_for_each_round():
    bench = Bench().decide(times=100)
    bench.decide(times=100)
    assert bench.controller.started == 1
    assert bench.decide(round=2).controller.started == 2


def test_a_gesture_ends_by_itself_where_it_began():
    bench = Bench().decide(times=60)
    assert bench.sent[-1] == STOP
    assert abs(sum(velocity.linear_m_s for velocity in bench.sent)) * STEP_S < 1e-6


def test_a_live_verdict_is_not_yet_one():
    assert set(Bench().coach(State.WATCH, verdict=Verdict.RIGHT, times=20).sent) == {STOP}


def test_a_verdict_already_there_is_history():
    assert set(Bench().coach(State.VERDICT, verdict=Verdict.RIGHT, times=20).sent) == {STOP}


def test_a_verdict_after_a_silence_is_history():
    bench = Bench().coach(State.WATCH)
    bench.now_s += 1.0
    assert set(bench.coach(State.VERDICT, verdict=Verdict.RIGHT, times=20).sent) == {STOP}


def test_a_new_session_of_the_same_coach_nods_again():
    bench = Bench().decide(times=60).coach(State.IDLE, round=0)
    assert bench.decide().controller.started == 2


@pytest.mark.parametrize("state", [State.PAUSED, State.STOPPED, State.FINISHED, State.WATCH, State.IDLE])
def test_these_states_stop_a_gesture_for_good(state):
    bench = Bench().decide()
    assert bench.coach(state).sent[-1] == STOP
    assert set(bench.coach(State.VERDICT, verdict=Verdict.RIGHT, times=20).sent[-20:]) == {STOP}


def test_a_gesture_may_end_while_the_coach_goes_on():
    assert Bench().decide().coach(State.SHOW).sent[-1] != STOP


def test_a_silent_coach_stops_the_gesture():
    bench = Bench().decide()
    silent = [bench.step() for _ in range(10)]
    assert silent[4] != STOP and silent[6:] == [STOP] * 4
    assert bench.controller.inhibit_reason(bench.now_s) == "coach_lost"


@pytest.mark.parametrize("age_s", [0.31, math.inf, math.nan])
def test_a_lost_camera_stops_the_gesture(age_s):
    bench = Bench().decide().coach(State.VERDICT, verdict=Verdict.RIGHT, age_s=age_s)
    assert bench.sent[-1] == STOP
    assert bench.controller.inhibit_reason(bench.now_s) == "camera_lost"


def test_a_guard_that_objects_ends_the_gesture():
    bench = Bench().decide().coach(State.VERDICT, verdict=Verdict.RIGHT, allowed=False)
    assert set(bench.coach(State.VERDICT, verdict=Verdict.RIGHT, times=20).sent[-20:]) == {STOP}
    assert bench.controller.aborted == 1


@pytest.mark.parametrize("age_s", [0.25, 0.3])
def test_an_image_may_be_as_old_as_the_watch_allows(age_s):
    bench = Bench()
    bench.controller.update(Status(State.SHOW, 1, "squat", input_age_s=age_s), bench.now_s)
    assert bench.controller.inhibit_reason(bench.now_s) == ""
    assert bench.controller.inhibit_reason(bench.now_s + 0.06) == "camera_lost"


@pytest.mark.parametrize(
    ("state", "doubt"), [(State.SHOW, ""), (State.VERDICT, ""), (State.WATCH, "watch"), (State.READY, "ready")]
)
def test_why_the_robot_must_not_move_is_named_by_the_state(state, doubt):
    bench = Bench()
    assert bench.controller.inhibit_reason(bench.now_s) == "coach_lost"
    bench.controller.update(Status(state, 1, "squat", input_age_s=0.05), bench.now_s)
    assert bench.controller.inhibit_reason(bench.now_s) == doubt


def test_a_coach_may_be_silent_for_as_long_as_the_watch_allows():
    bench = Bench()
    bench.controller.update(Status(State.SHOW, 1, "squat", input_age_s=-1.0), bench.now_s)
    assert bench.controller.inhibit_reason(bench.now_s + 0.299) == ""
    assert bench.controller.inhibit_reason(bench.now_s + 0.301) == "coach_lost"


def test_a_round_that_is_decided_while_it_is_shown_is_answered_too():
    bench = Bench().coach(State.SHOW, round=1).coach(State.VERDICT, round=1, verdict=Verdict.RIGHT, times=5)
    assert bench.controller.started == 1


@pytest.mark.parametrize("state", [State.PAUSED, State.READY, State.STOPPED])
def test_a_verdict_that_follows_anything_else_is_history(state):
    bench = Bench().coach(state, round=1).coach(State.VERDICT, round=1, verdict=Verdict.RIGHT, times=20)
    assert bench.controller.started == 0


def test_an_unsure_round_is_done_and_starts_nothing_later():
    bench = Bench().decide(Verdict.UNSURE).coach(State.WATCH).coach(State.VERDICT, verdict=Verdict.RIGHT, times=5)
    assert (bench.controller.started, bench.controller.aborted) == (0, 0)


def test_a_gesture_that_ends_by_itself_was_not_aborted():
    assert Bench().decide(times=80).controller.aborted == 0


def test_a_gesture_begins_at_its_beginning():
    bench = Bench().decide(times=1)
    assert 0.0 < bench.sent[-1].linear_m_s < 0.03
