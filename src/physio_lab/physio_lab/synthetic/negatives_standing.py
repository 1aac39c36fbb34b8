"""Movements on the feet that are none of the exercises and leave the feet where they are: arms, trunk, head, near misses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio_core.motion.body import BodyShape
from physio_core.motion.limbs import SIDES, Draft
from physio_core.motion.stance import hold_arms, plant, stood
from physio_core.motion.style import Style, bump, smooth, wave
from physio_core.motion.upright import hang_arms, hinge, lunge, sit, squat
from physio_core.types import FloatArray

EACH = ("both", "left", "alternate")
"""Variants of a movement of the arms: with both, with the leading one, in turn."""


def sides_of(phase: FloatArray, style: Style) -> dict[str, FloatArray]:
    """How far each arm has gone (T,) 0..1, by the variants :data:`EACH`."""
    whole = style.depth * bump(phase, style.dwell)
    if style.variant == "alternate":
        return {
            "left": style.depth * bump(phase, style.dwell, 0.0, 0.5),
            "right": style.depth * bump(phase, style.dwell, 0.5, 1.0),
        }
    return {"left": whole, "right": whole if style.variant == "both" else 0.0 * whole}


def talk(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Standing and talking with the hands."""
    return gesture(stood(phase, style, shape), phase, style)


def gesture(draft: Draft, phase: FloatArray, style: Style) -> Draft:
    """Hands moving as in talk, in front of the body."""
    rng = np.random.default_rng(style.seed + 2)
    for side in SIDES:
        draft.set(
            side,
            shoulder_flexion=0.3 + 0.3 * wave(phase, rng),
            shoulder_abduction=0.25 + 0.15 * wave(phase, rng),
            shoulder_rotation=0.3 + 0.4 * wave(phase, rng),
            elbow_flexion=1.3 + 0.5 * style.depth * wave(phase, rng),
        )
    return draft


