"""Simulated sets: whole, the same again, seen where they are, with the truth of each repetition."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.motion.kinematics import BODY_JOINTS
from physio_core.motion.movements import EXERCISES
from physio_core.motion.projection import Camera, project
from physio_core.skeleton.layouts import BODY_25
from physio_lab.synthetic.simulated_sets import EXACT, PERFECT, simulate_set
from physio_sim.patient.sets import SetPlan


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_exercise_makes_a_set_with_its_repetitions_in_order(exercise: str) -> None:
    made = simulate_set(SetPlan(exercise=exercise, repetitions=3, fps=15.0))
    assert len(made.skeletons) == len(made.stamps_s) == len(made.joints_m)
    assert made.joints_m[..., 2].min() > -0.05
    times_s = [time_s for one in made.repetitions for time_s in (one.start_s, one.turn_s, one.end_s)]
    assert times_s == sorted(times_s) and times_s[0] > 0.0 and times_s[-1] < made.stamps_s[-1]


def test_the_same_plan_gives_the_same_set_and_another_seed_another() -> None:
    first, again, other = (simulate_set(SetPlan(repetitions=2, seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.skeletons[40].points[:, :2], again.skeletons[40].points[:, :2])
    assert np.array_equal(first.skeletons[40].world_m, again.skeletons[40].world_m)
    assert not np.array_equal(first.skeletons[40].points[:, :2], other.skeletons[40].points[:, :2])


def test_without_noise_joints_are_seen_where_they_are() -> None:
    made = simulate_set(SetPlan(repetitions=2), PERFECT, EXACT)
    knee = BODY_25.index("left_knee")
    where, _ = project(made.joints_m[:, BODY_JOINTS.index("left_knee")], Camera())
    found = np.stack([one.points[knee, :2] for one in made.skeletons])
    assert np.abs(found - where).max() < 0.02 and np.median(np.abs(found - where)) < 0.005
    hip, ankle = BODY_25.index("left_hip"), BODY_25.index("left_ankle")
    lengths_m = [np.linalg.norm(one.world_m[hip] - one.world_m[knee]) for one in made.skeletons]
    assert lengths_m == pytest.approx([made.shape.thigh_m] * len(lengths_m), abs=1e-4)
    assert all(one.world_m[ankle, 1] > one.world_m[hip, 1] for one in made.skeletons)


def test_sides_take_turns_or_one_does_it_alone() -> None:
    marching = simulate_set(SetPlan(exercise="march_in_place", repetitions=4, fps=10.0))
    assert len({one.side for one in marching.repetitions[:2]}) == 2
    arm = simulate_set(SetPlan(exercise="shoulder_abduction", side="right", repetitions=2, fps=10.0))
    assert {one.side.value for one in arm.repetitions} == {"right"}
    moved = [np.ptp(arm.motion.angle(f"{side}_shoulder_abduction")) for side in ("left", "right")]
    assert moved[0] < 0.3 < 1.5 < moved[1]
