"""One value of a repetition: which part of it is looked at, and which statistic of an angle or a distance over that part."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from physio_core.assessment.readings import Series
from physio_core.assessment.repetition import Repetition
from physio_core.exercises.definition import FaultDefinition
from physio_core.skeleton.smooth import unsmoothed
from physio_core.types import FloatArray

LASTING_S = 0.1
"""A greatest or least value is one that lasted so long; what was there for a moment may be the estimator."""
OUTLIERS_S, OUTLIERS_SHARE = 0.17, 0.1
"""A joint that jumps away, or is taken for that of the other side, does so for a few images: a running median leaves it out. Of a
slow movement it takes a share, and leaves out more of what the estimator errs: at its ends nothing changes so quickly."""
AT_MOST = 0.2
"""Share of a short part that this may be."""
NEAR_TURN = 0.15
"""Share of the way out and of the way back that belongs to the turn."""
REST_S = 0.4
"""Time before a repetition in which the person was at rest."""
RANGE_REST_S, RANGE_REST_SHARE, RANGE_REST_MOST_S = 0.8, 0.25, 2.5
"""Time before a repetition that belongs to a range of motion, longer if slow: joints move before it is seen to begin,
and of who moves slowly that is seen late."""
COURSE_S, COURSE_ORDER = 0.5, 3
"""Time over which a movement's own course is a curve of that order; what is quicker is tremor (4 to 12 Hz)."""
IMAGE_WIDTH_CM = 300.0
"""About what an image shows at the distance of a person who fills it."""
CHANGES = 0.5
"""Share of what the estimator may be wrong that differs from one pose to another; the rest cancels in a change since rest."""
TREMBLES = 0.1
"""Share of what the estimator may be wrong that changes so quickly; `physio sim noise`: jitter against bias."""
_SD_PER_MEDIAN = 1.4826
"""Of the absolute values of what is normally distributed."""
SHORTEST_PART_S = 0.15
SEEN = 0.7
"""Share of the frames of a part in which something must have been measured."""

ENDS_PERCENT = 5.0
"""Of the moments of a repetition lie beyond either end of a range of motion: one that lasted, and not a single image."""
ENDS_SEEN = 0.8
"""Share of the frames at rest before a repetition, at its start, turn and end, in which an angle must have been measured, for it
to have ends."""


@dataclass(frozen=True)
class Value:
    """A value with its standard deviation, in the unit of what was measured; NaN: it was not seen for long enough."""

    value: float
    error: float


NOTHING = Value(math.nan, math.nan)


def part_of(phase: str, repetition: Repetition) -> tuple[float, float]:
    """First and last moment of a phase of a repetition [s]."""
    start_s, turn_s, end_s = repetition.start_s, repetition.turn_s, repetition.end_s
    out_s, back_s = turn_s - start_s, end_s - turn_s
    begin_s, finish_s = {
        "whole": (start_s, end_s),
        "out": (start_s, turn_s),
        "back": (turn_s, end_s),
        "turn": (turn_s - NEAR_TURN * out_s, turn_s + NEAR_TURN * back_s),
        "start": (start_s, start_s + NEAR_TURN * out_s),
        "end": (end_s - NEAR_TURN * back_s, end_s),
    }[phase]
    wider_s = max(SHORTEST_PART_S - (finish_s - begin_s), 0.0) / 2.0
    return begin_s - wider_s, finish_s + wider_s


def statistic(definition: FaultDefinition, series: Series, repetition: Repetition, smoothed: bool = True) -> Value:
    """The value that a fault is about.

    Args:
        definition: of the fault.
        series: the angle or distance.
        repetition: its times.
        smoothed: whether the joints were smoothed, as those of the live pipeline are, which takes half of a tremor.
    """
    start_s, end_s = part_of(definition.phase, repetition)
    part = series.between(start_s, end_s)
    if part.seen < SEEN:
        return NOTHING
    zero = 0.0
    if definition.relative_to == "rest":
        rest = series.between(repetition.start_s - REST_S, repetition.start_s + SHORTEST_PART_S)
        if rest.seen < SEEN:
            return NOTHING
        zero = float(np.nanmedian(rest.values))
    raw = part.values[np.isfinite(part.values)] - zero
    values = _steadied(raw, end_s - start_s)
    low, high = _lasting(values, end_s - start_s)
    found = {
        "max": high,
        "min": low,
        "mean": float(values.mean()),
        "range": high - low,
        "deviation": float(values.std()),
        "furthest": max(low, high, key=abs),
        "size": max(abs(low), abs(high)),
        "tremor": _tremor(raw, end_s - start_s, smoothed),
    }[definition.statistic]
    share = TREMBLES if definition.statistic == "tremor" else CHANGES if definition.relative_to == "rest" else 1.0
    return Value(found, share * float(np.nanmean(part.errors)))


