"""The figure that shows an exercise, as data: keyframes of one repetition in a YAML file beside the exercise's own.

Two forms. ``angles_deg`` turns the joints of a body, seen from any side; a name without a side means both, angles that are left
out are 0, and a height that is left out puts the lowest point on the floor::

    period_s: 3.0
    angles_deg:
      hip_flexion: [0, 90]      # upright at the start, bent half way through, and back
      knee_flexion: [0, 100]

``points_m`` holds joints as one camera saw them, right and up, for movements that were learnt from clips.
The figure of a hand has ``hand_deg`` instead, see :mod:`physio_core.exercises.hand_figure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from physio_core.exercises.flat import whole_body
from physio_core.exercises.hand_figure import HAND_ROWS, HandAngles
from physio_core.exercises.keyframes import FileRow, Rows, curve, row_text
from physio_core.exercises.shown import Figure as Figure
from physio_core.motion.kinematics import JOINT_ANGLES, BodyShape, Motion, positions
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray
from physio_core.yaml_file import Model, mistake, read_model

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


def _one_of(*known: str) -> AfterValidator:
    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"is not one of: {', '.join(known)}")
        return name

    return AfterValidator(check)


class Seen(Model):
    """Where one camera saw a joint."""

    right: FileRow
    up: FileRow


class FigureFile(Model):
    """Everything that such a file may hold; what it means stands at :class:`Angles`, :class:`Points` and :class:`HandAngles`."""

    period_s: Annotated[float, Field(ge=PERIODS_S[0], le=PERIODS_S[1])]
    bar_m: Annotated[float, Field(ge=0.5, le=3.5)] | None = None
    seat_m: tuple[Annotated[float, Field(ge=-2.0, le=2.0)], Annotated[float, Field(ge=0.2, le=1.0)]] | None = None
    root_m: Mapping[Annotated[str, _one_of(*_AXES)], FileRow] = Field(default_factory=dict)
    root_deg: Mapping[Annotated[str, _one_of(*_TURNS)], FileRow] = Field(default_factory=dict)
    angles_deg: Mapping[Annotated[str, _one_of(*JOINT_ANGLES, *_BOTH)], FileRow] | None = None
    points_m: Mapping[Annotated[str, _one_of(*OPENPOSE_18.joints)], Seen] | None = None
    hand_deg: Mapping[Annotated[str, _one_of(*HAND_ROWS)], FileRow] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> FigureFile:
        if sum(form is not None for form in (self.angles_deg, self.points_m, self.hand_deg)) != 1:
            raise ValueError("give one of angles_deg, points_m and hand_deg")
        if self.points_m is not None and (lacks := [name for name in OPENPOSE_18.joints if name not in self.points_m]):
            raise mistake(("points_m",), f"{lacks[0]} is missing; needs each of: {', '.join(OPENPOSE_18.joints)}")
        return self


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

    def mirroring(self, side: str) -> Angles:
        """See :class:`Figure`. What moves alike on both sides rests on the other; in a mirror, left is the figure's right."""
        rests = {f"{side}_{name}": row[:1] for name, row in self.angles_deg.items() if name in _BOTH}
        return replace(self, angles_deg={**rests, **self.angles_deg})

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
    """One figure; errors as :func:`load_figures`, each with its line."""
    file = read_model(path, FigureFile)
    if file.hand_deg is not None:
        return HandAngles(file.period_s, None, file.hand_deg)
    if file.points_m is not None:
        seen = {joint: file.points_m[joint].model_dump() for joint in OPENPOSE_18.joints}
        return Points(file.period_s, file.bar_m, seen)
    return Angles(file.period_s, file.bar_m, file.root_m, file.root_deg, file.angles_deg or {}, file.seat_m)


def _head(figure: Figure) -> str:
    return f"period_s: {figure.period_s:g}\n" + ("" if figure.bar_m is None else f"bar_m: {figure.bar_m:g}\n")
