"""Movements of the trunk over planted feet: to the side and about the vertical; shared by exercises and their like."""

from __future__ import annotations

import numpy as np

from physio_core.motion.arms import arms_free
from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.stance import hold_arms, plant, stood
from physio_core.motion.style import Style, raised_cosine
from physio_core.types import FloatArray


def bend_sideways(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Trunk to both sides within a repetition; variants plain: the arm on that side hangs, overhead: the other goes up."""
    return _bent(phase, style, shape, style.depth * np.sin(2 * np.pi * phase))


def side_bend(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Trunk to the leading side and back."""
    return _bent(phase, style, shape, style.depth * raised_cosine(phase, style.dwell))


def twist(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Trunk to left and right about the vertical within a repetition."""
    return stood(phase, style, shape).set(spine_twist=0.9 * style.depth * np.sin(2 * np.pi * phase))


def trunk_rotation(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Trunk about the vertical to the leading side and back."""
    return stood(phase, style, shape).set(spine_twist=0.9 * style.depth * raised_cosine(phase, style.dwell))


def _bent(phase: FloatArray, style: Style, shape: BodyShape, bend: FloatArray) -> PoseBuilder:
    pose = stood(phase, arms_free(style), shape)
    pose.set(spine_side=0.75 * bend)
    pose.root_m[:, 1] -= 0.03 * bend
    plant(pose, (0.068 + 0.02 * (style.stance - 1.0)) * shape.height_m, style.toes_out_rad)
    hold_arms(pose, style.arms)
    if style.variant == "overhead":
        for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
            pose.set(side, shoulder_abduction=0.15 + 2.6 * np.clip(-sign * bend, 0.0, 1.0), shoulder_rotation=-0.5)
    return pose
