"""Bodies at rest (standing, sitting, kneeling, lying ...) and smooth transitions from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from physio_core.errors import ConfigError
from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape, Motion
from physio_core.motion.stance import hold_arms, leg_reach, plant, stand
from physio_core.motion.style import Style, smooth
from physio_core.motion.supported import plank
from physio_core.types import FloatArray

_HALF_TURN = np.pi / 2


def upright(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """Standing, arms as in the style."""
    return hold_arms(stand(PoseBuilder(shape, count), style), style.arms or "sides")


def seated(shape: BodyShape, style: Style, count: int = 1, lean: FloatArray | float = 0.08) -> PoseBuilder:
    """On a chair whose height is the style's size, feet at the origin."""
    pose = PoseBuilder(shape, count)
    pose.root_m[:] = [-0.92 * shape.thigh_m, 0.0, (0.27 + 0.05 * style.size) * shape.height_m]
    pose.lean(np.zeros(count) + lean, style.round_back, style.gaze)
    plant(pose, 0.07 * style.stance * shape.height_m, 0.6 * style.toes_out_rad)
    return hold_arms(pose, style.arms or "lap")


def crouched(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """Squatting low with the hands at the floor, before going down or coming up."""
    pose = PoseBuilder(shape, count)
    pose.root_m[:] = [-0.08 * shape.height_m, 0.0, 0.22 * shape.height_m]
    pose.lean(np.full(count, 0.85), 0.35, 0.5)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        pose.foot(side, np.tile([0.0, sign * 0.08 * shape.height_m, 0.0], (count, 1)), 0.3, 0.25)
        pose.wrist(side, np.array([0.21, sign * 0.12, 0.03]) * shape.height_m, np.array([-1.0, sign, 0.3]))
    return pose


def kneeling(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """On both knees, thighs upright or sitting back as the style's size says."""
    pose = PoseBuilder(shape, count)
    back = 0.9 * max(style.size - 0.4, 0.0)
    pose.lean(np.full(count, 0.04 + 0.2 * back), style.round_back, style.gaze)
    pose.set(hip_flexion=pose.root_rad[:, 1] + 1.6 * back, knee_flexion=1.62 + 1.5 * back, hip_abduction=0.12)
    return hold_arms(pose.set(ankle_flexion=-0.9), style.arms or "sides").settle()


def all_fours(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """On hands and knees, head towards +x."""
    pose = PoseBuilder(shape, count)
    slope = np.arcsin(np.clip((shape.arm_m + 0.01 * shape.height_m - shape.thigh_m) / shape.trunk_m, -0.6, 0.6))
    pitch = _HALF_TURN - slope
    pose.root_rad[:, 1] = pitch
    pose.set(hip_flexion=pitch, knee_flexion=1.6, ankle_flexion=-0.9, neck_flexion=-0.3 * style.gaze, hip_abduction=0.05)
    pose.set(shoulder_flexion=pitch, shoulder_abduction=0.05, elbow_flexion=0.05, wrist_flexion=1.4)
    return pose.settle()


def planked(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """On straight arms and toes, as a push-up starts."""
    return plank(shape, np.zeros(count), style)


def on_forearms(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """Plank on forearms and toes."""
    pose = plank(shape, np.full(count, 0.4), style, pike=0.05)
    slope = _HALF_TURN - pose.root_rad[:, 1]
    return pose.set(
        shoulder_flexion=_HALF_TURN - slope, shoulder_abduction=0.05, shoulder_rotation=0.2, elbow_flexion=1.5, wrist_flexion=0.1
    ).settle()


def prone(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """Face down, hands beside the head or along the body."""
    pose = PoseBuilder(shape, count)
    pose.root_rad[:, 1] = _HALF_TURN
    pose.set(ankle_flexion=-1.0, hip_abduction=0.08, neck_twist=0.6 * style.size)
    above = style.size > 0.5
    pose.set(shoulder_flexion=0.1, shoulder_abduction=1.9 if above else 0.15, shoulder_rotation=-1.4 if above else 0.0)
    return pose.set(elbow_flexion=1.4 if above else 0.15).settle()


def supine(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """Face up, knees straight or drawn up as the style's size says, head towards -x."""
    pose = PoseBuilder(shape, count)
    pose.root_rad[:, 1] = -_HALF_TURN
    knee = 0.1 if style.size < 0.4 else 1.2 + 0.8 * style.size
    pose.set(hip_flexion=0.5 * knee, knee_flexion=knee, ankle_flexion=0.45 * (knee > 1) - 0.4, neck_flexion=0.12)
    return pose.set(shoulder_abduction=0.25, elbow_flexion=0.2, shoulder_flexion=-0.05).settle()


def lying_on_side(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """On the right side, knees a little drawn up."""
    pose = PoseBuilder(shape, count)
    pose.root_rad[:, 0] = _HALF_TURN
    pose.set(hip_flexion=0.2 + 0.7 * style.size, knee_flexion=0.4 + 0.9 * style.size, neck_side=0.2)
    return pose.set(shoulder_flexion=0.9, elbow_flexion=1.2).settle()


def sitting_on_floor(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """Sitting on the floor, legs in front, straight or drawn up as the style's size says, hands behind."""
    pose = PoseBuilder(shape, count)
    pose.root_rad[:, 1] = -0.25
    knee = 0.1 + 1.5 * style.size
    pose.set(hip_flexion=1.32 + 0.42 * knee, knee_flexion=knee, ankle_flexion=0.1, spine_flexion=0.2, hip_abduction=0.12)
    return pose.set(shoulder_flexion=-0.55, shoulder_abduction=0.25, elbow_flexion=0.2, wrist_flexion=-1.0).settle()


def down_dog(shape: BodyShape, style: Style, count: int = 1) -> PoseBuilder:
    """Hips high, arms and trunk in one line down to the hands (yoga)."""
    pose = PoseBuilder(shape, count)
    tall = shape.height_m
    hips = (0.44 + 0.03 * style.size) * tall
    below = np.arcsin(np.clip((hips - 0.03 * tall) / (shape.trunk_m + 0.98 * shape.arm_m), 0.2, 0.95))
    pose.root_m[:, 2] = hips
    pose.root_rad[:, 1] = _HALF_TURN + below
    ankle_z = shape.ankle_m + shape.toe_m * np.sin(0.35)
    away = np.sqrt(max(float(leg_reach(shape, np.array(0.15))) ** 2 - (hips - ankle_z) ** 2, 0.01))
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        pose.foot(side, np.tile([-away - 0.06 * shape.toe_m, sign * 0.06 * tall, 0.0], (count, 1)), 0.0, 0.35)
    pose.set(shoulder_flexion=3.05, shoulder_abduction=0.1, elbow_flexion=0.05, neck_flexion=0.2)
    for side in SIDES:
        pose.point_hand(side, np.array([1.0, 0.0, -0.05]))
    return pose


Posture = Callable[..., PoseBuilder]
POSTURES: dict[str, Posture] = {
    "stand": upright, "sit": seated, "crouch": crouched, "kneel": kneeling, "all_fours": all_fours, "plank": planked,
    "forearm_plank": on_forearms, "prone": prone, "supine": supine, "side": lying_on_side, "sit_floor": sitting_on_floor,
    "down_dog": down_dog,
}  # fmt: skip


def posture(name: str, shape: BodyShape, style: Style) -> Motion:
    """One frame of a body at rest.

    Raises:
        ConfigError: there is no such posture.
    """
    if name not in POSTURES:
        raise ConfigError(f"unknown posture {name!r}; known: {', '.join(POSTURES)}")
    return POSTURES[name](shape, style).motion


def through(turn: FloatArray, keys: Sequence[tuple[float, Motion]], shape: BodyShape, on_floor: bool = True) -> PoseBuilder:
    """Pass smoothly through postures.

    Args:
        turn: (T,) position on the scale of the keys; the ends hold outside it.
        keys: (position, one-frame motion), rising positions.
        shape: whose body.
        on_floor: keep the lowest point as low between the keys as it is at them.
    """
    count = len(turn)
    stops = np.array([position for position, _ in keys])
    at = np.concatenate([turn, stops])
    pose = PoseBuilder(shape, len(at))
    first = keys[0][1]
    pose.angles[:], pose.root_m[:], pose.root_rad[:] = first.angles_rad, first.root_m, first.root_rad
    for (start, before), (end, after) in pairwise(keys):
        part = smooth(at, start, end)[:, None]
        pose.angles += part * (after.angles_rad - before.angles_rad)
        pose.root_m += part * (after.root_m - before.root_m)
        pose.root_rad += part * (after.root_rad - before.root_rad)
    if on_floor:
        free = pose.root_m[:, 2].copy()
        dropped = pose.settle().root_m[:, 2] - free
        pose.root_m[:, 2] -= np.interp(at, stops, dropped[count:])
    out = PoseBuilder(shape, count)
    out.angles, out.root_m, out.root_rad = pose.angles[:count], pose.root_m[:count], pose.root_rad[:count]
    return out
