"""What can be measured of a drawn path, as plain numbers without unit: of a circle, an arc or a line.

A path of any shape can be measured as any family, so that a line drawn where a circle was asked for is a poor circle, not an
error. Deviations are told by the size of the path itself, sizes and distances by the path that was asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from physio_core.skeleton.smoothness import sparc
from physio_core.trajectories.geometry import Plane, area_vector, fit_circle, fit_line, fit_plane
from physio_core.trajectories.trajectory import LEAST_EXTENT_M, Trajectory
from physio_core.trajectories.types import Family
from physio_core.types import FloatArray

POINTS = 100
"""Evenly along the way, so that pauses and haste do not change the shape."""
CIRCLE_BEGINNINGS = 4
"""Every fourth point is tried as the one where a circle begins."""
SPEED_RATE_HZ = 50.0
SPEED_POINTS = 200
"""At most, of the course of the speed: a slow path is as smooth as a quick one."""

Measures = Mapping[str, float]
"""Numbers by the name of the term, as in ``config/trajectories/score.yaml``."""


@dataclass(frozen=True)
class Meant:
    """The path that was asked for, with what others are told by.

    Attributes:
        path: the ideal one.
        family: its family.
        points: (POINTS, 3) of it, evenly along the way [m].
        size_m: its greatest extent [m].
        reach_m: of the arm [m].
        axis: (3,) of unit length: along the line, or the normal of the plane, about which a circle turns.
        measures: its own numbers.
    """

    path: Trajectory
    family: Family
    points: FloatArray
    size_m: float
    reach_m: float
    axis: FloatArray
    measures: Measures


def meant(path: Trajectory, family: Family, reach_m: float) -> Meant:
    """What a path that is asked for is compared by."""
    points = path.by_length(POINTS).positions_m
    size_m = float(np.linalg.norm(points[:, None] - points[None], axis=2).max())
    axis = _axis(points, family)
    first = Meant(path, family, points, size_m, reach_m, axis, {})
    return Meant(path, family, points, size_m, reach_m, axis, measure(path, first))


def measure(path: Trajectory, asked: Meant) -> dict[str, float]:
    """Every number of a path, of the family that was asked for; see ``config/trajectories/score.yaml`` for what each means."""
    points = path.by_length(POINTS).positions_m
    found = {
        "shape": _shape(points, asked),
        "place": float(np.linalg.norm(points.mean(axis=0) - asked.points.mean(axis=0)) / asked.reach_m),
        "length": math.log(path.length_m / asked.path.length_m),
        "tempo": math.log(path.duration_s / asked.path.duration_s),
        "smoothness": _smoothness(path),
    }
    return found | {"circle": _circle, "arc": _arc, "line": _line}[asked.family](points, asked)


def turned(plane: Plane, points: FloatArray, about: FloatArray) -> float:
    """How far points (n, 3) turn about their middle within a plane, as seen along ``about`` (3,).

    Returns:
        1 for a whole turn; negative: the other way.
    """
    flat = plane.within(points)
    flat = flat - (flat.max(axis=0) + flat.min(axis=0)) / 2.0
    steps = np.diff(np.unwrap(np.arctan2(flat[:, 1], flat[:, 0])))
    return float(steps.sum() / (2.0 * np.pi) * np.sign(plane.normal @ about))


def _circle(points: FloatArray, asked: Meant) -> dict[str, float]:
    plane = fit_plane(points)
    size_m = max(2.0 * float(np.hypot(plane.spread[0], plane.spread[1])), LEAST_EXTENT_M)
    extent = np.ptp(plane.within(points), axis=0)
    turn = turned(plane, points, asked.axis)
    return {
        "plane": plane.off_m / size_m,
        "inclination": _angle(plane.normal, asked.axis),
        "radius": math.log(size_m / asked.size_m),
        "flattening": max(1.0 - float(extent[1] / extent[0]), 0.0),
        "closure": float(np.linalg.norm(points[-1] - points[0])) / size_m,
        "turn": abs(turn),
        "direction": 1.0 if turn > 0.0 else 0.0,
    }


def _arc(points: FloatArray, asked: Meant) -> dict[str, float]:
    plane = fit_plane(points)
    out, back, far = _ways(points)
    wanted_out, _, wanted_far = _ways(asked.points)
    circle = fit_circle(plane.within(out))
    size_m = _size(points[0], far)
    return {
        "plane": plane.off_m / size_m,
        "inclination": _angle(plane.normal, asked.axis),
        "heading": _angle(far - points[0], wanted_far - asked.points[0], signed=True),
        "bend": _bend(out, wanted_out),
        "roundness": min(circle.off_m / size_m, 1.0),
        "angle": _span(out) / max(_span(wanted_out), 1e-6),
        "there_and_back": _apart(out, back) / size_m,
        "closure": float(np.linalg.norm(points[-1] - points[0])) / size_m,
    }


def _line(points: FloatArray, asked: Meant) -> dict[str, float]:
    out, back, far = _ways(points)
    _, _, wanted_far = _ways(asked.points)
    direction, _ = fit_line(out)
    size_m = _size(points[0], far)
    return {
        "straightness": _sideways(out) / size_m,
        "inclination": _angle(direction, asked.axis),
        "heading": _angle(far - points[0], wanted_far - asked.points[0], signed=True),
        "end": float(np.linalg.norm((far - points[0]) - (wanted_far - asked.points[0]))) / asked.size_m,
        "there_and_back": _apart(out, back) / size_m,
        "closure": float(np.linalg.norm(points[-1] - points[0])) / size_m,
    }


def _axis(points: FloatArray, family: Family) -> FloatArray:
    if family == "line":
        return fit_line(_ways(points)[0])[0]
    normal = fit_plane(points).normal
    return np.asarray(normal if normal @ area_vector(points) >= 0.0 else -normal)


def _ways(points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The way out, to the point farthest from the start, the way back, and that point."""
    last = len(points) - 2
    far = int(np.clip(np.argmax(np.linalg.norm(points - points[0], axis=1)), 1, last))
    return points[: far + 1], points[far:], points[far]


