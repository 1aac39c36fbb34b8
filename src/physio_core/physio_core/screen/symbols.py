"""The signs on the screen as strokes, because no font that can be relied on has them.

Points lie in a square from -0.5 to 0.5, y down; widths are in the same unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """A line with round ends, or the area that it closes; without ink it cuts into what lies below."""

    points: tuple[Point, ...]
    width: float = 0.14
    filled: bool = False
    ink: bool = True


def _line(*points: Point, width: float = 0.14) -> Stroke:
    return Stroke(points, width)


def _area(*points: Point, ink: bool = True) -> Stroke:
    return Stroke((*points, points[0]), 0.05, filled=True, ink=ink)


def _arc(x: float, y: float, radius: float, start_deg: float, end_deg: float, width: float = 0.1) -> Stroke:
    steps = max(int(abs(end_deg - start_deg) / 6), 8)
    angles = [math.radians(start_deg + (end_deg - start_deg) * step / steps) for step in range(steps + 1)]
    return Stroke(tuple((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles), width)


def _dot(x: float, y: float, radius: float, ink: bool = True) -> Stroke:
    return Stroke(((x, y),), 2 * radius, ink=ink)


def _star(outer: float, inner: float, ink: bool = True) -> Stroke:
    """Five points."""
    radii = [inner if step % 2 else outer for step in range(10)]
    turns = [step * math.pi / 5 for step in range(10)]
    return _area(
        *((radius * math.sin(turn), -radius * math.cos(turn)) for radius, turn in zip(radii, turns, strict=True)), ink=ink
    )


def _person(x: float, size: float) -> tuple[Stroke, ...]:
    """Head, trunk, arms and legs of a small standing figure."""
    place = [
        (px * size + x, py * size) for px, py in ((0, -0.2), (0, 0.08), (-0.16, 0.0), (0.16, 0.0), (-0.1, 0.46), (0.1, 0.46))
    ]
    neck, hip, left, right, foot_left, foot_right = place
    width = 0.1 * size
    return (
        _dot(x, -0.37 * size, 0.13 * size),
        _line(neck, hip, width=0.16 * size),
        _line(left, neck, right, width=width),
        _line(foot_left, hip, foot_right, width=width),
    )


def _rays(count: int, inner: float, outer: float) -> tuple[Stroke, ...]:
    turns = [step * math.tau / count for step in range(count)]
    return tuple(_line(*((far * math.cos(turn), far * math.sin(turn)) for far in (inner, outer)), width=0.1) for turn in turns)


_FINGER_TIPS = ((-0.27, -0.3), (-0.1, -0.44), (0.07, -0.42), (0.23, -0.3))
_BODY = _area((-0.3, 0.0), (0.3, 0.0), (0.3, 0.4), (-0.3, 0.4))

SYMBOLS: dict[str, tuple[Stroke, ...]] = {
    "check": (_line((-0.42, 0.04), (-0.12, 0.34), (0.44, -0.32), width=0.18),),
    "cross": (_line((-0.34, -0.34), (0.34, 0.34), width=0.18), _line((0.34, -0.34), (-0.34, 0.34), width=0.18)),
    "question": (
        _arc(0.0, -0.2, 0.24, -200, 60, 0.15),
        _line((0.12, 0.008), (0.0, 0.12), (0.0, 0.2), width=0.15),
        _dot(0.0, 0.42, 0.09),
    ),
    "eye": (
        _arc(0.0, 0.35, 0.6, -139, -41, 0.09),
        _arc(0.0, -0.43, 0.6, 41, 139, 0.09),
        _dot(0.0, -0.04, 0.14),
    ),
    "play": (_area((-0.26, -0.38), (0.4, 0.0), (-0.26, 0.38)),),
    "pause": (_line((-0.19, -0.3), (-0.19, 0.3), width=0.2), _line((0.19, -0.3), (0.19, 0.3), width=0.2)),
    "stop": (_area((-0.32, -0.32), (0.32, -0.32), (0.32, 0.32), (-0.32, 0.32)),),
    "next": (_area((-0.38, -0.3), (0.12, 0.0), (-0.38, 0.3)), _line((0.32, -0.3), (0.32, 0.3), width=0.13)),
    "before": (_area((0.38, -0.3), (-0.12, 0.0), (0.38, 0.3)), _line((-0.32, -0.3), (-0.32, 0.3), width=0.13)),
    "back": (_line((0.38, 0.0), (-0.36, 0.0)), _line((-0.08, -0.28), (-0.36, 0.0), (-0.08, 0.28))),
    "undo": (_arc(0.04, 0.04, 0.3, -150, 140, 0.12), _area((-0.46, -0.3), (-0.06, -0.2), (-0.38, 0.1))),
    "repeat": (
        _arc(0.0, 0.0, 0.33, -160, 70, 0.11),
        _arc(0.0, 0.0, 0.33, 110, 160, 0.11),
        _area((-0.1, 0.16), (0.2, 0.42), (-0.16, 0.5)),
    ),
    "list": tuple(
        stroke for y in (-0.3, 0.0, 0.3) for stroke in (_dot(-0.36, y, 0.075), _line((-0.12, y), (0.38, y), width=0.12))
    ),
    "star": (_star(0.48, 0.21),),
    "no_star": (_star(0.48, 0.21), _star(0.33, 0.145, ink=False)),
    "path_start": (_dot(0.0, 0.0, 0.4),),
    "path_end": (_arc(0.0, 0.0, 0.68, 0, 360, 0.12), _star(0.46, 0.21), _star(0.22, 0.1, ink=False)),
    "hurts": (_area((-0.1, -0.48), (0.26, -0.48), (0.08, -0.1), (0.3, -0.1), (-0.18, 0.5), (-0.04, 0.06), (-0.28, 0.06)),),
    "speaks": (
        _area((-0.44, -0.36), (0.44, -0.36), (0.44, 0.18), (-0.04, 0.18), (-0.26, 0.44), (-0.26, 0.18), (-0.44, 0.18)),
        *(_dot(x, -0.09, 0.07, ink=False) for x in (-0.22, 0.0, 0.22)),
    ),
    "warning": (
        _area((0.0, -0.46), (0.5, 0.42), (-0.5, 0.42)),
        Stroke(((0.0, -0.14), (0.0, 0.12)), 0.12, ink=False),
        _dot(0.0, 0.28, 0.065, ink=False),
    ),
    "hello": (_dot(-0.2, -0.14, 0.08), _dot(0.2, -0.14, 0.08), _arc(0.0, 0.0, 0.34, 20, 160, 0.11)),
    "hand": (
        _area((-0.24, 0.0), (0.2, 0.0), (0.2, 0.26), (0.06, 0.44), (-0.14, 0.44), (-0.24, 0.28)),
        *(_line((x, 0.02), tip, width=0.11) for x, tip in zip((-0.21, -0.08, 0.05, 0.17), _FINGER_TIPS, strict=True)),
        _line((0.16, 0.26), (0.41, -0.02), width=0.12),
    ),
    "light": (_dot(0.0, 0.0, 0.2), *_rays(8, 0.31, 0.46)),
    "onward": (_line((-0.38, 0.0), (0.36, 0.0)), _line((0.08, -0.28), (0.36, 0.0), (0.08, 0.28))),
    "person": _person(0.0, 1.0),
    "persons": (*_person(-0.26, 0.8), *_person(0.26, 0.8)),
    "step_back": (
        *_person(-0.26, 0.7),
        _line((0.02, 0.0), (0.44, 0.0), width=0.11),
        _line((0.26, -0.2), (0.46, 0.0), (0.26, 0.2), width=0.11),
    ),
    "wait": (_arc(0.0, 0.0, 0.4, 0, 360, 0.11), _line((0.0, -0.22), (0.0, 0.02), (0.17, 0.14), width=0.11)),
    "no_camera": (
        _area((-0.44, -0.22), (0.44, -0.22), (0.44, 0.32), (-0.44, 0.32)),
        _area((-0.16, -0.34), (0.16, -0.34), (0.2, -0.2), (-0.2, -0.2)),
        _dot(0.0, 0.05, 0.19, ink=False),
        _dot(0.0, 0.05, 0.1),
        Stroke(((-0.44, -0.44), (0.44, 0.44)), 0.2, ink=False),
        _line((-0.44, -0.44), (0.44, 0.44), width=0.1),
    ),
    "lock": (_BODY, _arc(0.0, -0.04, 0.2, 180, 360, 0.1)),
    "unlock": (_BODY, _arc(-0.0, -0.12, 0.2, 180, 340, 0.1), _line((-0.2, -0.12), (-0.2, 0.0), width=0.1)),
}
"""Strokes of each sign, in drawing order."""
