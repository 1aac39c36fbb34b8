"""The figure that shows an exercise, as data: keyframes of one repetition in a YAML file beside the exercise's own.

Two forms. ``angles_deg`` turns the joints of a body, seen from any side; a name without a side means both, angles that are left
out are 0, and a height that is left out puts the lowest point on the floor::

    period_s: 3.0
    angles_deg:
      hip_flexion: [0, 90]      # upright at the start, bent half way through, and back
      knee_flexion: [0, 100]

``points_m`` holds joints as one camera saw them, right and up, for movements that were learnt from clips.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError
from physio_core.exercises.flat import whole_body
from physio_core.exercises.keyframes import Rows, curve, read_rows, row_text
from physio_core.motion.kinematics import JOINT_ANGLES, BodyShape, Motion, positions
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray
from physio_core.yaml_file import read_yaml

FOLDER = "figures"
"""Folder of figures beside exercise files."""

PERIODS_S = (0.3, 30.0)
_SEAT_HALF_M, _BACK_M = 0.2, 0.42
_CORNERS = ((1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (-1.0, 1.0))
_CHAIR = (
    *(((*here, 0.0), (*there, 0.0)) for here, there in zip(_CORNERS, (*_CORNERS[1:], _CORNERS[0]), strict=True)),
    *(((*corner, 0.0), (*corner, -1.0)) for corner in _CORNERS),
    *(((*corner, 0.0), (*corner, _BACK_M)) for corner in _CORNERS[2:]),
    ((-1.0, -1.0, _BACK_M), (-1.0, 1.0, _BACK_M)),
)
"""Edges of a chair that faces x: in halves of its seat; height 0 is the seat's, -1 the floor, and above it in metres."""
_SIDES = ("left_", "right_")
_BOTH = tuple(dict.fromkeys(name.removeprefix("left_") for name in JOINT_ANGLES if name.startswith("left_")))
_AXES, _TURNS, _FLAT = ("x", "y", "z"), ("roll", "pitch", "yaw"), ("right", "up")
_KEYS = ("period_s", "bar_m", "seat_m", "root_m", "root_deg", "angles_deg", "points_m")


@dataclass(frozen=True, eq=False)
class Figure(ABC):
    """One repetition of a movement.

    Attributes:
        period_s: how long it takes [s].
        bar_m: height of a bar to hang from [m]; None: none.
    """

    period_s: float
    bar_m: float | None

    @abstractmethod
    def points_m(self, phase: FloatArray, heading_rad: float) -> FloatArray:
        """Joints (T, J, 3) [m] at phases (T,), in the order of :data:`~physio_core.motion.kinematics.BODY_JOINTS`.

        x is towards the viewer, y to the viewer's right, z up from the floor. The heading, from facing the viewer to the
        person's left [rad], turns a body; what one camera saw stays as it was seen.
        """

    def chair_m(self, heading_rad: float) -> FloatArray:
        """Edges (E, 2, 3) [m] of the chair that it needs, axes as in :meth:`points_m`; none: (0, 2, 3)."""
        return np.zeros((0, 2, 3))

    @abstractmethod
    def text(self) -> str:
        """The file's content."""


@dataclass(frozen=True, eq=False)
class Angles(Figure):
    """A body whose joints turn; see :class:`Figure`.

    Attributes:
        root_m: rows ``x``, ``y``, ``z`` of the pelvis [m].
        root_deg: rows ``roll``, ``pitch``, ``yaw`` of the pelvis [deg].
        angles_deg: rows by the names of joint angles [deg].
        seat_m: where the middle of a chair's seat is: forward, and up from the floor [m]; None: no chair.
    """

    root_m: Rows
    root_deg: Rows
    angles_deg: Rows
    seat_m: tuple[float, float] | None = None

    def chair_m(self, heading_rad: float) -> FloatArray:
        """See :class:`Figure`."""
        if self.seat_m is None:
            return super().chair_m(heading_rad)
        edges = np.array(_CHAIR) * [_SEAT_HALF_M, _SEAT_HALF_M, 1.0]
        edges[..., 2] = np.where(edges[..., 2] <= 0.0, self.seat_m[1] * (1.0 + edges[..., 2]), self.seat_m[1] + edges[..., 2])
        edges[..., 0] += self.seat_m[0]
        turn = np.array([[np.cos(heading_rad), -np.sin(heading_rad)], [np.sin(heading_rad), np.cos(heading_rad)]])
        edges[..., :2] = edges[..., :2] @ turn.T
        return edges

    def points_m(self, phase: FloatArray, heading_rad: float) -> FloatArray:
        """See :class:`Figure`."""
        shape, count = BodyShape(), len(phase)

        def columns(rows: Rows, names: tuple[str, ...]) -> FloatArray:
            found = [curve(rows[name], phase) if name in rows else np.zeros(count) for name in names]
            return np.stack(found, axis=-1)

        angles = {f"{side}{name}": row for name, row in self.angles_deg.items() for side in _SIDES if name in _BOTH}
        turned = np.radians(columns({**angles, **self.angles_deg}, JOINT_ANGLES))
        motion = Motion(turned, columns(self.root_m, _AXES), np.radians(columns(self.root_deg, _TURNS)))
        points = positions(shape, motion.placed(yaw_rad=heading_rad))
        if "z" not in self.root_m:
            points[..., 2] -= points[..., 2].min(axis=1, keepdims=True)
        return points

    def text(self) -> str:
        """See :class:`Figure`."""
        seat = "" if self.seat_m is None else row_text("seat_m", self.seat_m, "")
        return (_head(self) + seat) + "".join(
            f"{key}:\n" + "".join(row_text(name, row, "  ") for name, row in rows.items())
            for key, rows in (("root_m", self.root_m), ("root_deg", self.root_deg), ("angles_deg", self.angles_deg))
            if rows
        )


