"""Movements of sport and music other than the exercises: swings, throws, lifts that continue to the shoulders or overhead."""

from __future__ import annotations

import numpy as np

from physio_core.motion.ik import PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.stance import hold_arms, leg_reach, plant, stood
from physio_core.motion.style import Style, raised_cosine, smooth
from physio_core.motion.upright import hang_arms, hinge
from physio_core.types import FloatArray


def swing(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Both hands on one handle, from over one shoulder across the body to over the other; variants golf, bat, racket (one hand).

    One repetition: stand ready, wind up, strike, follow through, come back.
    """
    turn = np.mod(phase, 1.0)
    back = smooth(turn, 0.15, 0.40) - smooth(turn, 0.42, 0.56)
    through = smooth(turn, 0.42, 0.56) - smooth(turn, 0.75, 1.0)
    low = {"golf": 0.5, "bat": 0.15, "racket": 0.1}[style.variant]
    bend = low * (1.0 - 0.7 * through)
    pose = PoseBuilder(shape, len(phase))
    half = 0.13 * style.stance * shape.height_m
    hinge(pose, 0.2 + 0.5 * bend + 0.2 * style.size, 0.1 + bend, half, style)
    pose.root_rad[:, 2] = 0.6 * style.depth * (through - 0.6 * back)
    pose.root_m[:, 1] += 0.03 * shape.height_m * (through - back)
    pose.set(spine_twist=0.7 * style.depth * (through - back))
    plant(pose, half, style.toes_out_rad)
    ready = {"golf": (0.0, -0.35), "bat": (0.15, -0.12), "racket": (0.25, -0.2)}[style.variant]
    for side, sign in (("left", 1.0), ("right", -1.0)):
        wrist = np.zeros((len(phase), 3))
        wrist[:, 0] = 0.26 + ready[0] * 0.2
        wrist[:, 1] = sign * 0.03 + 0.26 * style.depth * (through - back)
        wrist[:, 2] = ready[1] + (0.30 + 0.25 * style.size - ready[1] * 0.5) * (back + through)
        pose.wrist(side, wrist * shape.height_m / 1.72 * shape.arm, np.array([-0.2, sign, -0.6]), in_chest=True)
    if style.variant == "racket":
        pose.set("left", shoulder_flexion=0.5 + 0.3 * through, shoulder_abduction=0.5, shoulder_rotation=0.0, elbow_flexion=0.8)
    return pose


def throw(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """One arm back, then forwards over the shoulder or under it, with a step; variants pitch, serve, bowl (under)."""
    turn = np.mod(phase, 1.0)
    back = smooth(turn, 0.08, 0.40) - smooth(turn, 0.44, 0.58)
    out = smooth(turn, 0.44, 0.58) - smooth(turn, 0.72, 1.0)
    pose = stood(phase, style, shape, lean=0.05 - 0.15 * back + (0.35 + 0.4 * style.size) * out)
    step = 0.22 * style.stance * shape.height_m
    progress = smooth(turn, 0.25, 0.45) - smooth(turn, 0.75, 0.98)
    pose.root_m[:, 0] += 0.5 * step * progress
    lifted = raised_cosine(turn, 0.0, 0.15, 0.48)
    pose.root_m[:, 2] -= 0.035 * shape.height_m * out + 0.01 * shape.height_m * progress
    for side, sign, shift in (("left", 1.0, step * progress), ("right", -1.0, 0.0 * progress)):
        place = np.stack([shift, np.full(len(turn), sign * 0.06 * shape.height_m), 0.0 * shift], axis=1)
        place[:, 2] = 0.12 * style.size * shape.height_m * lifted if side == "left" else 0.0
        pose.foot(side, place, style.toes_out_rad)
    pose.set(spine_twist=0.5 * (out - back))
    if style.variant == "bowl":
        pose.set("right", shoulder_flexion=-1.1 * back + 1.9 * out, shoulder_abduction=0.15, elbow_flexion=0.15)
        return pose.set("left", shoulder_abduction=0.2 + 0.6 * (back + out), elbow_flexion=0.3)
    over = 1.5 * back + 2.4 * out * (1.0 - 0.5 * smooth(turn, 0.6, 0.72))
    pose.set("right", shoulder_flexion=0.3 + over - 0.9 * back, shoulder_abduction=0.3 + 1.1 * back + 0.3 * out)
    pose.set("right", shoulder_rotation=-1.2 * back, elbow_flexion=0.4 + 1.5 * back - 0.2 * out)
    tossed = smooth(turn, 0.1, 0.3) - smooth(turn, 0.42, 0.55)
    up = 2.6 if style.variant == "serve" else 1.2
    return pose.set(
        "left", shoulder_flexion=0.3 + up * tossed, shoulder_abduction=0.2 + 0.2 * out, elbow_flexion=0.9 - 0.6 * tossed
    )


def lift_overhead(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A bar from the floor to the shoulders and on overhead, and down again; variants clean (shoulders only), jerk, snatch."""
    turn = np.mod(phase, 1.0)
    bent = (1.0 - smooth(turn, 0.10, 0.30)) + smooth(turn, 0.85, 0.98)
    racked = smooth(turn, 0.24, 0.34) - smooth(turn, 0.80, 0.90)
    above = np.zeros_like(turn)
    if style.variant == "jerk":
        above = smooth(turn, 0.50, 0.58) - smooth(turn, 0.70, 0.78)
    elif style.variant == "snatch":
        above, racked = smooth(turn, 0.26, 0.38) - smooth(turn, 0.76, 0.88), 0.0 * racked
    dip = style.depth * (raised_cosine(turn, 0.0, 0.28, 0.46) + 0.35 * raised_cosine(turn, 0.0, 0.46, 0.60))
    pose = PoseBuilder(shape, len(phase))
    half = 0.085 * style.stance * shape.height_m
    hinge(pose, 0.1 + 1.15 * bent + (0.6 + 1.0 * style.size) * dip, 0.05 + 1.05 * bent + 0.3 * dip, half, style)
    plant(pose, half, style.toes_out_rad)
    hang_arms(pose, 0.15 * shape.height_m)
    for progress, way in ((racked, "front_rack"), (above, "overhead")):
        held = PoseBuilder(shape, len(phase))
        held.root_m[:], held.root_rad[:], held.angles[:] = pose.root_m, pose.root_rad, pose.angles
        pose.angles += progress[:, None] * (hold_arms(held, way).angles - pose.angles)
    return pose


def swing_kettlebell(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Hips back and forth, straight arms swinging a weight from between the legs to the height of the chest."""
    progress = style.depth * raised_cosine(phase)
    half = 0.12 * style.stance * shape.height_m
    pose = PoseBuilder(shape, len(phase))
    lean = 0.05 + 0.95 * progress
    hinge(pose, 0.15 + 0.5 * progress, lean, half, style)
    plant(pose, half, style.toes_out_rad)
    forward = (1.2 + 0.5 * style.size) * (1.0 - progress) - 0.35 * progress
    return pose.set(shoulder_flexion=lean + forward, shoulder_abduction=0.02, shoulder_rotation=0.2, elbow_flexion=0.12)


def strum(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Play a guitar: one hand at the neck of it, the other up and down in front of the belly."""
    pose = stood(phase, style, shape)
    wag = np.sin(2 * np.pi * phase)
    pose.set("left", shoulder_flexion=0.5, shoulder_abduction=0.5 + 0.3 * style.size, shoulder_rotation=0.1, elbow_flexion=1.9)
    return pose.set(
        "right",
        shoulder_flexion=0.25,
        shoulder_abduction=0.35,
        shoulder_rotation=0.9,
        elbow_flexion=1.3 + 0.25 * style.depth * wag,
    )


def bounce(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Knees spring on planted feet while the hands hold still or shake, as to music."""
    give = 0.12 + (0.2 + 0.25 * style.size) * style.depth * raised_cosine(phase)
    pose = PoseBuilder(shape, len(phase))
    half = 0.08 * style.stance * shape.height_m
    pose.root_m[:, 2] = shape.ankle_m + np.sqrt(leg_reach(shape, give) ** 2 - (half - shape.half_hips_m) ** 2)
    pose.lean(0.05 + 0.3 * give, style.round_back, style.gaze)
    plant(pose, half, style.toes_out_rad)
    return hold_arms(pose, style.arms)
