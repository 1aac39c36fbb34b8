"""Distances of the body are data: ``config/measures/body.yaml`` says what each is measured between, along which axis, its sign.

What the keys mean stands at the head of that file; :mod:`physio_core.skeleton.measures` measures by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from physio_core.share import shared_path
from physio_core.skeleton.angle_table import BODY, SIDED
from physio_core.yaml_file import Model, read_model

Axis = Literal["forward", "up", "across", "along", "level", "apart"]
AXES: tuple[Axis, ...] = get_args(Axis)
View = Literal["front", "side", "oblique"]
VIEWS: tuple[View, ...] = get_args(View)
"""From where a person can be seen; an angle of a plane of the body is shown by fewer (angle_table)."""
Line = Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class MeasureDefinition:
    """One distance; see ``config/measures/body.yaml``.

    Attributes:
        name: with its side, e.g. ``left_knee_past_toe``.
        start: the joint that it is measured from, or the two of a line.
        joint: the joint that is measured.
        axis: along which.
        sign: +1 or -1; of what is measured across, already with that of the side.
        views: those in which it can be measured in an image.
        zero: where it is 0, in words.
        positive: which way it grows, in words.
    """

    name: str
    start: tuple[str, ...]
    joint: str
    axis: Axis
    sign: int
    views: tuple[str, ...]
    zero: str
    positive: str

    @property
    def joints(self) -> tuple[str, ...]:
        """The joints that it is measured between."""
        return (*self.start, self.joint)


MeasureTable = Mapping[str, MeasureDefinition]
"""Definitions by name."""


class _Entry(Model):
    """One entry of the file."""

    start: Annotated[str | Line, Field(alias="from")]
    to: str
    axis: Axis
    sign: Literal[1, -1] = 1
    views: tuple[View, ...] = VIEWS
    zero: Text
    positive: Text

    @model_validator(mode="after")
    def _different_joints(self) -> _Entry:
        used = (*self.ends, self.to)
        if strange := [joint for joint in used if joint not in BODY | SIDED]:
            raise ValueError(f"{strange[0]!r} is not one of: {', '.join(sorted(BODY | SIDED))}")
        if len(set(used)) < len(used):
            raise ValueError(f"{', '.join(used)}: a distance lies between different joints")
        return self

    @property
    def ends(self) -> tuple[str, ...]:
        return (self.start,) if isinstance(self.start, str) else self.start


def load_measures(path: Path | None = None) -> dict[str, MeasureDefinition]:
    """Every distance of a table, the shipped one by default, in the order of the file, left before right.

    Raises:
        ConfigError: the file cannot be read, or a distance lacks a key or holds an invalid value.
    """
    entries = read_model(path or shared_path("config", "measures", "body.yaml"), dict[str, _Entry])
    return {one.name: one for name, entry in entries.items() for one in _definitions(name, entry)}


def _definitions(name: str, entry: _Entry) -> list[MeasureDefinition]:
    sides = ("left_", "right_") if {*entry.ends, entry.to} & SIDED else ("",)
    found = []
    for side in sides:
        start, joint = (tuple(side + one if one in SIDED else one for one in ends) for ends in (entry.ends, (entry.to,)))
        outward = -1 if entry.axis == "across" and side == "right_" else 1
        found.append(
            MeasureDefinition(
                side + name, start, joint[0], entry.axis, entry.sign * outward, entry.views, entry.zero, entry.positive
            )
        )
    return found
