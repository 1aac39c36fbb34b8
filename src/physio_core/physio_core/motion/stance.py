"""Building blocks that several movements share: how arms are held, how legs carry a bending body."""

from __future__ import annotations

import numpy as np

from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.style import Style, wave
from physio_core.types import FloatArray

# Wrist and direction of the left elbow, from the middle of the shoulders in the chest's frame, for a person 1.72 m tall.
_HELD: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "hips": ((0.03, 0.20, -0.42), (-0.6, 1.0, -0.1)),
    "crossed": ((0.17, -0.09, -0.12), (0.6, 0.5, -0.7)),
    "folded": ((0.16, -0.06, -0.25), (0.1, 0.9, -0.6)),
    "clasped": ((0.27, 0.04, -0.16), (0.0, 0.8, -0.7)),
    "goblet": ((0.19, 0.06, -0.18), (0.1, 0.4, -1.0)),
    "barbell": ((-0.03, 0.33, 0.03), (-0.5, 0.3, -1.0)),
    "prisoner": ((-0.01, 0.13, 0.14), (0.0, 1.0, 0.1)),
    "front_rack": ((0.13, 0.17, 0.02), (1.0, 0.2, -0.4)),
    "lap": ((0.30, 0.13, -0.40), (-0.4, 0.8, -0.6)),
    "behind": ((-0.13, 0.04, -0.46), (-0.8, 0.6, 0.0)),
}
ARMS_STILL = ("sides", *_HELD)
"""Positions of the arms that need no movement of their own."""
ARMS_BENDING = (
    "rising", "forward", "clasped", "hips", "goblet", "crossed", "barbell", "prisoner", "front_rack", "sides", "swung",
    "overhead",
)  # fmt: skip
"""Positions of the arms while bending the knees."""


def hold_arms(pose: PoseBuilder, hold: str, bent: FloatArray | float = 0.0) -> PoseBuilder:
    """Hold the arms in one position; call after trunk and root are set.

    Args:
        pose: whose arms.
        hold: sides, forward, overhead, rising (sides when ``bent`` is 0, forward at 1), swung (back at 1) or one of
            :data:`ARMS_STILL`.
        bent: (T,) how far the movement has gone, 0..1.
    """
    lean = pose.root_rad[:, 1] + pose.angle("spine_flexion")
    if hold in _HELD:
        wrist, pole = (np.array(vector) for vector in _HELD[hold])
        scale = pose.shape.height_m / 1.72 * pose.shape.arm
        for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
            flip = np.array([1.0, sign, 1.0])
            nearer = np.array([0.0, 0.0, -0.05 if hold == "crossed" and side == "right" else 0.0])
            pose.wrist(side, (wrist + nearer) * flip * scale, pole * flip, in_chest=True)
        return pose
    progress = np.asarray(np.clip(bent, 0.0, 1.0))
    fixed: dict[str, FloatArray | float] = {"sides": 0.0, "forward": 1.0, "overhead": 1.9, "swung": -0.6 * progress}
    forward = np.asarray(fixed.get(hold, progress))
    return pose.set(
        shoulder_flexion=lean + forward * (np.pi / 2 - 0.1),
        shoulder_abduction=0.14 - 0.06 * np.minimum(forward, 1.0),
        shoulder_rotation=0.15,
        elbow_flexion=0.2 - 0.08 * np.minimum(forward, 1.0),
        clavicle_elevation=0.2 * np.maximum(np.asarray(forward) - 1.0, 0.0),
    )


def leg_reach(shape: BodyShape, knee: FloatArray) -> FloatArray:
    """Distance from hip to ankle when the knee is bent this far (T,) [m]."""
    reach: FloatArray = np.sqrt(shape.thigh_m**2 + shape.shank_m**2 + 2 * shape.thigh_m * shape.shank_m * np.cos(knee))
    return reach


def balance_lean(shape: BodyShape, pelvis_x: FloatArray, knee_x: FloatArray, load: float = 0.0) -> FloatArray:
    """Lean of the trunk that keeps the centre of mass over the middle of the feet (T,) [rad].

    Mass shares after Dempster (1955): head, arms and trunk 0.68, thighs 0.2.

    Args:
        shape: whose body.
        pelvis_x: middle of the hips in front of the ankles (T,) [m].
        knee_x: knees in front of the ankles (T,) [m].
        load: share of the body's mass held in front of the chest.
    """
    arm = 0.63 * shape.trunk_m
    moment = 0.028 * shape.height_m - 0.68 * pelvis_x - 0.1 * (knee_x + pelvis_x) - load * (pelvis_x + 0.25 * shape.height_m)
    lean: FloatArray = np.arcsin(np.clip(moment / ((0.68 + load) * arm), -0.2, 0.97))
    return lean


def stand(pose: PoseBuilder, style: Style, lift: FloatArray | float = 0.0) -> PoseBuilder:
    """Stand upright, feet apart by ``style.stance`` and turned out, the whole body ``lift`` (T,) [m] above the floor."""
    shape = pose.shape
    half = (0.068 + 0.02 * (style.stance - 1.0)) * shape.height_m
    sideways = half - shape.half_hips_m
    pose.root_m[:, 0] = 0.01
    pose.root_m[:, 2] = shape.ankle_m + np.sqrt(leg_reach(shape, np.array(0.06)) ** 2 - sideways**2) + lift
    return plant(pose, half, style.toes_out_rad, lift)


def plant(pose: PoseBuilder, half_m: FloatArray | float, toes_out: float, lift: FloatArray | float = 0.0) -> PoseBuilder:
    """Both feet flat beside the origin, ``half_m`` from the middle line and ``lift`` above the floor."""
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        place = np.zeros((pose.count, 3))
        place[:, 1] = sign * np.asarray(half_m)
        place[:, 2] = lift
        pose.foot(side, place, toes_out)
    return pose


def stood(phase: FloatArray, style: Style, shape: BodyShape, lean: FloatArray | float = 0.0) -> PoseBuilder:
    """Standing with the body swaying over planted feet; arms as in the style."""
    pose = PoseBuilder(shape, len(phase))
    rng = np.random.default_rng(style.seed + 1)
    stand(pose, style)
    for axis, size in ((0, 0.012), (1, 0.02)):
        pose.root_m[:, axis] += size * style.sway * wave(phase / 4, rng)
    pose.root_m[:, 1] += 0.03 * style.asymmetry
    pose.root_m[:, 2] -= 0.004 * shape.height_m * (1.0 + style.sway)
    pose.lean(np.zeros(len(phase)) + lean, style.round_back, style.gaze)
    pose.set(spine_side=0.05 * style.sway * wave(phase / 4, rng), spine_twist=0.08 * style.sway * wave(phase / 4, rng))
    plant(pose, (0.068 + 0.02 * (style.stance - 1.0)) * shape.height_m, style.toes_out_rad)
    return hold_arms(pose, style.arms or "sides")
