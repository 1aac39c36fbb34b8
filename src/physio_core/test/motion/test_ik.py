"""Limbs reach what they are told to reach."""

import numpy as np
import pytest

from physio_core.motion.ik import SIDES, PoseBuilder, decompose, two_bone
from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, positions, rotation


def test_decompose_undoes_rotation() -> None:
    rng = np.random.default_rng(0)
    flexion, abduction, turn = rng.uniform(-1.4, 4.6, 50), rng.uniform(-1.4, 1.4, 50), rng.uniform(-3, 3, 50)
    for found, given in zip(decompose(rotation(flexion, abduction, turn)), (flexion, abduction, turn), strict=True):
        assert np.allclose(found, given, atol=1e-9)


@pytest.mark.parametrize("side", SIDES)
def test_wrist_and_ankle_go_to_their_targets(side: str) -> None:
    pose = PoseBuilder(BodyShape(), 3).lean(np.full(3, 0.5))
    pose.root_rad[:, 2] = 0.4
    pose.root_m[:, 2] = 0.7
    at = pose.frames.at
    hand, foot = at[f"{side}_shoulder"] + [0.3, 0.1, -0.2], at[f"{side}_hip"] + [0.2, 0.1, -0.5]
    pose.wrist(side, hand, np.array([-1.0, 0.0, -1.0])).ankle(side, foot, np.tile([1.0, 0.0, 0.0], (3, 1)))
    assert np.allclose(pose.frames.at[f"{side}_wrist"], hand, atol=1e-9)
    assert np.allclose(pose.frames.at[f"{side}_ankle"], foot, atol=1e-9)


def test_knee_points_along_its_pole_and_elbow_too() -> None:
    pose = PoseBuilder(BodyShape(), 1)
    hip, shoulder = pose.frames.at["left_hip"], pose.frames.at["left_shoulder"]
    pose.ankle("left", hip - [0.0, 0.0, 0.5], np.array([[1.0, 0.0, 0.0]]))
    pose.wrist("left", shoulder - [0.0, 0.0, 0.3], np.array([-1.0, 0.0, 0.0]))
    assert pose.frames.at["left_knee"][0, 0] > 0.1
    assert pose.frames.at["left_elbow"][0, 0] < -0.1


def test_target_out_of_reach_straightens_the_limb() -> None:
    *_, bend = two_bone(np.array([[0.0, 0.0, -9.0]]), np.array([[1.0, 0.0, 0.0]]), 0.4, 0.4, True)
    assert bend[0] < 0.1


@pytest.mark.parametrize("lift", [0.0, 0.6])
def test_planted_foot_stands_on_its_toe(lift: float) -> None:
    pose = PoseBuilder(BodyShape(), 1)
    pose.root_m[:, 2] = 0.75
    pose.foot("left", np.array([[0.1, 0.15, 0.0]]), 0.3, lift)
    at = pose.frames.at
    assert at["left_toe"][0, 2] == pytest.approx(0.0, abs=0.01)
    assert (at["left_heel"][0, 2] > 0.05) == (lift > 0)


def test_settled_body_touches_the_floor() -> None:
    pose = PoseBuilder(BodyShape(), 1)
    pose.root_m[:, 2] = 3.0
    lowest = positions(pose.shape, pose.settle().motion)[0, BODY_JOINTS.index("left_toe"), 2]
    assert lowest == pytest.approx(0.0, abs=1e-9)
