"""The skin of a hand as one smooth mesh: bones thickened to round cones, blended, and cut where the blend has its surface.

A hand of loose capsules is not taken for a hand by estimators that learnt from photographs. The mesh is made at rest, in the axes
of :mod:`physio_core.motion.hand`, and MuJoCo bends it with the bones (linear blend skinning).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.motion.hand import DIGITS, FINGERS, HandFrames, HandShape, hand_frames, hand_still
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import BoolArray, FloatArray

REST_DEG: dict[str, float] = {
    **{f"{finger}_{joint}_flexion": 12.0 for finger in FINGERS for joint in ("mcp", "pip", "dip")},
    "index_mcp_abduction": 14.0, "ring_mcp_abduction": 11.0, "pinky_mcp_abduction": 18.0,
    "thumb_cmc_flexion": -12.0, "thumb_cmc_abduction": 22.0, "thumb_cmc_opposition": 15.0, "thumb_mcp_flexion": 12.0,
    "thumb_ip_flexion": 15.0,
}  # fmt: skip
"""Posture in which the skin is made: digits apart, every joint a little bent."""
BONES: tuple[str, ...] = ("forearm", "palm") + tuple(f"{digit}_{number}" for digit in DIGITS for number in range(3))
"""What the skin hangs on; of a digit in turn the bone from its first, second and third joint."""
FINE_M, COARSE_M = 0.0026, 0.004
"""How far vertices lie apart where the hand is all that is drawn, and where it is one of many things."""
FOREARM_M = 0.11
"""Length of the forearm that is skin; what is further is sleeve."""
_FORMED_MM = 182.0
_RADII_MM = {
    "thumb": (13.5, 11.5, 10.3, 7.6), "index": (11.0, 9.6, 8.4, 6.6), "middle": (11.2, 9.8, 8.6, 6.8),
    "ring": (10.6, 9.2, 8.1, 6.4), "pinky": (9.6, 7.9, 7.0, 5.6),
}  # fmt: skip
"""At the four joints of each digit, from the breadths of joints in Garrett (1971)."""
_FOREARM_MM = np.array([50.0, 42.0])
_MARGIN_MM, _BLOCK = 12.0, 4
_WITHIN_MM, _TO_PALM_MM, _PALM_MM = 2.0, 5.0, 9.0
_NEAREST_POWER = 5.0

Cone = tuple[FloatArray, FloatArray, float, float]


@dataclass(frozen=True)
class HandMesh:
    """A skin at rest; N vertices, F faces, lengths in metres. A left hand is mirrored in y with its faces turned.

    Attributes:
        vertices_m: (N, 3).
        faces: (F, 3), counter-clockwise from outside.
        weights: (N, B) of each of :data:`BONES`, summing to 1.
        paint: (N, 2) where to take colour from, 0..1: round the limb, 0 at the back of the hand and 1 in the palm; along it, see
            :data:`ALONG`.
        places_m: (B, 3) where each bone begins.
        turns: (B, 3, 3) proper rotations of the bones.
    """

    vertices_m: FloatArray
    faces: npt.NDArray[np.intp]
    weights: FloatArray
    paint: FloatArray
    places_m: FloatArray
    turns: FloatArray


ALONG = {"elbow": 0.0, "wrist": 0.2, "knuckle": 0.45, "middle": 0.65, "outer": 0.82, "tip": 1.0}
"""Second coordinate of paint at the places along a limb; between them it is even."""


def bone_places(frames: HandFrames, side: str) -> tuple[FloatArray, FloatArray]:
    """Where bones begin (T, B, 3) and their proper rotations (T, B, 3, 3), in the order of :data:`BONES`."""
    joints = [0, 0] + [_joint(digit, number) for digit in DIGITS for number in range(3)]
    turns = frames.turned[:, joints].copy()
    turns[:, 0] = frames.forearm
    if side == "left":
        turns[..., 1] *= -1.0
    return frames.points_m[:, joints], turns


def hand_mesh(shape: HandShape, side: str = "right", thicker_m: float = 0.0, cell_m: float = FINE_M) -> HandMesh:
    """The skin of a hand, or of a glove that is so much thicker.

    Args:
        shape: lengths of the hand.
        side: ``right`` or ``left``.
        thicker_m: of a glove [m].
        cell_m: about how far vertices lie apart [m].

    Raises:
        InputError: no such side.
    """
    mesh = _right_hand(shape, thicker_m, 1000.0 * cell_m)
    if side == "right":
        return mesh
    places, turns = bone_places(hand_frames(shape, hand_still(REST_DEG, side)), side)
    return replace(
        mesh, vertices_m=mesh.vertices_m * [1.0, -1.0, 1.0], faces=mesh.faces[:, ::-1], places_m=places[0], turns=turns[0]
    )


@lru_cache(maxsize=4)
def _right_hand(shape: HandShape, thicker_m: float, cell_mm: float) -> HandMesh:
    frames = hand_frames(shape, hand_still(REST_DEG))
    points, turned = frames.points_m[0] * 1000.0, frames.turned[0]
    scale = shape.length_m * 1000.0 / _FORMED_MM
    parts = _digits(points, turned, scale * shape.girth), _palm(points, scale, shape)
    vertices, faces = _surface(lambda at: _blended(at, *parts) - 1000.0 * thicker_m, points, cell_mm)
    weights, paint = _bound(vertices, points, turned, scale)
    places, turns = bone_places(frames, "right")
    return HandMesh(vertices / 1000.0, faces, weights, paint, places[0], turns[0])


def _joint(digit: str, number: int) -> int:
    return HAND_21.index(f"{digit}_{'cmc' if digit == 'thumb' else 'mcp'}") + number


def _digits(points: FloatArray, turned: FloatArray, girth: float) -> list[list[Cone]]:
    """The cones of each digit; the last one ends so far before the tip that its end is there."""
    digits = []
    for digit in DIGITS:
        first, radii = _joint(digit, 0), np.array(_RADII_MM[digit]) * girth
        at = points[first : first + 4].copy()
        at[3] -= turned[first + 3, :, 0] * radii[3] * 0.75
        cones = [(at[n], at[n + 1], float(radii[n]), float(radii[n + 1])) for n in range(3)]
        # The pulp of the last phalanx, on the side of the palm.
        pulp = at[2:4] - turned[first + 2, :, 2] * 0.14 * radii[3]
        cones.append((0.55 * pulp[0] + 0.45 * pulp[1], pulp[1], float(1.02 * radii[3]), float(radii[3])))
        digits.append(cones)
    return digits


def _palm(points: FloatArray, scale: float, shape: HandShape) -> list[Cone]:
    """Metacarpals, the balls of thumb and little finger, webs between the fingers, wrist and forearm."""
    thick, wide = scale * shape.girth, scale * shape.width
    knuckles = [points[_joint(finger, 0)] for finger in FINGERS]
    radii = np.array([11.8, 12.0, 11.5, 10.5]) * thick
    deep = np.array([0.0, 0.0, -3.5 * thick])
    cones: list[Cone] = []
    for n, knuckle in enumerate(knuckles):
        base = np.array([6.0 * scale, (13.0 - 8.5 * n) * wide, -1.0 * thick])
        cones.append((base + deep, knuckle + deep, float(14.5 * thick), float(radii[n])))
    for n in range(3):
        cones.append((knuckles[n] + deep, knuckles[n + 1] + deep, float(radii[n]), float(radii[n + 1])))
        webs = [0.66 * points[_joint(finger, 0)] + 0.34 * points[_joint(finger, 1)] for finger in FINGERS[n : n + 2]]
        cones.append((webs[0] + deep, webs[1] + deep, float(7.5 * thick), float(7.0 * thick)))
    thumb = points[_joint("thumb", 0)], points[_joint("thumb", 1)]
    ball = np.array([22.0 * scale, 12.0 * wide, -13.0 * thick])
    cones.append((ball, 0.35 * thumb[0] + 0.65 * thumb[1] + deep, float(14.0 * thick), float(11.5 * thick)))
    cones.append((0.5 * (thumb[0] + thumb[1]), 0.6 * knuckles[0] + 0.4 * thumb[1] + deep, float(9.0 * thick), float(6.5 * thick)))
    little = np.array([20.0 * scale, -17.0 * wide, -12.0 * thick])
    cones.append((little, 0.3 * little + 0.7 * knuckles[3] + deep, float(13.5 * thick), float(11.0 * thick)))
    for y in (11.0 * wide, -11.0 * wide):
        cones.append((np.array([8.0, y, -2.0]), np.array([-35.0, 0.95 * y, -1.0]), float(17.0 * thick), float(17.5 * thick)))
        cones.append((np.array([-35.0, 0.95 * y, -1.0]), np.array([-130.0, y, -1.0]), float(17.5 * thick), float(25.0 * thick)))
    return cones


def _cone(at: FloatArray, cone: Cone) -> FloatArray:
    """Distance (N,) of points (N, 3) from a cone with round ends; near enough for cones that are slim."""
    start, end, first, last = cone
    along = end - start
    share = np.clip((at - start) @ along / max(float(along @ along), 1e-9), 0.0, 1.0)
    away = np.linalg.norm(at - start - share[:, None] * along, axis=1)
    distance: FloatArray = away - (first + share * (last - first))
    return distance


def _smooth_least(one: FloatArray, other: FloatArray, over: float) -> FloatArray:
    """The smaller of two distances, rounded off where they meet (Quilez, polynomial smooth minimum)."""
    share = np.clip(over - np.abs(one - other), 0.0, None) / over
    least: FloatArray = np.minimum(one, other) - 0.25 * over * share**2
    return least


def _blended(at: FloatArray, digits: list[list[Cone]], palm: list[Cone]) -> FloatArray:
    whole = _cone(at, palm[0])
    for cone in palm[1:]:
        whole = _smooth_least(whole, _cone(at, cone), _PALM_MM)
    fingers = np.full(len(at), np.inf)
    for cones in digits:
        digit = _cone(at, cones[0])
        for cone in cones[1:]:
            digit = _smooth_least(digit, _cone(at, cone), _WITHIN_MM)
        fingers = np.minimum(fingers, digit)
    return _smooth_least(whole, fingers, _TO_PALM_MM)


def _surface(
    distance: Callable[[FloatArray], FloatArray], points: FloatArray, cell_mm: float
) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """Vertices and faces of the surface where the distance is 0, by surface nets (Gibson 1998): one vertex in each cell."""
    low, high = points.min(0) - _MARGIN_MM - 8.0, points.max(0) + _MARGIN_MM + 8.0
    low, high = np.minimum(low, [-1000.0 * FOREARM_M, *-_FOREARM_MM]), np.maximum(high, [0.0, *_FOREARM_MM])
    counts = _BLOCK * np.ceil((high - low) / (_BLOCK * cell_mm)).astype(int)
    axes = [low[n] + cell_mm * np.arange(counts[n]) for n in range(3)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    value = _sampled(distance, grid, cell_mm)
    value[:2] = np.abs(value[:2])  # The end at the elbow is closed; the sleeve hides it.
    inside = value < 0
    total, crossings = np.zeros([*(np.array(value.shape) - 1), 3]), np.zeros(np.array(value.shape) - 1)
    for axis in range(3):
        near, far = _ends(value, axis)
        cut = (near < 0) != (far < 0)
        share = np.where(cut, near / np.where(cut, near - far, 1.0), 0.0)
        first, _ = _ends(grid, axis)
        place = first + 0.0
        place[..., axis] += share * cell_mm
        for one in (0, 1):
            for other in (0, 1):
                corner = tuple(_quarter(n, axis, one, other, cut.shape[n]) for n in range(3))
                total += np.where(cut[corner][..., None], place[corner], 0.0)
                crossings += cut[corner]
    number = np.full(crossings.shape, -1)
    number[crossings > 0] = np.arange(int((crossings > 0).sum()))
    vertices = total[crossings > 0] / crossings[crossings > 0][:, None]
    return vertices, np.concatenate([_faces(inside, number, axis) for axis in range(3)])


def _sampled(distance: Callable[[FloatArray], FloatArray], grid: FloatArray, cell_mm: float) -> FloatArray:
    """The distance on a grid (X, Y, Z, 3): exact near the surface, elsewhere that of the middle of a block, whose sign it has."""
    middle = grid[::_BLOCK, ::_BLOCK, ::_BLOCK] + 0.5 * (_BLOCK - 1) * cell_mm
    coarse = distance(middle.reshape(-1, 3)).reshape(middle.shape[:3])
    value = coarse
    for axis in range(3):
        value = value.repeat(_BLOCK, axis)
    near = np.abs(value) < 1.1 * _BLOCK * cell_mm
    value[near] = distance(grid[near])
    return value


def _ends(values: npt.NDArray[Any], axis: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Values at both ends of every edge of the grid along an axis."""
    return values.take(range(values.shape[axis] - 1), axis), values.take(range(1, values.shape[axis]), axis)


