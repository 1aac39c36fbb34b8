"""How far a share can be trusted: intervals over people or recordings, not over clips, which are alike within one person.

Bootstrap over groups (Efron and Tibshirani, An Introduction to the Bootstrap, 1993; whole groups are drawn, as Field and Welsh,
Bootstrapping clustered data, 2007, have it); where all is right, or nothing, the score interval of Wilson (1927) over as many
trials as there are groups. With fewer than about ten groups a bootstrap is too narrow: take it as a hint.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from physio_core.types import FloatArray
from physio_lab.reports.confusion import Confusion

LEVEL = 0.95
DRAWS = 2000

Statistic = Callable[[FloatArray], FloatArray]
"""A figure (B,) of confusions (B, K, C)."""


class Interval(NamedTuple):
    """Where a share lies with :data:`LEVEL` confidence."""

    low: float
    high: float

    def __str__(self) -> str:
        """As tables show it."""
        return f"{self.low:.3f} to {self.high:.3f}"


def wilson(successes: float, trials: float, level: float = LEVEL) -> Interval:
    """The score interval of a share [0..1], also of one that is 0 or 1; everything is possible after no trial.

    Args:
        successes: a sum of shares where each trial is one.
        trials: how many independent ones.
        level: how sure.
    """
    if trials <= 0:
        return Interval(0.0, 1.0)
    share, spread = successes / trials, NormalDist().inv_cdf(0.5 + level / 2.0) ** 2 / trials
    middle = (share + spread / 2.0) / (1.0 + spread)
    half = math.sqrt(spread * (share * (1.0 - share) + spread / 4.0)) / (1.0 + spread)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def accuracy(confusions: FloatArray) -> FloatArray:
    """(B,) share named rightly of each of the confusions (B, K, C)."""
    return np.asarray(np.trace(confusions, axis1=1, axis2=2) / np.maximum(confusions.sum((1, 2)), 1))


def balanced_accuracy(confusions: FloatArray) -> FloatArray:
    """(B,) mean recall of the classes that occur in each of the confusions (B, K, C)."""
    totals = confusions.sum(2)
    recall = np.diagonal(confusions, axis1=1, axis2=2) / np.maximum(totals, 1)
    return np.asarray(recall.sum(1) / np.maximum((totals > 0).sum(1), 1))


def interval(groups: Sequence[Confusion], statistic: Statistic, draws: int = DRAWS, seed: int = 0) -> Interval:
    """The interval of a figure.

    Args:
        groups: the confusion of each person or recording; all of the same classes.
        statistic: :func:`accuracy` or :func:`balanced_accuracy`.
        draws: how many times as many groups are drawn.
        seed: of the draws.
    """
    if not groups:
        return Interval(0.0, 1.0)
    counts = np.stack([group.counts for group in groups]).astype(float)
    drawn = np.random.default_rng(seed).multinomial(len(groups), np.full(len(groups), 1.0 / len(groups)), draws).astype(float)
    figures = statistic(np.tensordot(drawn, counts, axes=1))
    low, high = np.quantile(figures, [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0]).tolist()
    share = float(statistic(counts.sum(0)[None])[0])
    return Interval(low, high) if 0.0 < share < 1.0 else wilson(share * len(groups), len(groups))