def span(definition: FaultDefinition, series: Series, repetition: Repetition) -> tuple[float, float]:
    """When the value was first and last outside of its band [s]; NaN: it never was by itself."""
    if definition.relative_to == "rest" or definition.statistic in ("range", "deviation", "size", "tremor"):
        return part_of(definition.phase, repetition)
    part = series.between(*part_of(definition.phase, repetition))
    low = -math.inf if definition.low is None else definition.low
    high = math.inf if definition.high is None else definition.high
    with np.errstate(invalid="ignore"):
        outside = part.stamps_s[(part.values < low) | (part.values > high)]
    return (float(outside[0]), float(outside[-1])) if len(outside) else (math.nan, math.nan)


def range_rest_s(repetition: Repetition) -> float:
    """How long before a repetition its ranges of motion begin [s]."""
    return max(RANGE_REST_S, min(RANGE_REST_SHARE * repetition.duration_s, RANGE_REST_MOST_S))


def extremes(series: Series, repetition: Repetition) -> tuple[float, float, float]:
    """Least and greatest value that lasted, and the standard deviation of the worse one; NaN: hidden where they may lie."""
    rest_s = range_rest_s(repetition)
    part = series.between(repetition.start_s - rest_s, repetition.end_s)
    parts = [(repetition.start_s - rest_s, repetition.start_s), *(part_of(one, repetition) for one in ("start", "turn", "end"))]
    ends = min(series.between(*one).seen for one in parts)
    if part.seen < SEEN or ends < ENDS_SEEN:
        return math.nan, math.nan, math.nan
    known = np.isfinite(part.values)
    values = _steadied(part.values[known], repetition.duration_s + rest_s)
    low, high = np.percentile(values, [ENDS_PERCENT, 100.0 - ENDS_PERCENT])
    least, most = np.percentile(part.values[known], [2 * ENDS_PERCENT, 100.0 - 2 * ENDS_PERCENT])
    outer = (part.errors[known][beyond] for beyond in (part.values[known] <= least, part.values[known] >= most))
    return float(low), float(high), max(float(np.mean(errors)) for errors in outer)


def _steadied(values: FloatArray, duration_s: float) -> FloatArray:
    """Values, evenly spaced in time, as a running median."""
    half = round(max(OUTLIERS_S * len(values) / max(duration_s, 1e-6), OUTLIERS_SHARE * len(values)) / 2.0)
    if half == 0 or len(values) < 2 * half + 1:
        return values
    padded = np.pad(values, half, "edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=-1))


def _lasting(values: FloatArray, duration_s: float) -> tuple[float, float]:
    share = 100.0 * min(LASTING_S / max(duration_s, 1e-6), AT_MOST)
    low, high = np.percentile(values, [share, 100.0 - share])
    return float(low), float(high)


def _tremor(values: FloatArray, duration_s: float, smoothed: bool) -> float:
    """How far values, evenly spaced in time, stray from their own course: a standard deviation that jumps do not widen.

    What changes from one image to the next is the estimator's, and is taken off: it is seen in second differences, which hold six
    times the variance of what is independent from image to image, and little of a tremor.
    """
    values = unsmoothed(values, duration_s / len(values), IMAGE_WIDTH_CM) if smoothed else values
    span = 2 * round(COURSE_S * len(values) / max(duration_s, 1e-6) / 2.0) + 1
    if len(values) < 2 * span:
        return 0.0
    course = np.convolve(values, _middle_of_curve(span), mode="valid")
    astray = float(np.median(np.abs(values[span // 2 : len(values) - span // 2] - course)))
    flicker = float(np.median(np.abs(np.diff(values, 2)))) / math.sqrt(6.0)
    return _SD_PER_MEDIAN * math.sqrt(max(astray**2 - flicker**2, 0.0))


def _middle_of_curve(count: int) -> FloatArray:
    """Weights that give the middle of a curve of the course's order, laid through so many even values (Savitzky, Golay)."""
    at = np.arange(count) - count // 2
    return np.asarray(np.linalg.pinv(np.vander(at, min(COURSE_ORDER, count - 1) + 1, increasing=True))[0])
