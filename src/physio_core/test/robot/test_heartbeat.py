"""The controller's half of the mutual watch, in made-up time."""

from __future__ import annotations

import pytest

from physio_core.robot.heartbeat import HeartbeatMonitor, LinkState
from physio_core.robot.watchdog import WatchdogConfig
from physio_core.types import GuardState, HoldReason


class Bench:
    """A heartbeat monitor and a clock."""

    def __init__(self):
        self.now_s = 100.0
        self.monitor = HeartbeatMonitor(WatchdogConfig())

    def hear(self, armed, reason="", wait_s=0.05, age_s=0.0):
        fault = self.wait(wait_s)
        self.monitor.update(GuardState(self.now_s - age_s, armed, HoldReason(reason)), self.now_s)
        return fault

    def wait(self, duration_s):
        fault = False
        for _ in range(round(duration_s / 0.01)):
            self.now_s += 0.01
            fault |= self.monitor.tick(self.now_s)
        return fault


@pytest.fixture
def armed():
    bench = Bench()
    bench.hear(armed=False, reason="waiting_for_controller")
    bench.hear(armed=True)
    assert bench.monitor.armed
    bench.monitor.moved = True
    return bench


def test_before_any_motion_a_stumble_is_just_a_new_start(armed):
    armed.monitor.moved = False
    assert armed.wait(1.0)
    assert armed.monitor.state is LinkState.NEW
    armed.hear(armed=True)
    assert armed.monitor.armed


def test_a_guard_never_heard_is_waited_for():
    bench = Bench()
    assert not bench.wait(5.0)
    assert bench.monitor.state is LinkState.NEW and bench.monitor.reason == "waiting_for_guard"


def test_a_silent_guard_latches_in_time(armed):
    assert not armed.wait(0.29)
    assert armed.wait(0.03)
    assert armed.monitor.latched and armed.monitor.reason == "guard_lost"


def test_a_controller_that_was_held_latches(armed):
    armed.now_s += 0.5
    assert armed.monitor.tick(armed.now_s)
    assert armed.monitor.reason == "controller_was_held"


def test_a_latched_guard_latches_the_controller_and_says_why(armed):
    armed.hear(armed=False, reason="not_finite")
    assert armed.monitor.latched and armed.monitor.reason == "not_finite"


def test_a_guard_that_comes_back_armed_is_not_followed(armed):
    armed.wait(1.0)
    armed.hear(armed=True)
    assert armed.monitor.latched


def test_heard_unarmed_then_armed_is_the_explicit_call(armed):
    armed.wait(1.0)
    armed.hear(armed=False, reason="guard_was_held")
    assert armed.monitor.latched
    armed.hear(armed=True)
    assert armed.monitor.armed and armed.monitor.reason == ""


def test_a_heartbeat_that_waited_in_a_queue_says_nothing(armed):
    armed.wait(1.0)
    armed.hear(armed=False, age_s=0.9)
    armed.hear(armed=True, age_s=0.9)
    assert armed.monitor.latched


def test_what_holds_back_the_motion_is_known(armed):
    armed.hear(armed=True, reason="keep_out")
    assert armed.monitor.armed and armed.monitor.held_back == "keep_out"
    armed.hear(armed=True)
    assert armed.monitor.held_back == ""


@pytest.mark.parametrize(("age_s", "counts"), [(0.29, True), (0.31, False)])
def test_a_heartbeat_counts_while_it_is_no_older_than_the_watch_allows(armed, age_s, counts):
    armed.hear(armed=False, reason="not_finite", age_s=age_s)
    assert armed.monitor.latched is counts


def test_a_heartbeat_from_the_future_does_not_prolong_the_watch(armed):
    armed.hear(armed=True, age_s=-5.0)
    assert armed.wait(0.33)


def test_the_explicit_call_is_needed_again_after_each_fault(armed):
    armed.wait(1.0)
    armed.hear(armed=False, reason="controller_lost")
    armed.hear(armed=True)
    assert armed.monitor.armed
    armed.wait(1.0)
    armed.hear(armed=True)
    assert armed.monitor.latched, "armed without having been unarmed: nobody called"


def test_a_fault_is_told_once_in_its_moment_and_why_stays(armed):
    armed.hear(armed=True, reason="keep_out")
    armed.now_s += 0.5
    assert [armed.monitor.tick(armed.now_s), armed.monitor.tick(armed.now_s + 0.01)] == [True, False]
    assert (armed.monitor.held_back, armed.monitor.reason) == ("", "controller_was_held")


def test_why_nothing_may_move_is_known_before_and_after_arming(armed):
    assert (armed.monitor.reason, armed.monitor.latched) == ("", False)
    assert HeartbeatMonitor(WatchdogConfig()).reason == "waiting_for_guard"


def test_a_link_begins_without_having_moved_and_nothing_holds_it_back():
    bench = Bench()
    assert bench.monitor.held_back == ""
    bench.hear(armed=True)
    assert bench.wait(1.0)
    assert bench.monitor.state is LinkState.NEW
