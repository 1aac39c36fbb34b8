"""The stop guard's rules, one by one, in made-up time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physio_core.robot.guard import Guard, Request
from physio_core.robot.limits import STOP, Velocity, VelocityLimits
from physio_core.robot.stop_zone import Scan, StopZone, StopZoneConfig
from physio_core.robot.watchdog import WatchdogConfig
from physio_core.types import HoldReason

SLOW = Velocity(0.05)


class Bench:
    """A guard, a controller's side and a clock."""

    def __init__(self, require_scan=False):
        self.now_s = 100.0
        self.sequence = 0
        self.stop_zone = StopZone(StopZoneConfig(require_scan=require_scan))
        self.guard = Guard(VelocityLimits(), self.stop_zone, WatchdogConfig())

    def ask(self, velocity=SLOW, *, wait_s=0.05, age_s=0.0, sequence=None, held=False):
        """One request after ``wait_s``; the guard's loop turns in between."""
        self.wait(wait_s)
        self.sequence += 1
        number = self.sequence if sequence is None else sequence
        return self.guard.update(Request(number, self.now_s - age_s, velocity, held), self.now_s)

    def wait(self, duration_s):
        """The loop turns for a while; whether a fault came up."""
        fault = False
        for _ in range(round(duration_s / 0.01)):
            self.now_s += 0.01
            fault |= self.guard.tick(self.now_s)
        return fault

    def start(self):
        """First start-up: the pair arms itself."""
        for _ in range(25):
            self.ask(STOP, sequence=0)
        self.sequence = 0
        self.ask(STOP)
        assert self.guard.armed
        return self

    def stays_still(self):
        return all(self.ask() == STOP for _ in range(10))


@pytest.fixture
def moving():
    bench = Bench().start()
    bench.ask()
    assert bench.ask() == SLOW
    return bench


def test_nothing_moves_before_a_controller_was_met():
    bench = Bench()
    assert not bench.wait(5.0)
    assert bench.guard.reason == "waiting_for_controller"


def test_the_pair_arms_itself_at_its_first_start():
    assert Bench().start().guard.reason == ""


def test_a_controller_that_hears_late_is_waited_for():
    bench = Bench()
    for _ in range(40):
        bench.ask(STOP, sequence=0)
    assert bench.guard.armed


def test_requests_for_motion_do_not_arm():
    bench = Bench()
    assert all(bench.ask(SLOW, sequence=0) == STOP for _ in range(40))
    assert not bench.guard.armed


def test_a_start_that_stumbles_arms_when_it_has_calmed_down():
    bench = Bench()
    for _ in range(5):
        for _ in range(15):
            bench.ask(STOP, sequence=0)
        bench.now_s += 0.4
    assert bench.guard.reason == "waiting_for_controller"
    bench.start()


def test_a_silent_controller_is_stopped_in_time(moving):
    assert not moving.wait(0.29)
    assert moving.wait(0.03)
    assert moving.guard.fault is HoldReason.CONTROLLER_LOST
    assert moving.stays_still()


def test_a_guard_that_was_held_stops_first_of_all(moving):
    moving.now_s += 0.5
    assert moving.guard.update(Request(99, moving.now_s, SLOW), moving.now_s) == STOP
    assert moving.guard.fault is HoldReason.GUARD_WAS_HELD
    assert moving.stays_still()


def test_a_restarted_guard_does_not_arm_for_a_running_controller():
    bench = Bench()
    assert bench.ask(STOP, sequence=812) == STOP
    assert bench.guard.fault is HoldReason.GUARD_RESTARTED
    assert bench.stays_still()


def test_before_any_motion_a_stumble_is_just_a_new_start():
    bench = Bench().start()
    assert bench.wait(1.0)
    assert bench.guard.reason == "waiting_for_controller"
    bench.start()


def test_before_any_motion_a_mad_request_latches_all_the_same():
    bench = Bench().start()
    bench.ask(Velocity(math.nan))
    bench.wait(1.0)
    assert bench.guard.fault is HoldReason.NOT_FINITE


@pytest.mark.parametrize("sequence", [0, 1, 3])
def test_a_restarted_controller_is_not_obeyed(moving, sequence):
    assert moving.ask(SLOW, sequence=sequence) == STOP
    assert moving.guard.fault is HoldReason.CONTROLLER_RESTARTED


def test_a_controller_that_holds_zero_latches_the_guard_too(moving):
    assert moving.ask(STOP, held=True) == STOP
    assert moving.guard.fault is HoldReason.CONTROLLER_HELD
    assert moving.stays_still()


