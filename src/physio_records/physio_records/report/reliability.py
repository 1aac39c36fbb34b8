"""How much a measure varies by itself, from a patient's own repetitions, and which change is therefore more than noise.

Method: the standard error of measurement is the standard deviation of repetitions within a set, pooled over sets (the square root
of the error's mean square, Weir 2005, "Quantifying test-retest reliability using the intraclass correlation coefficient and the
SEM", J Strength Cond Res 19:231-240; the typical error of Hopkins 2000, "Measures of reliability in sports medicine and science",
Sports Med 30:1-15). The smallest detectable change at 95 % is 1.96 * sqrt(2) * SEM. It is not divided by the square root of the
number of repetitions, because two sessions differ by more than their repetitions show: clothes, camera, time of day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

FEWEST = 10
"""Degrees of freedom below which nothing is said."""
_DETECTABLE = 1.96 * math.sqrt(2.0)


def standard_error(sets: Iterable[Sequence[float]]) -> float:
    """Pooled standard deviation within sets, in the unit of the values; NaN where there are too few."""
    squares, freedom = 0.0, 0
    for values in sets:
        known = [value for value in values if math.isfinite(value)]
        if len(known) > 1:
            mean = math.fsum(known) / len(known)
            squares += math.fsum((value - mean) ** 2 for value in known)
            freedom += len(known) - 1
    return math.sqrt(squares / freedom) if freedom >= FEWEST else math.nan


def smallest_change(sets: Iterable[Sequence[float]]) -> float:
    """Smallest change that is more than noise (95 %), in the unit of the values; NaN where there are too few."""
    return _DETECTABLE * standard_error(sets)
