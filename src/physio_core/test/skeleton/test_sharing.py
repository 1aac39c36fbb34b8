"""Skeletons for other tools: joints in hri_msgs' order by value, the box, bones in metres before the lens."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from physio_core.skeleton.layouts import BODY_25, OPENPOSE_18
from physio_core.skeleton.remapping import remap
from physio_core.skeleton.sharing import bones_in_space, hri_box, hri_points
from physio_core.types import Skeleton, Tracking

NUMBERS = np.arange(18) / 20.0
BODY = Skeleton(
    stamp_s=1.0,
    status=Tracking.TRACKED,
    layout="openpose_18",
    points=np.column_stack([NUMBERS, 0.5 + NUMBERS / 4, np.full(18, np.nan)]).astype(np.float32),
    confidence=np.full(18, 0.9, np.float32),
    body_id="b1",
    width_px=640,
    height_px=480,
)

# As hri_msgs/Skeleton2D numbers them.
LEFT_EYE, RIGHT_EYE, LEFT_EAR, RIGHT_EAR, LEFT_ANKLE = 14, 15, 16, 17, 13


def test_eyes_and_ears_change_places_and_nothing_else_does() -> None:
    ours = dict(zip(OPENPOSE_18.joints, NUMBERS, strict=True))
    x = hri_points(BODY)[:, 0]
    named = {LEFT_EYE: "left_eye", RIGHT_EYE: "right_eye", LEFT_EAR: "left_ear", RIGHT_EAR: "right_ear", LEFT_ANKLE: "left_ankle"}
    assert {index: float(x[index]) for index in named} == pytest.approx({index: ours[joint] for index, joint in named.items()})
    assert x[:14] == pytest.approx(NUMBERS[:14])


def test_a_skeleton_with_feet_gives_the_same_eighteen_joints() -> None:
    points, confidence = remap(BODY.points, BODY.confidence, OPENPOSE_18, BODY_25)
    with_feet = replace(BODY, layout="body_25", points=points, confidence=confidence)
    np.testing.assert_array_equal(hri_points(with_feet), hri_points(BODY))


def test_a_joint_outside_the_picture_has_no_confidence_and_stays_in_range() -> None:
    points = BODY.points.copy()
    points[13, 1] = 1.2
    joint = hri_points(replace(BODY, points=points))[LEFT_ANKLE]
    assert joint.tolist() == pytest.approx([13 / 20, 1.0, 0.0])


def test_the_box_holds_the_joints_that_are_seen() -> None:
    confidence = BODY.confidence.copy()
    confidence[10:] = 0.1
    assert hri_box(replace(BODY, confidence=confidence)).tolist() == pytest.approx([0.0, 0.5, 0.45, 0.6125, 0.9])
    assert hri_box(replace(BODY, confidence=np.zeros(18, np.float32))).tolist() == [0.0] * 5


def test_a_bone_across_half_the_picture_is_as_long_as_the_lens_says() -> None:
    points = np.full((18, 3), 0.5, np.float32)
    points[:, 2] = 0.0
    points[OPENPOSE_18.index("nose"), 0] = 1.0
    confidence = np.zeros(18, np.float32)
    confidence[[OPENPOSE_18.index("nose"), OPENPOSE_18.index("neck")]] = 1.0
    (bone,) = bones_in_space(replace(BODY, points=points, confidence=confidence), 3.0, math.pi / 2)
    assert bone.tolist() == [pytest.approx([3.0, 0.0, 3.0], abs=1e-5), pytest.approx([0.0, 0.0, 3.0], abs=1e-5)]
