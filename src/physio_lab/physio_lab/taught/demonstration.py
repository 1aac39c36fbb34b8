"""An exercise from one demonstration: what moves most and comes back is its signal, and the bands lie around what was shown.

Nothing is trained: the file that comes out says what a repetition is, as a person would write it, and is meant to be edited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.assessment.counter import RepetitionCounter
from physio_core.assessment.readings import Readings
from physio_core.assessment.repetition import Outcome, Repetition
from physio_core.assessment.signals import BOTH, SignalReader
from physio_core.errors import ConfigError, InputError
from physio_core.exercises.definition import RepetitionDefinition, Signal
from physio_core.exercises.figure import Points
from physio_core.skeleton.angle_table import OWN, load_angles
from physio_core.skeleton.heading import HeadingEstimator
from physio_core.skeleton.layouts import OPENPOSE_18, Layout, layout_named, sideless
from physio_core.skeleton.measure_table import load_measures
from physio_core.skeleton.remapping import remap
from physio_core.skeleton.stream import RATE_HZ, JointFrame, JointStream
from physio_core.types import FloatArray, Side, Skeleton
from physio_lab.taught.exercise import Words, exercise_text
from physio_lab.taught.figure import learnt

FIGURE_EVERY = 2
FIGURE_FRAMES = 600
ERRORS = {"angle": 6.0, "measure": 3.0}
"""What an estimator may be wrong, about [deg, cm]; what moves by little more is no movement."""
ANGLES_FIRST = 0.5
"""A distance counts half, against an angle: people think in degrees."""
SMOOTH_STEP = 0.12
"""Share of its way that a signal goes between two frames at its fastest, where it goes there and back within a second."""
LEAST = 4.0
"""A signal moves by so many times that."""
ALIKE, APART = 0.7, 1.6
"""Correlation from which sides do the same together; ratio from which one moves and the other does not."""
SHOWN = 0.8
"""Share of the way that was shown which is asked for."""
TRUNK_MARGIN_DEG = 15.0
_TRUNK = {"side": "trunk_lean", "front": "trunk_side_lean"}


@dataclass(frozen=True)
class Demonstration:
    """What a demonstration showed.

    Attributes:
        text: of the exercise's file.
        figure: what shows it.
        repetitions: how many were seen.
        signal: the angle or distance that tells how far a repetition has gone.
        sides: as in exercise files.
        others: what could tell it as well, the best first.
    """

    text: str
    figure: Points
    repetitions: int
    signal: str
    sides: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    """A signal that could be the one, with its repetitions."""

    kind: str
    name: str
    sides: str
    side: Side
    rest: float
    target: float
    repetitions: tuple[Repetition, ...]
    jump: float

    @property
    def moves(self) -> float:
        """How far it goes, in what an estimator may be wrong."""
        return abs(self.target - self.rest) / ERRORS[self.kind]

    @property
    def worth(self) -> float:
        """How well it tells: how far it goes, and how smoothly; an angle that is not in the image's plane turns over at once."""
        return self.moves * (1.0 if self.kind == "angle" else ANGLES_FIRST) * min(1.0, SMOOTH_STEP / max(self.jump, 1e-6)) ** 2

    @property
    def definition(self) -> RepetitionDefinition:
        return _definition(self.kind, self.name, self.sides, self.rest, self.target)


def learn_exercise(
    name: str, skeletons: Sequence[Skeleton], side: str = "", words: Words | None = None, signal: str = ""
) -> Demonstration:
    """An exercise from a recording of it.

    Args:
        name: of the exercise.
        skeletons: of one person, image by image.
        side: left or right: the side that does it; empty: as it was shown.
        words: given ``title`` and ``instruction`` by language.
        signal: angle or distance that is to tell how far it goes; empty: what moves most, and smoothly.

    Raises:
        ConfigError: there is no such side, or no such signal.
        InputError: the recording shows nobody, no movement that comes back, or not that side doing it.
    """
    if side not in ("", *(one.value for one in BOTH)):
        raise ConfigError(f"side {side!r} is not one of: left, right")
    frames = list(_frames(skeletons))
    if len(frames) < RATE_HZ:
        raise InputError(f"{name}: the recording shows nobody for as long as a second; record the whole body in good light")
    layout = layout_named(next(one.layout for one in skeletons if one.tracked))
    view = _view(frames, layout)
    found = [one for one in _candidates(frames, layout, view, Side(side)) if one.moves >= LEAST]
    if not found:
        raise InputError(
            f"{name}: no movement that goes out and comes back was seen; show it slowly, from rest to rest, twice or more"
        )
    best, *others = _ranked(found, signal)
    if side and best.side is not Side(side):
        raise InputError(f"{name}: the {best.side.value or 'other'} side moves, not the {side} one; give --side as it was shown")
    clip = _clip(frames, best, layout)
    figure = learnt([clip], RATE_HZ / FIGURE_EVERY, one_sided=best.sides == "chosen")
    if figure is None:
        raise InputError(f"{name}: too short to draw a figure from; show the whole movement")
    more = {"repetition": _repetition(best), "faults": _faults(best, frames, layout, view)}
    source = f"a demonstration with {len(best.repetitions)} repetitions; bands lie around what was shown"
    text = exercise_text(name, view, [clip], words or {}, {**more, "source": source}, "physio exercise learn")
    return Demonstration(text, figure[0], len(best.repetitions), best.name, best.sides, tuple(one.name for one in others))