@pytest.mark.parametrize("age_s", [0.31, 3600.0, -0.1, -3600.0])
def test_a_request_of_another_time_is_not_passed_on(moving, age_s):
    assert moving.ask(age_s=age_s) == STOP
    assert moving.guard.fault is HoldReason.COMMAND_STALE


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_latches(moving, bad):
    assert moving.ask(Velocity(bad, 0.0)) == STOP
    assert moving.guard.fault is HoldReason.NOT_FINITE
    assert moving.guard.faults == {"not_finite": 1}


def test_more_than_the_robot_can_do_latches(moving):
    assert moving.ask(Velocity(0.0, 1e9)) == STOP
    assert moving.guard.fault is HoldReason.OVER_LIMIT


def test_more_than_we_want_is_clamped(moving):
    for _ in range(10):
        sent = moving.ask(Velocity(0.2))
    assert sent == Velocity(0.1) and moving.guard.armed


def test_a_second_master_of_the_base_latches(moving):
    moving.guard.update_publishers(["teleop"])
    assert moving.guard.fault is HoldReason.FOREIGN_PUBLISHER
    assert moving.stays_still()
    moving.ask(STOP)
    assert "teleop" in moving.guard.rearm(moving.now_s)
    moving.guard.update_publishers([])
    assert moving.guard.rearm(moving.now_s) == ""


def test_one_call_rearms_and_motion_begins_from_rest(moving):
    moving.wait(1.0)
    moving.ask(STOP, held=True)
    assert moving.guard.rearm(moving.now_s) == ""
    assert moving.ask(STOP, held=True) == STOP
    assert moving.ask(SLOW) == Velocity(pytest.approx(0.025))
    assert moving.ask(SLOW) == Velocity(0.05)


def test_no_rearming_without_a_controller(moving):
    moving.wait(1.0)
    assert "start robot_node" in moving.guard.rearm(moving.now_s)
    assert not moving.guard.armed


def test_no_rearming_while_motion_is_asked_for(moving):
    moving.wait(1.0)
    moving.ask(SLOW)
    assert "zero first" in moving.guard.rearm(moving.now_s)
    assert moving.stays_still()


def test_rearming_fails_when_the_controller_goes_on_holding(moving):
    moving.wait(1.0)
    moving.ask(STOP, held=True)
    assert moving.guard.rearm(moving.now_s) == ""
    for _ in range(8):
        moving.ask(STOP, held=True)
    assert moving.guard.fault is HoldReason.CONTROLLER_HELD


def test_the_first_fault_is_the_one_told(moving):
    moving.ask(Velocity(math.nan))
    moving.wait(1.0)
    assert moving.guard.reason == "not_finite"


def test_an_obstacle_holds_back_without_latching(moving):
    ahead = Scan(np.array([0.4], np.float32), 0.0, 0.1, 0.1, 3.5)
    moving.stop_zone.update(ahead, moving.now_s)
    assert moving.ask(SLOW) == STOP
    assert moving.guard.armed and moving.guard.reason == "keep_out"
    assert moving.ask(Velocity(-0.02)) == Velocity(-0.02)
    assert moving.guard.reason == ""


def test_no_scan_holds_back_where_one_is_required():
    bench = Bench(require_scan=True).start()
    assert bench.ask() == STOP
    assert bench.guard.armed and bench.guard.reason == "no_scan"


@pytest.mark.parametrize(("age_s", "passed"), [(0.29, True), (-0.04, True), (-0.06, False)])
def test_the_clocks_of_both_processes_may_differ_by_less_than_a_request_takes(moving, age_s, passed):
    assert (moving.ask(age_s=age_s) == SLOW) is passed
    assert moving.guard.armed is passed


def test_a_stumble_while_waiting_begins_the_calm_second_again():
    bench = Bench()
    for _ in range(19):
        bench.ask(STOP, sequence=0)
    bench.wait(0.4)
    for _ in range(19):
        bench.ask(STOP, sequence=0)
    assert not bench.guard.armed
    for _ in range(3):
        bench.ask(STOP, sequence=0)
    assert bench.guard.armed


def test_who_asks_for_motion_while_it_is_waited_for_begins_the_calm_second_again():
    bench = Bench()
    for _ in range(19):
        bench.ask(STOP, sequence=0)
    bench.ask(SLOW, sequence=0)
    for _ in range(19):
        bench.ask(STOP, sequence=0)
    assert not bench.guard.armed


