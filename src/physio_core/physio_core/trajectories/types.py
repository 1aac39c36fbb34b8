"""The twenty types of path as data, and the ideal path of each for an arm of any length.

They stand in ``config/trajectories/types``, one file a family, in units of the reach: the farthest that the hand comes from
the shoulder. A type is named as it is on the teaching device whose recordings it was measured on: circles ``clock_*`` and
``counter_*`` at the bottom, middle, top, left and right, and a big one; arcs ``h_*`` level and ``v_*`` upright, by the turn of
their plane; lines ``d_*`` aslant.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

import numpy as np
from pydantic import Field, model_validator

from physio_core.errors import ConfigError, InputError
from physio_core.share import shared_folder
from physio_core.trajectories.geometry import plane_through
from physio_core.trajectories.trajectory import MIRROR, SIDES, Side, Trajectory
from physio_core.types import FloatArray
from physio_core.yaml_file import Model, read_model

Family = Literal["circle", "arc", "line"]
FAMILIES: tuple[Family, ...] = get_args(Family)
Turn = Literal["", "clockwise", "counterclockwise"]
Vector = Annotated[tuple[float, ...], Field(min_length=3, max_length=3)]
IDEAL_POINTS = 200
LEAST_REACH_M, MOST_REACH_M = 0.2, 1.2
"""From shoulder to hand, of a child and of the tallest [m]."""
ALIKE = {"length": 0.2, "inclination": 20.0}
"""Types that differ by no more are the same but for where they are: share of the length, angle of plane or line [deg]."""


class TrajectoryType(Model):
    """One type of path, seen from the shoulder of the left arm, in units of the reach; see ``config/trajectories/types``.

    Attributes:
        family: circle, arc or line; arcs and lines go out and come back.
        centre: of the circle, or of that of which an arc is a part.
        normal: of its plane; of circles the side that looks forward.
        radius: of the circle.
        start: where it begins; of circles the point of it that lies closest.
        end: where arcs and lines turn.
        bow: how far the middle of a line lies away from the shoulder, beside the straight way, as a share of its length.
        turn: of circles, as whoever draws it sees it.
        duration_s: how long one drawing takes [s].
    """

    family: Family
    centre: Vector = (0.0, 0.0, 0.0)
    normal: Vector = (1.0, 0.0, 0.0)
    radius: Annotated[float, Field(ge=0.0, le=2.0)] = 0.0
    start: Vector
    end: Vector = (0.0, 0.0, 0.0)
    bow: Annotated[float, Field(ge=0.0, le=0.5)] = 0.0
    turn: Turn = ""
    duration_s: Annotated[float, Field(ge=1.0, le=60.0)]

    @model_validator(mode="after")
    def _whole(self) -> TrajectoryType:
        given = self.model_fields_set
        needs = {"circle": {"centre", "normal", "radius", "turn"}, "arc": {"centre", "normal", "radius", "end"}, "line": {"end"}}
        if missing := sorted(needs[self.family] - given):
            raise ValueError(f"a {self.family} needs {missing[0]}")
        if self.family != "line" and (self.radius <= 0.0 or not any(self.normal)):
            raise ValueError(f"a {self.family} needs a radius above 0 and a normal that is not 0 0 0")
        return self

    @property
    def returns(self) -> bool:
        """Whether it comes back on the way that it went."""
        return self.family != "circle"

    def shape(self, progress: FloatArray) -> FloatArray:
        """(n, 3) places at (n,) shares 0..1 of the way out, or once round, in units of the reach."""
        start, end = np.array(self.start), np.array(self.end)
        if self.family == "line":
            along = end - start
            away = (start + end) / 2.0 - along * float((start + end) / 2.0 @ along) / float(along @ along)
            aside = away / max(float(np.linalg.norm(away)), 1e-9) * np.linalg.norm(along) * self.bow
            return np.asarray(start + progress[:, None] * along + (4.0 * progress * (1.0 - progress))[:, None] * aside)
        centre = np.array(self.centre)
        plane = plane_through(centre, np.array(self.normal), start - centre)
        if self.family == "circle":
            span = 2.0 * np.pi * (1.0 if self.turn == "clockwise" else -1.0)
        else:
            last = plane.within(end[None])[0]
            span = float(np.arctan2(last[1], last[0]))
        angle = progress * span
        return plane.lifted(self.radius * np.column_stack([np.cos(angle), np.sin(angle)]))


@cache
def load_types(folder: Path | None = None) -> Mapping[str, TrajectoryType]:
    """Every type by name, in the order of the files; the shipped ones by default.

    Raises:
        ConfigError: a file cannot be read, lacks a key or holds an invalid value, or a name stands twice.
    """
    found: dict[str, TrajectoryType] = {}
    for path in sorted((folder or shared_folder("config", "trajectories", "types")).glob("*.yaml")):
        for name, one in read_model(path, dict[str, TrajectoryType]).items():
            if name in found:
                raise ConfigError(f"{path}: type {name!r} stands in another file too; keep one")
            found[name] = one
    if not found:
        raise ConfigError(f"no types of path (*.yaml) in {folder}")
    return found


def type_of(name: str) -> TrajectoryType:
    """The type of that name.

    Raises:
        InputError: there is none.
    """
    known = load_types()
    if name not in known:
        raise InputError(f"unknown type of path {name!r}; known: {', '.join(known)}")
    return known[name]


def ideal(name: str, reach_m: float, side: Side = "left", count: int = IDEAL_POINTS) -> Trajectory:
    """The path of a type as it is meant, drawn smoothly: at rest in the beginning, at turns and at the end.

    The right arm's lies as in a mirror; circles keep the sense in which whoever draws them sees them turn.

    Args:
        name: of the type.
        reach_m: from the shoulder to the hand of the stretched arm [m].
        side: of the arm.
        count: number of points, evenly spaced in time.

    Raises:
        InputError: unknown type or side, or a reach that no person has.
    """
    kind = type_of(name)
    if side not in SIDES:
        raise InputError(f"side {side!r} is not one of: {', '.join(SIDES)}")
    if not LEAST_REACH_M <= reach_m <= MOST_REACH_M:
        raise InputError(f"a reach of {reach_m:g} m; need {LEAST_REACH_M:g} .. {MOST_REACH_M:g} m from shoulder to hand")
    time = np.linspace(0.0, 1.0, count)
    progress = ease(1.0 - np.abs(1.0 - 2.0 * time)) if kind.returns else ease(time)
    if side == "right":
        progress = progress if kind.returns else 1.0 - progress
        places = kind.shape(progress) * MIRROR
    else:
        places = kind.shape(progress)
    return Trajectory(time * kind.duration_s, places * reach_m, side=side)


def differences(one: str, other: str) -> tuple[str, ...]:
    """In what two types differ besides where they are: shape, direction, size, inclination; empty: in nothing."""
    first, second = type_of(one), type_of(other)
    if first.family != second.family:
        return ("shape",)
    found = []
    if first.turn != second.turn:
        found.append("direction")
    ways = [ideal(name, 1.0) for name in (one, other)]
    lengths = sorted(way.length_m for way in ways)
    if lengths[1] > lengths[0] * (1.0 + ALIKE["length"]):
        found.append("size")
    axes = [_axis(kind) for kind in (first, second)]
    if np.degrees(np.arccos(min(abs(float(axes[0] @ axes[1])), 1.0))) > ALIKE["inclination"]:
        found.append("inclination")
    return tuple(found)


def _axis(kind: TrajectoryType) -> FloatArray:
    """(3,) of unit length: along a line, or the normal of a plane."""
    axis = np.array(kind.end) - np.array(kind.start) if kind.family == "line" else np.array(kind.normal)
    return np.asarray(axis / np.linalg.norm(axis))


def ease(share: FloatArray) -> FloatArray:
    """(n,) the way gone at shares of the time with the least jerk (T. Flash, N. Hogan, J. Neuroscience 5(7), 1985)."""
    return np.asarray(share**3 * (10.0 - 15.0 * share + 6.0 * share**2))
