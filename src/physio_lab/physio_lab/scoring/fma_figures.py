"""Figures of scores 0 to 2 that were told of trials: agreement, confusion, calibration, and what abstaining buys."""

from __future__ import annotations

from typing import Any

import numpy as np

from physio_core.hands.scoring import ITEMS, LEVELS
from physio_core.types import FloatArray
from physio_lab.quality.outcomes import reliability
from physio_lab.quality.ridge import Indices
from physio_lab.reports.confusion import Confusion
from physio_lab.reports.intervals import accuracy, interval
from physio_lab.scoring.agreement import quadratic_kappa
from physio_lab.scoring.examples import Examples

NAMES = tuple(str(level) for level in range(LEVELS))
CONFIDENT = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Probabilities below which nothing would be told, for the table."""
_DRAWS = 1000


def figures(examples: Examples, told: FloatArray) -> dict[str, Any]:
    """Of probabilities (N, K), or ones and zeros, for N trials; intervals over patients."""
    truth, named, sure = examples.levels, told.argmax(1), told.max(1)
    people = np.unique(examples.patients)
    each = [_confusion(truth[rows], named[rows]) for rows in (examples.patients == who for who in people)]
    whole = Confusion(NAMES, np.sum([one.counts for one in each], axis=0))
    kept = [sure >= limit for limit in CONFIDENT]
    return {
        "kappa": quadratic_kappa(truth, named, LEVELS), "kappa_interval": kappa_interval(each),
        "accuracy": whole.accuracy, "accuracy_interval": interval(each, accuracy)._asdict(),
        "balanced_accuracy": whole.balanced_accuracy, "confusion": whole.as_dict(),
        "calibration": reliability(sure, (named == truth).astype(float)),
        "abstaining": [
            {"below": limit, "told": float(rows.mean()), "accuracy": float((named == truth)[rows].mean()) if rows.any() else None}
            for limit, rows in zip(CONFIDENT, kept, strict=True)
        ],
        "items": {
            ITEMS[item]: quadratic_kappa(truth[examples.items == item], named[examples.items == item], LEVELS)
            for item in np.unique(examples.items)
        },
        "n": len(truth), "patients": len(people), "refused": len(examples.refused),
    }  # fmt: skip


def kappa_interval(each: list[Confusion]) -> dict[str, float]:
    """Where weighted kappa lies with 95 % confidence, given the confusion of each patient: a bootstrap over patients."""
    counts = np.stack([one.counts for one in each]).astype(float)
    drawn = np.random.default_rng(0).multinomial(len(each), np.full(len(each), 1.0 / len(each)), _DRAWS)
    at = np.arange(LEVELS)
    weights = (at[:, None] - at[None]) ** 2
    whole = np.tensordot(drawn, counts, axes=1)
    chance = whole.sum(2)[:, :, None] * whole.sum(1)[:, None] / whole.sum((1, 2))[:, None, None]
    kappas = 1.0 - (weights * whole).sum((1, 2)) / np.maximum((weights * chance).sum((1, 2)), 1e-9)
    low, high = np.quantile(kappas, [0.025, 0.975]).tolist()
    return {"low": low, "high": high}


def _confusion(truth: Indices, named: Indices) -> Confusion:
    return Confusion.of([NAMES[at] for at in truth], [NAMES[at] for at in named], NAMES, ())
