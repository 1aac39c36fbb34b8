"""The size of a body by value: bones are laid out, and the trunk's length is read back."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.skeleton.body_size import BONES, SURE, BodySize

JOINTS = tuple(dict.fromkeys(joint for bone in BONES for joint in bone))
AT = {joint: index for index, joint in enumerate(JOINTS)}


def upright(trunk: float) -> np.ndarray:
    """Joints (1, V, 2) of someone with limbs straight down."""
    down = {"neck": 0.0, "shoulder": 0.0, "elbow": 0.6, "wrist": 1.12, "spine_base": 1.0, "hip": 1.0, "knee": 1.85, "ankle": 2.7}
    return trunk * np.array([[[0.0, down[joint.removeprefix("left_").removeprefix("right_")]] for joint in JOINTS]])


def test_joints_that_are_half_hidden_do_not_make_the_body_larger_where_others_are_sure():
    points, confidence = upright(0.2), np.ones((1, len(JOINTS)))
    for joint in ("left_ankle", "right_ankle", "left_wrist", "right_wrist"):
        points[0, AT[joint], 1] += 0.1
        confidence[0, AT[joint]] = 0.5
    assert BodySize(AT, sure=SURE).measure(points, confidence)[0] == pytest.approx(0.2)
    assert BodySize(AT).measure(points, confidence)[0] > 0.25


def test_what_is_half_hidden_tells_the_size_where_nothing_is_sure():
    assert BodySize(AT, sure=SURE).measure(upright(0.2), np.full((1, len(JOINTS)), 0.5))[0] == pytest.approx(0.2)


def test_elbows_that_were_taken_for_each_other_do_not_make_the_body_larger():
    points = upright(0.2)
    for joint in ("shoulder", "elbow", "wrist"):
        points[0, AT[f"left_{joint}"], 0], points[0, AT[f"right_{joint}"], 0] = -0.1, 0.1
    for joint in ("elbow", "wrist"):
        left, right = AT[f"left_{joint}"], AT[f"right_{joint}"]
        points[0, [left, right]] = points[0, [right, left]]
    assert BodySize(AT).measure(points, np.ones((1, len(JOINTS))))[0] == pytest.approx(0.2)
