"""Joint angles are data: ``config/angles/body.yaml`` says what each is measured between, its zero, its sign and its views.

What the keys mean stands at the head of that file; :mod:`physio_core.skeleton.angles` measures by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from physio_core.share import shared_path
from physio_core.skeleton.layouts import HAND_21, LAYOUTS
from physio_core.skeleton.remapping import SUBSTITUTES
from physio_core.yaml_file import Model, read_model

UP = "up"
Plane = Literal["own", "sagittal", "frontal"]
PLANES: tuple[Plane, ...] = get_args(Plane)
OWN, SAGITTAL, FRONTAL = PLANES
FlatView = Literal["front", "side"]
VIEWS: tuple[FlatView, ...] = get_args(FlatView)
"""From where a plane of the body lies in the image; seen obliquely none does, and a right angle reads 70 degrees."""

SpaceView = Literal["front", "oblique", "side"]
IN_SPACE_VIEWS: tuple[str, ...] = get_args(SpaceView)
"""From where joints can be brought into space (:mod:`physio_core.skeleton.lifting`)."""

BODY = frozenset({joint for one in LAYOUTS.values() if one is not HAND_21 for joint in one.joints} | set(SUBSTITUTES))
SIDED = frozenset(joint.removeprefix("left_") for joint in BODY if joint.startswith("left_"))
"""Joints that there are two of, without their side."""
_HAND = frozenset(HAND_21.joints)
_JOINTS = tuple(sorted(BODY | SIDED | _HAND))

Segment = tuple[str, str]


@dataclass(frozen=True)
class AngleDefinition:
    """One angle; see ``config/angles/body.yaml``.

    Attributes:
        name: with its side, e.g. ``left_knee_flexion``.
        first: segment (from, to) that the angle is counted from; None: the vertical, upwards.
        second: segment that it is counted to.
        plane: one of :data:`PLANES`.
        sign: +1 or -1.
        offset_deg: added after the sign [deg].
        lowest_deg: least value of an angle with a direction [deg].
        views: those of :data:`VIEWS` in which it can be measured in an image.
        zero: where it is 0, in words.
        positive: which way it grows, in words.
        in_space: those of :data:`IN_SPACE_VIEWS` in which it is rather measured in space, where the estimator guesses depth.
    """

    name: str
    first: Segment | None
    second: Segment
    plane: str
    sign: int
    offset_deg: float
    lowest_deg: float
    views: tuple[str, ...]
    zero: str
    positive: str
    in_space: tuple[str, ...] = ()

    @property
    def joints(self) -> tuple[str, ...]:
        """The joints that it is measured between, each once."""
        return tuple(dict.fromkeys((*(self.first or ()), *self.second)))


AngleTable = Mapping[str, AngleDefinition]
"""Definitions by name."""


def _one_of_them(joint: str) -> str:
    if joint not in _JOINTS:
        raise ValueError(f"{joint!r} is not one of: {', '.join(_JOINTS)}")
    return joint


def _different(count: int) -> AfterValidator:
    def check(joints: tuple[str, ...]) -> tuple[str, ...]:
        if len(joints) not in (0, count):
            raise ValueError(f"give {count} joints, got {len(joints)}")
        if len(set(joints)) < len(joints):
            raise ValueError(f"{', '.join(joints)}: an angle lies between different joints")
        return joints

    return AfterValidator(check)


_Joint = Annotated[str, AfterValidator(_one_of_them)]
_Line = Annotated[tuple[_Joint, ...], BeforeValidator(lambda ends: () if ends == UP else ends), _different(2)]
"""A segment; empty: the vertical."""
_Degrees = Annotated[float, Field(ge=-360.0, le=360.0)]
_Text = Annotated[str, Field(min_length=1)]


class _Entry(Model):
    """One entry of the file."""

    joints: Annotated[tuple[_Joint, ...], _different(3)] = ()
    segments: tuple[_Line, ...] = ()
    plane: Plane
    sign: Literal[1, -1] = 1
    offset_deg: _Degrees = 0.0
    lowest_deg: _Degrees = -180.0
    views: Annotated[tuple[FlatView, ...], Field(min_length=1)]
    in_space: tuple[SpaceView, ...] = ()
    zero: _Text
    positive: _Text

    @model_validator(mode="after")
    def _makes_sense(self) -> _Entry:
        if bool(self.joints) == bool(self.segments):
            raise ValueError("give one of joints and segments")
        if self.segments and (len(self.segments) != 2 or not self.segments[1]):
            raise ValueError(f"segments: give two of [from, to], the first may be {UP}")
        if not self.used <= BODY | SIDED:
            if not self.used <= _HAND:
                raise ValueError(f"{', '.join(sorted(self.used))} are not all of the body, nor all of one hand")
            if self.plane != OWN:
                raise ValueError(f"plane = {self.plane!r}; sagittal and frontal are of the body, a hand has: {OWN}")
        return self

    @property
    def lines(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Both segments; of three joints those from the middle one to the others."""
        if self.joints:
            a, b, c = self.joints
            return (b, a), (b, c)
        return self.segments[0], self.segments[1]

    @property
    def used(self) -> set[str]:
        """The joints as the file has them."""
        return {joint for line in self.lines for joint in line}

    @property
    def sided(self) -> set[str]:
        """The joints that stand for both sides; none of a hand does, although both have a wrist."""
        return self.used & SIDED if self.used <= BODY | SIDED else set()


def load_angles(path: Path | None = None) -> dict[str, AngleDefinition]:
    """Every angle of a table, the shipped one of the body by default, in the order of the file, left before right.

    Raises:
        ConfigError: the file cannot be read, or an angle lacks a key or holds an invalid value; the message has the line.
    """
    path = path or shared_path("config", "angles", "body.yaml")
    table: Any = Annotated[dict[str, _Entry], Field(min_length=1)]
    entries: dict[str, _Entry] = read_model(path, table)
    return {one.name: one for name, entry in entries.items() for one in _definitions(name, entry)}


def _definitions(name: str, entry: _Entry) -> list[AngleDefinition]:
    sided = entry.sided

    def of_side(line: tuple[str, ...], side: str) -> Segment:
        start, end = (side + joint if joint in sided else joint for joint in line)
        return start, end

    first, second = entry.lines
    return [
        AngleDefinition(
            side + name, of_side(first, side) if first else None, of_side(second, side), entry.plane, entry.sign,
            entry.offset_deg, entry.lowest_deg, entry.views, entry.zero, entry.positive, entry.in_space,
        )
        for side in (("left_", "right_") if sided else ("",))
    ]  # fmt: skip
