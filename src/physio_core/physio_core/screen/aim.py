"""Where the patient's movement is to go, on her own skeleton: an arc at the joint that bends, or a line at a height.

A repetition goes by its exercise's signal (:class:`~physio_core.exercises.definition.Signal`): this draws the same angle or
height where it is seen, with the value now and the one to reach. Where a joint is not seen, nothing is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from physio_core.errors import ConfigError
from physio_core.exercises.definition import RepetitionDefinition, Signal
from physio_core.skeleton.bends import between_deg, ends_of, load_bends
from physio_core.skeleton.body_size import BONES, BodySize
from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import Layout, layout_named
from physio_core.skeleton.measure_table import MeasureDefinition, load_measures
from physio_core.skeleton.measures import TRUNK_CM
from physio_core.skeleton.remapping import remap
from physio_core.types import Side, Skeleton

TICK = 0.25
"""How far the mark at the target of an arc reaches to either side of it, as a share of its radius."""
REACHED = 0.9
"""Share of the way that is asked for from which it counts as reached."""
BENT_DEG = 15.0
"""A joint that is straight or folded to within this bends whichever way its joints err; the way that it bent before counts."""

_ARC_STEP_RAD = math.radians(4.0)

Place = tuple[float, float]
_SIDES = (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True)
class Aim:
    """What is aimed at.

    Attributes:
        signal: what shows how far a repetition has gone.
        sides: those that are to move; both: they move together.
        extent: share of the way from rest to target that is asked for.
    """

    signal: Signal
    sides: tuple[Side, ...]
    extent: float = 1.0


def aim_of(definition: RepetitionDefinition, side: Side, extent: float) -> Aim | None:
    """What is aimed at in an exercise, from wherever it is seen; None: no signal is an angle in the image or a height."""
    signal = next((one for one in definition.signals if _drawable(one) and not one.views), None)
    sides = (side,) if side and definition.sides != "together" else _SIDES
    return Aim(signal, sides, extent) if signal else None


@dataclass(frozen=True)
class Sighting:
    """One person as she is seen now.

    Attributes:
        places: of the joints that are seen, (x, y) as shares of the image as in a mirror.
        bends: by angle, which way its joint bends in that image, +1 or -1.
        trunk: length of the trunk as a share of the image's height; NaN: not known.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    bends: Mapping[str, float] = field(default_factory=dict)
    trunk: float = math.nan


class Sight:
    """Follows one person's joints; remembers which way each bends and how large she is."""

    def __init__(self) -> None:
        """Start without a person."""
        self.seen = Sighting()
        self._bends: dict[str, float] = {}
        joints = _joints()
        self._layout = Layout("aim", joints, (), joints[0])
        self._size = BodySize({joint: index for index, joint in enumerate(joints)})

    def update(self, skeleton: Skeleton) -> None:
        """Take the newest skeleton."""
        self.seen = Sighting()
        if not skeleton.tracked or not skeleton.width_px or not skeleton.height_px:
            return
        try:
            layout = layout_named(skeleton.layout)
            if len(skeleton.points) != len(layout.joints):
                return
            at, sure = remap(skeleton.points[:, :2].astype(float), skeleton.confidence.astype(float), layout, self._layout)
        except ConfigError:
            return
        at[:, 0] = 1.0 - at[:, 0]
        usable = (sure >= VISIBLE) & np.isfinite(at).all(axis=1) & (np.abs(at - 0.5) < 1.0).all(axis=1)
        aspect = skeleton.width_px / skeleton.height_px
        scaled = np.where(usable[:, None], at, 0.0) * (aspect, 1.0)
        trunk = float(self._size.measure(scaled[None], np.where(usable, sure, 0.0)[None])[0])
        places = {joint: (float(x), float(y)) for joint, (x, y), so in zip(self._layout.joints, at, usable, strict=True) if so}
        for name, angle in load_bends().items():
            ends = ends_of(angle)
            if all(joint in places for joint in ends):
                first, middle, last = (complex(places[joint][0] * aspect, places[joint][1]) for joint in ends)
                if BENT_DEG < _turn_deg(first, middle, last) < 180.0 - BENT_DEG:
                    self._bends[name] = math.copysign(1.0, ((first - middle).conjugate() * (last - middle)).imag)
        self.seen = Sighting(places, dict(self._bends), trunk)


@dataclass(frozen=True)
class ArcMark:
    """An arc at a joint [px, rad clockwise from the right]: from rest to the target, with the value now."""

    centre_px: Place
    radius_px: float
    rest_rad: float
    target_rad: float
    now_rad: float
    reached: bool

    def at(self, turn_rad: float, far: float = 1.0) -> Place:
        """A place in a direction, so far from the joint as a share of the radius."""
        (x, y), away = self.centre_px, far * self.radius_px
        return x + away * math.cos(turn_rad), y + away * math.sin(turn_rad)

    def way(self, from_rad: float, to_rad: float) -> tuple[Place, ...]:
        """Places along the arc, near enough to each other for a round line."""
        steps = max(int(abs(to_rad - from_rad) / _ARC_STEP_RAD), 1)
        return tuple(self.at(from_rad + (to_rad - from_rad) * step / steps) for step in range(steps + 1))

    @property
    def tick(self) -> tuple[Place, Place]:
        """Both ends of the mark at the target."""
        return self.at(self.target_rad, 1.0 - TICK), self.at(self.target_rad, 1.0 + TICK)

    @property
    def places_px(self) -> tuple[Place, ...]:
        """Places that all of it lies between."""
        return *self.way(self.rest_rad, self.target_rad), *self.way(self.rest_rad, self.now_rad), *self.tick


