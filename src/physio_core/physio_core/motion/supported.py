"""Exercises in which the hands carry the body: push-up and pull-up. The root follows from what is planted."""

from __future__ import annotations

import numpy as np

from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.style import Style, raised_cosine
from physio_core.types import FloatArray

_DOWN = np.array([0.0, 0.0, -1.0])


def push_up(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Plank on hands and toes, elbows bend; variants regular, close, wide, incline, decline, knees. The head is towards +x."""
    low = np.minimum(style.depth * raised_cosine(phase, style.dwell), 1.1)
    return plank(shape, low, style)


def plank(shape: BodyShape, low: FloatArray, style: Style, pike: FloatArray | float = 0.0) -> PoseBuilder:
    """Face down on the hands, ``low`` (T,) from straight arms (0) to the chest at the floor (1), hips up by ``pike`` [rad]."""
    pose = PoseBuilder(shape, len(low))
    spread, out = {"close": (-0.045, 0.25), "wide": (0.10, 1.6)}.get(style.variant, (0.02 * style.stance, 0.8))
    raised = (0.08 + 0.50 * style.size) * shape.height_m if style.variant == "incline" else 0.0
    wrist_z = 0.025 * shape.height_m + raised
    pivot = _pivot(shape, style)
    hand_y = shape.half_shoulders_m + spread * shape.height_m
    high = np.sqrt((0.985 * shape.arm_m) ** 2 - (hand_y - shape.half_shoulders_m) ** 2)
    shoulder_z = wrist_z + high - low * (high - 0.07 * shape.height_m)
    bend = 0.10 * style.lean + np.asarray(pike) - style.sag_rad
    kneeling = style.variant == "knees"
    leg_m = shape.thigh_m if kneeling else leg_length(shape)
    span = np.sqrt(leg_m**2 + shape.trunk_m**2 + 2 * leg_m * shape.trunk_m * np.cos(bend))
    slope = np.arcsin(np.clip((shoulder_z - pivot[2]) / span, -0.95, 0.95))
    leg_slope = slope + np.arcsin(np.clip(shape.trunk_m * np.sin(bend) / span, -1, 1))
    pose.root_m[:] = pivot
    pose.root_m[:, 0] += leg_m * np.cos(leg_slope)
    pose.root_m[:, 2] += leg_m * np.sin(leg_slope)
    pose.root_rad[:, 1] = np.pi / 2 - (leg_slope - bend)
    pose.set(neck_flexion=-0.15 - 0.5 * style.gaze, spine_flexion=0.0)
    _prop_legs(pose, leg_slope, bend, pivot, style)
    top = np.arcsin(np.clip((wrist_z + high - pivot[2]) / span, -0.95, 0.95))
    hand_x = pivot[0] + np.mean(span * np.cos(top)) + (0.015 + 0.02 * style.round_back) * shape.height_m
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        pose.wrist(side, np.array([hand_x, sign * hand_y, wrist_z]), np.array([-1.0, sign * out, 0.25]))
        pose.point_hand(side, np.array([1.0, 0.0, -0.12]))
    return pose


def leg_length(shape: BodyShape) -> float:
    """Hip to ankle of a leg held straight [m]."""
    return 0.998 * (shape.thigh_m + shape.shank_m)


def _pivot(shape: BodyShape, style: Style) -> FloatArray:
    """The point about which the body turns: ankles over tucked toes, or knees; placed so that the pelvis is near the origin."""
    if style.variant == "knees":
        return np.array([-shape.thigh_m, 0.0, 0.032 * shape.height_m])
    up = (0.12 + 0.15 * style.size) * shape.height_m if style.variant == "decline" else 0.0
    return np.array([-leg_length(shape), 0.0, 0.098 * shape.height_m + up])


def _prop_legs(pose: PoseBuilder, leg_slope: FloatArray, bend: FloatArray, pivot: FloatArray, style: Style) -> None:
    shape = pose.shape
    straight = -bend * np.ones(pose.count)
    if style.variant == "knees":
        pose.set(hip_flexion=-straight, hip_abduction=0.03, knee_flexion=leg_slope + 0.1 + 1.2 * style.size, ankle_flexion=-0.6)
        return
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        ankle = np.tile(pivot + [0.0, sign * 0.045 * shape.height_m, 0.0], (pose.count, 1))
        pose.ankle(side, ankle, np.broadcast_to(_DOWN, (pose.count, 3)))
        pose.set(side, ankle_flexion=0.12 - leg_slope)


def bar_height_m(shape: BodyShape) -> float:
    """Height of a bar from which this person hangs free of the floor [m]."""
    return 1.27 * shape.height_m


def pull_up(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """From a hang until the chin is at the bar above x = 0; variants regular, wide, chin_up.

    Both hands hold the bar, so ``style.arms`` says what the legs do: straight, crossed, bent or tucked.
    """
    pulled = np.minimum(style.depth * raised_cosine(phase, style.dwell), 1.05)
    pose = PoseBuilder(shape, len(phase))
    tall = shape.height_m
    grip = {"regular": 0.145, "wide": 0.205, "chin_up": 0.10}[style.variant] * style.stance * tall
    pose.set(clavicle_elevation=0.35 - 0.35 * pulled)
    pose.lean(-(0.04 + (0.22 + 0.15 * style.lean) * pulled), round_back=0.25, gaze=0.9)
    _hang_legs(pose, style, phase)
    half = shape.half_shoulders_m * np.cos(pose.angle("left_clavicle_elevation"))
    hang = np.sqrt((0.985 * shape.arm_m) ** 2 - np.minimum((grip - half) ** 2, 0.08))
    at = pose.frames.at
    middle = (at["left_shoulder"] + at["right_shoulder"]) / 2
    bar = np.array([0.0, 0.0, bar_height_m(shape)])
    back = (0.012 + (0.05 + 0.02 * style.size) * pulled) * tall
    pose.root_m += bar - middle + np.stack([-back, 0.0 * back, -(hang - pulled * (hang - 0.055 * tall))], axis=-1)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        pole = np.array([0.9 if style.variant == "chin_up" else 0.25, sign * (0.2 if style.variant == "chin_up" else 0.8), -0.9])
        pose.wrist(side, bar + [0.0, sign * grip, 0.0], pole)
    return pose


def _hang_legs(pose: PoseBuilder, style: Style, phase: FloatArray) -> None:
    swing = 0.06 * np.sin(2 * np.pi * phase + 1.0)
    hip, knee, across = {
        "straight": (0.03, 0.12, 0.02), "bent": (0.05, 1.0 + 0.6 * style.size, 0.03),
        "crossed": (0.0, 0.9 + 0.6 * style.size, -0.09), "tucked": (0.6 + 0.4 * style.size, 1.0, 0.02),
    }[style.arms]  # fmt: skip
    pose.set(hip_flexion=hip + swing, knee_flexion=knee + 0.1 * swing, hip_abduction=across, ankle_flexion=-0.5)
