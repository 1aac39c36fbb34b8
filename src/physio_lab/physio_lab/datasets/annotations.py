"""What is known of a recorded movement besides its label: how often, how well, with which side, seen from where.

Nothing here is guessed: what a set does not say stays None, or empty.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

import numpy as np

from physio_core.errors import SkeletonError
from physio_core.types import FloatArray

Span = tuple[float, float]
"""Beginning and end of a repetition, in the stamps of its sequence [s]."""

COLUMNS = ("reps", "correct", "score", "score_worst", "score_best", "side", "view")
"""Columns of people's tables that :func:`annotations_in` reads."""
LEAST_SHARE = 0.5
"""Share of a repetition that a cut must leave for it still to count as one."""
_JUMP = 4.0
"""A step of so many times the usual one is a jump to another place of the recording."""
_YES, _NO = ("1", "yes", "true", "correct"), ("0", "no", "false", "incorrect")
_OPPOSITES = {"left": "right", "right": "left", "clockwise": "counter_clockwise", "counter_clockwise": "clockwise"}
_SIDED = re.compile(r"(?<![^\W_])(left|right|counter_clockwise|clockwise)(?![^\W_])")


class Sides(str, Enum):
    """Which side of the person does it."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"

    @property
    def mirrored(self) -> Sides:
        """The side that does it in a mirror."""
        return Sides(mirrored_name(self.value))


@dataclass(frozen=True)
class Score:
    """How well something was done, on a scale that says which of its ends is which.

    Attributes:
        value: between both ends.
        worst: value of the worst that can be; above ``best`` on scales that count faults or impairment.
        best: value of the best that can be.

    Raises:
        SkeletonError: a value outside of its scale, a scale of one value, or numbers that are not finite.
    """

    value: float
    worst: float
    best: float

    def __post_init__(self) -> None:
        """Refuse what lies outside of its own scale."""
        low, high = sorted((self.worst, self.best))
        if not (all(map(math.isfinite, (self.value, low, high))) and low < high and low <= self.value <= high):
            raise SkeletonError(f"score {self.value:g} on a scale from {self.worst:g} (worst) to {self.best:g} (best)")

    @property
    def share(self) -> float:
        """0: the worst, 1: the best."""
        return (self.value - self.worst) / (self.best - self.worst)


@dataclass(frozen=True)
class Annotations:
    """What a set says of a sequence besides its label.

    Attributes:
        repetitions: how many were counted; None: nobody did.
        spans_s: beginning and end of each repetition [s], in their order; empty: not marked.
        correct: whether it was done as it should be; None: not judged.
        score: how well; None: not scored.
        side: which side does it; None: not told.
        view: from where the person is seen, in the set's own words; empty: not told.

    Raises:
        SkeletonError: a count below 0 or other than that of the spans, or spans that end before they begin or are not in order.
    """

    repetitions: int | None = None
    spans_s: tuple[Span, ...] = ()
    correct: bool | None = None
    score: Score | None = None
    side: Sides | None = None
    view: str = ""

    def __post_init__(self) -> None:
        """Refuse repetitions that contradict each other."""
        if self.repetitions is not None and (self.repetitions < 0 or (self.spans_s and self.repetitions != len(self.spans_s))):
            raise SkeletonError(f"{self.repetitions} repetitions with {len(self.spans_s)} spans; count them again")
        starts = [start for start, _ in self.spans_s]
        if any(not -math.inf < start < end < math.inf for start, end in self.spans_s) or starts != sorted(starts):
            raise SkeletonError(f"spans {self.spans_s}: each needs a beginning before its end [s], the earlier first")

    @property
    def count(self) -> int | None:
        """Repetitions, counted or marked; None: not known."""
        return len(self.spans_s) if self.spans_s else self.repetitions

    def mirrored(self) -> Annotations:
        """The same of the mirrored movement: the other side does it, and it is seen from the other side."""
        return replace(self, side=self.side and self.side.mirrored, view=mirrored_name(self.view))

    def retimed(self, showing: FloatArray, stamps_s: FloatArray, recorded_s: FloatArray) -> Annotations:
        """The same of a sequence that shows other moments of the recording: cut, slower, repeated, played backwards.

        A span is cut where the recording is; one of which less than half is left is no repetition any more. A count without
        spans stays only where the whole recording is shown once. What holds for the movement as a whole stays.

        Args:
            showing: (S,) which frame of the recording each new one shows, counted from 0, also between two; NaN: none.
            stamps_s: (S,) when it does [s].
            recorded_s: (T,) stamps of the recording [s].
        """
        if self.count is None:
            return self
        frames = np.arange(len(recorded_s))
        runs = [(showing[run], stamps_s[run]) for run in _runs(showing)]
        whole = len(runs) == 1 and runs[0][0][0] < 0.5 and runs[0][0][-1] > len(frames) - 1.5
        runs = [(np.interp(was, frames, recorded_s), now_s) for was, now_s in runs]
        spans = sorted(span for was_s, now_s in runs for span in _moved(self.spans_s, was_s, now_s))
        counted = len(spans) if self.spans_s else self.repetitions if whole else None
        return replace(self, repetitions=counted, spans_s=tuple(spans))


NOTHING_KNOWN = Annotations()


def mirrored_name(name: str) -> str:
    """A label or view of the mirrored movement: ``side_tap_left`` becomes ``side_tap_right``; without a side it stays."""
    return _SIDED.sub(lambda word: _OPPOSITES[word[1]], name)


def _runs(showing: FloatArray) -> Iterator[slice]:
    """Frames over which a recording plays on in one direction; pauses within belong to them, those at the ends do not."""
    steps = np.diff(showing)
    moving = np.flatnonzero(steps != 0)  # NaN too
    if not len(moving):
        return
    usual = np.nanmedian(np.abs(steps[moving])) if np.isfinite(steps[moving]).any() else 0.0
    plays = np.abs(steps[moving]) <= _JUMP * usual  # not NaN
    way = np.where(plays, np.sign(steps[moving]), 0.0)
    edges = [0, *(np.flatnonzero(np.diff(way)) + 1), len(way)]
    for first, end in pairwise(edges):
        if way[first]:
            yield slice(moving[first], moving[end - 1] + 2)


def _moved(spans_s: tuple[Span, ...], was_s: FloatArray, now_s: FloatArray) -> Iterator[Span]:
    """Where spans of a recording lie in a run that shows it."""
    if was_s[0] > was_s[-1]:
        was_s, now_s = was_s[::-1], now_s[::-1]
    for start_s, end_s in spans_s:
        first_s, last_s = max(start_s, float(was_s[0])), min(end_s, float(was_s[-1]))
        if last_s - first_s >= LEAST_SHARE * (end_s - start_s):
            begins_s, ends_s = sorted(np.interp([first_s, last_s], was_s, now_s).tolist())
            yield begins_s, ends_s


def annotations_in(cells: Mapping[str, str]) -> tuple[Annotations, list[str]]:
    """What a row of a person's table says, by the columns of :data:`COLUMNS`; empty cells and missing columns say nothing.

    Returns:
        What could be read, and a sentence for each cell that could not.
    """
    problems: list[str] = []
    texts = {name: cells.get(name, "").strip().lower() for name in COLUMNS}
    repetitions = int(texts["reps"]) if texts["reps"].isdecimal() else None
    if texts["reps"] and repetitions is None:
        problems.append(f"reps = {texts['reps']!r} is not a whole number")
    correct = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}.get(texts["correct"])
    if texts["correct"] and correct is None:
        problems.append(f"correct = {texts['correct']!r}; write one of {', '.join((*_YES, *_NO))}")
    side = next((one for one in Sides if one.value == texts["side"]), None)
    if texts["side"] and side is None:
        problems.append(f"side = {texts['side']!r}; write one of {', '.join(one.value for one in Sides)}")
    score = None
    if texts["score"] and {"score_worst", "score_best"} <= set(cells):  # else it is a score of something else
        try:
            score = Score(*(float(texts[name].replace(",", ".")) for name in ("score", "score_worst", "score_best")))
        except ValueError as error:  # a SkeletonError is one
            problems.append(f"score, score_worst, score_best need three numbers: {error}")
    return Annotations(repetitions, (), correct, score, side, cells.get("view", "").strip()), problems
