"""How far joints of a hand are from where they were: the errors of Duran et al. (HMP, WACV 2024), intervals over people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.types import BoolArray, FloatArray

DRAWS = 2000
ERRORS = ("pa_mpjpe", "pa_hidden", "root_relative", "acceleration")


@dataclass(frozen=True, eq=False)
class Told:
    """What one method said of one trial. T images.

    Attributes:
        person: who.
        true_m: (T, 21, 3) from the wrist [m].
        told_m: (T, 21, 3) from the wrist [m].
        hidden: (T, 21) joints that could not be seen.
        step_s: from one image to the next [s].
    """

    person: int
    true_m: FloatArray
    told_m: FloatArray
    hidden: BoolArray
    step_s: float


def aligned(told: FloatArray, true: FloatArray) -> FloatArray:
    """Points (T, J, 3) moved, turned and scaled onto others as well as can be, each frame on its own.

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns", PAMI 13, 1991.
    """
    middle, goal = told.mean(1, keepdims=True), true.mean(1, keepdims=True)
    own, other = told - middle, true - goal
    left, sizes, right = np.linalg.svd(np.einsum("tji,tjk->tik", other, own))
    sign = np.ones_like(sizes)
    sign[:, -1] = np.sign(np.linalg.det(left @ right))
    turn = (left * sign[:, None]) @ right
    scale = (sizes * sign).sum(1) / np.maximum((own**2).sum((1, 2)), 1e-12)
    return np.asarray(scale[:, None, None] * np.einsum("tij,tkj->tki", turn, own) + goal)


def errors(one: Told) -> dict[str, tuple[float, int]]:
    """Sum and number of each of :data:`ERRORS`: joints [mm], of joints that are hidden [mm], accelerations [m/s^2]."""
    pa_mm = 1000.0 * np.linalg.norm(aligned(one.told_m, one.true_m) - one.true_m, axis=-1)
    plain_mm = 1000.0 * np.linalg.norm(one.told_m - one.true_m, axis=-1)
    pace = np.linalg.norm(np.diff(one.told_m - one.true_m, 2, axis=0), axis=-1) / one.step_s**2
    parts = (pa_mm, pa_mm[one.hidden], plain_mm, pace)
    return {name: (float(part.sum()), part.size) for name, part in zip(ERRORS, parts, strict=True)}


def figures(told: Sequence[Told]) -> dict[str, Any]:
    """Mean of each of :data:`ERRORS` over all trials, and where it lies with 95 % confidence: a bootstrap over people."""
    people = sorted({one.person for one in told})
    sums = np.zeros((len(people), len(ERRORS), 2))
    for one in told:
        sums[people.index(one.person)] += np.array(list(errors(one).values()))
    drawn = np.random.default_rng(0).multinomial(len(people), np.full(len(people), 1.0 / len(people)), DRAWS)
    found: dict[str, Any] = {"people": len(people), "trials": len(told)}
    for at, name in enumerate(ERRORS):
        total, count = sums[:, at].sum(0)
        each = drawn @ sums[:, at]
        low, high = np.quantile(each[:, 0] / np.maximum(each[:, 1], 1), [0.025, 0.975]).tolist()
        found[name] = float(total / max(count, 1.0))
        found[f"{name}_interval"] = {"low": low, "high": high}
    return found
