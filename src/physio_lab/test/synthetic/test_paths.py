"""Simulated patients who draw paths: by their seed, each by its own difficulties, and as a camera tells it."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_core.skeleton.smoothness import sparc
from physio_core.trajectories.lift import ARM_TRUNKS, bone_features, load_lift
from physio_core.trajectories.score import score_type
from physio_core.trajectories.types import ideal
from physio_lab.synthetic.paths import PathPatient, drawings, drawn, people, seen
from physio_lab.synthetic.seen_arm import ArmSeen, fitted

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


def test_a_camera_sees_fewer_moments_as_far_off_as_was_measured():
    path, large = drawn(HEALTHY, "clock_big", chance()), load_lift().model_copy(update={"bias": (0.5, 0.0, 0.0)})
    views = [seen(path, chance(number), HEALTHY.reach_m) for number in range(30)]
    assert all(len(view) < 0.5 * len(path) for view in views)

    def beside(views):
        return (
            np.std([(view.positions_m - path.at(view.stamps_s).positions_m).mean(0) for view in views], axis=0) / HEALTHY.reach_m
        )

    assert beside(views) == pytest.approx(load_lift().bias, rel=0.5)
    assert beside([seen(path, chance(number), HEALTHY.reach_m, large) for number in range(30)])[0] > 0.3


def arms(people, lower=0.0):
    """Arms of so many people as exact cameras see them, lower by a share of what is ahead."""
    for person in range(people):
        bones = chance(person).uniform(-0.4, 0.4, (4000, 2, 3))
        ahead, left, up = bones.sum(1).T / ARM_TRUNKS
        yield ArmSeen(bone_features(bones), np.stack([ahead, left, up - lower * ahead], axis=1), person)


def test_a_rule_in_what_a_camera_shows_is_learnt_and_what_has_none_is_told_as_error():
    ahead = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]) * ARM_TRUNKS
    for lower in (0.0, 0.2):
        lift, errors = fitted(list(arms(3, lower)))
        assert max(errors["error"]) < 0.01
        assert lift.place(ahead) == pytest.approx([1.0, 0.0, -lower], abs=0.03)
    shifted = [ArmSeen(one.features, one.places + [0.0, 0.0, 0.1 * one.person], one.person) for one in arms(3)]
    assert fitted(shifted)[1]["error_of_mean"][2] > 0.05
    with pytest.raises(InputError, match="1 people"):
        fitted(list(arms(1)))