def _ranked(found: Sequence[_Candidate], signal: str) -> list[_Candidate]:
    """The best first; the one that was asked for before all."""
    most = max(len(one.repetitions) for one in found)
    ranked = sorted(found, key=lambda one: -one.worth * len(one.repetitions) / most)
    if signal and signal not in (one.name for one in ranked):
        raise ConfigError(
            f"signal {signal!r} does not go out and come back here; these do: {', '.join(one.name for one in ranked)}"
        )
    return sorted(ranked, key=lambda one: one.name != signal)


def _frames(skeletons: Sequence[Skeleton]) -> Iterator[JointFrame]:
    stream: JointStream | None = None
    for skeleton in skeletons:
        if stream is None and skeleton.tracked:
            stream = JointStream(layout_named(skeleton.layout), RATE_HZ)
        if stream is not None:
            yield from stream.update(skeleton)


def _candidates(frames: Sequence[JointFrame], layout: Layout, view: str, side: Side) -> Iterator[_Candidate]:
    """Every signal that comes back, by what counts with it."""
    for kind, name in _signals(view):
        reader = SignalReader(_signal(kind, name, 0.0, 1.0), layout, RATE_HZ)
        if not reader.readable:
            continue
        rows = [reader.read(frame.points, frame.confidence) for frame in frames]
        values = {one: np.array([row[one] for row in rows]) for one in (Side.NONE, *BOTH)}
        if np.isfinite(values[Side.NONE]).mean() < ALIKE:
            continue
        sides, moving = _sides(values)
        if side:
            sides, moving = "chosen", moving or side
        told = values[Side.LEFT if sides == "alternate" else moving]
        ends = _ends(told)
        if ends is None:
            continue
        counter = RepetitionCounter(_definition(kind, name, sides, *ends), layout, RATE_HZ, moving)
        counted = [one for frame in frames for one in counter.update(frame)] + counter.close()
        complete = tuple(one for one in counted if one.outcome is Outcome.COMPLETE)
        if complete:
            steps = np.abs(np.diff(told)) / abs(ends[1] - ends[0])
            yield _Candidate(kind, name, sides, moving, *ends, complete, float(np.nanpercentile(steps, 98.0)))


def _signals(view: str) -> Iterator[tuple[str, str]]:
    """What can be read from there, without knowing which way a person is turned."""
    bends = [one for one in load_angles().values() if one.plane == OWN and one.first and view in one.views]
    heights = [one for one in load_measures().values() if one.axis in ("up", "level") and len(one.start) == 1]
    of_a_side = [one for one in heights if sideless(one.start[0]) != sideless(one.joint) and view in one.views]
    yield from (("angle", name) for name in dict.fromkeys(sideless(one.name) for one in bends))
    yield from (("measure", name) for name in dict.fromkeys(sideless(one.name) for one in of_a_side))


def _sides(values: Mapping[Side, FloatArray]) -> tuple[str, Side]:
    """Whether both do it together, each in its turn, or one alone, and whose values tell."""
    left, right = (values[one] for one in BOTH)
    both = np.isfinite(left) & np.isfinite(right)
    if both.mean() < ALIKE:
        return "together", Side.NONE
    ways = [float(np.ptp(np.percentile(one[both], [5, 95]))) for one in (left, right)]
    if max(ways) > APART * min(ways):
        return "chosen", BOTH[int(np.argmax(ways))]
    alike = float(np.corrcoef(left[both], right[both])[0, 1]) if min(ways) > 0.0 else 1.0
    return ("together", Side.NONE) if alike > ALIKE else ("alternate", Side.NONE)


