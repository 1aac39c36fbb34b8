"""What was not as it should be in a repetition: each fault of the exercise's file, by what was measured of the patient.

A fault is named only where its value lies outside of the band by more than the measurement may be wrong. What the patient's
position to the camera does not show, or what was hidden, is not measured, and said to be so; the score is the weighted mean of
what was.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from physio_core.assessment.readings import Readings
from physio_core.assessment.repetition import AngleRange, Fault, Repetition, ScoreTerm
from physio_core.assessment.values import NOTHING, Value, extremes, span, statistic
from physio_core.exercises.catalogue import Exercise
from physio_core.exercises.definition import FaultDefinition
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.layouts import Layout, sideless
from physio_core.skeleton.measure_table import load_measures
from physio_core.skeleton.measures import TRUNK_CM
from physio_core.skeleton.stream import JointFrame
from physio_core.types import Side

SURE = 0.6
"""Standard deviations by which a value must lie outside of its band."""
HEARD = 1.3
"""Where one side is seen worse than the other, as the far one is from the side, and errs by this factor more, it is not heard;
of what both sides show of one thing only the better one is."""
ALIKE = 0.5
"""Where both sides miss the band, and the lesser by this share of the greater at least, both do it."""
MOST_RANGE_ERROR_DEG = 6.0
"""A range of motion of which an end has a larger standard deviation is not told. What is seen well in its plane has less, but for
the elbow (docs/angles.md, *claimed*); what is seen obliquely has more."""
LONGEST_S = 15.0
"""How long an exercise whose file does not say may take for one repetition [s]."""
_TIME_ERROR = 0.05
"""Standard deviation of a time, as a share."""
_SHARE_ERROR, _SMOOTHNESS_ERROR = 0.05, 0.3
"""Standard deviations of what else the repetition itself says."""


class Unseen(str, Enum):
    """Why something was not measured."""

    VIEW = "view"
    """The patient's position to the camera does not show it."""
    HIDDEN = "hidden"
    """Joints were not seen for long enough."""
    SENSOR = "sensor"
    """What sees the patient does not give these joints."""


@dataclass(frozen=True)
class NotMeasured:
    """A fault that nothing can be said of.

    Attributes:
        name: of the fault.
        why: not.
        views: from where it could be seen.
    """

    name: str
    why: Unseen
    views: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measured:
    """What one fault was told from.

    Attributes:
        name: of the fault.
        beyond: by how much the value lies outside of its band, of the side that misses it most; negative: within it.
        error: its standard deviation; both in the unit of the band.
    """

    name: str
    beyond: float
    error: float


@dataclass(frozen=True)
class Assessment:
    """How one repetition was done.

    Attributes:
        terms: parts of the score, one for each fault that could have been seen.
        faults: what was not as it should be: what may hurt first, then the most severe.
        ranges: how far joints moved.
        not_measured: what nothing can be said of.
        measured: what each term was told from, in their order.
        view: from where it was seen.
    """

    terms: tuple[ScoreTerm, ...] = ()
    faults: tuple[Fault, ...] = ()
    ranges: tuple[AngleRange, ...] = ()
    not_measured: tuple[NotMeasured, ...] = ()
    measured: tuple[Measured, ...] = ()
    view: str = ""


@dataclass(frozen=True)
class _Miss:
    """How far one side's value lies outside of its band; 0: it does not, or not for certain. ``beyond``: certain or not."""

    side: Side
    name: str
    by: float = 0.0
    direction: str = ""
    beyond: float = -math.inf
    error: float = 0.0


