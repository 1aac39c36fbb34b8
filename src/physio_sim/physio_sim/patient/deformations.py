"""How faults change a motion: small deformations that leave what is planted where it is, each growing with the repetition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import Motion, apply, product, root_rotation
from physio_core.motion.stance import leg_reach
from physio_core.motion.style import Movement
from physio_core.types import FloatArray

_ARM = ("shoulder_flexion", "shoulder_abduction", "shoulder_rotation", "elbow_flexion", "clavicle_elevation")
_SPINE_TO_LEAN = 1 / 0.575
"""Bend of the spine that leans the line from hips to shoulders by one: the lower part of the trunk does not bend."""
_MOST_SWIVEL_RAD = 1.3


@dataclass(frozen=True)
class Doing:
    """What is being done while a fault comes in. T frames of one repetition.

    Attributes:
        movement: the exercise.
        rest: one frame of it at rest.
        sides: those that the fault is to be seen on.
        moving: the side that does this repetition; empty: both.
        weight: (T,) how far the repetition has gone [0..1].
        turn: (T,) part of the repetition that has passed [0..1).
    """

    movement: Movement
    rest: Motion
    sides: tuple[str, ...]
    moving: str
    weight: FloatArray
    turn: FloatArray


Deformation = Callable[[PoseBuilder, Doing, float], None]
"""Changes a pose by a fault of some size, in the unit of the fault."""


@dataclass(frozen=True)
class _Leg:
    """A planted leg (T, ...): hip, ankle [m], turn of the foot, and the way from the line between them to the knee [m]."""

    hip: FloatArray
    ankle: FloatArray
    foot: FloatArray
    knee: FloatArray


def _legs(pose: PoseBuilder) -> dict[str, _Leg]:
    frames = pose.frames
    return {
        side: _Leg(
            frames.at[f"{side}_hip"],
            frames.at[f"{side}_ankle"],
            frames.turned[f"{side}_foot"],
            _off_line(frames.at[f"{side}_knee"], frames.at[f"{side}_hip"], frames.at[f"{side}_ankle"]),
        )
        for side in SIDES
    }


def _off_line(point: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    line = _unit(end - start)
    away = point - start
    return np.asarray(away - line * (away * line).sum(-1, keepdims=True))


def _unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _keep_feet(pose: PoseBuilder, legs: dict[str, _Leg]) -> None:
    for side, leg in legs.items():
        pose.keep_foot(side, leg.ankle, leg.foot, leg.knee)


def _swivel(out: FloatArray, axis: FloatArray, towards: FloatArray, angle: FloatArray) -> FloatArray:
    """Turn ``out`` (T, 3) about ``axis`` (T, 3) towards a direction by an angle (T,) [rad]."""
    across = towards - axis * (towards * axis).sum(-1, keepdims=True)
    across = _unit(across - _unit(out) * (across * _unit(out)).sum(-1, keepdims=True))
    length = np.linalg.norm(out, axis=-1, keepdims=True)
    return np.asarray(out * np.cos(angle)[:, None] + across * length * np.sin(angle)[:, None])


def knees_in(pose: PoseBuilder, doing: Doing, size_cm: float) -> None:
    """Knees inside the line from hip to ankle by the size, about that line; ones that are further in stay."""
    legs, across = _legs(pose), root_rotation(pose.root_rad)[..., 1]
    for side in doing.sides:
        leg, sign = legs[side], -1.0 if side == "left" else 1.0
        axis = _unit(leg.ankle - leg.hip)
        inward = _unit(sign * across - axis * (sign * across * axis).sum(-1, keepdims=True))
        reach = np.maximum(np.linalg.norm(leg.knee, axis=-1), 1e-6)
        now = (leg.knee * inward).sum(-1)
        wanted = now + np.maximum(size_cm / 100.0 - now, 0.0) * doing.weight
        turned = np.arcsin(np.clip(wanted / reach, -1.0, 0.95)) - np.arcsin(np.clip(now / reach, -1.0, 1.0))
        pose.keep_foot(side, leg.ankle, leg.foot, _swivel(leg.knee, axis, inward, np.minimum(turned, _MOST_SWIVEL_RAD)))


def knee_past_toe(pose: PoseBuilder, doing: Doing, size_cm: float) -> None:
    """The hips come forward over planted feet, and the knees with them."""
    legs = _legs(pose)
    pose.root_m[:, 0] += size_cm / 100.0 * doing.weight
    _keep_feet(pose, legs)


def trunk_lean(pose: PoseBuilder, doing: Doing, size_deg: float) -> None:
    """The trunk leans further forward about the hips."""
    legs = _legs(pose)
    pose.root_rad[:, 1] += np.radians(size_deg) * doing.weight
    _keep_feet(pose, legs)


def trunk_side_lean(pose: PoseBuilder, doing: Doing, size_deg: float) -> None:
    """The trunk leans away from the side that moves; to the left where both do."""
    sign = -1.0 if doing.moving == "left" else 1.0
    pose.set(spine_side=pose.angle("spine_side") + sign * _SPINE_TO_LEAN * np.radians(size_deg) * doing.weight)


def swinging(pose: PoseBuilder, doing: Doing, size_deg: float) -> None:
    """The trunk swings back to start the movement and forward to end it; size is from end to end."""
    legs = _legs(pose)
    pose.root_rad[:, 1] -= 0.5 * np.radians(size_deg) * np.sin(2 * np.pi * doing.turn)
    _keep_feet(pose, legs)


def heel_lift(pose: PoseBuilder, doing: Doing, size_cm: float) -> None:
    """Heels rise about the tips of the toes."""
    shape, legs = pose.shape, _legs(pose)
    angle = np.arcsin(np.clip(size_cm / 100.0 / (shape.toe_m + shape.heel_m), 0.0, 0.9) * doing.weight)
    pitch = root_rotation(np.stack([0 * angle, angle, 0 * angle], axis=-1))
    for side in doing.sides:
        leg = legs[side]
        toe = leg.ankle + apply(leg.foot, np.array([shape.toe_m, 0.0, -shape.ankle_m]))
        foot = product(leg.foot, pitch)
        pose.keep_foot(side, toe + apply(foot, np.array([-shape.toe_m, 0.0, shape.ankle_m])), foot, leg.knee)


def knee_bent(pose: PoseBuilder, doing: Doing, size_deg: float) -> None:
    """The knee of the leg that moves bends; where both stand, both do, and the body sinks."""
    bend = np.radians(size_deg) * doing.weight
    if doing.moving:
        pose.set(doing.moving, knee_flexion=pose.angle(f"{doing.moving}_knee_flexion") + bend)
        return
    legs, knee = _legs(pose), pose.angle("left_knee_flexion").copy()
    pose.root_m[:, 2] -= leg_reach(pose.shape, knee) - leg_reach(pose.shape, knee + bend)
    _keep_feet(pose, legs)


def elbow_bent(pose: PoseBuilder, doing: Doing, size_deg: float) -> None:
    """Elbows bend that should be straight."""
    for side in doing.sides:
        pose.set(side, elbow_flexion=pose.angle(f"{side}_elbow_flexion") + np.radians(size_deg) * doing.weight)


def elbow_flare(pose: PoseBuilder, doing: Doing, size_deg: float) -> None:
    """Elbows away from the trunk: sideways where the hands are planted, forward where they are free."""
    if doing.movement.place != "floor":
        for side in doing.sides:
            pose.set(side, shoulder_flexion=pose.angle(f"{side}_shoulder_flexion") + np.radians(size_deg) * doing.weight)
        return
    for side in doing.sides:
        frames, sign = pose.frames, 1.0 if side == "left" else -1.0
        shoulder, elbow, wrist, hand = (frames.at[f"{side}_{joint}"] for joint in ("shoulder", "elbow", "wrist", "hand"))
        outward = sign * frames.turned["chest"][..., 1]
        out = _off_line(elbow, shoulder, wrist)
        pole = _swivel(out, _unit(wrist - shoulder), outward, np.radians(size_deg) * doing.weight)
        pose.wrist(side, wrist, pole).point_hand(side, hand - wrist)


def shoulder_hike(pose: PoseBuilder, doing: Doing, size_cm: float) -> None:
    """The shoulder is pulled up towards the ear."""
    lift = np.arcsin(np.clip(size_cm / 100.0 / pose.shape.half_shoulders_m, 0.0, 0.8)) * doing.weight
    for side in doing.sides:
        pose.set(side, clavicle_elevation=pose.angle(f"{side}_clavicle_elevation") + lift)


def lesser_arm(pose: PoseBuilder, doing: Doing, size: float) -> None:
    """An arm goes only a part of its way; size is the share that it does not."""
    for side in doing.sides:
        for name in _ARM:
            still = doing.rest.angle(f"{side}_{name}")[0]
            pose.set(side, **{name: still + (1.0 - size) * (pose.angle(f"{side}_{name}") - still)})


def shifted_weight(pose: PoseBuilder, doing: Doing, size: float) -> None:
    """The body goes down on one leg more than on the other: hips shifted to the strong side, and lower there."""
    legs, away = _legs(pose), -1.0 if "left" in doing.sides else 1.0
    pose.root_m[:, 1] += away * 0.09 * size * pose.shape.height_m * doing.weight
    pose.root_rad[:, 0] -= away * 0.3 * size * doing.weight
    pose.set(spine_side=pose.angle("spine_side") + away * 0.3 * size * doing.weight)
    _keep_feet(pose, legs)
