"""Simulated patients who draw paths: by their seed, each by its own difficulties, and as a camera tells it."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.skeleton.smoothness import sparc
from physio_core.trajectories.score import score_type
from physio_core.trajectories.types import ideal
from physio_lab.synthetic.paths import PathPatient, drawings, drawn, people, seen

HEALTHY = PathPatient()


def chance(number=0):
    return np.random.default_rng(number)


def test_one_seed_draws_one_set_and_another_another():
    first, again, other = (drawings(people(2, seed), 1, seed)[7] for seed in (1, 1, 2))
    assert np.array_equal(first.robot.positions_m, again.robot.positions_m)
    assert np.array_equal(first.camera.positions_m, again.camera.positions_m)
    assert len(first.robot) != len(other.robot) or not np.allclose(first.robot.positions_m, other.robot.positions_m)
    assert {one.robot.side for one in drawings(people(2, 1), 1, 1)} == {"left", "right"}


@pytest.mark.parametrize("difficulty", [{"range": 0.5}, {"tremor_m": 0.02}, {"tilt_rad": 0.6}, {"weak": 0.8}, {"trunk": 0.5}])
def test_each_difficulty_costs_score_and_training_it_away_brings_it_back(difficulty):
    hard = PathPatient(**difficulty)
    scores = [
        np.mean([score_type(drawn(who, "clock_m", chance(n)), "clock_m", who.reach_m).score for n in range(4)])
        for who in (HEALTHY, hard.eased(0.6), hard)
    ]
    assert scores[0] > scores[1] > scores[2]


def test_spurts_and_pauses_are_in_the_speed_and_not_in_the_shape():
    speeds = []
    for who in (HEALTHY, PathPatient(jerk=0.9, pauses=6.0)):
        path = drawn(who, "clock_m", chance(3)).by_time(200)
        speeds.append(sparc(np.linalg.norm(np.diff(path.positions_m, axis=0), axis=1), 200.0 / path.duration_s))
    assert speeds[1] < speeds[0] - 0.5


def test_whoever_is_shown_another_path_draws_that_one():
    path = drawn(HEALTHY, "clock_m", chance(), ideal("v_90", HEALTHY.reach_m))
    assert score_type(path, "v_90", HEALTHY.reach_m).score > score_type(path, "clock_m", HEALTHY.reach_m).score + 20.0


def test_a_camera_sees_fewer_moments_less_exactly_most_of_all_along_its_line_of_sight():
    path = drawn(HEALTHY, "clock_big", chance())
    views = [seen(path, chance(number)) for number in range(30)]
    assert all(len(view) < 0.5 * len(path) for view in views)
    off = np.concatenate([view.positions_m - path.at(view.stamps_s).positions_m for view in views])
    x, y, z = off.std(0)
    assert 0.005 < y < 0.06 and x > 1.5 * y and x > 1.5 * z