class FaultFinder:
    """Looks at one person who does one exercise."""

    def __init__(
        self,
        exercise: Exercise,
        layout: Layout,
        trunk_cm: float = TRUNK_CM,
        up: tuple[float, float, float] | None = None,
        sure: float = SURE,
    ) -> None:
        """Prepare.

        Args:
            exercise: what is asked for, with its faults.
            layout: joint order of the frames.
            trunk_cm: length of the patient's trunk [cm].
            up: the vertical, where the points are in space [m] and every view shows everything; None: they are in an image.
            sure: standard deviations by which a value must lie outside of its band.
        """
        self._faults, self._view = exercise.faults, exercise.view
        self._in_space, self._sure = up is not None, sure
        definition = exercise.repetition
        asked = {one.angle for one in exercise.faults.values() if one.angle}
        signals = {one.angle for one in definition.signals if one.angle} if definition else set()
        self._angles, self._measures = load_angles(), load_measures()
        self._readings = Readings(
            layout,
            asked or signals,  # a signal counts in views in which no angle can be told, so its range is a last resort
            {one.measure for one in exercise.faults.values() if one.measure},
            3.0 + (definition.longest_s if definition else LONGEST_S),
            trunk_cm,
            up,
        )

    def ask_for(self, faults: Mapping[str, FaultDefinition]) -> None:
        """Go by other bands from now on; what is measured stays."""
        self._faults = faults

    def reset(self) -> None:
        """Forget everything, as when someone else comes into view."""
        self._readings.reset()

    def add(self, frame: JointFrame, view: str | None = None) -> None:
        """Take the next frame.

        Args:
            frame: of the stream.
            view: from where the patient is seen (:mod:`physio_core.skeleton.heading`): front, side or oblique; None: as the
                exercise asks.
        """
        self._readings.add(frame, view or self._view)

    def assess(self, repetition: Repetition) -> Assessment:
        """How a repetition was done that the frames so far show.

        Args:
            repetition: its times, its side, and what is known of it already.
        """
        view = self._readings.view(repetition.start_s, repetition.end_s) or self._view
        terms, faults, missing, measured = [], [], [], []
        for name, definition in self._faults.items():
            if definition.sides == "both" and repetition.side:
                continue
            misses = self._misses(name, definition, repetition, view)
            if isinstance(misses, NotMeasured):
                missing.append(misses)
                continue
            worst = max(miss.by for miss in misses)
            told_from = max(misses, key=lambda miss: miss.beyond)
            measured.append(Measured(name, told_from.beyond, told_from.error))
            terms.append(ScoreTerm(name, 1.0 - min(worst / definition.margin, 1.0), definition.weight))
            faults += [self._fault(name, definition, miss, repetition) for miss in _told(definition, misses)]
        faults.sort(key=lambda fault: (not fault.safety, -fault.severity))
        ranges = tuple(self._ranges(repetition, view))
        return Assessment(tuple(terms), tuple(faults), ranges, tuple(missing), tuple(measured), view)

    def _misses(self, name: str, definition: FaultDefinition, repetition: Repetition, view: str) -> list[_Miss] | NotMeasured:
        if definition.timing:
            if definition.views and view not in definition.views:
                return NotMeasured(name, Unseen.VIEW, definition.views)
            value = _timing(definition, repetition)
            return (
                NotMeasured(name, Unseen.HIDDEN) if math.isnan(value.value) else [self._missed(definition, "", Side.NONE, value)]
            )
        names = self._names(definition, repetition.side)
        views = definition.views or self._views(names[0])
        if view not in views and not self._in_space:
            return NotMeasured(name, Unseen.VIEW, views)
        if all(one in self._readings.lacking for one in names):
            return NotMeasured(name, Unseen.SENSOR, views)
        found = [(one, statistic(definition, self._readings.of(one), repetition, not self._in_space)) for one in names]
        seen = [(one, value) for one, value in found if not math.isnan(value.value)]
        if not seen or (definition.sides == "lesser" and len(seen) < len(found)):
            return NotMeasured(name, Unseen.HIDDEN, views)
        if definition.sides == "lesser":
            seen = [min(seen, key=lambda one: one[1].value)]
        best, as_one = min(value.error for _, value in seen), definition.sides in ("none", "both")
        if view == "side" and not self._in_space and definition.sides not in ("each", "moving", "other"):
            seen = [one for one in seen if one[1].error <= (1.0 if as_one else HEARD) * best]
        if as_one and len(seen) > 1:
            mean = sum(value.value for _, value in seen) / len(seen)
            return [self._missed(definition, seen[0][0], Side.NONE, Value(mean, best))]
        return [self._missed(definition, one, _side_of(one), value) for one, value in seen]

    def _names(self, definition: FaultDefinition, side: Side) -> list[str]:
        """With their sides, of the angles or distances that a fault is about."""
        source = definition.angle or definition.measure
        names = [name for name in self._readings.names if sideless(name) == source]
        wanted = {"moving": side, "other": side.other}.get(definition.sides, Side.NONE)
        return [name for name in names if _side_of(name) in (wanted, Side.NONE)] if wanted else names

    def _views(self, name: str) -> tuple[str, ...]:
        if name in self._measures:
            return self._measures[name].views
        return tuple(dict.fromkeys((*self._angles[name].views, *self._angles[name].in_space)))

    def _missed(self, definition: FaultDefinition, name: str, side: Side, value: Value) -> _Miss:
        below = -math.inf if definition.low is None else definition.low - value.value
        above = -math.inf if definition.high is None else value.value - definition.high
        by = max(below, above)
        if by <= 0.0 or by <= self._sure * value.error:
            return _Miss(side, name, beyond=by, error=value.error)
        return _Miss(side, name, by, "low" if below > above else "high", by, value.error)

    def _fault(self, name: str, definition: FaultDefinition, miss: _Miss, repetition: Repetition) -> Fault:
        start_s, end_s = span(definition, self._readings.of(miss.name), repetition) if miss.name else (math.nan, math.nan)
        return Fault(
            name,
            miss.by * (100.0 if definition.unit == "%" else 1.0),
            definition.unit,
            miss.side or (repetition.side if definition.timing else Side.NONE),
            definition.joint,
            miss.direction,
            start_s,
            end_s,
            min(miss.by / definition.margin, 1.0),
            definition.safety,
        )

    def _ranges(self, repetition: Repetition, view: str) -> Iterator[AngleRange]:
        shown = [one for one in self._readings.names if one in self._angles and (self._in_space or view in self._views(one))]
        found = {name: extremes(self._readings.of(name), repetition) for name in shown}
        for name, (low, high, error) in found.items():
            best = min(
                (other[2] for one, other in found.items() if sideless(one) == sideless(name) and other[2] > 0.0), default=0.0
            )
            sure = error <= MOST_RANGE_ERROR_DEG and (view != "side" or error <= HEARD * best)
            if not math.isnan(low) and (self._in_space or sure):
                yield AngleRange(sideless(name), _side_of(name), low, high, error)


