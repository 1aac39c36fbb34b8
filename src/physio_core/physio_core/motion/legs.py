"""Movements of the legs on the spot: standing up, on to the toes, one leg up, marching; shared by exercises and their like."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.postures import posture, through
from physio_core.motion.stance import hold_arms, leg_reach, plant, stand, stood
from physio_core.motion.style import Style, raised_cosine, smooth
from physio_core.types import FloatArray

_ARM = ("shoulder_flexion", "shoulder_abduction", "shoulder_rotation", "elbow_flexion")


def swung(pose: PoseBuilder, side: str, amount: FloatArray, hip: float, knee: float) -> None:
    """Add to a standing leg: thigh forwards by ``hip`` and knee bent by ``knee`` times ``amount``."""
    pose.set(
        side,
        hip_flexion=pose.angle(f"{side}_hip_flexion") + hip * amount,
        knee_flexion=pose.angle(f"{side}_knee_flexion") + knee * amount,
        ankle_flexion=pose.angle(f"{side}_ankle_flexion") * (1.0 - amount) - 0.4 * amount,
    )


def rise(up: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """From a chair to standing: the hips go further back than in a squat and rest there, the trunk swings forwards.

    Args:
        up: (T,) how far, 0 seated, 1 standing.
        style: its size is the height of the chair.
        shape: whose body.
    """
    pose = PoseBuilder(shape, len(up))
    half = 0.075 * style.stance * shape.height_m
    seat = (0.27 + 0.05 * style.size) * shape.height_m
    tall = shape.ankle_m + np.sqrt(leg_reach(shape, np.array(0.08)) ** 2 - (half - shape.half_hips_m) ** 2)
    forward, risen = smooth(up, 0.0, 0.8), smooth(up, 0.25, 1.0)
    pose.root_m[:, 0] = -0.92 * shape.thigh_m * (1.0 - forward)
    pose.root_m[:, 2] = seat + (tall - seat) * risen
    pose.lean(0.06 + (0.75 + 0.2 * style.lean) * np.sin(np.pi * up) ** 2 * (1 - 0.4 * up), style.round_back, style.gaze)
    plant(pose, half, 0.6 * style.toes_out_rad)
    if style.arms != "lap":
        return hold_arms(pose, style.arms)
    down = through(
        up, [(0.2, posture("sit", shape, replace(style, arms="lap"))), (0.7, posture("stand", shape, style))], shape, False
    )
    for side in SIDES:
        for name in _ARM:
            pose.set(side, **{name: down.angle(f"{side}_{name}")})
    return pose


def sit_to_stand(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Standing up as far as the style's depth says, without haste, and sitting down again."""
    return rise(min(1.1 * style.depth, 1.0) * raised_cosine(phase, style.dwell), style, shape)


def calf_raise(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """On to the toes and down."""
    heel = 0.75 * style.depth * raised_cosine(phase, style.dwell)
    pose = stand(PoseBuilder(shape, len(phase)), style)
    pose.root_m[:, 2] += shape.toe_m * np.sin(heel) - shape.ankle_m * (1.0 - np.cos(heel))
    pose.root_m[:, 0] += shape.toe_m * (1.0 - np.cos(heel)) + 0.02 * heel
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        pose.foot(side, np.tile([0.0, sign * 0.068 * shape.height_m, 0.0], (len(phase), 1)), style.toes_out_rad, heel)
    return hold_arms(pose, style.arms)


def lift_leg(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """One leg up and down; variants front, side, back, kick, knee (held up: standing on one leg), quad (heel to the seat)."""
    progress = style.depth * raised_cosine(phase, style.dwell)
    pose = stood(phase, style, shape)
    pose.root_m[:, 1] -= 0.03 * shape.height_m
    plant(pose, 0.05 * shape.height_m, style.toes_out_rad)
    hold_arms(pose, style.arms)
    if style.variant == "side":
        pose.set("left", hip_abduction=pose.angle("left_hip_abduction") + 0.75 * progress)
        return pose.set(spine_side=-0.15 * progress)
    held = smooth(0.5 - (0.8 + style.dwell) * np.cos(2 * np.pi * phase))
    hip, knee, amount = {
        "front": (0.9, 0.05, progress), "back": (-0.5, 0.6, progress), "kick": (1.35, 0.2 + 1.2 * style.size, progress),
        "knee": (1.1 + 0.4 * style.size, 1.5, held), "quad": (-0.15, 2.1, held),
    }[style.variant]  # fmt: skip
    swung(pose, "left", amount, hip, knee)
    if style.variant == "quad":
        pose.set("left", shoulder_flexion=-0.6 * amount, elbow_flexion=0.6 * amount)
    return pose


def march(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """One knee up to hip height and down over a planted foot, weight on that foot; the other arm swings along."""
    progress = style.depth * raised_cosine(phase, style.dwell)
    pose = stood(phase, style, shape)
    pose.root_m[:, 1] -= 0.03 * shape.height_m * np.sin(np.pi * np.mod(phase, 1.0)) ** 2
    plant(pose, 0.05 * shape.height_m, style.toes_out_rad)
    hold_arms(pose, style.arms)
    swung(pose, "left", progress, 1.4, 1.5)
    # With the thigh turned out as in standing, the raised foot would cross the other leg.
    pose.set(
        "left",
        hip_rotation=pose.angle("left_hip_rotation") * (1.0 - np.minimum(progress, 1.0)),
        hip_abduction=pose.angle("left_hip_abduction") * (1.0 - np.minimum(progress, 1.0)) + 0.05 * progress,
    )
    if style.arms == "sides":
        pose.set("right", shoulder_flexion=0.05 + 0.6 * progress, elbow_flexion=0.3 + 0.7 * progress)
        pose.set("left", shoulder_flexion=0.05 - 0.35 * progress, elbow_flexion=0.3 + 0.2 * progress)
    return pose
