"""The next path lies between the patient's own and the ideal, and gets harder and easier by a stated rule."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio_core.errors import ConfigError, InputError
from physio_core.trajectories.alignment import align, distance
from physio_core.trajectories.arm import human_arm
from physio_core.trajectories.interpolation import interpolate, next_path
from physio_core.trajectories.progress import expected, forecast, more_own, way
from physio_core.trajectories.reach import ReachMeter
from physio_core.trajectories.stars import Stars
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import ideal
from physio_core.trajectories.weight import WeightLimits, weight_of

REACH_M = 0.6


def _own(name: str, seed: int = 0) -> Trajectory:
    """A patient's poor drawing of a type: small, flat, late and shaking."""
    path = ideal(name, REACH_M)
    middle = path.positions_m.mean(axis=0)
    rough = np.random.default_rng(seed).normal(0.0, 1.0, (len(path), 3)).cumsum(axis=0) * 0.0015
    return Trajectory(path.stamps_s * 1.5, middle + (path.positions_m - middle) * [1.0, 0.7, 0.5] + rough)


def test_alignment_finds_the_same_path_drawn_at_another_pace():
    slow = np.array([0, 0, 0, 1, 2, 3, 3.0])[:, None]
    found = align(slow, np.array([0, 1, 2, 3.0])[:, None])
    assert found.distance == 0.0 and found.pairs[:, 1].tolist() == [0, 0, 0, 1, 2, 3, 3]
    with pytest.raises(InputError, match="need"):
        align(np.zeros((0, 3)), np.zeros((4, 3)))


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(["clock_m", "counter_l", "h_u", "v_90", "d_r"]), st.integers(0, 99))
def test_the_next_path_lies_between_both_by_its_weight_and_within_limits(name, seed):
    own, wanted, arm = _own(name, seed), ideal(name, REACH_M), human_arm(REACH_M, "left")
    paths = [next_path(own, wanted, weight, arm) for weight in (0.0, 0.25, 0.5, 0.75, 1.0)]
    to_own, to_ideal = ([distance(path.positions_m, other.positions_m) for path in paths] for other in (own, wanted))
    assert all(later < earlier + 1e-3 for earlier, later in itertools.pairwise(to_own))
    assert all(later > earlier - 1e-3 for earlier, later in itertools.pairwise(to_ideal))
    assert to_ideal[0] < 0.005
    for path in paths:
        assert arm.allows(path.angles_rad)
        assert np.linalg.norm(path.positions_m[-1] - path.positions_m[0]) < 0.01


def test_a_weight_that_is_none_is_refused():
    with pytest.raises(InputError, match="weight 1.5"):
        interpolate(_own("d_r"), ideal("d_r", REACH_M), 1.5)


def test_the_weight_falls_evenly_with_the_score_within_the_therapists_limits():
    weights = [weight_of(score) for score in np.linspace(0.0, 100.0, 101)]
    assert np.allclose(np.diff(weights), -0.008)
    assert [round(weight_of(score), 6) for score in (87.5, 62.5, 37.5, 12.5)] == [0.2, 0.4, 0.6, 0.8]
    assert weight_of(0.0, WeightLimits(0.2, 0.5)) == 0.5 and weight_of(100.0, WeightLimits(0.2, 0.5)) == 0.2
    with pytest.raises(ConfigError, match="limits of the weight"):
        WeightLimits(0.5, 0.2)


def test_the_forecast_follows_a_trend_and_believes_no_single_day():
    assert forecast([40, 50, 60, 70]) > 65.0
    assert 45.0 < forecast([70, 70, 70, 30]) < 60.0
    with pytest.raises(InputError, match="0 .. 100"):
        forecast([])


def test_an_expected_score_makes_paths_harder_or_easier_and_nothing_is_expected_of_two():
    assert math.isnan(expected([90.0, 90.0])) and way(expected([90.0, math.nan, 90.0])) == 0
    assert [way(expected(scores)) for scores in ([70, 78, 92], [60, 62, 61], [70, 50, 30])] == [1, 0, -1]
    assert weight_of(50.0, easier=more_own(0.8)) == pytest.approx(weight_of(50.0) + 0.2)


def test_stars_are_lit_in_order_only():
    path = ideal("clock_m", REACH_M)
    stars = Stars(path, 10, 0.03)
    assert stars.push(stars.places_m[4]) == 0
    assert stars.sweep(path) == 10 and stars.done
    stars.reset()
    assert stars.sweep(Trajectory(path.stamps_s, path.positions_m[::-1])) < 5
    with pytest.raises(InputError, match="2 stars"):
        Stars(path, 2, 0.03)


def test_reach_is_measured_in_the_first_seconds():
    meter = ReachMeter(2.0)
    with pytest.raises(InputError, match="0 times"):
        _ = meter.reach
    for step in range(30):
        meter.push(step / 10.0, 0.55, np.array([0.3, 0.0, 0.25]))
    meter.push(3.0, np.nan, np.zeros(3))
    assert meter.done and meter.reach.arm_m == pytest.approx(0.55)
    assert meter.reach.share == pytest.approx(np.hypot(0.3, 0.25) / 0.55)
