"""Exercises done on the feet: squat, deadlift, lunge, jumping jack.

Feet are placed first; the pelvis follows from how far the knees bend and from keeping the balance; legs are solved between.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.stance import balance_lean, hold_arms, leg_reach, plant
from physio_core.motion.style import Style, raised_cosine, smooth
from physio_core.types import FloatArray


def squat(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Bend the knees to about 110 degrees at depth 1, hips back, heels down; variants regular, sumo, jump, wall (back on it)."""
    jumps = style.variant == "jump"
    depth = style.depth * (0.65 + 0.35 * style.size if jumps else 1.0)
    bent = depth * raised_cosine(phase, style.dwell, 0.0, 0.85 if jumps else 1.0)
    pose = PoseBuilder(shape, len(phase))
    if style.variant == "wall":
        return _wall_squat(pose, bent, style)
    wide = style.variant == "sumo"
    half = (0.17 if wide else 0.10) * style.stance * shape.height_m
    lift = 0.09 * shape.height_m * raised_cosine(phase, 0.0, 0.72, 1.0) if jumps else np.zeros(len(phase))
    sit(pose, 0.07 + 1.9 * bent, half, style, lift, load=0.08 if style.arms in ("forward", "rising", "goblet") else 0.0)
    return hold_arms(plant(pose, half, style.toes_out_rad + (0.4 if wide else 0.0), lift), style.arms, bent / 0.8)


def _wall_squat(pose: PoseBuilder, bent: FloatArray, style: Style) -> PoseBuilder:
    """Back upright against a wall, feet a step in front of it; the hips slide straight down."""
    shape = pose.shape
    half, ahead = 0.08 * style.stance * shape.height_m, (0.17 + 0.07 * style.size) * shape.height_m
    reach = leg_reach(shape, 0.1 + 1.5 * bent)
    aside = half - shape.half_hips_m
    pose.root_m[:, 0] = -ahead
    pose.root_m[:, 2] = shape.ankle_m + np.sqrt(np.maximum(reach**2 - ahead**2 - aside**2, 0.01))
    pose.lean(np.full(pose.count, -0.03), 0.0, style.gaze)
    return hold_arms(plant(pose, half, style.toes_out_rad), style.arms, bent / 0.8)


def sit(
    pose: PoseBuilder, knee: FloatArray, half_m: float, style: Style, lift: FloatArray | float = 0.0, load: float = 0.0
) -> None:
    """Put pelvis and trunk where a body in balance has them with the knees bent this far; plant the feet afterwards."""
    shape = pose.shape
    wide = half_m - shape.half_hips_m
    shank = (0.30 - 0.04 * style.lean) * knee
    flat = np.sqrt(np.clip(1.0 - (wide / leg_reach(shape, knee)) ** 2, 0.25, 1.0))
    knee_x = shape.shank_m * np.sin(shank) * flat
    pelvis_x = knee_x - shape.thigh_m * np.sin(knee - shank) * flat
    pose.root_m[:, 0] = pelvis_x
    reach = leg_reach(shape, knee)
    pose.root_m[:, 1] = 0.03 * style.asymmetry * np.minimum(knee, 1.0)
    pose.root_m[:, 2] = shape.ankle_m + lift + np.sqrt(np.maximum(reach**2 - pelvis_x**2 - wide**2, 0.01))
    lean = balance_lean(shape, pelvis_x, knee_x, load)
    pose.lean(lean * (1.0 + 0.25 * style.lean), style.round_back, style.gaze)
    pose.set(spine_side=0.08 * style.asymmetry * np.minimum(knee, 1.0))