def _quarter(n: int, axis: int, one: int, other: int, size: int) -> slice:
    """Of the edges along ``axis``, which belong to a cell: all along it, first or second across it."""
    if n == axis:
        return slice(0, size)
    shift = one if n == (axis + 1) % 3 else other
    return slice(shift, size - 1 + shift)


def _faces(inside: BoolArray, number: npt.NDArray[np.intp], axis: int) -> npt.NDArray[np.intp]:
    """Two triangles round every edge along an axis that the surface cuts."""
    b, c = (axis + 1) % 3, (axis + 2) % 3
    near, far = _ends(inside, axis)
    edges = np.argwhere(near != far)
    edges = edges[(edges[:, b] > 0) & (edges[:, c] > 0)]
    edges = edges[(edges[:, b] < number.shape[b]) & (edges[:, c] < number.shape[c])]
    outward = inside[tuple(edges.T)]
    corners = []
    for db, dc in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
        cell = edges.copy()
        cell[:, b] += db
        cell[:, c] += dc
        corners.append(number[tuple(cell.T)])
    quad = np.stack(corners, axis=1)
    quad[~outward] = quad[~outward, ::-1]
    return np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]])


def _bound(vertices: FloatArray, points: FloatArray, turned: FloatArray, scale: float) -> tuple[FloatArray, FloatArray]:
    """Weights (N, B) of bones near each vertex, and paint (N, 2)."""
    starts = np.concatenate([[[-130.0, 0, 0], [0, 0, 0]], *(points[_joint(d, 0) : _joint(d, 0) + 3] for d in DIGITS)])
    ends = np.concatenate([[[0, 0, 0], points[_joint("middle", 0)]], *(points[_joint(d, 1) : _joint(d, 1) + 3] for d in DIGITS)])
    radii = np.array([18.0, 18.0, *(r for d in DIGITS for r in _RADII_MM[d][:3])]) * scale
    along = ends - starts
    share = np.einsum("nbk,bk->nb", vertices[:, None] - starts, along) / (along**2).sum(1)
    inside = np.clip(share, 0.0, 1.0)
    away = np.linalg.norm(vertices[:, None] - starts - inside[..., None] * along, axis=-1)
    for finger in FINGERS:  # The palm is as wide as its metacarpals.
        ray = points[_joint(finger, 0)]
        part = np.clip(vertices @ ray / (ray @ ray), 0.0, 1.0)
        away[:, 1] = np.minimum(away[:, 1], np.linalg.norm(vertices - part[:, None] * ray, axis=1))
    near = (radii / np.maximum(away, 1e-3)) ** _NEAREST_POWER
    nearest = near.argmax(1)
    near *= _NEIGHBOURS[nearest]
    weights = near / near.sum(1, keepdims=True)
    weights[weights < 0.02] = 0.0
    weights /= weights.sum(1, keepdims=True)
    turns = np.stack([turned[0], turned[0], *(turned[_joint(d, n)] for d in DIGITS for n in range(3))])
    at = np.arange(len(vertices))
    off = vertices - starts[nearest] - share[at, nearest][:, None] * along[nearest]
    up = np.einsum("nk,nk->n", off, turns[nearest][:, :, 2]) / np.maximum(np.linalg.norm(off, axis=1), 1e-6)
    marks = np.array([ALONG[name] for name in ("elbow", "wrist", "knuckle", "middle", "outer", "tip")])
    first = np.array([0, 1] + [2, 3, 4] * 5)
    first[2] = 1  # The thumb's metacarpal is palm.
    first[3:5] = 3, 4
    span = marks[first + 1] - marks[first]
    span[2] = marks[3] - marks[1]
    v = marks[first[nearest]] + np.clip(share[at, nearest], 0.0, 1.0) * span[nearest]
    return weights, np.clip(np.stack([0.5 - 0.5 * up, v], axis=1), 0.02, 0.985)


def _neighbours() -> FloatArray:
    """Which bones may share a vertex (B, B): each with those that it is joined to."""
    joined = np.eye(len(BONES))
    pairs = [(0, 1)] + [(1, 2 + 3 * d) for d in range(5)] + [(2 + 3 * d + n, 3 + 3 * d + n) for d in range(5) for n in range(2)]
    for one, other in pairs:
        joined[one, other] = joined[other, one] = 1.0
    return joined


_NEIGHBOURS = _neighbours()