def test_a_second_master_that_was_there_first_is_waited_for_and_no_longer():
    bench = Bench()
    bench.guard.update_publishers(["teleop"])
    for _ in range(40):
        bench.ask(STOP, sequence=0)
    assert not bench.guard.armed and not bench.guard.faults
    bench.guard.update_publishers([])
    assert bench.start().guard.armed


def test_nobody_else_on_the_topic_is_no_fault(moving):
    moving.guard.update_publishers([])
    assert moving.guard.armed


def test_a_guard_that_came_back_counts_that_and_says_it_until_it_is_rearmed():
    bench = Bench()
    bench.ask(STOP, sequence=812)
    bench.ask(STOP)
    assert bench.guard.faults == {"guard_restarted": 1}
    bench.ask(STOP)
    assert bench.guard.rearm(bench.now_s) == ""
    assert bench.guard.reason == ""


def test_rearming_what_is_armed_changes_nothing(moving):
    assert moving.guard.rearm(moving.now_s) == ""
    assert moving.ask() == SLOW


def test_each_refusal_to_rearm_names_the_fault_first(moving):
    moving.wait(1.0)
    assert moving.guard.rearm(moving.now_s).startswith("controller_lost: no fresh request")
    moving.ask(SLOW)
    assert moving.guard.rearm(moving.now_s).startswith("controller_lost: the controller asks for motion")


def test_a_fault_is_told_once_in_its_moment(moving):
    moving.wait(0.25)
    assert [moving.guard.tick(moving.now_s + step_s) for step_s in (0.04, 0.06, 0.08)] == [False, True, False]


def test_what_held_back_a_motion_is_forgotten_with_the_next_fault():
    bench = Bench(require_scan=True).start()
    bench.ask()
    assert bench.guard.held_back == "no_scan"
    bench.wait(1.0)
    assert (bench.guard.held_back, bench.guard.fault) == (HoldReason.NONE, HoldReason.WAITING_FOR_CONTROLLER)


def test_a_motion_that_was_held_back_begins_from_rest_when_the_way_is_free():
    bench = Bench(require_scan=True).start()
    for _ in range(20):
        assert bench.ask(Velocity(0.1)) == STOP
    free = Scan(np.array([np.inf], np.float32), 0.0, 0.1, 0.1, 3.5)
    bench.stop_zone.update(free, bench.now_s)
    assert bench.ask(Velocity(0.1)) == Velocity(pytest.approx(0.025))


def test_a_request_of_another_time_is_not_remembered_as_the_newest(moving):
    """A replayed message must not make the controller's own next one look like a restart."""
    bench = Bench().start()
    bench.ask()
    number = bench.sequence
    bench.guard.update(Request(number + 50, bench.now_s - 9.0, SLOW), bench.now_s)
    assert bench.guard.fault is HoldReason.COMMAND_STALE
    bench.sequence = number
    bench.ask(STOP)
    assert bench.guard.rearm(bench.now_s) == ""
    bench.ask(STOP)
    bench.ask(SLOW)
    assert bench.ask(SLOW) == SLOW


def test_a_call_to_rearm_that_comes_after_a_gap_finds_the_fault_first(moving):
    moving.now_s += 0.5
    assert moving.guard.rearm(moving.now_s) != "", "nothing was heard in the meantime"
    assert moving.guard.fault is HoldReason.GUARD_WAS_HELD


def test_the_very_first_request_for_motion_is_followed():
    bench = Bench()
    for _ in range(25):
        bench.ask(STOP, sequence=0)
    assert bench.ask(SLOW, sequence=1) == Velocity(pytest.approx(0.025))


def test_a_controller_that_asked_for_motion_only_once_before_the_guard_came_is_met_by_people():
    bench = Bench()
    bench.ask(STOP, sequence=1)
    assert bench.guard.fault is HoldReason.GUARD_RESTARTED


def test_who_still_holds_after_the_call_moves_nothing_whatever_it_asks_for(moving):
    moving.wait(1.0)
    moving.ask(STOP, held=True)
    assert moving.guard.rearm(moving.now_s) == ""
    assert moving.ask(SLOW, held=True) == STOP


def test_a_request_holds_only_when_it_says_so(moving):
    moving.wait(0.05)
    assert moving.guard.update(Request(moving.sequence + 1, moving.now_s, SLOW), moving.now_s) == SLOW