def deadlift(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Bend at the hips with the arms hanging; variants conventional, romanian (knees nearly straight) and sumo."""
    bent = style.depth * raised_cosine(phase, style.dwell)
    knee_full, lean_full, width, grip = {
        "conventional": (0.9 + 0.5 * style.size, 1.30 - 0.2 * style.size, 0.075, 0.13),
        "romanian": (0.32, 1.32, 0.065, 0.125),
        "sumo": (1.25, 0.90, 0.185, 0.075),
    }[style.variant]
    knee = 0.08 + knee_full * bent
    lean = 0.03 + (lean_full + 0.18 * style.lean) * bent
    pose = PoseBuilder(shape, len(phase))
    half = width * style.stance * shape.height_m
    hinge(pose, knee, lean, half, style)
    plant(pose, half, style.toes_out_rad * 0.6 + (0.45 if style.variant == "sumo" else 0.0))
    return hang_arms(pose, grip * shape.height_m)


def hinge(pose: PoseBuilder, knee: FloatArray, lean: FloatArray, half_m: float, style: Style) -> None:
    """Lean the trunk and push the hips back until in balance; feet are to be planted after."""
    shape = pose.shape
    wide = half_m - shape.half_hips_m
    reach = leg_reach(shape, knee)
    back = (0.02 * shape.height_m - 0.68 * 0.63 * shape.trunk_m * np.sin(lean)) / 0.85
    pose.root_m[:, 0] = np.maximum(back, -0.75 * reach)
    pose.root_m[:, 1] = 0.02 * style.asymmetry * np.minimum(lean, 1.0)
    pose.root_m[:, 2] = shape.ankle_m + np.sqrt(np.maximum(reach**2 - pose.root_m[:, 0] ** 2 - wide**2, 0.01))
    pose.lean(lean, style.round_back, style.gaze)


def hang_arms(pose: PoseBuilder, grip_m: float) -> PoseBuilder:
    """Straight arms down to a bar that passes in front of the legs, hands ``grip_m`` from the middle."""
    pose.set(clavicle_elevation=-0.08)
    at = pose.frames.at
    front = np.maximum(at["left_knee"][:, 0], at["right_knee"][:, 0]) - 0.02 * pose.shape.height_m
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        shoulder = at[f"{side}_shoulder"]
        target = shoulder.copy()
        target[:, 0] = np.maximum(shoulder[:, 0], np.minimum(front, shoulder[:, 0] + 0.15))
        target[:, 1] = sign * grip_m
        apart = np.sum((target - shoulder) ** 2, axis=-1)
        target[:, 2] -= np.sqrt(np.maximum((0.992 * pose.shape.arm_m) ** 2 - apart, 0.01))
        pose.wrist(side, target, np.array([-1.0, sign * 0.5, 0.0]))
    return pose


def lunge(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A long step and down on the rear knee; variants forward, reverse, split (feet stay apart), lateral."""
    if style.variant == "lateral":
        return _lateral_lunge(phase, style, shape)
    pose = PoseBuilder(shape, len(phase))
    turn = np.mod(phase, 1.0)
    out = smooth(turn, 0.04, 0.36) - smooth(turn, 0.64, 0.96)
    low = style.depth * raised_cosine(phase, style.dwell, 0.18, 0.82)
    if style.variant == "split":
        out, low = np.ones_like(turn), style.depth * raised_cosine(phase, style.dwell)
    swing = (
        raised_cosine(turn, 0.0, 0.04, 0.36) + raised_cosine(turn, 0.0, 0.64, 0.96)
        if style.variant != "split"
        else np.zeros_like(turn)
    )
    stride = (0.40 + 0.10 * style.size) * style.stance * shape.height_m
    half = 0.055 * shape.height_m
    front, rear = np.zeros((len(phase), 3)), np.zeros((len(phase), 3))
    front[:, 1], rear[:, 1] = half, -half
    stepping = {"forward": front, "reverse": rear, "split": front}[style.variant]
    stepping[:, 0] = out * stride * (-1.0 if style.variant == "reverse" else 1.0)
    stepping[:, 2] = 0.05 * shape.height_m * swing
    heel = 0.75 * out * np.clip(0.35 + low, 0.0, 1.15)
    _split_pelvis(pose, front, rear, low, heel, style)
    pose.foot("left", front, 0.4 * style.toes_out_rad)
    pose.foot("right", rear, 0.2 * style.toes_out_rad, heel)
    return hold_arms(pose, style.arms, low)


def _split_pelvis(
    pose: PoseBuilder, front: FloatArray, rear: FloatArray, low: FloatArray, heel: FloatArray, style: Style
) -> None:
    shape = pose.shape
    pose.root_m[:, 0] = rear[:, 0] + (front[:, 0] - rear[:, 0]) * (0.5 + 0.06 * style.lean)
    reach = leg_reach(shape, np.array(0.12))
    ahead, behind = front[:, 0] - pose.root_m[:, 0], rear[:, 0] - pose.root_m[:, 0]
    behind = behind + shape.toe_m * (1.0 - np.cos(heel))
    rear_up = shape.ankle_m + shape.toe_m * np.sin(heel)
    high = np.minimum(
        shape.ankle_m + np.sqrt(np.maximum(reach**2 - ahead**2, 0.01)),
        rear_up + np.sqrt(np.maximum(reach**2 - behind**2, 0.01)),
    )
    knee_down = 0.045 * shape.height_m + 0.97 * shape.thigh_m
    pose.root_m[:, 2] = np.maximum(high - low * (high - knee_down), 0.95 * knee_down)
    pose.lean(0.04 + (0.18 + 0.2 * style.lean) * low, style.round_back, style.gaze)


def side_lunge(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A step to the side and down on that leg, about as deep as rehabilitation asks for; the other stays straight."""
    return _lateral_lunge(phase, replace(style, depth=0.75 * style.depth), shape)


def _lateral_lunge(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    pose = PoseBuilder(shape, len(phase))
    turn = np.mod(phase, 1.0)
    out = smooth(turn, 0.04, 0.34) - smooth(turn, 0.66, 0.96)
    low = style.depth * raised_cosine(phase, style.dwell, 0.16, 0.84)
    apart = (0.42 + 0.08 * style.size) * style.stance * shape.height_m
    left, right = np.zeros((len(phase), 3)), np.zeros((len(phase), 3))
    left[:, 1] = 0.06 * shape.height_m + out * apart
    left[:, 2] = 0.04 * shape.height_m * (raised_cosine(turn, 0.0, 0.04, 0.34) + raised_cosine(turn, 0.0, 0.66, 0.96))
    right[:, 1] = -0.06 * shape.height_m
    knee = 0.1 + 1.65 * low
    middle = (left[:, 1] + right[:, 1]) / 2
    pose.root_m[:, 1] = middle + low * (0.62 * (left[:, 1] - middle))
    pose.root_m[:, 0] = -0.11 * shape.height_m * low
    straight = leg_reach(shape, np.array(0.1))
    over = []
    for foot, reach, hip in ((left, leg_reach(shape, knee), shape.half_hips_m), (right, straight, -shape.half_hips_m)):
        aside = foot[:, 1] - pose.root_m[:, 1] - hip
        over.append(np.sqrt(np.maximum(reach**2 - pose.root_m[:, 0] ** 2 - aside**2, 0.01)))
    pose.root_m[:, 2] = shape.ankle_m + np.minimum(*over)
    pose.lean(0.04 + (0.75 + 0.2 * style.lean) * low, style.round_back, style.gaze)
    pose.foot("left", left, style.toes_out_rad)
    pose.foot("right", right, 0.5 * style.toes_out_rad)
    return hold_arms(pose, style.arms, low)


def jumping_jack(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Legs apart and arms overhead in one hop, and back; variants full, half (arms to the shoulders), step, seal, alternate."""
    pose = PoseBuilder(shape, len(phase))
    turn = np.mod(phase, 1.0)
    apart = raised_cosine(turn, 0.5 * style.dwell)
    near, far = 0.045 * shape.height_m, (0.17 + 0.05 * style.size) * style.stance * shape.height_m
    lift = np.zeros_like(turn)
    if style.variant != "step":
        lift = (
            (0.018 + 0.02 * style.size)
            * shape.height_m
            * (raised_cosine(turn, 0, 0.06, 0.44) + raised_cosine(turn, 0, 0.56, 0.94))
        )
    give = (
        0.12
        + 0.3
        * (raised_cosine(turn, 0, -0.12, 0.16) + raised_cosine(turn, 0, 0.40, 0.66) + raised_cosine(turn, 0, 0.9, 1.12))
        * style.size
    )
    places = {side: np.zeros((len(turn), 3)) for side in SIDES}
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        steps = style.variant != "step" or side == "left"
        places[side][:, 1] = sign * (near + (far - near) * (apart if steps else 0.0))
        places[side][:, 2] = lift
    pose.root_m[:, 1] = (places["left"][:, 1] + places["right"][:, 1]) / 2 * 0.8
    tiptoe = 0.5 * np.clip(lift / (0.04 * shape.height_m), 0.0, 1.0)
    lift = lift + shape.toe_m * np.sin(tiptoe)
    out = np.abs(places["left"][:, 1] - pose.root_m[:, 1]) - shape.half_hips_m
    pose.root_m[:, 2] = shape.ankle_m + lift + np.sqrt(leg_reach(shape, give) ** 2 - np.maximum(out, 0.0) ** 2)
    pose.lean(0.05 + 0.1 * give * (1 + style.lean), style.round_back, style.gaze)
    for side in SIDES:
        pose.foot(side, places[side], 0.2 + 0.5 * style.toes_out_rad, tiptoe)
    return _jack_arms(pose, style, apart)


def _jack_arms(pose: PoseBuilder, style: Style, apart: FloatArray) -> PoseBuilder:
    if style.variant == "seal":
        return pose.set(
            shoulder_flexion=1.5, shoulder_abduction=0.08 + 1.35 * apart * style.depth, elbow_flexion=0.15, shoulder_rotation=0.0
        )
    top = 1.65 if style.variant == "half" else 2.85
    raised = 0.14 + (top * (0.55 + 0.45 * min(style.depth, 1.05)) - 0.14) * apart
    pose.set(
        shoulder_flexion=0.08 + 0.12 * apart,
        shoulder_abduction=raised,
        shoulder_rotation=-0.9 * apart,
        elbow_flexion=0.18 + 0.45 * style.size * np.sin(np.pi * np.clip(apart, 0, 1)) + 0.2 * style.size,
        clavicle_elevation=0.35 * np.maximum(raised - 1.2, 0.0) / 1.6,
    )
    if style.variant == "alternate":  # one arm in each hop
        pose.set("right", shoulder_abduction=0.14 + 0.1 * apart, shoulder_rotation=0.0, clavicle_elevation=0.0)
    return pose