@dataclass(frozen=True)
class LineMark:
    """A level line [px] that joints are to reach, and the joints as they are now."""

    left_px: float
    right_px: float
    target_px: float
    joints_px: tuple[Place, ...]
    reached: bool

    @property
    def places_px(self) -> tuple[Place, ...]:
        """Places that all of it lies between."""
        return (self.left_px, self.target_px), (self.right_px, self.target_px), *self.joints_px


Mark = ArcMark | LineMark


def marks(aim: Aim | None, seen: Sighting, shown: tuple[float, float, float, float]) -> tuple[Mark, ...]:
    """What to draw of an aim.

    Args:
        aim: what is aimed at; None: nothing.
        seen: the person.
        shown: left, top, width and height of where the whole camera image is on the screen [px].
    """
    if aim is None:
        return ()
    left, top, width, height = shown
    places = {joint: (left + x * width, top + y * height) for joint, (x, y) in seen.places.items()}
    if aim.signal.measure:
        line = _line(aim, places, seen.trunk * height)
        return (line,) if line else ()
    arcs = [arc for side in aim.sides if (arc := _arc(aim, side, places, seen.bends))]
    apart = len(arcs) < 2 or math.dist(arcs[0].centre_px, arcs[1].centre_px) > 2.0 * max(arc.radius_px for arc in arcs)
    return tuple(arcs if apart else arcs[:1])


def marked(aim: Aim | None, seen: Sighting, aspect: float) -> tuple[Place, ...]:
    """Places that all marks of an aim lie between, as shares of the image, not mirrored.

    Args:
        aim: what is aimed at; None: nothing.
        seen: the person.
        aspect: width of the image over its height.
    """
    places = [place for mark in marks(aim, seen, (0.0, 0.0, aspect, 1.0)) for place in mark.places_px]
    return tuple((1.0 - x / aspect, y) for x, y in places)


def _line(aim: Aim, places: Mapping[str, Place], trunk_px: float) -> LineMark | None:
    """A line at the height to reach, over those of its joints that are seen; None: none is, or nobody's size is known."""
    measures = [_heights()[name] for side in aim.sides for name in _named(aim.signal.measure, side) if name in _heights()]
    ends = [(one, places[one.start[0]], places[one.joint]) for one in measures if {one.start[0], one.joint} <= set(places)]
    if not ends or not trunk_px > 0.0:
        return None
    per_unit = trunk_px / TRUNK_CM
    asked = aim.signal.rest + aim.extent * (aim.signal.target - aim.signal.rest)
    target = sum(start[1] - one.sign * asked * per_unit for one, start, _ in ends) / len(ends)
    now = sum(one.sign * (start[1] - end[1]) / per_unit for one, start, end in ends) / len(ends)
    share = (now - aim.signal.rest) / (aim.signal.target - aim.signal.rest)
    beside = 0.4 * trunk_px
    columns = [end[0] for _, _, end in ends]
    joints = tuple(dict.fromkeys(end for _, _, end in ends))
    return LineMark(min(columns) - beside, max(columns) + beside, target, joints, share >= REACHED * aim.extent)


def _arc(aim: Aim, side: Side, places: Mapping[str, Place], bends: Mapping[str, float]) -> ArcMark | None:
    """An arc at the joint of one side; None: a joint is not seen, or which way it bends is not known yet."""
    name = next((name for name in _named(aim.signal.angle, side) if name in load_bends()), "")
    if not name or name not in bends or not set(ends_of(load_bends()[name])) <= set(places):
        return None
    angle, sense = load_bends()[name], bends[name]
    first, middle, last = (complex(*places[joint]) for joint in ends_of(angle))
    if first == middle or last == middle:
        return None
    fixed, rest, target = float(np.angle(first - middle)), aim.signal.rest, aim.signal.target
    now = angle.offset_deg + angle.sign * _turn_deg(first, middle, last)
    asked = rest + aim.extent * (target - rest)

    def direction(value_deg: float) -> float:
        return fixed + sense * math.radians((value_deg - angle.offset_deg) * angle.sign)

    radius = 0.95 * min(abs(first - middle), abs(last - middle))
    reached = (now - rest) / (target - rest) >= REACHED * aim.extent
    return ArcMark((middle.real, middle.imag), radius, direction(rest), direction(asked), direction(now), reached)


def _drawable(signal: Signal) -> bool:
    known: Mapping[str, object] = _heights() if signal.measure else load_bends()
    source = signal.measure or signal.angle
    return any(name in known for side in (Side.NONE, *_SIDES) for name in _named(source, side))


def _named(source: str, side: Side) -> tuple[str, ...]:
    """What an angle or a measure of a side may be called."""
    return (f"{side.value}_{source}", source) if side else (source,)


def _turn_deg(first: complex, middle: complex, last: complex) -> float:
    """What lies between two lines from the middle to two other places."""
    one, other = (np.array([end.real, end.imag]) for end in (first - middle, last - middle))
    return float(between_deg(one, other))


@cache
def _heights() -> Mapping[str, MeasureDefinition]:
    return {name: one for name, one in load_measures().items() if one.axis == "up" and len(one.start) == 1}


@cache
def _joints() -> tuple[str, ...]:
    ends = [joint for angle in load_bends().values() for joint in ends_of(angle)]
    heights = [joint for one in _heights().values() for joint in one.joints]
    return tuple(dict.fromkeys((*ends, *heights, *(joint for bone in BONES for joint in bone))))
