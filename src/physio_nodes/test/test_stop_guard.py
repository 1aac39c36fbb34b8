"""The stop guard as a real process, with a controller that the test plays: what it passes on, and what it never does."""

from __future__ import annotations

import math
import time
from array import array

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Twist, TwistStamped
from sensor_msgs.msg import LaserScan
from std_srvs.srv import Trigger

from physio_core.robot.guard import Request
from physio_core.robot.limits import STOP, Velocity
from physio_msgs.msg import GuardStatus, MotionRequest
from physio_nodes.convert import request_to_msg
from physio_nodes.qos import RELIABLE, SENSOR
from physio_nodes.run import STEADY

FORWARD, BACKWARD = Velocity(0.05), Velocity(-0.05)
EXPECTED = pytest.approx(0.05)


class Played:
    """A controller at 20 Hz and a scanner, played by the test, around one stop guard."""

    def __init__(self, listener, start, stamped=True, **parameters):
        self.listener, self.velocity, self.sequence, self.obstacle_m = listener, STOP, 0, 2.0
        self.guard, self.sent = GuardStatus(), []
        kind = TwistStamped if stamped else Twist
        node = listener.node
        node.create_subscription(kind, "cmd_vel", self._on_command, RELIABLE)
        node.create_subscription(GuardStatus, "robot/guard", self._on_guard, RELIABLE)
        self.requests = node.create_publisher(MotionRequest, "robot/request", RELIABLE)
        self._scans = node.create_publisher(LaserScan, "scan", SENSOR)
        self._rearm = node.create_client(Trigger, "robot/rearm")
        self.process = start("stop_guard", parameters={"stamped_cmd_vel": stamped, **parameters})
        node.create_timer(0.05, self._tick, clock=STEADY)
        listener.wait_for(lambda: self.guard.armed, what="the guard arming itself")
        self.sequence = 1

    def ask(self, velocity):
        self.velocity = velocity
        self.listener.spin(0.4)
        return self.sent[-1]

    def rearm(self):
        future = self._rearm.call_async(Trigger.Request())
        self.listener.wait_for(future.done, what="an answer")
        return future.result()

    def _tick(self):
        self.sequence += self.sequence > 0
        self.requests.publish(request_to_msg(Request(self.sequence, time.monotonic(), self.velocity)))
        if self.obstacle_m is not None:
            scan = LaserScan(angle_increment=math.radians(1.0), range_min=0.12, range_max=3.5)
            scan.ranges = array("f", [self.obstacle_m] + [2.0] * 359)
            self._scans.publish(scan)

    def _on_command(self, msg):
        twist = getattr(msg, "twist", msg)
        self.sent.append(Velocity(twist.linear.x, twist.angular.z))

    def _on_guard(self, msg):
        self.guard = msg


@pytest.fixture
def played(listener, start):
    return Played(listener, start)


def test_motion_is_passed_on_within_the_limits(played):
    assert played.ask(FORWARD).linear_m_s == EXPECTED
    assert played.ask(Velocity(0.2)).linear_m_s == pytest.approx(0.10)
    assert played.ask(STOP) == STOP


def test_an_obstacle_ahead_blocks_forward_but_not_backward(played):
    played.obstacle_m = 0.40
    assert played.ask(FORWARD) == STOP
    assert played.guard.armed and played.guard.reason == "keep_out"
    assert played.ask(BACKWARD).linear_m_s == pytest.approx(-0.05)
    played.obstacle_m = 2.0
    assert played.ask(FORWARD).linear_m_s == EXPECTED


def test_without_a_scan_nothing_moves(played):
    played.obstacle_m = None
    played.listener.spin(0.6)
    reports = played.listener.collect(DiagnosticArray, "/diagnostics")
    assert played.ask(FORWARD) == STOP
    assert played.guard.reason == "no_scan"
    played.ask(STOP)
    reports.clear()
    played.listener.wait_for(lambda: reports, what="diagnostics")
    assert "no_scan" in reports[-1].status[0].message


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e9])
def test_a_mad_controller_is_held_until_rearmed(played, bad):
    played.ask(FORWARD)
    first = len(played.sent)
    assert played.ask(Velocity(bad, 0.0)) == STOP
    assert all(math.isfinite(sent.linear_m_s) and abs(sent.linear_m_s) <= 0.1 for sent in played.sent[first:])
    assert played.ask(FORWARD) == STOP
    assert not played.rearm().success, "re-armed while motion was asked for"
    played.ask(STOP)
    assert played.rearm().success
    assert played.ask(FORWARD).linear_m_s == EXPECTED


def test_a_request_from_the_past_is_not_passed_on(played):
    played.ask(FORWARD)
    old = request_to_msg(Request(played.sequence + 1, time.monotonic() - 1.0, FORWARD))
    played.requests.publish(old)
    played.listener.wait_for(lambda: not played.guard.armed, what="the guard latching")
    assert played.guard.reason == "command_stale"


def test_a_plain_twist_is_sent_to_a_base_that_wants_it(listener, start):
    assert Played(listener, start, stamped=False).ask(FORWARD).linear_m_s == EXPECTED


def test_a_base_of_the_other_type_is_reported(listener, start):
    reports = listener.collect(DiagnosticArray, "/diagnostics")
    listener.collect(Twist, "cmd_vel")
    start("stop_guard", parameters={"stamped_cmd_vel": True}).wait_for_line("set stamped_cmd_vel:=false")
    errors = lambda: [s for r in reports for s in r.status if s.level == s.ERROR and "stamped_cmd_vel" in s.message]  # noqa: E731
    listener.wait_for(errors, what="an error in the diagnostics")


def test_a_second_master_of_the_base_is_reported_and_stops_us(played):
    played.ask(FORWARD)
    played.listener.node.create_publisher(TwistStamped, "cmd_vel", RELIABLE)
    played.listener.wait_for(lambda: not played.guard.armed, what="the guard latching")
    assert played.guard.reason == "foreign_publisher"
    played.ask(STOP)
    assert "also published by listener" in played.rearm().message


def test_an_int_written_into_a_float_field_moves_nothing(played):
    """It arrives as 4e-323."""
    assert played.ask(Velocity(4e-323, 4e-323)) == STOP


def test_a_second_controller_is_a_fault(played):
    played.ask(FORWARD)
    played.requests.publish(request_to_msg(Request(1, time.monotonic(), FORWARD)))
    played.listener.wait_for(lambda: not played.guard.armed, what="the guard latching")
    assert played.guard.reason == "controller_restarted"


def test_it_ends_at_zero_and_with_0(played):
    played.ask(FORWARD)
    assert played.process.stop() == 0
    played.listener.wait_for(lambda: played.sent[-1] == STOP, what="zero")
