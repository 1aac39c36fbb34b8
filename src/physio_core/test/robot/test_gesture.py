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


def test_a_nod_is_farthest_in_its_middle_and_a_shake_swings_left_right_left_right():
    nod = gesture_for(Verdict.RIGHT, GestureConfig(), LIMITS)
    assert nod.place(np.array([0.0, 0.75, 1.5])) == pytest.approx([0.0, 0.04, 0.0], abs=1e-9)
    shake = gesture_for(Verdict.WRONG, GestureConfig(), LIMITS)
    turn = shake.place(np.linspace(0.0, shake.duration_s, 1001))
    swings = np.sign(turn[[125, 375, 625, 875]])
    assert swings.tolist() == [1.0, -1.0, 1.0, -1.0]
    assert turn[[0, 250, 500, 750, 1000]] == pytest.approx([0.0] * 5, abs=1e-9)
    assert turn[[125, 375]] == pytest.approx([0.12 * np.sin(np.pi / 8) ** 2, -0.12 * np.sin(3 * np.pi / 8) ** 2])


def test_before_and_after_a_gesture_the_base_is_where_it_began():
    nod = gesture_for(Verdict.RIGHT, GestureConfig(), LIMITS)
    assert nod.place(np.array([-1.0, 99.0])) == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_gesture_that_keeps_the_limits_lasts_as_long_as_it_is_set_to():
    assert gesture_for(Verdict.RIGHT, GestureConfig(), LIMITS).duration_s == 1.5
    assert gesture_for(Verdict.WRONG, GestureConfig(), LIMITS).duration_s == 2.8


@pytest.mark.parametrize(
    "slow", [{"max_linear_m_s": 0.02}, {"max_linear_accel_m_s2": 0.02}], ids=["by its speed", "by its acceleration"]
)
def test_a_gesture_is_slowed_down_no_further_than_a_limit_asks_for(slow):
    limits = VelocityLimits(**slow)
    nod = gesture_for(Verdict.RIGHT, GestureConfig(), limits)
    time_s = np.linspace(0.0, nod.duration_s, 2001)
    speed = np.gradient(nod.place(time_s), time_s)
    share = max(
        np.abs(speed).max() / limits.top.linear_m_s, np.abs(np.gradient(speed, time_s)).max() / limits.max_linear_accel_m_s2
    )
    assert share == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("verdict", [Verdict.RIGHT, Verdict.WRONG])
def test_each_gesture_is_left_out_by_its_own_size_and_its_own_limit(verdict):
    shown = [
        gesture_for(verdict, config, limits) is not None
        for config, limits in (
            (GestureConfig(nod_m=0.0), LIMITS),
            (GestureConfig(shake_rad=0.0), LIMITS),
            (GestureConfig(), VelocityLimits(max_linear_m_s=0.0)),
            (GestureConfig(), VelocityLimits(max_angular_rad_s=0.0)),
        )
    ]
    assert shown == ([False, True, False, True] if verdict is Verdict.RIGHT else [True, False, True, False])
