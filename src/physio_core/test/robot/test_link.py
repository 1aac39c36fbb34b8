"""The controller's half of the mutual watch, in made-up time."""

from __future__ import annotations

import pytest

from physio_core.robot.link import GuardLink, LinkState
from physio_core.robot.watchdog import WatchdogConfig
from physio_core.types import GuardState, HoldReason


class Bench:
    """A link and a clock."""

    def __init__(self):
        self.now_s = 100.0
        self.link = GuardLink(WatchdogConfig())

    def hear(self, armed, reason="", wait_s=0.05, age_s=0.0):
        fault = self.wait(wait_s)
        self.link.see(GuardState(self.now_s - age_s, armed, HoldReason(reason)), self.now_s)
        return fault

    def wait(self, duration_s):
        fault = False
        for _ in range(round(duration_s / 0.01)):
            self.now_s += 0.01
            fault |= self.link.tick(self.now_s)
        return fault


@pytest.fixture
def armed():
    bench = Bench()
    bench.hear(armed=False, reason="waiting_for_controller")
    bench.hear(armed=True)
    assert bench.link.armed
    bench.link.moved = True
    return bench


def test_before_any_motion_a_stumble_is_just_a_new_start(armed):
    armed.link.moved = False
    assert armed.wait(1.0)
    assert armed.link.state is LinkState.NEW
    armed.hear(armed=True)
    assert armed.link.armed


def test_a_guard_never_heard_is_waited_for():
    bench = Bench()
    assert not bench.wait(5.0)
    assert bench.link.state is LinkState.NEW and bench.link.reason == "waiting_for_guard"


def test_a_silent_guard_latches_in_time(armed):
    assert not armed.wait(0.29)
    assert armed.wait(0.03)
    assert armed.link.latched and armed.link.reason == "guard_lost"


def test_a_controller_that_was_held_latches(armed):
    armed.now_s += 0.5
    assert armed.link.tick(armed.now_s)
    assert armed.link.reason == "controller_was_held"


def test_a_latched_guard_latches_the_controller_and_says_why(armed):
    armed.hear(armed=False, reason="not_finite")
    assert armed.link.latched and armed.link.reason == "not_finite"


def test_a_guard_that_comes_back_armed_is_not_followed(armed):
    armed.wait(1.0)
    armed.hear(armed=True)
    assert armed.link.latched


def test_heard_unarmed_then_armed_is_the_explicit_call(armed):
    armed.wait(1.0)
    armed.hear(armed=False, reason="guard_was_held")
    assert armed.link.latched
    armed.hear(armed=True)
    assert armed.link.armed and armed.link.reason == ""


def test_a_heartbeat_that_waited_in_a_queue_says_nothing(armed):
    armed.wait(1.0)
    armed.hear(armed=False, age_s=0.9)
    armed.hear(armed=True, age_s=0.9)
    assert armed.link.latched


def test_what_holds_back_the_motion_is_known(armed):
    armed.hear(armed=True, reason="keep_out")
    assert armed.link.armed and armed.link.held_back == "keep_out"
    armed.hear(armed=True)
    assert armed.link.held_back == ""