def _size(start: FloatArray, far: FloatArray) -> float:
    return max(float(np.linalg.norm(far - start)), LEAST_EXTENT_M)


def _angle(one: FloatArray, other: FloatArray, signed: bool = False) -> float:
    """Between two directions (3,), as a share of a right angle; a plane or a line has no sign and is at most 1."""
    cosine = float(one @ other) / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-12)
    return float(np.arccos(np.clip(cosine if signed else abs(cosine), -1.0, 1.0)) / (np.pi / 2.0))


def _shape(points: FloatArray, asked: Meant) -> float:
    """Mean distance from the path asked for at the same share of the way, both of one size and in one place.

    A circle may begin anywhere, so the best of all beginnings counts.
    """
    drawn, wanted = (one - one.mean(axis=0) for one in (points, asked.points))
    drawn = drawn * np.sqrt((wanted**2).sum() / max(float((drawn**2).sum()), 1e-12))
    if asked.family == "circle":
        begun = np.arange(0, POINTS, CIRCLE_BEGINNINGS)
        drawn = drawn[(begun[:, None] + np.arange(POINTS)) % POINTS]
    return float(np.linalg.norm(drawn - wanted, axis=-1).mean(axis=-1).min()) / asked.size_m


def _bend(out: FloatArray, wanted: FloatArray) -> float:
    """How far the middle of the way out lies beside the straight way, against how far it should; 1: as it should, 0: straight."""
    aside, should = _aside(out), _aside(wanted)
    return float(aside @ should) / max(float(should @ should), 1e-12)


def _aside(out: FloatArray) -> FloatArray:
    middle = out[[len(out) // 2 - 1, len(out) // 2, min(len(out) // 2 + 1, len(out) - 1)]].mean(axis=0)
    along = out[-1] - out[0]
    length = float(np.linalg.norm(along))
    beside = middle - out[0]
    beside = beside - along * float(beside @ along) / max(length**2, 1e-12)
    return np.asarray(beside / max(length, 1e-9))


def _sideways(out: FloatArray) -> float:
    """Root mean square beside the straight way as the shoulder sees it [m]: an arm bows its lines away from there."""
    across = np.cross(out[-1] - out[0], (out[-1] + out[0]) / 2.0)
    beside = (out - out[0]) @ (across / max(float(np.linalg.norm(across)), 1e-12))
    return float(np.sqrt((beside**2).mean()))


def _span(out: FloatArray) -> float:
    """Angle of the arc through the ends and the middle of the way out [rad]: what chord and sagitta say."""
    sagitta = float(np.linalg.norm(_aside(out)))
    return 4.0 * math.atan(2.0 * sagitta)


def _apart(out: FloatArray, back: FloatArray) -> float:
    """Mean distance between the way out and the way back, at the same shares of each [m]."""
    share = np.linspace(0.0, 1.0, POINTS // 2)
    ways = [_along(way, share) for way in (out, back[::-1])]
    return float(np.linalg.norm(ways[0] - ways[1], axis=1).mean())


def _along(way: FloatArray, share: FloatArray) -> FloatArray:
    return np.column_stack([np.interp(share, np.linspace(0.0, 1.0, len(way)), column) for column in way.T])


def _smoothness(path: Trajectory) -> float:
    """Spectral arc length of the speed, in parts of 10; lower is less smooth."""
    count = int(np.clip(path.duration_s * SPEED_RATE_HZ, 30, SPEED_POINTS))
    even = path.by_time(count)
    speed = np.linalg.norm(np.gradient(even.positions_m, even.stamps_s, axis=0), axis=1)
    found = sparc(speed, (count - 1) / path.duration_s)
    return 0.0 if math.isnan(found) else found / 10.0
