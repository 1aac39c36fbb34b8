"""What a network that scores hand items must beat: the usual level, ridge regression on ranges of motion, neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from physio_core.hands.features import FEATURES, GROUPS
from physio_core.hands.scoring import LEVELS
from physio_core.types import FloatArray
from physio_lab.evaluation.nearest import warped
from physio_lab.scoring.examples import Examples

NEIGHBOURS = 5
POINTS = 40
"""To which trials are thinned before they are warped."""
_SHRINKAGE = 10.0
_RANGED = ("flexion", "spread", "opposition", "tips", "openness")
_COLUMNS = [FEATURES.index(name) for group in _RANGED for name in GROUPS[group]]


@dataclass(frozen=True)
class Baseline:
    """A method, by what it does: learns the first, tells the second (M, K)."""

    what: str
    told: Callable[[Examples, Examples], FloatArray]


def usual(learn: Examples, ask: Examples) -> FloatArray:
    """Always the level that is learnt most often."""
    return np.tile(np.bincount(learn.levels, minlength=LEVELS) / len(learn), (len(ask), 1))


def by_range(learn: Examples, ask: Examples) -> FloatArray:
    """Ridge regression on how far each angle and distance moves, and on the duration; an item is compared with itself."""
    told = np.zeros((len(ask), LEVELS))
    for item in np.unique(ask.items):
        known, asked = learn.of(np.flatnonzero(learn.items == item)), np.flatnonzero(ask.items == item)
        if not len(known):
            told[asked] = usual(learn, ask)[asked]
            continue
        features, other = _ranges(known), _ranges(ask.of(asked))
        mean, spread = features.mean(0), features.std(0) + 1e-6
        design = (features - mean) / spread
        targets = np.eye(LEVELS)[known.levels]
        weights = np.linalg.solve(
            design.T @ design + _SHRINKAGE * np.eye(design.shape[1]), design.T @ (targets - targets.mean(0))
        )
        told[asked] = (other - mean) / spread @ weights + targets.mean(0)
    return told


def by_neighbours(learn: Examples, ask: Examples) -> FloatArray:
    """Votes of the nearest trials of the same item, moments being shifted against each other (dynamic time warping)."""
    told = np.zeros((len(ask), LEVELS))
    for item in np.unique(ask.items):
        known, asked = learn.of(np.flatnonzero(learn.items == item)), np.flatnonzero(ask.items == item)
        if not len(known):
            told[asked] = usual(learn, ask)[asked]
            continue
        near = np.argsort(warped(_course(ask.of(asked)), _course(known)), axis=1)[:, :NEIGHBOURS]
        told[asked] = np.eye(LEVELS)[known.levels[near]].mean(1)
    return told


def _ranges(examples: Examples) -> FloatArray:
    values = examples.inputs[:, :, _COLUMNS]
    low, high = np.quantile(values, [0.05, 0.95], axis=1)
    return np.concatenate([high - low, values.max(1), values.min(1), np.log(examples.seconds)[:, None]], axis=1)


def _course(examples: Examples) -> FloatArray:
    return np.ascontiguousarray(examples.inputs[:, :: examples.inputs.shape[1] // POINTS, _COLUMNS], dtype=float)


BASELINES = {
    "usual": Baseline("always the usual level", usual),
    "range": Baseline("ridge regression on ranges of motion", by_range),
    "neighbours": Baseline(f"{NEIGHBOURS} nearest neighbours, dynamic time warping", by_neighbours),
}
