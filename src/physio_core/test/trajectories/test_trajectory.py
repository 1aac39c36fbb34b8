"""What is no path is refused with its reason; types and arms are what their files say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio_core.errors import ConfigError, InputError
from physio_core.trajectories.arm import human_arm, load_arm
from physio_core.trajectories.drawing import told
from physio_core.trajectories.stars import Stars
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import differences, ideal, load_types

TIMES = np.linspace(0.0, 3.0, 60)
PLACES = np.column_stack([0.4 + 0.0 * TIMES, 0.1 * np.sin(TIMES), 0.1 * np.cos(TIMES)])


@pytest.mark.parametrize(
    ("stamps", "places", "said"),
    [
        (TIMES[:2], PLACES[:2], "at least 8"),
        (TIMES, np.where(np.arange(60)[:, None] == 7, np.nan, PLACES), "point 7"),
        (TIMES, np.tile(PLACES[0], (60, 1)), "stays within"),
        (TIMES[::-1], PLACES, "does not rise at point 1"),
        (TIMES * 1000.0, PLACES, "milliseconds taken for seconds"),
        (TIMES, PLACES * 1000.0, "millimetres taken for metres"),
        (TIMES, PLACES[:, :2], r"\(60, 2\)"),
    ],
)
def test_what_is_no_path_is_refused_with_its_reason(stamps, places, said):
    with pytest.raises(InputError, match=said):
        Trajectory(stamps, places)


def test_points_are_spaced_evenly_in_time_or_along_the_way():
    hurried = Trajectory(TIMES**2, PLACES)
    assert np.ptp(np.diff(hurried.by_time(50).stamps_s)) < 1e-9
    assert np.ptp(np.diff(hurried.by_length(50).arc_m)) < 1e-4
    assert hurried.by_length(50).stamps_s[25] == pytest.approx(hurried.duration_s * (25 / 49) ** 2, rel=0.05)


def test_twenty_types_and_an_unknown_one():
    assert len(load_types()) == 20
    with pytest.raises(InputError, match="clock_b"):
        ideal("clock_x", 0.6)
    with pytest.raises(InputError, match="reach of 60"):
        ideal("clock_b", 60.0)
    assert differences("clock_m", "counter_m") == ("direction",)
    assert "size" in differences("clock_m", "clock_big") and differences("v_90", "v_180") == ("inclination",)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(load_types())), st.floats(0.4, 0.8), st.sampled_from(["left", "right"]))
def test_a_person_draws_every_type_within_limits_of_joints_and_speed(name, reach_m, side):
    arm, path = human_arm(reach_m, side), ideal(name, reach_m, side)
    drawn = arm.follow(path)
    assert np.linalg.norm(drawn.positions_m - path.positions_m, axis=1).max() < 0.005
    assert arm.allows(drawn.angles_rad) and np.allclose(arm.forward(drawn.angles_rad), drawn.positions_m)
    speeds = np.abs(np.diff(drawn.angles_rad, axis=0)) / np.diff(drawn.stamps_s)[:, None]
    assert (speeds <= arm.fastest_rad_s * (1.0 + 1e-6)).all()


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_jacobian_is_how_the_hand_moves(side):
    arm = load_arm("device", side)
    angles = np.random.default_rng(0).uniform(arm.low_rad, arm.high_rad, (20, 4))
    moved = [(arm.forward(angles + step) - arm.forward(angles - step)) / 2e-6 for step in 1e-6 * np.eye(4)]
    assert np.allclose(arm.jacobian(angles), np.stack(moved, axis=-1), atol=1e-8)


def test_a_target_out_of_reach_is_refused_with_its_distance():
    with pytest.raises(InputError, match=r"0\.900 m from the shoulder; it reaches 0\.600"):
        human_arm(0.6, "left").inverse(np.array([[0.4, 0.0, 0.0], [0.9, 0.0, 0.0]]))
    with pytest.raises(ConfigError, match="device"):
        load_arm("tail", "left")


def test_stars_hang_along_the_slowest_path_and_it_is_told():
    fast = ideal("clock_m", 0.6)
    slow = Trajectory(fast.stamps_s * 60.0 / fast.duration_s, fast.positions_m)
    for count in (3, 12, 60):
        assert np.allclose(Stars(slow, count, 0.1).places_m, Stars(fast, count, 0.1).places_m, atol=1e-9)
    assert np.allclose(Stars(fast, 12, 0.1).places_m, fast.by_length(12).positions_m, atol=1e-6)
    assert told(slow) == told(fast)
