"""How far told joints are from true ones: R² and mean square error, by axis and by joint, with an interval over people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray

DRAWS = 1000


def figures_of(told: FloatArray, truth: FloatArray, who: Iterable[str]) -> dict[str, Any]:
    """R² and mean square error of joints (N, 21, 3), the wrist left out, which is 0; whose they are gives the interval.

    R² is 1 less the share of the variance about each coordinate's own mean that is missed, all coordinates together; beside it
    the mean of what each of the 60 coordinates has alone, as libraries often have it. The wrist's would change neither.
    """
    missed = np.square(told - truth)[:, 1:]
    spread = np.square(truth - truth.mean(0))[:, 1:]
    names = np.array(list(who))
    of = np.array([[missed[names == one].sum(), spread[names == one].sum()] for one in sorted(set(names.tolist()))])
    drawn = of[np.random.default_rng(0).integers(len(of), size=(DRAWS, len(of)))].sum(1)
    low, high = np.quantile(1.0 - drawn[:, 0] / drawn[:, 1], (0.025, 0.975)).tolist()
    axes, joints = 1.0 - missed.sum((0, 1)) / spread.sum((0, 1)), 1.0 - missed.sum((0, 2)) / spread.sum((0, 2))
    return {
        "r2": float(1.0 - missed.sum() / spread.sum()), "r2_interval": {"low": low, "high": high}, "mse": float(missed.mean()),
        "r2_mean_of_coordinates": float((1.0 - missed.sum(0) / spread.sum(0)).mean()),
        "axes_r2": dict(zip("xyz", axes.tolist(), strict=True)),
        "joints_r2": dict(zip(HAND_21.joints[1:], joints.tolist(), strict=True)),
        "distance_percent": float(100.0 * np.sqrt(missed.sum(-1)).mean()),
    }  # fmt: skip