@dataclass(frozen=True, eq=False)
class Points(Figure):
    """Joints as one camera saw them; see :class:`Figure`.

    Attributes:
        seen_m: rows ``right`` and ``up`` [m] of each of the 18 joints of ``openpose_18``.
    """

    seen_m: Mapping[str, Rows]

    def points_m(self, phase: FloatArray, heading_rad: float) -> FloatArray:
        """See :class:`Figure`."""
        joints = [[curve(self.seen_m[joint][way], phase) for way in _FLAT] for joint in OPENPOSE_18.joints]
        return whole_body(np.moveaxis(np.array(joints), -1, 0))

    def text(self) -> str:
        """See :class:`Figure`."""
        lines = (
            f"  {joint}:\n" + "".join(row_text(way, rows[way], "    ") for way in _FLAT) for joint, rows in self.seen_m.items()
        )
        return _head(self) + "points_m:\n" + "".join(lines)


def load_figures(folder: Path) -> dict[str, Figure]:
    """The figures beside the exercise files of a folder, by name; none where it has no folder ``figures``.

    Raises:
        ConfigError: a file cannot be read, or holds what no figure can be drawn from.
    """
    return {path.stem: read_figure(path) for path in sorted((folder / FOLDER).glob("*.yaml"))}


def read_figure(path: Path) -> Figure:
    """One figure; errors as :func:`load_figures`."""
    data = read_yaml(path)
    if not isinstance(data, dict) or ("angles_deg" in data) == ("points_m" in data):
        raise ConfigError(f"{path}: needs period_s and one of angles_deg and points_m")
    if unknown := [str(key) for key in data if key not in _KEYS]:
        raise ConfigError(f"{path}: {unknown[0]!r} is not one of: {', '.join(_KEYS)}")
    period_s = _number(path, "period_s", data.get("period_s"), *PERIODS_S)
    bar_m = None if data.get("bar_m") is None else _number(path, "bar_m", data["bar_m"], 0.5, 3.5)
    if "points_m" in data:
        return Points(period_s, bar_m, _seen(data["points_m"], path))
    return Angles(
        period_s,
        bar_m,
        read_rows(data.get("root_m", {}), _AXES, f"{path}: root_m"),
        read_rows(data.get("root_deg", {}), _TURNS, f"{path}: root_deg"),
        read_rows(data["angles_deg"], (*JOINT_ANGLES, *_BOTH), f"{path}: angles_deg"),
        _seat(path, data.get("seat_m")),
    )


def _seen(data: Any, path: Path) -> dict[str, Rows]:
    if not isinstance(data, dict) or set(data) != set(OPENPOSE_18.joints):
        raise ConfigError(f"{path}: points_m needs each of: {', '.join(OPENPOSE_18.joints)}")
    found: dict[str, Rows] = {joint: read_rows(data[joint], _FLAT, f"{path}: {joint}") for joint in OPENPOSE_18.joints}
    for joint, rows in found.items():
        if set(rows) != set(_FLAT):
            raise ConfigError(f"{path}: {joint} needs both of: {', '.join(_FLAT)}")
    return found


def _number(path: Path, name: str, value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ConfigError(f"{path}: {name} = {value!r}; give a number from {low:g} to {high:g}")
    return float(value)


def _seat(path: Path, value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise ConfigError(f"{path}: seat_m = {value!r}; give two numbers [m]: how far forward the seat is, and how high")
    return _number(path, "seat_m", value[0], -2.0, 2.0), _number(path, "seat_m", value[1], 0.2, 1.0)


def _head(figure: Figure) -> str:
    return f"period_s: {figure.period_s:g}\n" + ("" if figure.bar_m is None else f"bar_m: {figure.bar_m:g}\n")
