"""What is known of one repetition, as plain data: judges find it out, the screen and the voice tell it, records keep it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from physio_core.trajectories.drawing import Drawing
from physio_core.types import Side


class Outcome(str, Enum):
    """How a repetition counts."""

    COMPLETE = "complete"
    """Far enough, and back."""
    PARTIAL = "partial"
    """Begun as asked, but not far enough or not back."""
    WRONG = "wrong"
    """Another movement than the one asked for."""
    INTERRUPTED = "interrupted"
    """Joints were lost on the way, so nothing can be said of it."""

    @property
    def counts(self) -> bool:
        """Whether it was what was asked for, far enough or not."""
        return self in (Outcome.COMPLETE, Outcome.PARTIAL)


@dataclass(frozen=True)
class Fault:
    """One thing that was not as the exercise asks.

    Attributes:
        name: as in the exercise's file, e.g. ``depth``.
        size: by how much it misses the band, in ``unit``; never negative.
        unit: ``deg``, ``cm``, ``s`` or ``%``; empty: a plain number.
        side: which side of the body; none: both, or neither.
        joint: where, without its side, e.g. ``knee``; empty: the whole body.
        direction: ``low``: less than asked; ``high``: more; of another path, which it was; empty: neither.
        start_s: when it was first so [s]; NaN: throughout.
        end_s: when it was last so [s].
        severity: share of its score term that it costs [0..1].
        safety: it may hurt, so it is told before anything else.
    """

    name: str
    size: float
    unit: str = ""
    side: Side = Side.NONE
    joint: str = ""
    direction: str = ""
    start_s: float = math.nan
    end_s: float = math.nan
    severity: float = 1.0
    safety: bool = False


OTHER_PATH = "other_path"
"""Fault of an attempt at another path than was asked for; its direction says which (``OTHER_WAYS`` of the onlooker)."""


@dataclass(frozen=True)
class ScoreTerm:
    """One part of a score.

    Attributes:
        name: what it is about, e.g. ``range``.
        value: [0..1], 1 is best.
        weight: its share of the whole score.
    """

    name: str
    value: float
    weight: float = 1.0


LEVEL_TERM, LEVEL_MOST = "fugl_meyer", 2
"""The part of a score that is a clinical level as a share of the highest, see :func:`level_of`."""


def level_of(terms: tuple[ScoreTerm, ...]) -> int | None:
    """The clinical level 0 to :data:`LEVEL_MOST` of a try that was scored; None: it was not, or is no such try."""
    return next((round(term.value * LEVEL_MOST) for term in terms if term.name == LEVEL_TERM), None)


def score(terms: tuple[ScoreTerm, ...]) -> float:
    """The weighted mean of terms [0..100]; NaN where nothing could be measured."""
    weight = sum(term.weight for term in terms)
    return 100.0 * sum(term.weight * term.value for term in terms) / weight if weight > 0.0 else math.nan


def mean_terms(repetitions: Iterable[Repetition]) -> tuple[ScoreTerm, ...]:
    """Parts of the score of several repetitions: the mean of each over those in which it was measured."""
    values: defaultdict[str, list[ScoreTerm]] = defaultdict(list)
    for repetition in repetitions:
        for term in repetition.terms:
            values[term.name].append(term)
    return tuple(
        ScoreTerm(name, sum(term.value for term in terms) / len(terms), terms[0].weight) for name, terms in values.items()
    )


@dataclass(frozen=True)
class AngleRange:
    """How far one joint moved.

    Attributes:
        angle: as in ``config/angles``, without its side.
        side: whose.
        low_deg: least [deg].
        high_deg: greatest [deg].
        error_deg: standard deviation of either [deg]; NaN: not known.
    """

    angle: str
    side: Side
    low_deg: float
    high_deg: float
    error_deg: float = math.nan

    @property
    def range_deg(self) -> float:
        """From least to greatest [deg]."""
        return self.high_deg - self.low_deg


@dataclass(frozen=True)
class Repetition:
    """One repetition.

    Attributes:
        number: among those of the same outcome and side in this attempt, from 1.
        outcome: how it counts.
        side: which side did it; none: both together.
        start_s: when rest was left [s], on the clock of the images.
        turn_s: when it was furthest [s].
        end_s: when rest was reached again [s].
        out_s: time from rest to the place where it is held [s].
        hold_s: time at the far end [s].
        back_s: time from there to rest [s].
        extent: how far it went, as a share of the way from rest to target; 1 reaches the target.
        smoothness: spectral arc length (SPARC) of the speed; 0 is smoothest, a person's reach about -1.6.
        asymmetry: difference between left and right as a share of their mean [0..]; NaN: one side, or not seen.
        ranges: joints that were measured.
        terms: parts of the score.
        faults: what was not as it should be, most severe first.
        drawing: the path, of one that was drawn; None: no path was.
        trace: the signal over the repetition as shares of the way to the target, evenly spaced in time.
    """

    number: int
    outcome: Outcome
    side: Side
    start_s: float
    turn_s: float
    end_s: float
    out_s: float = math.nan
    hold_s: float = 0.0
    back_s: float = math.nan
    extent: float = math.nan
    smoothness: float = math.nan
    asymmetry: float = math.nan
    ranges: tuple[AngleRange, ...] = ()
    terms: tuple[ScoreTerm, ...] = ()
    faults: tuple[Fault, ...] = ()
    trace: tuple[float, ...] = ()
    drawing: Drawing | None = None

    @property
    def duration_s(self) -> float:
        """From leaving rest to reaching it again [s]."""
        return self.end_s - self.start_s

    @property
    def score(self) -> float:
        """[0..100]; NaN where nothing could be measured."""
        return score(self.terms)
