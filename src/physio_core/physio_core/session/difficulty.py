"""How hard an exercise is made: one stated rule, inside the therapist's limits, each change with its reason.

======================================================================  =============================================
what happened                                                           what follows
======================================================================  =============================================
pain from ``pain_stop`` on                                              the session stops, the therapist is told
pain from ``pain_ease`` on, effort from ``effort_ease`` on              a tenth less range, one repetition fewer
a set with fewer than 60 % of its repetitions complete                  a tenth less range
of what is drawn: the score to be expected next is below 51             a tenth less range
a set all complete, score 85 or more (of what is drawn: 76 or more to   a tenth more range, else one repetition more
be expected), effort 5 or less or not told, and no pain from
``pain_ease`` on since it began
======================================================================  =============================================
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

from physio_core.session.prescription import Limits
from physio_core.trajectories.progress import way

EXTENT_STEP = 0.1
EASIER_BELOW, HARDER_FROM = 0.6, 85.0
"""Share of complete repetitions, and score [0..100]."""
EASY_EFFORT = 5


class Why(str, Enum):
    """Reason of a change."""

    PAIN = "pain"
    EFFORT = "effort"
    FEW_COMPLETE = "few_complete"
    DONE_WELL = "done_well"
    EXPECTED_LOW = "expected_low"
    EXPECTED_HIGH = "expected_high"


HARDER = (Why.DONE_WELL, Why.EXPECTED_HIGH)
"""Reasons to make it harder."""


@dataclass(frozen=True)
class Level:
    """How hard it is now.

    Attributes:
        extent: share of the exercise's range that is asked for.
        repetitions: of a set; 0: it is not counted.
    """

    extent: float = 1.0
    repetitions: int = 0


@dataclass(frozen=True)
class Change:
    """One change of the level.

    Attributes:
        before: the level up to then.
        after: the level from then on.
        why: its reason.
        value: what led to it: pain, effort, a share of repetitions or a score.
    """

    before: Level
    after: Level
    why: Why
    value: float

    def __str__(self) -> str:
        """One line of a log."""
        moved = [
            f"{name} {old:g} to {new:g}"
            for name, old, new in (
                ("extent", self.before.extent, self.after.extent),
                ("repetitions", self.before.repetitions, self.after.repetitions),
            )
            if old != new
        ]
        return f"{', '.join(moved)}: {self.why.value} {self.value:g}"


def eased(level: Level, limits: Limits, fewer: bool = True) -> Level:
    """One step easier, as far as the limits allow."""
    extent = max(round(level.extent - EXTENT_STEP, 3), limits.least_extent)
    fewest = min(limits.least_repetitions, level.repetitions)
    repetitions = max(level.repetitions - 1, fewest) if fewer else level.repetitions
    return Level(min(extent, level.extent), repetitions)


def after_report(level: Level, limits: Limits, why: Why, value: int) -> Change | None:
    """What pain or effort (0-10) changes at once; None: nothing."""
    ease_from = limits.pain_ease if why is Why.PAIN else limits.effort_ease
    after = eased(level, limits)
    return Change(level, after, why, value) if value >= ease_from and after != level else None


def after_set(
    level: Level, limits: Limits, complete: int, score: float, effort: int | None, expected: float = math.nan
) -> Change | None:
    """What a finished set changes for the next; None: nothing.

    Args:
        level: of that set.
        limits: the therapist's.
        complete: complete repetitions.
        score: mean of them [0..100]; NaN: not measured.
        effort: told in or after it (0-10); None: not told.
        expected: score of the next repetition, of what tells it (:mod:`physio_core.trajectories.progress`); else NaN.
    """
    if not level.repetitions:
        return None
    share, forecast = complete / level.repetitions, not math.isnan(expected)
    if share < EASIER_BELOW or way(expected) < 0:
        why, value = (Why.FEW_COMPLETE, share) if share < EASIER_BELOW else (Why.EXPECTED_LOW, round(expected, 1))
        after = eased(level, limits, fewer=False)
        return Change(level, after, why, value) if after != level else None
    well = way(expected) > 0 if forecast else score >= HARDER_FROM
    if share < 1.0 or not well or (effort or 0) > EASY_EFFORT:
        return None
    extent = min(round(level.extent + EXTENT_STEP, 3), limits.most_extent)
    more = max(level.repetitions, min(level.repetitions + 1, limits.most_repetitions))
    after = replace(level, extent=extent) if extent > level.extent else replace(level, repetitions=more)
    why, value = (Why.EXPECTED_HIGH, round(expected, 1)) if forecast else (Why.DONE_WELL, score)
    return Change(level, after, why, value) if after != level else None
