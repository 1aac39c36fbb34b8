"""Whether paths are to become harder or easier: by the score that is to be expected next, not by that of one lucky or bad day.

The forecast is damped exponential smoothing (E. S. Gardner, E. McKenzie, Management Science 31(10), 1985): the newest scores
count most, and a trend fades, so that three good drawings promise no perfect fourth. How hard a path is, is the share of the
exercise that is asked for, as of every exercise: its size follows it, and how much of the patient's own path is in the next one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from physio_core.errors import InputError

LEVEL, TREND, DAMPING = 0.5, 0.3, 0.8
"""Share of the newest score in the level and in the trend, and what remains of the trend a step later."""
FEWEST = 3
"""Scores without which nothing is expected."""
RAISE_FROM, LOWER_BELOW = 76.0, 51.0
"""An expected score of grade 1 makes it harder, one of grade 3 or 4 easier."""


def forecast(scores: Sequence[float]) -> float:
    """The next score, 0 to 100, to be expected after those, oldest first.

    Raises:
        InputError: no score, or one that is not within 0 .. 100.
    """
    if not scores or not all(0.0 <= score <= 100.0 for score in scores):
        raise InputError(f"scores {list(scores)}; need at least one, each 0 .. 100")
    level, trend = float(scores[0]), 0.0
    for score in scores[1:]:
        before = level
        level = LEVEL * score + (1.0 - LEVEL) * (level + DAMPING * trend)
        trend = TREND * (level - before) + (1.0 - TREND) * DAMPING * trend
    return min(max(level + DAMPING * trend, 0.0), 100.0)


def expected(scores: Sequence[float]) -> float:
    """The same where there are :data:`FEWEST` scores; NaN: nothing is expected of fewer. Scores that are NaN are left out."""
    known = [score for score in scores if math.isfinite(score)]
    return forecast(known) if len(known) >= FEWEST else math.nan


def way(score: float) -> int:
    """Where an expected score leads: 1: harder, -1: easier, 0: it stays; so does what nothing is expected of (NaN)."""
    return int(score >= RAISE_FROM) - int(score < LOWER_BELOW)


def more_own(extent: float) -> float:
    """How much more of the patient's own path the next one has than her score alone says; less than 0: less of it.

    Args:
        extent: share of the exercise that is asked for; 1: as its file says.
    """
    return 1.0 - extent
