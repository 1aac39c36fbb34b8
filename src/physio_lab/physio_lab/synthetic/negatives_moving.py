"""Movements on the feet other than the exercises and lift or move the feet: steps, jumps, kicks, walks, dance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio_core.motion.gait import oval, walk
from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.legs import swung
from physio_core.motion.stance import hold_arms, leg_reach, plant, stood
from physio_core.motion.style import Style, raised_cosine, smooth, wave
from physio_core.types import FloatArray


def step_in_place(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Feet up in turn on the spot; variants walk, march, high_knees, butt_kicks, run."""
    hip, knee, arms, hop = {
        "walk": (0.45, 0.75, 0.3, 0.0), "march": (1.25, 1.45, 0.6, 0.0), "high_knees": (1.55, 1.75, 0.7, 0.03),
        "butt_kicks": (-0.1, 1.9, 0.4, 0.02), "run": (0.8, 1.4, 0.7, 0.03),
    }[style.variant]  # fmt: skip
    pose = stood(phase, style, shape, lean=0.05 + 0.05 * style.lean)
    lifted = {"left": raised_cosine(phase, 0.0, 0.0, 0.5), "right": raised_cosine(phase, 0.0, 0.5, 1.0)}
    for side, other in (("left", "right"), ("right", "left")):
        swung(pose, side, lifted[side], hip * (0.6 + 0.4 * style.depth), knee * (0.7 + 0.3 * style.depth))
        if style.arms == "sides":
            swing = arms * (lifted[other] - 0.6 * lifted[side])
            pose.set(side, shoulder_flexion=swing, elbow_flexion=0.3 + 1.8 * max(arms - 0.3, 0.0) + 0.2 * swing)
    pose.root_m[:, 2] += hop * shape.height_m * (lifted["left"] + lifted["right"])
    pose.root_m[:, 1] += 0.02 * shape.height_m * (lifted["right"] - lifted["left"])
    return pose


