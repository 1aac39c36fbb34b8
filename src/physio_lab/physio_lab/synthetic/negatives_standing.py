"""Movements on the feet other than the exercises and leave the feet where they are: arms, trunk, head, near misses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio_core.motion.arms import sides_of
from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.stance import hold_arms, plant, stood
from physio_core.motion.style import Style, raised_cosine, smooth, wave
from physio_core.motion.upright import hang_arms, hinge, lunge, sit, squat
from physio_core.types import FloatArray


def talk(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Standing and talking with the hands."""
    return gesture(stood(phase, style, shape), phase, style)


def gesture(pose: PoseBuilder, phase: FloatArray, style: Style) -> PoseBuilder:
    """Hands moving as in talk, in front of the body."""
    rng = np.random.default_rng(style.seed + 2)
    for side in SIDES:
        pose.set(
            side,
            shoulder_flexion=0.3 + 0.3 * wave(phase, rng),
            shoulder_abduction=0.25 + 0.15 * wave(phase, rng),
            shoulder_rotation=0.3 + 0.4 * wave(phase, rng),
            elbow_flexion=1.3 + 0.5 * style.depth * wave(phase, rng),
        )
    return pose


def turn_head(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Head from side to side, up and down or round; variants look, nod, circle, tilt."""
    pose = stood(phase, style, shape)
    swing, rock = np.sin(2 * np.pi * phase), np.cos(2 * np.pi * phase)
    size = 0.4 + 0.5 * style.depth
    if style.variant == "circle":
        return pose.set(neck_side=0.6 * size * swing, neck_flexion=0.6 * size * rock)
    return pose.set(**{{"look": "neck_twist", "nod": "neck_flexion", "tilt": "neck_side"}[style.variant]: size * swing})


def circle_arms(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Arms round in circles; variants small (held out sideways) and large (like a windmill)."""
    pose = stood(phase, style, shape)
    angle = 2 * np.pi * phase
    if style.variant == "large":
        return pose.set(shoulder_flexion=angle, shoulder_abduction=0.2, elbow_flexion=0.1)
    size = 0.15 + 0.4 * style.size
    return pose.set(
        shoulder_flexion=0.1 + size * np.cos(angle), shoulder_abduction=1.45 + size * np.sin(angle), elbow_flexion=0.1
    )


def press(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Hands from the shoulders to overhead."""
    pose = stood(phase, style, shape)
    for side, progress in sides_of(phase, style).items():
        pose.set(
            side, shoulder_flexion=0.5 + 0.8 * style.size - 0.3 * progress, shoulder_abduction=0.5 + 2.0 * progress,
            shoulder_rotation=-0.8, elbow_flexion=2.3 - 2.0 * np.minimum(progress, 1.0), clavicle_elevation=0.3 * progress,
        )  # fmt: skip
    return pose


def pull_down(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Hands from overhead to the shoulders, on the feet: arms as in a pull-up, body not lifted."""
    pose = stood(phase, style, shape)
    for side, progress in sides_of(phase, style).items():
        pose.set(
            side, shoulder_flexion=0.2, shoulder_abduction=2.75 - 2.0 * progress, shoulder_rotation=-1.3,
            elbow_flexion=0.25 + 1.9 * progress, clavicle_elevation=0.3 * (1.0 - progress),
        )  # fmt: skip
    return pose


def punch(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Fists forwards in turn."""
    pose = stood(phase, style, shape)
    out = {"left": raised_cosine(phase, 0.3, 0.0, 0.5), "right": raised_cosine(phase, 0.3, 0.5, 1.0)}
    pose.set(spine_twist=0.35 * style.depth * (out["right"] - out["left"]))
    for side, progress in out.items():
        pose.set(
            side, shoulder_flexion=0.5 + 1.0 * progress, shoulder_abduction=0.25 - 0.2 * progress, shoulder_rotation=0.3,
            elbow_flexion=2.2 - 2.0 * progress,
        )  # fmt: skip
    return pose


def wave_hand(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """One hand waves above the shoulder."""
    pose = stood(phase, style, shape)
    return pose.set(
        "left", shoulder_flexion=0.4, shoulder_abduction=1.2 + 0.6 * style.size, shoulder_rotation=-1.5,
        elbow_flexion=1.3 + 0.5 * style.depth * np.sin(6 * np.pi * phase),
    )  # fmt: skip


def clap(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Hands together and apart in front of the body."""
    apart = style.depth * raised_cosine(phase)
    return stood(phase, style, shape).set(
        shoulder_flexion=0.8 + 0.5 * style.size, shoulder_abduction=0.1 + 0.5 * apart,
        shoulder_rotation=0.75 - 0.7 * apart, elbow_flexion=1.2 - 0.4 * apart,
    )  # fmt: skip


def shrug(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Shoulders up and down."""
    progress = style.depth * raised_cosine(phase, style.dwell)
    return stood(phase, style, shape).set(clavicle_elevation=0.4 * progress, shoulder_flexion=0.1 * progress)


def circle_hips(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Hips round over planted feet, hands on them."""
    pose = stood(phase, style, shape)
    angle = 2 * np.pi * phase
    pose.root_m[:, :2] += 0.05 * style.depth * shape.height_m * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    pose.root_m[:, 2] -= 0.02 * shape.height_m
    pose.root_rad[:, :2] = 0.2 * style.depth * np.stack([np.sin(angle), -np.cos(angle)], axis=1)
    pose.set(spine_side=-0.15 * np.sin(angle), spine_flexion=0.15 * np.cos(angle))
    plant(pose, 0.085 * shape.height_m, style.toes_out_rad)
    return hold_arms(pose, style.arms)


def _bent(
    phase: FloatArray, style: Style, shape: BodyShape, lean: FloatArray, knee: FloatArray, round_back: float
) -> PoseBuilder:
    pose = PoseBuilder(shape, len(phase))
    half = 0.068 * style.stance * shape.height_m
    hinge(pose, knee, lean, half, replace(style, round_back=round_back))
    return plant(pose, half, style.toes_out_rad)


def bow(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A bow: the trunk leans a little, knees straight, arms at the body; less than a deadlift."""
    progress = style.depth * raised_cosine(phase, style.dwell)
    pose = _bent(phase, style, shape, 0.03 + (0.3 + 0.35 * style.size) * progress, 0.08 + 0.04 * progress, 0.4)
    return hold_arms(pose, style.arms)


def touch_toes(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Bend to the toes with straight knees and a round back, and stay there; variants both, or one hand to the other foot."""
    progress = min(style.depth, 1.05) * smooth(0.5 - (0.6 + style.dwell) * np.cos(2 * np.pi * phase))
    pose = _bent(phase, style, shape, 0.03 + 1.95 * progress, 0.08 + 0.1 * progress, 0.42)
    lean = pose.root_rad[:, 1] + pose.angle("spine_flexion")
    pose.set(neck_flexion=0.2 * progress, shoulder_flexion=np.minimum(lean, 1.75), shoulder_abduction=0.02, elbow_flexion=0.1)
    if style.variant == "cross":
        pose.set(spine_twist=-0.6 * progress).set(
            "right", shoulder_flexion=0.2 * progress, shoulder_abduction=0.2 + 1.3 * progress
        )
    return pose


def pick_up(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Fetch something from the floor with one hand, stand, and put it back; knees and back share as the style's size says."""
    progress = style.depth * raised_cosine(phase, 0.0, 0.0, 0.45) + style.depth * raised_cosine(phase, 0.0, 0.6, 1.0)
    half = 0.07 * style.stance * shape.height_m
    pose = PoseBuilder(shape, len(phase))
    hinge(pose, 0.08 + (0.3 + 1.2 * style.size) * progress, 0.04 + (1.5 - 0.6 * style.size) * progress, half, style)
    pose.set(spine_side=0.2 * progress, spine_twist=-0.3 * progress, spine_flexion=0.5 * progress)
    plant(pose, half, style.toes_out_rad)
    lean = pose.root_rad[:, 1] + pose.angle("spine_flexion")
    hold_arms(pose, "sides")
    between = raised_cosine(phase, 0.0, 0.3, 0.75)
    pose.set("left", shoulder_flexion=lean + 0.15 * progress, elbow_flexion=0.15 + 1.2 * between * (1 - np.minimum(progress, 1)))
    return pose.set("right", shoulder_flexion=0.5 * lean, elbow_flexion=0.3 + 0.9 * progress * style.size)


def row(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Bent over and staying so, the hands pulled to the belly."""
    pose = _bent(phase, style, shape, np.full(len(phase), 0.8 + 0.4 * style.size), np.full(len(phase), 0.4), 0.1)
    hang_arms(pose, 0.13 * shape.height_m)
    hanging = pose.angle("left_shoulder_flexion").copy()
    for side, progress in sides_of(phase, style).items():
        pose.set(
            side,
            shoulder_flexion=hanging - 1.4 * progress,
            elbow_flexion=0.1 + 1.6 * progress,
            shoulder_abduction=0.1 + 0.2 * progress,
        )
    return pose


def dip(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A half-hearted bend of the knees, far less than a squat."""
    progress = (0.07 + 0.2 * style.size) * raised_cosine(phase, style.dwell)
    pose = PoseBuilder(shape, len(phase))
    half = 0.085 * style.stance * shape.height_m
    sit(pose, 0.08 + 1.9 * progress, half, style)
    return hold_arms(plant(pose, half, style.toes_out_rad), style.arms)


def hold_squat(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A squat held, without moving up or down."""
    return squat(0.5 + 0.012 * np.sin(2 * np.pi * phase), style, shape)


def hold_lunge(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A lunge held, without moving up or down."""
    return lunge(0.5 + 0.012 * np.sin(2 * np.pi * phase), replace(style, variant="split"), shape)


def warrior(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Yoga warrior: a long stance held, arms out sideways or overhead."""
    pose = hold_lunge(phase, replace(style, arms="sides", depth=0.55, stance=1.3), shape)
    up = style.variant == "overhead"
    return pose.set(
        shoulder_abduction=2.9 if up else 1.5, shoulder_flexion=0.05, elbow_flexion=0.05, spine_twist=0.0 if up else -0.6
    )


def triangle(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Yoga triangle: legs wide, trunk to the side, one arm down and one up."""
    progress = min(style.depth, 1.0) * smooth(0.5 - (0.6 + style.dwell) * np.cos(2 * np.pi * phase))
    pose = PoseBuilder(shape, len(phase))
    half = 0.23 * style.stance * shape.height_m
    pose.root_m[:, 1] = -0.04 * progress
    pose.root_m[:, 2] = shape.ankle_m + np.sqrt((0.97 * (shape.thigh_m + shape.shank_m)) ** 2 - (half - shape.half_hips_m) ** 2)
    pose.root_rad[:, 0] = -0.45 * progress
    pose.set(
        spine_side=0.75 * progress, shoulder_abduction=1.5, shoulder_flexion=0.05, elbow_flexion=0.05, neck_twist=-0.5 * progress
    )
    return plant(pose, half, 0.3)
