"""Movements on a chair, on the floor and on the bar other than the exercises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from physio_core.motion.ik import PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.legs import rise
from physio_core.motion.postures import all_fours, on_forearms, planked, posture, prone, seated, sitting_on_floor, supine, through
from physio_core.motion.stance import hold_arms
from physio_core.motion.style import Style, raised_cosine, smooth, wave
from physio_core.motion.supported import pull_up, push_up
from physio_core.types import FloatArray
from physio_lab.synthetic.negatives_standing import gesture

WAYS: dict[str, tuple[str, ...]] = {
    "to_kneeling": ("stand", "kneel"), "to_floor": ("stand", "crouch", "sit_floor"),
    "to_lying": ("stand", "kneel", "all_fours", "prone"), "to_all_fours": ("stand", "kneel", "all_fours"),
    "to_plank": ("stand", "crouch", "plank"), "to_dog": ("plank", "down_dog"), "to_back": ("sit_floor", "supine"),
    "to_crouch": ("stand", "crouch"), "rock_back": ("all_fours", "kneel"),
}  # fmt: skip
"""Ways from one posture to another, variants of :func:`change_posture`."""


def sit(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Sitting on a chair; variants still, talk, reach (one arm forwards), march (knees up), extend (knee straight)."""
    rng = np.random.default_rng(style.seed + 1)
    progress = style.depth * raised_cosine(phase, style.dwell)
    lean = 0.08 + 0.1 * style.lean + 0.05 * style.sway * wave(phase / 4, rng)
    pose = seated(shape, style, len(phase), lean + (0.35 * progress if style.variant == "reach" else 0.0))
    if style.variant == "talk":
        gesture(pose, phase, style)
    elif style.variant == "reach":
        pose.set("left", shoulder_flexion=0.6 + 1.0 * progress, elbow_flexion=1.2 - 1.0 * progress, shoulder_abduction=0.1)
    elif style.variant == "extend":
        pose.set("left", knee_flexion=pose.angle("left_knee_flexion") - 1.3 * progress)
    elif style.variant == "march":
        for side, half in (("left", (0.0, 0.5)), ("right", (0.5, 1.0))):
            pose.set(side, hip_flexion=pose.angle(f"{side}_hip_flexion") + 0.5 * style.depth * raised_cosine(phase, 0.0, *half))
    return pose