def walk_about(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Walk round an oval across or towards the view; one repetition is one round."""
    path, length = oval(2.2 + 2.0 * style.size, 0.5 + 0.6 * style.stance, np.pi / 2 if style.variant == "across" else 0.0)
    stride = length / np.round(length / (0.7 * style.depth * shape.height_m + 0.15 * shape.height_m))
    return walk(shape, length * phase, path, stride, swing=0.5 + style.sway)


def side_step(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A step to the side and the other foot after it, and back."""
    reach = 0.2 * style.stance * shape.height_m
    return _stepping(phase, style, shape, np.array([0.0, reach]))


def step_forward(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A step forwards with both feet and back, without going down as in a lunge."""
    return _stepping(phase, style, shape, np.array([0.3 * style.stance * shape.height_m, 0.0]))


def _stepping(phase: FloatArray, style: Style, shape: BodyShape, way: FloatArray) -> PoseBuilder:
    turn = np.mod(phase, 1.0)
    pose = PoseBuilder(shape, len(phase))
    progress = {
        "left": smooth(turn, 0.02, 0.22) - smooth(turn, 0.52, 0.72),
        "right": smooth(turn, 0.26, 0.46) - smooth(turn, 0.76, 0.96),
    }
    up = {"left": ((0.02, 0.22), (0.52, 0.72)), "right": ((0.26, 0.46), (0.76, 0.96))}
    pose.root_m[:, :2] = ((progress["left"] + progress["right"]) / 2)[:, None] * way
    spread = np.abs(progress["left"] - progress["right"]) * np.linalg.norm(way) / 2
    pose.root_m[:, 2] = shape.ankle_m + np.sqrt(leg_reach(shape, np.array(0.2)) ** 2 - spread**2)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        place = np.zeros((len(phase), 3))
        place[:, :2] = progress[side][:, None] * way
        place[:, 1] += sign * 0.06 * shape.height_m
        place[:, 2] = 0.04 * shape.height_m * sum(raised_cosine(turn, 0.0, *when) for when in up[side])
        pose.foot(side, place, 0.5 * style.toes_out_rad)
    return hold_arms(pose, style.arms)


def jump(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Hops on the spot; variants hop, rope (hands turn a rope), one_leg, arms_up (no legs apart: half a jumping jack)."""
    turn = np.mod(phase, 1.0)
    lift = (0.02 + 0.05 * style.size) * shape.height_m * raised_cosine(turn, 0.0, 0.3, 0.8)
    tiptoe = 0.55 * raised_cosine(turn, 0.0, 0.2, 0.9)
    pose = PoseBuilder(shape, len(phase))
    up = lift + shape.toe_m * np.sin(tiptoe)
    give = 0.15 + (0.3 + 0.3 * style.size) * (1.0 - raised_cosine(turn, 0.3, 0.15, 0.95))
    half = 0.055 * shape.height_m
    pose.root_m[:, 2] = shape.ankle_m + up + leg_reach(shape, give) - 0.004
    pose.lean(0.05 + 0.2 * give, style.round_back, style.gaze)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        place = np.zeros((len(phase), 3))
        place[:, 1], place[:, 2] = sign * half, lift
        pose.foot(side, place, 0.1, tiptoe)
    hold_arms(pose, "sides")
    if style.variant == "rope":
        spin = 2 * np.pi * phase
        pose.set(shoulder_abduction=0.35 + 0.06 * np.sin(spin), elbow_flexion=1.0 + 0.15 * np.cos(spin), shoulder_rotation=-0.7)
    elif style.variant == "arms_up":
        pose.set(shoulder_abduction=0.15 + 2.6 * style.depth * raised_cosine(turn), shoulder_rotation=-0.8, elbow_flexion=0.2)
    elif style.variant == "one_leg":
        swung(pose, "left", np.ones(len(phase)), 0.3, 1.2)
    return pose


def dance(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Free dance: steps, bouncing knees, trunk and arms on random smooth paths."""
    rng = np.random.default_rng(style.seed + 3)
    pose = PoseBuilder(shape, len(phase))
    turn = phase * rng.integers(2, 5)
    lifted = {"left": np.maximum(wave(phase, rng), 0.0), "right": np.maximum(wave(phase, rng), 0.0)}
    bounce = 0.25 + 0.3 * style.depth * raised_cosine(2 * turn)
    half = 0.09 * style.stance * shape.height_m
    pose.root_m[:, 1] = 0.05 * shape.height_m * np.sin(2 * np.pi * turn)
    pose.root_m[:, 2] = shape.ankle_m + 0.985 * leg_reach(shape, bounce)
    pose.root_rad[:] = 0.12 * np.stack([wave(phase, rng) for _ in range(3)], axis=1)
    for name, size in (("spine_flexion", 0.15), ("spine_side", 0.2), ("spine_twist", 0.3)):
        pose.set(**{name: size * wave(phase, rng)})
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        place = np.zeros((len(phase), 3))
        place[:, 0] = 0.06 * wave(phase, rng)
        place[:, 1] = sign * half + 0.05 * wave(phase, rng)
        place[:, 2] = 0.05 * shape.height_m * lifted[side] * style.depth
        pose.foot(side, place, style.toes_out_rad)
    return _random_arms(pose, phase, rng)


def _random_arms(pose: PoseBuilder, phase: FloatArray, rng: np.random.Generator, size: float = 1.0) -> PoseBuilder:
    for side in SIDES:
        middle = rng.uniform([-0.2, 0.1, -0.8, 0.2], [1.8, 1.6, 0.6, 1.6])
        flexion, abduction, inward, elbow = (middle + size * np.array([0.8, 0.6, 0.5, 0.7]) * _waves(phase, rng, 4)).T
        pose.set(
            side, shoulder_flexion=np.clip(flexion, -0.7, 3.0), shoulder_abduction=np.clip(abduction, 0.0, 2.2),
            shoulder_rotation=inward, elbow_flexion=np.clip(elbow, 0.05, 2.4),
        )  # fmt: skip
    return pose


def _waves(phase: FloatArray, rng: np.random.Generator, count: int) -> FloatArray:
    return np.stack([wave(phase, rng) for _ in range(count)], axis=1)


def restless(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Random smooth postures on the feet, for what the named movements do not cover."""
    rng = np.random.default_rng(style.seed + 4)
    pose = stood(phase, replace(style, arms="sides"), shape)
    bend = np.clip(0.3 * rng.random() + 0.3 * wave(phase, rng), 0.05, 1.3)
    pose.root_m[:, 2] = shape.ankle_m + 0.98 * leg_reach(shape, 1.1 * bend)
    pose.lean(np.clip(0.4 * rng.random() + 0.35 * wave(phase, rng), -0.2, 1.1), style.round_back, style.gaze)
    pose.root_m[:, 0] = -0.12 * np.sin(pose.root_rad[:, 1]) * shape.height_m
    pose.set(spine_side=0.25 * wave(phase, rng), spine_twist=0.4 * wave(phase, rng))
    plant(pose, 0.09 * style.stance * shape.height_m, style.toes_out_rad)
    return _random_arms(pose, phase, rng, 1.0)


def turn_round(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Turn about the vertical on the spot with small steps; one repetition is one whole turn."""
    pose = step_in_place(4.0 * phase, replace(style, variant="walk", arms="sides", depth=0.5), shape)
    yaw = 2 * np.pi * phase
    x, y = pose.root_m[:, 0].copy(), pose.root_m[:, 1].copy()
    pose.root_m[:, 0], pose.root_m[:, 1] = np.cos(yaw) * x - np.sin(yaw) * y, np.sin(yaw) * x + np.cos(yaw) * y
    pose.root_rad[:, 2] += yaw
    return pose
