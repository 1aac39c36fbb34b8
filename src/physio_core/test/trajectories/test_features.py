"""What a classifier is told of a path: not how fast, where the hand rests, or which arm; but its shape, place and sense."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.trajectories.features import FEWEST_TOKENS, TOKENS, geometry, of_path, tokens
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import ideal


def told(path):
    stamps, places = of_path(path, 0.6)
    filled, there = tokens(places)
    return filled[there], geometry(stamps, places)


def test_tempo_and_the_other_arm_change_nothing():
    path = ideal("clock_big", 0.6)
    slow = Trajectory(path.stamps_s * 2.0, path.positions_m)
    for other in (slow, path.mirrored()):
        (tokens_one, numbers_one), (tokens_other, numbers_other) = told(path), told(other)
        assert np.allclose(tokens_one, tokens_other, atol=0.05) and np.allclose(numbers_one, numbers_other, atol=0.05)


def test_rest_before_and_after_is_left_out():
    path = ideal("v_90", 0.6)
    places = np.concatenate([np.repeat(path.positions_m[:1], 80, 0), path.positions_m, np.repeat(path.positions_m[-1:], 80, 0)])
    step = path.stamps_s[1]
    assert np.allclose(told(Trajectory(np.arange(len(places)) * step, places))[0], told(path)[0], atol=0.1)


def test_a_longer_way_has_more_tokens_up_to_a_most():
    counts = [len(told(ideal(kind, 0.6))[0]) for kind in ("clock_m", "clock_big")]
    assert FEWEST_TOKENS < counts[0] < counts[1] <= TOKENS


@pytest.mark.parametrize("other", ["counter_m", "clock_b", "clock_big"])
def test_sense_place_and_size_are_told(other):
    assert np.abs(told(ideal("clock_m", 0.6))[1] - told(ideal(other, 0.6))[1]).max() > 0.2