def _side_of(name: str) -> Side:
    side, underscore, _ = name.partition("_")
    return Side(side) if underscore and side in ("left", "right") else Side.NONE


def _timing(definition: FaultDefinition, repetition: Repetition) -> Value:
    value = {
        "duration": repetition.duration_s,
        "out": repetition.out_s,
        "back": repetition.back_s,
        "hold": repetition.hold_s,
        "extent": repetition.extent,
        "return": _left(repetition),
        "asymmetry": repetition.asymmetry,
        "smoothness": repetition.smoothness,
    }[definition.timing]
    error = {"s": _TIME_ERROR * abs(value), "%": _SHARE_ERROR}.get(definition.unit, _SMOOTHNESS_ERROR)
    return NOTHING if math.isnan(value) else Value(value, error)


def _left(repetition: Repetition) -> float:
    """Share of the way that was left when the way back ended, above where the repetition began; NaN: not known."""
    trace = repetition.trace
    return min(trace[trace.index(max(trace)) :]) - trace[0] if trace else math.nan


def _told(definition: FaultDefinition, misses: Sequence[_Miss]) -> list[_Miss]:
    """The misses that are told apart: of two sides the worse one, or both as one where they are alike."""
    missed = sorted((miss for miss in misses if miss.by > 0.0), key=lambda miss: -miss.by)
    if definition.sides == "each" or len(missed) < 2:
        return missed
    worst, other = missed[:2]
    both = other.direction == worst.direction and other.by >= ALIKE * worst.by
    return [_Miss(Side.NONE, worst.name, worst.by, worst.direction) if both else worst]
