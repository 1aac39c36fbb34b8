"""The one clamp: nothing leaves it that is not finite, slow and gently gained."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio_core.errors import ConfigError
from physio_core.robot.limits import ROBOTS, STOP, Velocity, VelocityLimits, clamp

LIMITS = VelocityLimits()
ANY = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(10**6), 10**6) | st.floats(-1.0, 1.0)
ANY_VELOCITY = st.builds(Velocity, ANY, ANY)


@settings(max_examples=10_000, deadline=None)
@given(requested=ANY_VELOCITY, previous=ANY_VELOCITY, dt_s=ANY)
def test_no_twist_whatever_leaves_the_limits(requested, previous, dt_s):
    sent = clamp(requested, previous, dt_s, LIMITS)
    assert sent.is_finite and not sent.exceeds(LIMITS.top)
    assert isinstance(sent.linear_m_s, float) and isinstance(sent.angular_rad_s, float)
    step_s = min(max(dt_s, 0.0), 0.1) if math.isfinite(dt_s) else 0.0
    for now, before, wanted, accel in (
        (sent.linear_m_s, previous.linear_m_s, requested.linear_m_s, LIMITS.max_linear_accel_m_s2),
        (sent.angular_rad_s, previous.angular_rad_s, requested.angular_rad_s, LIMITS.max_angular_accel_rad_s2),
    ):
        held = abs(before) if math.isfinite(before) and before * now > 0.0 else 0.0
        assert abs(now) <= held + accel * step_s + 1e-12
        assert not requested.is_finite or now == 0.0 or (now > 0.0) == (wanted > 0.0)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_stops(bad):
    assert clamp(Velocity(bad, 0.1), Velocity(0.1, 0.1), 0.05, LIMITS) == STOP
    assert clamp(Velocity(0.1, bad), Velocity(0.1, 0.1), 0.05, LIMITS) == STOP


def test_speed_is_gained_by_steps_and_lost_at_once():
    assert clamp(Velocity(0.1), STOP, 0.05, LIMITS) == Velocity(0.025)
    assert clamp(Velocity(0.1), Velocity(0.05), 0.05, LIMITS) == Velocity(pytest.approx(0.075))
    assert clamp(STOP, Velocity(0.1), 0.05, LIMITS) == STOP


def test_a_reversal_begins_at_zero():
    assert clamp(Velocity(-0.1), Velocity(0.1), 0.05, LIMITS) == Velocity(-0.025)


def test_a_long_pause_allows_no_jump():
    assert clamp(Velocity(0.1), STOP, 1e9, LIMITS).linear_m_s == pytest.approx(0.05)


def test_an_int_written_into_a_float_field_moves_nothing():
    assert clamp(Velocity(4e-323, 4e-323), STOP, 0.05, LIMITS) == STOP


def test_the_robot_itself_bounds_the_settings():
    burger = VelocityLimits(robot_model="burger", max_linear_m_s=0.26)
    assert burger.top.linear_m_s == 0.22
    with pytest.raises(ConfigError, match="0 .. 0.26 m/s"):
        VelocityLimits(max_linear_m_s=0.3)
    with pytest.raises(ConfigError, match="burger, waffle, waffle_pi"):
        VelocityLimits(robot_model="roomba")


@pytest.mark.parametrize(
    ("velocity", "exceeds"),
    [
        (Velocity(0.26, 1.82), False), (Velocity(0.2601, 0.0), True), (Velocity(-0.2601, 0.0), True),
        (Velocity(0.0, 1.821), True), (Velocity(0.0, -1.821), True),
    ],
)  # fmt: skip
def test_a_speed_is_beyond_the_robot_when_either_axis_is_in_either_direction(velocity, exceeds):
    assert velocity.exceeds(LIMITS.robot) is exceeds


@pytest.mark.parametrize(("model", "top"), [("burger", Velocity(0.22, 1.82)), ("waffle", Velocity(0.26, 1.82))])
def test_the_slower_of_robot_and_setting_bounds_each_axis(model, top):
    assert VelocityLimits(robot_model=model, max_linear_m_s=0.26, max_angular_rad_s=1.82).top == top


def test_turning_is_gained_by_steps_too():
    assert clamp(Velocity(0.0, -0.6), STOP, 0.05, LIMITS) == Velocity(0.0, pytest.approx(-0.15))
    assert clamp(Velocity(0.0, 0.6), Velocity(0.0, 0.15), 0.05, LIMITS) == Velocity(0.0, pytest.approx(0.3))


@pytest.mark.parametrize(("wanted_m_s", "sent_m_s"), [(0.99e-4, 0.0), (1e-4, 1e-4), (-1e-4, -1e-4)])
def test_what_is_slower_than_any_motor_turns_is_rest(wanted_m_s, sent_m_s):
    assert clamp(Velocity(wanted_m_s), STOP, 0.05, LIMITS) == Velocity(sent_m_s)


@pytest.mark.parametrize("dt_s", [0.0, -1.0, math.nan, math.inf])
def test_without_time_nothing_is_gained(dt_s):
    assert clamp(Velocity(0.1), STOP, dt_s, LIMITS) == STOP
    assert clamp(Velocity(0.1), Velocity(0.05), dt_s, LIMITS) == Velocity(0.05)


@pytest.mark.parametrize("before", [math.nan, math.inf])
def test_a_speed_before_that_is_no_number_counts_as_rest(before):
    assert clamp(Velocity(0.1), Velocity(before), 0.05, LIMITS) == Velocity(0.025)


def test_each_robot_can_do_what_its_maker_states():
    """ROBOTIS' e-Manual of TurtleBot 3, "Specifications": maximum translational and rotational velocity."""
    assert {"burger": Velocity(0.22, 2.84), "waffle": Velocity(0.26, 1.82), "waffle_pi": Velocity(0.26, 1.82)} == ROBOTS
