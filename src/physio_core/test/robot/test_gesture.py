"""Gestures: small, slow, and back where they began."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.robot.gesture import GestureConfig, gesture_for
from physio_core.robot.limits import STOP, Velocity, VelocityLimits, clamp
from physio_core.types import Verdict

LIMITS = VelocityLimits()
STEP_S = 0.05


def played(verdict, limits=LIMITS):
    """The speeds really sent for a gesture at 20 Hz, (N, 2)."""
    gesture = gesture_for(verdict, GestureConfig(), limits)
    sent = [STOP]
    for step in range(int(gesture.duration_s / STEP_S) + 2):
        sent.append(clamp(gesture.velocity(step * STEP_S, STEP_S), sent[-1], STEP_S, limits))
    return np.array([(velocity.linear_m_s, velocity.angular_rad_s) for velocity in sent])


def test_a_nod_goes_forward_a_few_centimetres_and_back():
    speeds = played(Verdict.RIGHT)
    way = np.cumsum(speeds[:, 0]) * STEP_S
    assert way.max() == pytest.approx(0.04, abs=0.003) and way.min() > -0.003
    assert abs(way[-1]) < 0.003
    assert not speeds[:, 1].any()


def test_a_shake_turns_to_both_sides_and_back():
    speeds = played(Verdict.WRONG)
    turn = np.cumsum(speeds[:, 1]) * STEP_S
    assert turn.max() > 0.08 and turn.min() < -0.08
    assert abs(turn[-1]) < 0.02
    assert not speeds[:, 0].any()


@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.WRONG])
def test_a_gesture_that_would_be_too_fast_is_slowed_down_and_still_ends_where_it_began(verdict):
    slow = VelocityLimits(max_linear_m_s=0.03, max_angular_rad_s=0.1, max_linear_accel_m_s2=0.05, max_angular_accel_rad_s2=0.2)
    speeds = played(verdict, limits=slow)
    assert np.abs(speeds).max() > 0.02
    assert np.abs(speeds.sum(axis=0) * STEP_S).max() < 0.005


@pytest.mark.parametrize("verdict", [Verdict.UNSURE, Verdict.NONE])
def test_no_verdict_no_gesture(verdict):
    assert gesture_for(verdict, GestureConfig(), LIMITS) is None


def test_a_gesture_of_no_size_is_none():
    assert gesture_for(Verdict.RIGHT, GestureConfig(nod_m=0.0), LIMITS) is None
    assert gesture_for(Verdict.WRONG, GestureConfig(), VelocityLimits(max_angular_rad_s=0.0)) is None


def test_a_gesture_ends_at_rest():
    gesture = gesture_for(Verdict.RIGHT, GestureConfig(), LIMITS)
    assert gesture.velocity(gesture.duration_s, STEP_S) == STOP
    assert gesture.velocity(0.3, STEP_S) == Velocity(pytest.approx(0.0796, abs=0.01), 0.0)