def turn_head(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Head from side to side, up and down or round; variants look, nod, circle, tilt."""
    draft = stood(phase, style, shape)
    swing, rock = np.sin(2 * np.pi * phase), np.cos(2 * np.pi * phase)
    size = 0.4 + 0.5 * style.depth
    if style.variant == "circle":
        return draft.set(neck_side=0.6 * size * swing, neck_flexion=0.6 * size * rock)
    return draft.set(**{{"look": "neck_twist", "nod": "neck_flexion", "tilt": "neck_side"}[style.variant]: size * swing})


def raise_arms(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Straight arms up; arms: front, side, overhead_front, overhead_side, scaption. Feet stay, unlike in a jumping jack."""
    draft = stood(phase, _arms_free(style), shape)
    away, top = {
        "front": (0.05, 1.5), "side": (1.5, 1.5), "overhead_front": (0.1, 2.9), "overhead_side": (1.5, 2.85),
        "scaption": (0.7, 1.6),
    }[style.arms]  # fmt: skip
    for side, gone in sides_of(phase, style).items():
        if away > 1.0:
            draft.set(side, shoulder_flexion=0.1, shoulder_abduction=0.12 + (top - 0.12) * gone, shoulder_rotation=-0.8 * gone)
        else:
            draft.set(side, shoulder_flexion=0.05 + top * gone, shoulder_abduction=0.1 + (away - 0.1) * gone)
        draft.set(side, elbow_flexion=0.15 + 0.2 * style.size, clavicle_elevation=0.3 * np.maximum(top * gone - 1.2, 0.0) / 1.6)
    return draft


def _arms_free(style: Style) -> Style:
    return replace(style, arms="sides")


def circle_arms(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Arms round in circles; variants small (held out sideways) and large (like a windmill)."""
    draft = stood(phase, style, shape)
    angle = 2 * np.pi * phase
    if style.variant == "large":
        return draft.set(shoulder_flexion=angle, shoulder_abduction=0.2, elbow_flexion=0.1)
    size = 0.15 + 0.4 * style.size
    return draft.set(
        shoulder_flexion=0.1 + size * np.cos(angle), shoulder_abduction=1.45 + size * np.sin(angle), elbow_flexion=0.1
    )


def curl(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Biceps curl."""
    draft = stood(phase, style, shape)
    for side, gone in sides_of(phase, style).items():
        draft.set(side, shoulder_flexion=0.05 + 0.3 * style.size * gone, elbow_flexion=0.2 + 2.1 * gone, shoulder_rotation=0.1)
    return draft


def press(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Hands from the shoulders to overhead."""
    draft = stood(phase, style, shape)
    for side, gone in sides_of(phase, style).items():
        draft.set(
            side, shoulder_flexion=0.5 + 0.8 * style.size - 0.3 * gone, shoulder_abduction=0.5 + 2.0 * gone,
            shoulder_rotation=-0.8, elbow_flexion=2.3 - 2.0 * np.minimum(gone, 1.0), clavicle_elevation=0.3 * gone,
        )  # fmt: skip
    return draft


def pull_down(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Hands from overhead to the shoulders, on the feet: arms as in a pull-up, body not lifted."""
    draft = stood(phase, style, shape)
    for side, gone in sides_of(phase, style).items():
        draft.set(
            side, shoulder_flexion=0.2, shoulder_abduction=2.75 - 2.0 * gone, shoulder_rotation=-1.3,
            elbow_flexion=0.25 + 1.9 * gone, clavicle_elevation=0.3 * (1.0 - gone),
        )  # fmt: skip
    return draft


def punch(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Fists forwards in turn."""
    draft = stood(phase, style, shape)
    out = {"left": bump(phase, 0.3, 0.0, 0.5), "right": bump(phase, 0.3, 0.5, 1.0)}
    draft.set(spine_twist=0.35 * style.depth * (out["right"] - out["left"]))
    for side, gone in out.items():
        draft.set(
            side, shoulder_flexion=0.5 + 1.0 * gone, shoulder_abduction=0.25 - 0.2 * gone, shoulder_rotation=0.3,
            elbow_flexion=2.2 - 2.0 * gone,
        )  # fmt: skip
    return draft


def wave_hand(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """One hand waves above the shoulder."""
    draft = stood(phase, style, shape)
    return draft.set(
        "left", shoulder_flexion=0.4, shoulder_abduction=1.2 + 0.6 * style.size, shoulder_rotation=-1.5,
        elbow_flexion=1.3 + 0.5 * style.depth * np.sin(6 * np.pi * phase),
    )  # fmt: skip


def clap(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Hands together and apart in front of the body."""
    apart = style.depth * bump(phase)
    return stood(phase, style, shape).set(
        shoulder_flexion=0.8 + 0.5 * style.size, shoulder_abduction=0.1 + 0.5 * apart,
        shoulder_rotation=0.75 - 0.7 * apart, elbow_flexion=1.2 - 0.4 * apart,
    )  # fmt: skip


def shrug(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Shoulders up and down."""
    gone = style.depth * bump(phase, style.dwell)
    return stood(phase, style, shape).set(clavicle_elevation=0.4 * gone, shoulder_flexion=0.1 * gone)


def bend_sideways(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Trunk to the side, in turn; variants: arm on that side hangs, or the other goes overhead."""
    draft = stood(phase, _arms_free(style), shape)
    bend = style.depth * np.sin(2 * np.pi * phase)
    draft.set(spine_side=0.75 * bend)
    draft.root_m[:, 1] -= 0.03 * bend
    plant(draft, (0.068 + 0.02 * (style.stance - 1.0)) * shape.height_m, style.toes_out_rad)
    hold_arms(draft, style.arms)
    if style.variant == "overhead":
        for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
            draft.set(side, shoulder_abduction=0.15 + 2.6 * np.clip(-sign * bend, 0.0, 1.0), shoulder_rotation=-0.5)
    return draft


def twist(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Trunk to left and right about the vertical."""
    return stood(phase, style, shape).set(spine_twist=0.9 * style.depth * np.sin(2 * np.pi * phase))


def circle_hips(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Hips round over planted feet, hands on them."""
    draft = stood(phase, style, shape)
    angle = 2 * np.pi * phase
    draft.root_m[:, :2] += 0.05 * style.depth * shape.height_m * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    draft.root_m[:, 2] -= 0.02 * shape.height_m
    draft.root_rad[:, :2] = 0.2 * style.depth * np.stack([np.sin(angle), -np.cos(angle)], axis=1)
    draft.set(spine_side=-0.15 * np.sin(angle), spine_flexion=0.15 * np.cos(angle))
    plant(draft, 0.085 * shape.height_m, style.toes_out_rad)
    return hold_arms(draft, style.arms)


def _bent(phase: FloatArray, style: Style, shape: BodyShape, lean: FloatArray, knee: FloatArray, round_back: float) -> Draft:
    draft = Draft(shape, len(phase))
    half = 0.068 * style.stance * shape.height_m
    hinge(draft, knee, lean, half, replace(style, round_back=round_back))
    return plant(draft, half, style.toes_out_rad)


def bow(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """A bow: the trunk leans a little, knees straight, arms at the body; less than a deadlift."""
    gone = style.depth * bump(phase, style.dwell)
    draft = _bent(phase, style, shape, 0.03 + (0.3 + 0.35 * style.size) * gone, 0.08 + 0.04 * gone, 0.4)
    return hold_arms(draft, style.arms)


def touch_toes(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Bend to the toes with straight knees and a round back, and stay there; variants both, or one hand to the other foot."""
    gone = min(style.depth, 1.05) * smooth(0.5 - (0.6 + style.dwell) * np.cos(2 * np.pi * phase))
    draft = _bent(phase, style, shape, 0.03 + 1.95 * gone, 0.08 + 0.1 * gone, 0.42)
    lean = draft.root_rad[:, 1] + draft.angle("spine_flexion")
    draft.set(neck_flexion=0.2 * gone, shoulder_flexion=np.minimum(lean, 1.75), shoulder_abduction=0.02, elbow_flexion=0.1)
    if style.variant == "cross":
        draft.set(spine_twist=-0.6 * gone).set("right", shoulder_flexion=0.2 * gone, shoulder_abduction=0.2 + 1.3 * gone)
    return draft


def pick_up(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Fetch something from the floor with one hand, stand, and put it back; knees and back share as the style's size says."""
    gone = style.depth * bump(phase, 0.0, 0.0, 0.45) + style.depth * bump(phase, 0.0, 0.6, 1.0)
    half = 0.07 * style.stance * shape.height_m
    draft = Draft(shape, len(phase))
    hinge(draft, 0.08 + (0.3 + 1.2 * style.size) * gone, 0.04 + (1.5 - 0.6 * style.size) * gone, half, style)
    draft.set(spine_side=0.2 * gone, spine_twist=-0.3 * gone, spine_flexion=0.5 * gone)
    plant(draft, half, style.toes_out_rad)
    lean = draft.root_rad[:, 1] + draft.angle("spine_flexion")
    hold_arms(draft, "sides")
    between = bump(phase, 0.0, 0.3, 0.75)
    draft.set("left", shoulder_flexion=lean + 0.15 * gone, elbow_flexion=0.15 + 1.2 * between * (1 - np.minimum(gone, 1)))
    return draft.set("right", shoulder_flexion=0.5 * lean, elbow_flexion=0.3 + 0.9 * gone * style.size)


def row(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Bent over and staying so, the hands pulled to the belly."""
    draft = _bent(phase, style, shape, np.full(len(phase), 0.8 + 0.4 * style.size), np.full(len(phase), 0.4), 0.1)
    hang_arms(draft, 0.13 * shape.height_m)
    hanging = draft.angle("left_shoulder_flexion").copy()
    for side, gone in sides_of(phase, style).items():
        draft.set(
            side, shoulder_flexion=hanging - 1.4 * gone, elbow_flexion=0.1 + 1.6 * gone, shoulder_abduction=0.1 + 0.2 * gone
        )
    return draft


def dip(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """A half-hearted bend of the knees, far less than a squat."""
    gone = (0.07 + 0.2 * style.size) * bump(phase, style.dwell)
    draft = Draft(shape, len(phase))
    half = 0.085 * style.stance * shape.height_m
    sit(draft, 0.08 + 1.9 * gone, half, style)
    return hold_arms(plant(draft, half, style.toes_out_rad), style.arms)


def hold_squat(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """A squat held, without moving up or down."""
    return squat(0.5 + 0.012 * np.sin(2 * np.pi * phase), style, shape)


def hold_lunge(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """A lunge held, without moving up or down."""
    return lunge(0.5 + 0.012 * np.sin(2 * np.pi * phase), replace(style, variant="split"), shape)


def warrior(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Yoga warrior: a long stance held, arms out sideways or overhead."""
    draft = hold_lunge(phase, replace(style, arms="sides", depth=0.55, stance=1.3), shape)
    up = style.variant == "overhead"
    return draft.set(
        shoulder_abduction=2.9 if up else 1.5, shoulder_flexion=0.05, elbow_flexion=0.05, spine_twist=0.0 if up else -0.6
    )


def triangle(phase: FloatArray, style: Style, shape: BodyShape) -> Draft:
    """Yoga triangle: legs wide, trunk to the side, one arm down and one up."""
    gone = min(style.depth, 1.0) * smooth(0.5 - (0.6 + style.dwell) * np.cos(2 * np.pi * phase))
    draft = Draft(shape, len(phase))
    half = 0.23 * style.stance * shape.height_m
    draft.root_m[:, 1] = -0.04 * gone
    draft.root_m[:, 2] = shape.ankle_m + np.sqrt((0.97 * (shape.thigh_m + shape.shank_m)) ** 2 - (half - shape.half_hips_m) ** 2)
    draft.root_rad[:, 0] = -0.45 * gone
    draft.set(spine_side=0.75 * gone, shoulder_abduction=1.5, shoulder_flexion=0.05, elbow_flexion=0.05, neck_twist=-0.5 * gone)
    return plant(draft, half, 0.3)
