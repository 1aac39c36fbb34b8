"""An arm before one camera, read where nobody says what is drawn: either arm alike, nearer the shorter a bone looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.motion.projection import Camera, project
from physio_core.skeleton.layouts import BODY_25
from physio_core.skeleton.stream import JointFrame
from physio_core.trajectories.body import TRUNK_M, ArmReader
from physio_core.trajectories.lift import ARM_TRUNKS, arm_bones, load_lift
from physio_core.trajectories.sight import FOCAL_HEIGHTS, sight_lines

FOV_DEG = float(np.degrees(2.0 * np.arctan(0.5 * 4.0 / 3.0 / FOCAL_HEIGHTS)))
SHOULDER = {"left": (2 / 3 + 0.085, 0.3), "right": (2 / 3 - 0.085, 0.3)}


def frame(elbow, hand, side="left", sure=1.0):
    """An arm, the trunk a quarter of the image high; elbow and hand (2,) from the shoulder, outward and up [trunks]."""
    points, outward = np.full((25, 2), 0.5, np.float32), 1.0 if side == "left" else -1.0
    at = {"neck": (2 / 3, 0.3), "spine_base": (2 / 3, 0.55), **{f"{one}_shoulder": place for one, place in SHOULDER.items()}}
    for joint, (out, up) in (("elbow", elbow), ("wrist", hand)):
        x, y = SHOULDER[side]
        at[f"{side}_{joint}"] = x + 0.25 * outward * out, y - 0.25 * up
    for joint, place in at.items():
        points[BODY_25.index(joint)] = place
    return JointFrame(0.0, points, np.full(25, sure, np.float32), np.zeros((25, 3), np.float32))


def read(*arm, side="left", tilt_deg=0.0, **more):
    return ArmReader(BODY_25, side, np.radians(tilt_deg)).read_unaided(frame(*arm, side=side, **more), 4.0 / 3.0)


def test_a_bone_that_looks_short_points_ahead_and_a_raised_one_up():
    stretched, bent, raised = read((0.6, 0.0), (1.1, 0.0)), read((0.1, 0.0), (0.2, 0.0)), read((0.1, 0.5), (0.2, 0.9))
    assert bent.hand_m[0] > stretched.hand_m[0] + 0.2 and stretched.hand_m[1] > bent.hand_m[1] + 0.2
    assert raised.hand_m[2] > bent.hand_m[2] + 0.2


def test_the_right_arm_is_the_left_one_in_a_mirror_and_an_unsure_joint_is_no_arm():
    left, right = (read((0.3, -0.2), (0.2, 0.1), side=side) for side in SHOULDER)
    assert right.hand_m == pytest.approx(left.hand_m * [1.0, -1.0, 1.0], abs=1e-5)
    assert left.arm_m == pytest.approx(ARM_TRUNKS * TRUNK_M)
    assert read((0.3, -0.2), (0.2, 0.1), sure=0.0) is None


def test_an_arm_that_points_ahead_is_as_far_ahead_as_it_is_long():
    assert load_lift().place(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]) * ARM_TRUNKS)[0] == pytest.approx(1.0, abs=0.3)


@pytest.mark.parametrize("camera", [Camera(), Camera(height_m=0.9, pitch_rad=0.0), Camera(height_m=1.6, pitch_rad=0.2)])
@pytest.mark.parametrize("elbow", [(0.3, 0.2, -0.4), (0.45, 0.0, 0.1), (0.3, 0.4, 0.3)])
def test_an_exact_arm_is_read_where_it_is_wherever_a_camera_looks_from(camera, elbow):
    upper = np.array(elbow) / np.linalg.norm(elbow) * 0.172 / 0.322
    fore = np.array([0.8, -0.3, 0.5]) / np.linalg.norm([0.8, -0.3, 0.5]) * 0.150 / 0.322
    shoulder, arm = np.array([0.0, 0.2, 1.4]), ARM_TRUNKS * TRUNK_M
    joints = np.stack(
        [[0.0, 0.0, 1.4], [0.0, 0.0, 1.4 - TRUNK_M], shoulder, shoulder + arm * upper, shoulder + arm * (upper + fore)]
    )
    at = project(joints, replace(camera, fov_deg=FOV_DEG))[0] * (camera.aspect, 1.0) - (camera.aspect / 2.0, 0.5)
    neck, hips = sight_lines(at[:2], -camera.pitch_rad)
    bones = arm_bones(sight_lines(at[2:], -camera.pitch_rad), 1.0 / np.linalg.norm(neck - hips)) * (-1.0, 1.0, 1.0)
    assert bones == pytest.approx(np.stack([upper, fore]) * ARM_TRUNKS, abs=1e-6)


def test_a_bone_that_looks_longer_than_it_is_still_ends_where_it_is_seen():
    lines = sight_lines(np.array([[0.0, 0.0], [0.5, 0.0], [1.0, 0.0]]), 0.0)
    elbow, wrist = lines[0] * 4.0 + np.cumsum(arm_bones(lines, 4.0), axis=0)
    assert elbow / elbow[0] == pytest.approx(lines[1]) and wrist / wrist[0] == pytest.approx(lines[2])


def test_what_is_ahead_looks_higher_to_a_camera_that_looks_up_and_is_read_lower():
    level, upward = (read((0.1, 0.0), (0.2, 0.0), tilt_deg=tilt_deg) for tilt_deg in (0.0, 14.0))
    assert upward.hand_m[2] < level.hand_m[2] - 0.05