def _ends(values: FloatArray) -> tuple[float, float] | None:
    """Rest, where it begins, and the far end; None: it is not seen."""
    seen = values[np.isfinite(values)]
    if len(seen) < RATE_HZ:
        return None
    low, high = (float(one) for one in np.percentile(seen, [5.0, 95.0]))
    begins = float(np.median(seen[: int(RATE_HZ / 2)]))
    rest, target = (low, high) if abs(begins - low) <= abs(begins - high) else (high, low)
    return None if rest == target else (round(rest, 1), round(target, 1) if round(target, 1) != round(rest, 1) else target)


def _signal(kind: str, name: str, rest: float, target: float) -> Signal:
    return Signal.model_validate({kind: name, "rest": rest, "target": target})


def _definition(kind: str, name: str, sides: str, rest: float, target: float) -> RepetitionDefinition:
    return RepetitionDefinition.model_validate({"signals": [_signal(kind, name, rest, target)], "sides": sides})


def _repetition(best: _Candidate) -> dict[str, Any]:
    longest_s = max(one.duration_s for one in best.repetitions)
    signal = {best.kind: best.name, "rest": best.rest, "target": best.target}
    return {"signals": [signal], "sides": best.sides, "longest_s": float(round(max(3.0 * longest_s, 5.0)))}


def _faults(best: _Candidate, frames: Sequence[JointFrame], layout: Layout, view: str) -> dict[str, Any]:
    """Bands around what was shown: how far, how long, how upright."""
    way = best.target - best.rest
    edge = "low" if way > 0.0 else "high"
    typical_s = float(np.median([one.duration_s for one in best.repetitions]))
    faults: dict[str, Any] = {
        "range": {
            best.kind: best.name,
            "phase": "turn",
            "statistic": "max" if way > 0.0 else "min",
            "sides": "moving" if best.sides != "together" else "none",
            edge: round(best.rest + SHOWN * way, 1),
            "margin": round(abs(way) / 2.0, 1),
        },
        "too_fast": {"low": round(0.5 * typical_s, 1), "margin": round(max(0.3 * typical_s, 0.2), 1)},
        "too_slow": {"high": round(2.0 * typical_s + 1.0, 1), "margin": round(typical_s + 1.0, 1)},
        "incomplete_return": None,
    }
    if trunk := _TRUNK.get(view):
        low, high = _shown(trunk, best, frames, layout, view)
        if np.isfinite(low):
            band = {"low": round(low - TRUNK_MARGIN_DEG), "high": round(high + TRUNK_MARGIN_DEG)}
            faults[trunk] = {"statistic": "furthest", **band}
    return faults


def _shown(angle: str, best: _Candidate, frames: Sequence[JointFrame], layout: Layout, view: str) -> tuple[float, float]:
    """Least and greatest value of an angle within the repetitions [deg]; NaN: not seen."""
    readings = Readings(layout, [angle], [], frames[-1].stamp_s - frames[0].stamp_s + 1.0)
    for frame in frames:
        readings.add(frame, view)
    parts = [readings.of(angle).between(one.start_s, one.end_s).values for one in best.repetitions]
    values = np.concatenate(parts)
    values = values[np.isfinite(values)]
    low, high = np.percentile(values, [2.0, 98.0]) if len(values) else (np.nan, np.nan)
    return float(low), float(high)


def _clip(frames: Sequence[JointFrame], best: _Candidate, layout: Layout) -> tuple[FloatArray, FloatArray]:
    """The repetitions in 18 joints, as many as a figure can be looked for in."""
    start_s, end_s = best.repetitions[0].start_s - 0.5, best.repetitions[-1].end_s + 0.5
    within = [frame for frame in frames if start_s <= frame.stamp_s <= end_s][::FIGURE_EVERY][:FIGURE_FRAMES]
    points, confidence = (np.stack([getattr(frame, name) for frame in within]) for name in ("points", "confidence"))
    return remap(points, confidence, layout, OPENPOSE_18)


def _view(frames: Sequence[JointFrame], layout: Layout) -> str:
    heading = HeadingEstimator(layout)
    turned = [heading.update(frame.stamp_s, frame.points, frame.confidence, frame.world_m) for frame in frames]
    views = Counter(one.view for one in turned if one)
    return views.most_common(1)[0][0] if views else "front"
