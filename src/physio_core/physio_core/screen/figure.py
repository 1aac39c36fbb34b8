"""The friendly figure that shows an exercise: the same body that the clinic simulates, as flat coloured limbs.

One repetition is computed once per exercise and size; showing a moment is then a look-up. Nearer limbs are darker, limbs
that cross are parted by a thin rim, so that left and right, near and far can be told apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from physio_core.motion.body import BODY_JOINTS, BONES, BodyShape, Segment, girth_of, positions
from physio_core.motion.movements import EXERCISES, bar_height_m
from physio_core.motion.style import Movement, Style
from physio_core.screen.palette import BLUE, NIGHT, SHADE, Colour
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
_GROUND_COLOUR: Colour = (196, 192, 182)
_FAR_FADE = 0.42
_RIM = 1.28
_CHAINS = tuple((side, limb) for side in ("left", "right") for limb in ("arm", "leg"))
_LIMBS = {"arm": ("upper_arm", "forearm", "hand"), "leg": ("thigh", "shank", "foot")}


@dataclass(frozen=True)
class Limb:
    """A stroke with round ends [px]; a ``colour`` of None is a rim in the colour of the ground."""

    a_px: tuple[float, float]
    b_px: tuple[float, float]
    radius_px: float
    colour: Colour | None


@dataclass(frozen=True)
class _Cycle:
    """One repetition, seen flat: points (T, J, 2) [m] right and up, depth (T, J) [m] away from the viewer."""

    points_m: FloatArray
    depth_m: FloatArray
    period_s: float
    movement: Movement
    box_m: tuple[float, float, float, float]


def figure_at(exercise: str, view: str, size_px: tuple[int, int], time_s: float) -> tuple[Limb, ...] | None:
    """Strokes of the figure at a moment, in drawing order, inside a rectangle at (0, 0).

    Args:
        exercise: name; None is returned for one whose movement is not known.
        view: front, side or oblique.
        size_px: width and height to fill [px].
        time_s: any steady time [s]; the movement repeats at its natural tempo.
    """
    if exercise not in EXERCISES:
        return None
    count = len(_cycle(exercise, view).points_m)
    return _strokes(exercise, view, size_px, int(time_s * FRAMES_PER_S) % count)


@lru_cache(maxsize=2048)
def _strokes(exercise: str, view: str, size_px: tuple[int, int], frame: int) -> tuple[Limb, ...]:
    cycle = _cycle(exercise, view)
    left, right, bottom, top = cycle.box_m
    scale = min(size_px[0] / (right - left), size_px[1] / (top - bottom))
    middle = (size_px[0] - scale * (left + right)) / 2

    def place(x_m: float, z_m: float) -> tuple[float, float]:
        return middle + x_m * scale, size_px[1] - (z_m - bottom) * scale

    at = {joint: place(*cycle.points_m[frame, index]) for index, joint in enumerate(BODY_JOINTS)}
    depth = dict(zip(BODY_JOINTS, cycle.depth_m[frame], strict=True))
    return (*_surroundings(cycle, place(0.0, 0.0)[1], size_px[0], scale, place), *_body(at, depth, scale))


def _body(at: dict[str, tuple[float, float]], depth: dict[str, float], scale: float) -> Iterator[Limb]:
    """Trunk and the four limbs, the farthest first."""
    girth = girth_of(BodyShape())
    named = {bone.name: bone for bone in BONES}
    chains = {f"{side}_{limb}": [named[f"{side}_{bone}"] for bone in _LIMBS[limb]] for side, limb in _CHAINS}
    limbs = {bone.name for chain in chains.values() for bone in chain}
    trunk = [bone for bone in BONES if bone.name not in limbs]
    middle = depth["waist"] * 0.5 + depth["neck"] * 0.5
    far = {name: _depth(chain, depth) - middle for name, chain in chains.items()} | {"trunk": 0.0}
    for name in sorted(far, key=far.__getitem__, reverse=True):
        bones = trunk if name == "trunk" else chains[name]
        if name != "trunk":
            yield from (Limb(at[b.joint_a], at[b.joint_b], b.radius_m * girth * scale * _RIM, None) for b in bones)
        fade = _FAR_FADE if far[name] > 0.03 else 0.0
        yield from (_stroke(bone, at, girth * scale, fade) for bone in bones)


def _stroke(bone: Segment, at: dict[str, tuple[float, float]], scale: float, fade: float) -> Limb:
    radius = bone.radius_m * scale * (1.25 if bone.ellipsoid else 1.0)
    colour = _COLOURS[bone.part]
    paler = tuple(round(part + (255 - part) * fade) for part in colour)
    end = bone.joint_a if bone.ellipsoid else bone.joint_b
    return Limb(at[bone.joint_a], at[end], radius, (paler[0], paler[1], paler[2]))


def _depth(chain: list[Segment], depth: dict[str, float]) -> float:
    return float(np.mean([depth[joint] for bone in chain for joint in (bone.joint_a, bone.joint_b)]))


def _surroundings(cycle: _Cycle, floor_px: float, width_px: int, scale: float, place: object) -> Iterator[Limb]:
    yield Limb((8.0, floor_px), (width_px - 8.0, floor_px), 2.5, SHADE)
    if cycle.movement.place == "bar":
        _, top = place(0.0, bar_height_m(BodyShape()))  # type: ignore[operator]
        yield Limb((width_px * 0.08, top), (width_px * 0.92, top), 0.02 * scale, _GROUND_COLOUR)


@lru_cache(maxsize=32)
def _cycle(exercise: str, view: str) -> _Cycle:
    movement = EXERCISES[exercise]
    low_s, high_s = movement.period_s
    period_s = float(np.sqrt(low_s * high_s))
    frames = max(round(period_s * FRAMES_PER_S), 2)
    style = Style(sway=0.0)
    motion = movement.motion(np.arange(frames) / frames, style, BodyShape()).placed(yaw_rad=HEADINGS_RAD[view])
    points = positions(BodyShape(), motion)
    flat, depth = points[..., [1, 2]], -points[..., 0]
    margin = 0.13
    left, right = flat[..., 0].min() - margin, flat[..., 0].max() + margin
    bottom, top = min(flat[..., 1].min(), 0.0) - 0.08, flat[..., 1].max() + margin
    return _Cycle(flat, depth, period_s, movement, (float(left), float(right), float(bottom), float(top)))
