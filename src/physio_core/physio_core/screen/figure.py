"""The friendly figure that shows an exercise, drawn from the keyframes beside it as flat coloured limbs.

One repetition is computed once per exercise and size; showing a moment is then a look-up. Nearer limbs are darker, limbs
that cross are parted by a thin rim, so that left and right, near and far can be told apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from physio_core.exercises.figure import Figure
from physio_core.exercises.hand_figure import FROM_SIDE_RAD
from physio_core.motion.kinematics import BONES, BodyShape, Segment, girth_of
from physio_core.screen.hand_strokes import FOREARM_M, strokes
from physio_core.screen.palette import BLUE, NIGHT, SHADE, Colour
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray

FRAMES_PER_S = 30
"""Moments computed per second of movement."""

HEADINGS_RAD = {"front": 0.12, "side": 1.32, "oblique": 0.8}
"""How far the figure turns from facing the viewer, by the view that an exercise is seen best from."""

_COLOURS: dict[str, Colour] = {
    "skin": (176, 120, 84),
    "shirt": BLUE,
    "trousers": (52, 66, 84),
    "shoes": NIGHT,
    "hair": NIGHT,
}
_BAR: Colour = (150, 146, 138)
_CHAIR: Colour = (176, 160, 138)
_CHAIR_M = 0.018
_FAR_FADE = 0.42
_RIM_PX = 2.0
_FAR_M = 0.03
_NAMED = {bone.name: bone for bone in BONES}
_CHAINS = {
    f"{side}_{limb}": tuple(_NAMED[f"{side}_{bone}"] for bone in bones)
    for side in ("left", "right")
    for limb, bones in (("arm", ("upper_arm", "forearm", "hand")), ("leg", ("thigh", "shank", "foot")))
}
_TRUNK = tuple(_NAMED[name] for name in ("seat", "loin", "throat", "shoulders", "breast", "belly", "left_flank", "right_flank"))


@dataclass(frozen=True)
class Limb:
    """A stroke with round ends [px]; a ``colour`` of None is a rim in the colour of the ground."""

    a_px: tuple[float, float]
    b_px: tuple[float, float]
    radius_px: float
    colour: Colour | None


Edge = tuple[tuple[float, float], tuple[float, float]]
"""From one point to another, each right and up [m]."""


@dataclass(frozen=True)
class _Cycle:
    """One repetition, seen flat: points (T, J, 2) [m] right and up, depth (T, J) [m] away from the viewer."""

    points_m: FloatArray
    depth_m: FloatArray
    bar_m: float | None
    box_m: tuple[float, float, float, float]
    chair_m: tuple[Edge, ...]


def figure_at(
    figure: Figure, view: str, size_px: tuple[int, int], time_s: float, most_px_per_m: float = math.inf
) -> tuple[Limb, ...]:
    """Strokes of a figure at a moment, in drawing order, inside a rectangle at (0, 0).

    Args:
        figure: keyframes of an exercise.
        view: front, side or oblique.
        size_px: width and height to fill [px].
        time_s: any steady time [s]; the movement repeats at its natural tempo.
        most_px_per_m: never larger [px per metre]; several figures then have one size.
    """
    count = len(_cycle(figure, view).points_m)
    scale = min(scale_of(figure, view, size_px), most_px_per_m)
    return _strokes(figure, view, size_px, scale, int(time_s * FRAMES_PER_S) % count)


def scale_of(figure: Figure, view: str, size_px: tuple[int, int]) -> float:
    """How large a whole movement fits into a place [px per metre]."""
    left, right, bottom, top = _cycle(figure, view).box_m
    return min(size_px[0] / (right - left), size_px[1] / (top - bottom))


@lru_cache(maxsize=256)
def _strokes(figure: Figure, view: str, size_px: tuple[int, int], scale: float, frame: int) -> tuple[Limb, ...]:
    cycle = _cycle(figure, view)
    left, right, bottom, _ = cycle.box_m
    middle = (size_px[0] - scale * (left + right)) / 2

    def place(x_m: float, z_m: float) -> tuple[float, float]:
        return middle + x_m * scale, size_px[1] - (z_m - bottom) * scale

    at = {joint: place(*cycle.points_m[frame, index]) for index, joint in enumerate(figure.joints)}
    depth = dict(zip(figure.joints, cycle.depth_m[frame], strict=True))
    if figure.joints == HAND_21.joints:
        return tuple(_hand(at, depth, scale, lies=HEADINGS_RAD[view] > FROM_SIDE_RAD))
    floor_px = place(0.0, 0.0)[1]
    held = [Limb((8.0, floor_px), (size_px[0] - 8.0, floor_px), 2.5, SHADE)]
    held += [Limb(place(*start), place(*end), max(_CHAIR_M * scale, 1.5), _CHAIR) for start, end in cycle.chair_m]
    if cycle.bar_m is not None:
        bar_px = place(0.0, cycle.bar_m)[1]
        held.append(Limb((size_px[0] * 0.08, bar_px), (size_px[0] * 0.92, bar_px), max(0.02 * scale, 2.0), _BAR))
    return (*held, *_body(at, depth, scale))


def _hand(at: dict[str, tuple[float, float]], depth: dict[str, float], scale: float, lies: bool) -> Iterator[Limb]:
    """A hand on the end of its forearm, which lies or stands."""
    x, y = at["wrist"]
    at = {**at, "elbow": (x - FOREARM_M * scale, y) if lies else (x, y + FOREARM_M * scale)}
    for a, b, radius_m, fade in strokes(depth):
        colour = None if fade is None else _faded("skin", fade)
        yield Limb(at[a], at[b], radius_m * scale, colour)


def _body(at: dict[str, tuple[float, float]], depth: dict[str, float], scale: float) -> Iterator[Limb]:
    """Trunk with head, and the four limbs, the farthest first."""
    scale *= girth_of(BodyShape())
    middle = (depth["waist"] + depth["neck"]) / 2
    far = {name: _depth(chain, depth) - middle for name, chain in _CHAINS.items()} | {"trunk": 0.0}
    for name in sorted(far, key=far.__getitem__, reverse=True):
        if name == "trunk":
            yield from (_stroke(bone, at, scale, 0.0) for bone in _TRUNK)
            yield from _head(at, scale)
            continue
        chain = _CHAINS[name]
        yield from (Limb(at[b.joint_a], at[b.joint_b], b.radius_m * scale + _RIM_PX, None) for b in chain)
        yield from (_stroke(bone, at, scale, _FAR_FADE if far[name] > _FAR_M else 0.0) for bone in chain)


def _head(at: dict[str, tuple[float, float]], scale: float) -> Iterator[Limb]:
    """Face and hair, so that one sees which way the figure looks."""
    radius = _NAMED["head"].radius_m * 1.3 * scale
    (x, y), (nose_x, nose_y), (top_x, top_y) = at["head"], at["nose"], at["head_top"]
    hair = (x - 0.32 * (nose_x - x) + 0.18 * (top_x - x), y - 0.32 * (nose_y - y) + 0.18 * (top_y - y))
    yield Limb(hair, hair, radius * 1.04, _COLOURS["hair"])
    face = (x + 0.12 * (nose_x - x) - 0.08 * (top_x - x), y + 0.12 * (nose_y - y) - 0.08 * (top_y - y))
    yield Limb(face, face, radius * 0.9, _COLOURS["skin"])


def _stroke(bone: Segment, at: dict[str, tuple[float, float]], scale: float, fade: float) -> Limb:
    return Limb(at[bone.joint_a], at[bone.joint_b], bone.radius_m * scale, _faded(bone.part, fade))


def _faded(part: str, fade: float) -> Colour:
    red, green, blue = (round(value + (255 - value) * fade) for value in _COLOURS[part])
    return red, green, blue


def _depth(chain: tuple[Segment, ...], depth: dict[str, float]) -> float:
    return float(np.mean([depth[joint] for bone in chain for joint in (bone.joint_a, bone.joint_b)]))


@lru_cache(maxsize=32)
def _cycle(figure: Figure, view: str) -> _Cycle:
    frames = max(round(figure.period_s * FRAMES_PER_S), 2)
    points = figure.points_m(np.arange(frames) / frames, HEADINGS_RAD[view])
    flat, depth = points[..., [1, 2]], -points[..., 0]
    if figure.joints == HAND_21.joints:
        return _Cycle(flat, depth, None, _hand_box(flat, HEADINGS_RAD[view] > FROM_SIDE_RAD), ())
    margin = 0.13
    left, right = flat[..., 0].min() - margin, flat[..., 0].max() + margin
    bottom, top = min(flat[..., 1].min(), 0.0) - 0.08, flat[..., 1].max() + margin
    chair = figure.chair_m(HEADINGS_RAD[view])[..., [1, 2]]
    if len(chair):
        left, right = min(left, chair[..., 0].min() - margin), max(right, chair[..., 0].max() + margin)
    edges = tuple(((float(a[0]), float(a[1])), (float(b[0]), float(b[1]))) for a, b in chair)
    return _Cycle(flat, depth, figure.bar_m, (float(left), float(right), float(bottom), float(top)), edges)


def _hand_box(flat: FloatArray, lies: bool) -> tuple[float, float, float, float]:
    """What a hand and the end of its forearm fill."""
    margin = FOREARM_M / 2
    left, right = flat[..., 0].min() - margin, flat[..., 0].max() + margin
    bottom, top = flat[..., 1].min() - margin, flat[..., 1].max() + margin
    return float(left - 1.4 * FOREARM_M * lies), float(right), float(bottom - 1.4 * FOREARM_M * (not lies)), float(top)