def rise_from_chair(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """From a chair to standing and back, with haste and a rest at both ends."""
    return rise(smooth(0.5 - (0.62 + 0.5 * style.dwell) * np.cos(2 * np.pi * phase)), style, shape)


def sit_up(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """On the back, trunk up to the knees; variants full, crunch (shoulders only), bicycle."""
    progress = min(style.depth, 1.05) * raised_cosine(phase, style.dwell)
    pose = supine(shape, replace(style, size=0.5 + 0.4 * style.size), len(phase))
    hip = pose.angle("left_hip_flexion").copy()
    if style.variant == "bicycle":
        swing = np.sin(2 * np.pi * phase)
        pose.set("left", hip_flexion=1.0 + 0.6 * swing, knee_flexion=1.1 + 0.9 * swing)
        pose.set("right", hip_flexion=1.0 - 0.6 * swing, knee_flexion=1.1 - 0.9 * swing)
        pose.set(spine_flexion=0.5, spine_twist=-0.4 * swing, neck_flexion=0.3)
    elif style.variant == "crunch":
        pose.set(spine_flexion=0.65 * progress, neck_flexion=0.15 + 0.3 * progress)
    else:
        pose.root_rad[:, 1] += (1.25 + 0.2 * style.lean) * smooth(progress, 0.2, 1.0)
        pose.set(spine_flexion=0.6 * progress, hip_flexion=hip + pose.root_rad[:, 1] + np.pi / 2, neck_flexion=0.2)
    return hold_arms(pose, style.arms).settle() if style.arms != "sides" else pose.settle()


def lie(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Lying; variants supine, prone, side, leg_raise, bridge, superman, press (a bar up from the chest)."""
    progress = style.depth * raised_cosine(phase, style.dwell)
    if style.variant == "prone":
        return prone(shape, style, len(phase))
    if style.variant == "superman":
        pose = prone(shape, replace(style, size=0.0), len(phase))
        pose.set(spine_flexion=-0.5 * progress, hip_flexion=-0.3 * progress, shoulder_flexion=2.8, shoulder_abduction=0.2)
        return pose.settle()
    if style.variant == "side":
        return through(np.zeros(len(phase)), [(0.0, posture("side", shape, style))], shape)
    pose = supine(shape, replace(style, size=0.6) if style.variant == "bridge" else style, len(phase))
    if style.variant == "leg_raise":
        pose.set(hip_flexion=0.1 + 1.3 * progress, knee_flexion=0.1 + 0.3 * style.size, ankle_flexion=-0.3)
    elif style.variant == "press":
        pose.set(
            shoulder_flexion=1.5 * (1.0 - 0.75 * progress), shoulder_abduction=0.3 + 0.9 * progress, shoulder_rotation=-0.3,
            elbow_flexion=0.1 + 1.6 * progress,
        )  # fmt: skip
    elif style.variant == "bridge":
        pose.root_rad[:, 1] -= 0.55 * progress
        pose.set(
            hip_flexion=pose.angle("left_hip_flexion") - 0.95 * progress,
            spine_flexion=0.2 * progress,
            neck_flexion=0.15 + 0.4 * progress,
        )
        pose.set(shoulder_flexion=-0.05 - 0.5 * progress)
    return pose.settle()


def sit_on_floor(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Sitting on the floor; variants still, twist, reach (hands to the feet)."""
    progress = style.depth * raised_cosine(phase, style.dwell)
    pose = sitting_on_floor(shape, style, len(phase))
    if style.variant == "twist":
        pose.set(spine_twist=0.7 * style.depth * np.sin(2 * np.pi * phase))
        hold_arms(pose, "clasped")
    elif style.variant == "reach":
        pose.root_rad[:, 1] += 0.45 * progress
        pose.set(hip_flexion=pose.angle("left_hip_flexion") + 0.45 * progress, spine_flexion=0.2 + 0.6 * progress)
        pose.set(shoulder_flexion=0.6 + 1.1 * progress, shoulder_abduction=0.1, elbow_flexion=0.2, wrist_flexion=0.0)
    return pose.settle()


def hold_plank(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A plank held: a push-up that does not move; variants hands, forearms, low, side, tap (a hand lifted in turn)."""
    rng = np.random.default_rng(style.seed + 1)
    if style.variant == "forearms":
        return on_forearms(shape, style, len(phase))
    if style.variant == "low":
        return push_up(0.5 + 0.01 * np.sin(2 * np.pi * phase), replace(style, variant="regular", depth=0.8), shape)
    pose = planked(shape, replace(style, variant="regular"), len(phase))
    if style.variant == "side":
        pose.root_rad[:] = [np.pi / 2 - 0.45, 0.0, np.pi / 2]
        pose.set("left", shoulder_flexion=0.1, shoulder_abduction=1.5, elbow_flexion=0.1)
        pose.set("right", shoulder_flexion=0.0, shoulder_abduction=1.3, elbow_flexion=0.05, wrist_flexion=0.0)
        pose.set(hip_flexion=0.0, hip_abduction=0.0, hip_rotation=0.0, knee_flexion=0.05, ankle_flexion=0.0, neck_flexion=0.0)
        return pose.settle()
    pose.root_m[:, 2] += 0.008 * style.sway * wave(phase, rng)
    if style.variant == "tap":
        for side, half in (("left", (0.0, 0.5)), ("right", (0.5, 1.0))):
            progress = raised_cosine(phase, 0.0, *half)
            pose.set(side, elbow_flexion=pose.angle(f"{side}_elbow_flexion") + 1.6 * progress, shoulder_rotation=0.8 * progress)
    return pose


def climb(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Mountain climbers: in a plank, knees to the chest in turn."""
    pose = planked(shape, replace(style, variant="regular"), len(phase))
    at, legs_m = pose.frames.at, shape.thigh_m + shape.shank_m
    for side, half in (("left", (0.0, 0.5)), ("right", (0.5, 1.0))):
        progress = style.depth * raised_cosine(phase, 0.0, *half)
        none = np.zeros(len(phase))
        forward = np.stack([0.62 * legs_m * progress, none, 0.05 * legs_m * np.minimum(2.0 * progress, 1.0)], axis=1)
        pose.ankle(side, at[f"{side}_ankle"] + forward, np.stack([0.05 + 3.0 * progress, none, none - 1.0], axis=1))
    return pose


def burpee(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Stand, crouch, plank, crouch, jump with the arms up; variants plain and chest (down to the floor in the plank)."""
    stand = posture("stand", shape, replace(style, arms="sides"))
    crouch, flat = posture("crouch", shape, style), posture("plank", shape, replace(style, variant="regular"))
    flat = replace(flat, root_m=flat.root_m - [0.25 * shape.height_m, 0.0, 0.0])
    low = push_up(np.array([0.5]), replace(style, variant="regular", depth=0.85), shape).motion
    low = replace(low, root_m=low.root_m - [0.25 * shape.height_m, 0.0, 0.0])
    middle = low if style.variant == "chest" else flat
    keys = [(0.0, stand), (0.18, crouch), (0.32, flat), (0.44, middle), (0.56, flat), (0.70, crouch), (0.86, stand), (1.0, stand)]
    turn = np.mod(phase, 1.0)
    pose = through(turn, keys, shape)
    up = raised_cosine(turn, 0.0, 0.80, 1.0)
    pose.root_m[:, 2] += 0.1 * shape.height_m * up
    return pose.set(shoulder_flexion=pose.angle("left_shoulder_flexion") + 2.4 * style.size * up)


def on_all_fours(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """On hands and knees; variants cat_cow, bird_dog, still."""
    pose = all_fours(shape, style, len(phase))
    if style.variant == "cat_cow":
        bend = style.depth * np.sin(2 * np.pi * phase)
        return pose.set(spine_flexion=0.45 * bend, neck_flexion=0.5 * bend).settle()
    if style.variant == "bird_dog":
        progress = style.depth * raised_cosine(phase, style.dwell)
        pose.set("left", shoulder_flexion=pose.angle("left_shoulder_flexion") + 1.5 * progress)
        hip, knee = pose.angle("right_hip_flexion"), pose.angle("right_knee_flexion")
        return pose.set("right", hip_flexion=hip - 1.4 * progress, knee_flexion=knee - 1.45 * progress)
    return pose


def change_posture(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """From one posture to another and back; variants name the way."""
    return between(WAYS[style.variant], phase, style, shape)


def between(way: Sequence[str], phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """From the first of some postures through the others to the last, and back, with a rest at both ends."""
    stops = [posture(name, shape, replace(style, arms="", variant="")) for name in way]
    progress = smooth(0.5 - (0.55 + 0.5 * style.dwell) * np.cos(2 * np.pi * phase)) * (len(stops) - 1)
    return through(progress, [(float(index), stop) for index, stop in enumerate(stops)], shape)


def kneel(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Kneeling, still."""
    rng = np.random.default_rng(style.seed + 1)
    pose = through(np.zeros(len(phase)), [(0.0, posture("kneel", shape, style))], shape)
    return pose.set(spine_side=0.1 * style.sway * wave(phase / 4, rng))


def down_dog(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Downward-facing dog held (yoga)."""
    rng = np.random.default_rng(style.seed + 1)
    pose = through(np.zeros(len(phase)), [(0.0, posture("down_dog", shape, style))], shape, on_floor=False)
    return pose.set(neck_flexion=0.2 + 0.1 * style.sway * wave(phase, rng))


def hang(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Hanging from the bar without pulling up; variants still, knees (raised), shrug (shoulder blades only)."""
    progress = style.depth * raised_cosine(phase, style.dwell)
    plain = replace(style, variant="regular", depth=0.12 if style.variant == "shrug" else 0.0)
    pose = pull_up(phase, plain, shape)
    if style.variant == "knees":
        pose.set(
            hip_flexion=pose.angle("left_hip_flexion") + 1.4 * progress,
            knee_flexion=pose.angle("left_knee_flexion") + 1.3 * progress,
        )
    return pose
