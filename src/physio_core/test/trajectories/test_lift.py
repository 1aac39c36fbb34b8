"""An arm before one camera, read where nobody says what is drawn: either arm alike, nearer the shorter a bone looks."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.skeleton.layouts import BODY_25
from physio_core.skeleton.stream import JointFrame
from physio_core.trajectories.body import TRUNK_M, ArmReader
from physio_core.trajectories.lift import ARM_TRUNKS, load_lift

SHOULDER = {"left": (0.75, 0.3), "right": (0.58, 0.3)}


def frame(elbow, hand, side="left", sure=1.0):
    """An arm, the trunk a quarter of the image high; elbow and hand (2,) from the shoulder, outward and up [trunks]."""
    points, outward = np.full((25, 2), 0.5, np.float32), 1.0 if side == "left" else -1.0
    at = {"neck": (0.66, 0.3), "spine_base": (0.66, 0.55), **{f"{one}_shoulder": place for one, place in SHOULDER.items()}}
    for joint, (out, up) in (("elbow", elbow), ("wrist", hand)):
        x, y = SHOULDER[side]
        at[f"{side}_{joint}"] = x + 0.25 * outward * out, y - 0.25 * up
    for joint, place in at.items():
        points[BODY_25.index(joint)] = place
    return JointFrame(0.0, points, np.full(25, sure, np.float32), np.zeros((25, 3), np.float32))


def read(*arm, side="left", **more):
    return ArmReader(BODY_25, side).read_unaided(frame(*arm, side=side, **more), 4.0 / 3.0)


def test_a_bone_that_looks_short_points_ahead_and_a_raised_one_up():
    stretched, bent, raised = read((0.6, 0.0), (1.1, 0.0)), read((0.1, 0.0), (0.2, 0.0)), read((0.1, 0.5), (0.2, 0.9))
    assert bent.hand_m[0] > stretched.hand_m[0] + 0.2 and stretched.hand_m[1] > bent.hand_m[1] + 0.2
    assert raised.hand_m[2] > bent.hand_m[2] + 0.2


def test_the_right_arm_is_the_left_one_in_a_mirror_and_an_unsure_joint_is_no_arm():
    left, right = (read((0.3, -0.2), (0.2, 0.1), side=side) for side in SHOULDER)
    assert right.hand_m == pytest.approx(left.hand_m * [1.0, -1.0, 1.0], abs=1e-5)
    assert left.arm_m == pytest.approx(ARM_TRUNKS * TRUNK_M)
    assert read((0.3, -0.2), (0.2, 0.1), sure=0.0) is None


def test_an_arm_that_points_at_the_camera_is_as_far_ahead_as_it_is_long():
    assert load_lift().place(np.zeros((2, 2)))[0] == pytest.approx(1.0, abs=0.25)
