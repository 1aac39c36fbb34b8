"""The robot node as a real process, with a guard that the test plays."""

from __future__ import annotations

import time

import pytest
from geometry_msgs.msg import TwistStamped

from physio_core.session.status import State, Status
from physio_core.types import Verdict
from physio_msgs.msg import CoachStatus, GuardStatus, MotionRequest
from physio_nodes.convert import status_to_msg
from physio_nodes.qos import RELIABLE
from physio_nodes.run import STEADY


class Played:
    """A guard and a coach at 20 Hz, played by the test, around one robot node."""

    def __init__(self, listener, start):
        self.listener, self.guard, self.coach = listener, None, status_to_msg(Status(State.SHOW, input_age_s=0.05))
        self.requests = listener.collect(MotionRequest, "robot/request")
        self.commands = listener.collect(TwistStamped, "cmd_vel")
        self._guards = listener.node.create_publisher(GuardStatus, "robot/guard", RELIABLE)
        self._coaches = listener.node.create_publisher(CoachStatus, "coach/status", RELIABLE)
        self.process = start("robot_node")
        listener.node.create_timer(0.05, self._tick, clock=STEADY)
        listener.wait_for(lambda: self.requests, what="a request")

    def say(self, armed, reason=""):
        self.guard = GuardStatus(armed=armed, reason=reason)
        self.listener.spin(0.3)

    def arm(self):
        self.guard = GuardStatus(armed=True)
        self.listener.wait_for(lambda: "armed" in self.process.output, what="the robot node hearing the guard")

    def decide(self):
        self.listener.wait_for(self._coaches.get_subscription_count, what="the robot node hearing the coach")
        for state in (State.WATCH, State.VERDICT):
            self.coach = status_to_msg(Status(state, 1, "squat", verdict=Verdict.RIGHT, input_age_s=0.05, turn=1))
            self.listener.spin(0.4)

    def _tick(self):
        self._coaches.publish(self.coach)
        if self.guard:
            self.guard.sent_monotonic_ns = time.monotonic_ns()
            self._guards.publish(self.guard)


@pytest.fixture
def played(listener, start):
    return Played(listener, start)


def test_it_asks_for_zero_at_20_hz_until_a_guard_is_heard(played):
    first = len(played.requests)
    played.listener.spin(2.0)
    new = played.requests[first:]
    assert 25 <= len(new) <= 45
    assert all(request.sequence == 0 and request.linear_m_s == 0.0 and not request.held for request in new)
    assert not played.commands


def test_a_right_verdict_is_asked_for_as_a_nod_and_never_sent_to_the_base(played):
    played.arm()
    played.decide()
    assert played.requests[-1].linear_m_s > 0.02
    assert played.requests[0].sequence == 0
    numbers = [request.sequence for request in played.requests if request.sequence]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert not played.commands


def test_what_the_guard_holds_back_ends_the_gesture(played):
    played.arm()
    played.decide()
    played.say(armed=True, reason="keep_out")
    played.say(armed=True)
    assert played.requests[-1].linear_m_s == 0.0


def test_a_lost_guard_makes_it_hold_the_base_until_the_guard_is_rearmed(played):
    played.arm()
    played.decide()
    played.guard = None
    played.listener.wait_for(lambda: len(played.commands) > 5, timeout_s=3.0, what="zeros")
    assert all(command.twist.linear.x == 0.0 for command in played.commands)
    assert played.requests[-1].held
    played.say(armed=True)
    assert played.requests[-1].held, "followed a guard that did not say that it had stopped"
    played.say(armed=False, reason="guard_was_held")
    assert played.requests[-1].held
    played.say(armed=True)
    assert not played.requests[-1].held
    quiet = len(played.commands)
    played.listener.spin(0.3)
    assert len(played.commands) == quiet


@pytest.mark.parametrize("change", [{"state": "dancing"}, {"verdict": "perfect"}, {"input_age_s": float("nan")}])
def test_a_status_that_cannot_be_is_refused_and_nothing_moves(played, change):
    played.arm()
    for key, value in change.items():
        setattr(played.coach, key, value)
    played.listener.wait_for(lambda: "coach status refused" in played.process.output, what="a refusal")
    played.listener.spin(0.3)
    assert played.requests[-1].linear_m_s == 0.0 and played.process.running


def test_it_ends_at_zero_and_with_0(played):
    played.arm()
    played.decide()
    assert played.process.stop() == 0
    played.listener.wait_for(lambda: played.requests[-1].held and played.commands, what="its last words")
    assert played.requests[-1].linear_m_s == 0.0 and played.commands[-1].twist.linear.x == 0.0
