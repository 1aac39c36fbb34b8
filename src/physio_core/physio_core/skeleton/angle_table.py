"""Joint angles are data: ``config/angles/body.yaml`` says what each is measured between, its zero, its sign and its views.

What the keys mean stands at the head of that file; :mod:`physio_core.skeleton.angles` measures by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_core.skeleton.layouts import HAND_21, LAYOUTS
from physio_core.skeleton.remapping import SUBSTITUTES
from physio_core.yaml_file import read_yaml

UP = "up"
OWN, SAGITTAL, FRONTAL = "own", "sagittal", "frontal"
PLANES = (OWN, SAGITTAL, FRONTAL)
VIEWS = ("front", "side")
"""From where a plane of the body lies in the image; seen obliquely none does, and a right angle reads 70 degrees."""

IN_SPACE_VIEWS = ("front", "oblique", "side")
"""From where joints can be brought into space (:mod:`physio_core.skeleton.lifting`)."""

_KEYS = ("joints", "segments", "plane", "sign", "offset_deg", "lowest_deg", "views", "in_space", "zero", "positive")
BODY = frozenset({joint for one in LAYOUTS.values() if one is not HAND_21 for joint in one.joints} | set(SUBSTITUTES))
SIDED = frozenset(joint.removeprefix("left_") for joint in BODY if joint.startswith("left_"))
"""Joints that there are two of, without their side."""
_HAND = frozenset(HAND_21.joints)
_JOINTS = tuple(sorted(BODY | SIDED | _HAND))
_NUMBERS = {"offset_deg": 0.0, "lowest_deg": -180.0}

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


def load_angles(path: Path | None = None) -> dict[str, AngleDefinition]:
    """Every angle of a table, the shipped one of the body by default, in the order of the file, left before right.

    Raises:
        ConfigError: the file cannot be read, or an angle lacks a key or holds an invalid value.
    """
    path = path or shared_path("config", "angles", "body.yaml")
    data = read_yaml(path)
    if not isinstance(data, dict) or not data:
        raise ConfigError(f"{path}: needs at least one angle, e.g. knee_flexion: with joints, plane, views, zero, positive")
    return {one.name: one for name, entry in data.items() for one in _definitions(f"{path}: {name}", str(name), entry)}


def _definitions(where: str, name: str, entry: Any) -> list[AngleDefinition]:
    if not isinstance(entry, dict):
        raise ConfigError(f"{where}: needs keys of: {', '.join(_KEYS)}")
    if unknown := [str(key) for key in entry if key not in _KEYS]:
        raise ConfigError(f"{where}: {unknown[0]!r} is not one of: {', '.join(_KEYS)}")
    first, second = _segments(where, entry)
    plane = _choice(f"{where}: plane", entry.get("plane"), PLANES)
    sided = _sided(where, {*(first or ()), *second}, plane)
    views = entry.get("views")
    if not isinstance(views, list) or not views:
        raise ConfigError(f"{where}: views = {views!r}; give a list of: {', '.join(VIEWS)}")
    sign = entry.get("sign", 1)
    if sign not in (1, -1) or isinstance(sign, bool):
        raise ConfigError(f"{where}: sign = {sign!r} is not one of: 1, -1")
    offset_deg, lowest_deg = (_number(f"{where}: {key}", entry.get(key, default)) for key, default in _NUMBERS.items())
    seen = tuple(_choice(f"{where}: views", view, VIEWS) for view in views)
    in_space = _in_space(f"{where}: in_space", entry.get("in_space", []))
    zero, positive = (_text(f"{where}: {key}", entry.get(key)) for key in ("zero", "positive"))

    def of_side(segment: Segment, side: str) -> Segment:
        start, end = (side + joint if joint in sided else joint for joint in segment)
        return start, end

    return [
        AngleDefinition(
            side + name, None if first is None else of_side(first, side), of_side(second, side), plane, sign,
            offset_deg, lowest_deg, seen, zero, positive, in_space,
        )
        for side in (("left_", "right_") if sided else ("",))
    ]  # fmt: skip


def _in_space(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ConfigError(f"{where} = {value!r}; give a list of: {', '.join(IN_SPACE_VIEWS)}")
    return tuple(_choice(where, view, IN_SPACE_VIEWS) for view in value)


def _sided(where: str, used: set[str], plane: str) -> set[str]:
    """The joints that stand for both sides; none of a hand does, although both have a wrist."""
    if used <= BODY | SIDED:
        return used & SIDED
    if not used <= _HAND:
        raise ConfigError(f"{where}: {', '.join(sorted(used))} are not all of the body, nor all of one hand")
    if plane != OWN:
        raise ConfigError(f"{where}: plane = {plane!r}; sagittal and frontal are of the body, a hand has: {OWN}")
    return set()


def _segments(where: str, entry: Mapping[str, Any]) -> tuple[Segment | None, Segment]:
    """The two segments; three joints are those from the middle one to the others."""
    if ("joints" in entry) == ("segments" in entry):
        raise ConfigError(f"{where}: needs one of joints and segments")
    if "joints" in entry:
        a, b, c = _joints(f"{where}: joints", entry["joints"], 3)
        return (b, a), (b, c)
    pair = entry["segments"]
    if not isinstance(pair, list) or len(pair) != 2:
        raise ConfigError(f"{where}: segments = {pair!r}; give two of [from, to], the first may be {UP}")
    start, end = _joints(f"{where}: segments", pair[1], 2)
    if pair[0] == UP:
        return None, (start, end)
    a, b = _joints(f"{where}: segments", pair[0], 2)
    return (a, b), (start, end)


def _joints(where: str, value: Any, count: int) -> list[str]:
    if not isinstance(value, list) or len(value) != count:
        raise ConfigError(f"{where} = {value!r}; give {count} joints")
    for joint in value:
        if value.count(joint) > 1:
            raise ConfigError(f"{where} = {value!r}: {joint} stands twice; an angle lies between different joints")
        if joint not in _JOINTS:
            raise ConfigError(f"{where}: {joint!r} is not one of: {', '.join(_JOINTS)}")
    return [str(joint) for joint in value]


def _choice(where: str, value: Any, valid: tuple[str, ...]) -> str:
    if value not in valid:
        raise ConfigError(f"{where} = {value!r} is not one of: {', '.join(valid)}")
    return str(value)


def _number(where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -360.0 <= value <= 360.0:
        raise ConfigError(f"{where} = {value!r}; give a number from -360 to 360 [deg]")
    return float(value)


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{where} = {value!r}; say it in words")
    return value
