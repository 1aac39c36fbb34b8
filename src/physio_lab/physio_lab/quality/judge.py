"""Learns to judge one exercise from some people and judges the recordings of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.types import BoolArray, FloatArray
from physio_lab.quality.ridge import Indices, Names, held_out, regressed
from physio_lab.quality.takes import Take
from physio_lab.quality.views import METHODS, Method, View

STEPS = 50
"""Of Newton's method, at most; a sigmoid needs about ten."""


@dataclass(frozen=True)
class Scale:
    """What judgements are: right or wrong, or a score from ``low`` to ``high``."""

    scored: bool
    low: float = -1.0
    high: float = 1.0


@dataclass(frozen=True)
class Said:
    """Of M recordings: above 0 is right, or a score; and how sure it is that it is right (NaN of scores)."""

    values: FloatArray
    probabilities: FloatArray


def judged(takes: Sequence[Take], learn: Indices, ask: Indices, scale: Scale, methods: Sequence[str]) -> dict[str, Said]:
    """What each method says of the rows ``ask`` after it learnt from the rows ``learn``, of other people.

    The shrinkage and the sigmoid of the probabilities are chosen on the people to be learnt from alone, each held out in turn.

    Args:
        takes: of one exercise.
        learn: rows to learn from.
        ask: rows to be judged; their targets are not looked at.
        scale: of the judgements.
        methods: of :data:`~physio_lab.quality.views.METHODS`.
    """
    rows = np.concatenate([learn, ask])
    own = [takes[row] for row in rows]
    learnt = np.arange(len(learn))
    wanted = dict.fromkeys(view for method in methods for view in METHODS[method].views)
    kernels = {view: view(own, learnt) for view in wanted}
    target = np.array([take.target for take in own])
    target[len(learn) :] = 0.0
    groups = np.array([take.subject for take in own])
    return {method: _said(METHODS[method], kernels, learnt, target, groups, scale) for method in methods}


def _said(
    method: Method, kernels: Mapping[View, FloatArray], learnt: Indices, target: FloatArray, groups: Names, scale: Scale
) -> Said:
    ask, known = np.arange(len(learnt), len(target)), target[learnt]
    if not method.views or len(np.unique(known)) < 2:
        return _usual(known, len(ask), scale)
    kernel = np.asarray(np.mean([kernels[view] for view in method.views], axis=0))

    def weigh(rows: Indices) -> FloatArray:
        return np.ones(len(rows)) if scale.scored else balancing(target[rows])

    inner = held_out(kernel, learnt, groups, target, weigh)
    best = best_of(inner, known, scale)
    values = regressed(kernel, learnt, ask, target, weigh(learnt))[best]
    if scale.scored:
        return Said(np.clip(values, scale.low, scale.high), np.full(len(ask), np.nan))
    slope, offset = sigmoid(inner[best], known > 0)
    return Said(values, 1.0 / (1.0 + np.exp(-np.clip(slope * values + offset, -30.0, 30.0))))


def _usual(known: FloatArray, count: int, scale: Scale) -> Said:
    if scale.scored:
        return Said(np.full(count, float(np.median(known))), np.full(count, np.nan))
    share = float((np.sum(known > 0) + 1.0) / (len(known) + 2.0))
    return Said(np.full(count, 1.0 if share >= 0.5 else -1.0), np.full(count, share))


def balancing(target: FloatArray) -> FloatArray:
    """Weights with which right and wrong ones count alike."""
    right = target > 0
    shares = np.where(right, right.mean(), 1.0 - right.mean())
    weights: FloatArray = 0.5 / shares
    return weights


def best_of(inner: FloatArray, known: FloatArray, scale: Scale) -> int:
    """Index of the shrinkage that serves people best who were held out; of equals, the strongest."""
    if scale.scored:
        off = np.abs(np.clip(inner, scale.low, scale.high) - known).mean(1)
    else:
        wrong = (inner > 0) != (known > 0)
        off = wrong[:, known > 0].mean(1) + wrong[:, known <= 0].mean(1)
    return len(off) - 1 - int(np.argmin(off[::-1]))


def sigmoid(values: FloatArray, right: BoolArray) -> tuple[float, float]:
    """Slope and offset that turn values (N,) into the probability of being right (N,), by Newton's method.

    J. Platt: "Probabilistic outputs for support vector machines", 1999, with his softened targets, which keep few or cleanly
    parted values from making it too sure.
    """
    yes, no = int(np.sum(right)), int(np.sum(~right))
    goal = np.where(right, (yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0))
    inputs = np.stack([values, np.ones_like(values)], axis=1)
    found = np.array([1.0, np.log((yes + 1.0) / (no + 1.0))])
    for _ in range(STEPS):
        sure = 1.0 / (1.0 + np.exp(-np.clip(inputs @ found, -30.0, 30.0)))
        gradient = inputs.T @ (sure - goal)
        curvature = (inputs * (sure * (1.0 - sure))[:, None]).T @ inputs + 1e-6 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        found = found - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-6:
            break
    slope, offset = found.tolist()
    return max(slope, 0.0), offset
