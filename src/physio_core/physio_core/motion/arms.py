"""Movements of the arms alone, standing or seated: raising and bending; shared by exercises and by what only looks like one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio_core.motion.ik import PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.postures import seated
from physio_core.motion.stance import stood
from physio_core.motion.style import Style, raised_cosine, wave
from physio_core.types import FloatArray

EACH = ("both", "left", "alternate")
"""Variants of a movement of the arms: with both, with the leading one, in turn."""


def sides_of(phase: FloatArray, style: Style) -> dict[str, FloatArray]:
    """How far each arm has gone (T,) 0..1, by the variants :data:`EACH`."""
    whole = style.depth * raised_cosine(phase, style.dwell)
    if style.variant == "alternate":
        return {
            "left": style.depth * raised_cosine(phase, style.dwell, 0.0, 0.5),
            "right": style.depth * raised_cosine(phase, style.dwell, 0.5, 1.0),
        }
    return {"left": whole, "right": whole if style.variant == "both" else 0.0 * whole}


def raise_arms(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Straight arms up; arms: front, side, overhead_front, overhead_side, scaption. Feet stay, unlike in a jumping jack."""
    return _raised(stood(phase, arms_free(style), shape), phase, style)


def raise_arms_seated(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """The same on a chair."""
    return _raised(on_chair(phase, style, shape), phase, style)


def curl(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Biceps curl."""
    return _curled(stood(phase, style, shape), phase, style)


def curl_seated(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """The same on a chair."""
    return _curled(on_chair(phase, style, shape), phase, style)


def arms_free(style: Style) -> Style:
    """The style with hanging arms, for movements that use ``arms`` for something else or move them later."""
    return replace(style, arms="sides")


def on_chair(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Sitting, the trunk swaying a little; arms as in the style."""
    rng = np.random.default_rng(style.seed + 1)
    lean = 0.04 + 0.05 * style.lean + 0.03 * style.sway * wave(phase / 4, rng)
    return seated(shape, arms_free(style), len(phase), lean)


def _raised(pose: PoseBuilder, phase: FloatArray, style: Style) -> PoseBuilder:
    away, top = {
        "front": (0.05, 1.5), "side": (1.5, 1.5), "overhead_front": (0.1, 2.9), "overhead_side": (1.5, 2.85),
        "scaption": (0.7, 1.6),
    }[style.arms]  # fmt: skip
    for side, progress in sides_of(phase, style).items():
        if away > 1.0:
            pose.set(
                side, shoulder_flexion=0.1, shoulder_abduction=0.12 + (top - 0.12) * progress, shoulder_rotation=-0.8 * progress
            )
        else:
            pose.set(side, shoulder_flexion=0.05 + top * progress, shoulder_abduction=0.1 + (away - 0.1) * progress)
        pose.set(
            side, elbow_flexion=0.15 + 0.2 * style.size, clavicle_elevation=0.3 * np.maximum(top * progress - 1.2, 0.0) / 1.6
        )
    return pose


def _curled(pose: PoseBuilder, phase: FloatArray, style: Style) -> PoseBuilder:
    for side, progress in sides_of(phase, style).items():
        pose.set(
            side, shoulder_flexion=0.05 + 0.3 * style.size * progress, elbow_flexion=0.2 + 2.1 * progress, shoulder_rotation=0.1
        )
    return pose
