"""K-means of scikit-learn, and how many clusters there are: the knee of the inertia (elbow) and the silhouette.

k-means++ with restarts (Arthur and Vassilvitskii, 2007). The knee is the point furthest below the chord of the curve (Satopaa et
al., Finding a "kneedle" in a haystack, 2011); silhouettes after Rousseeuw (1987).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import ConfigError
from physio_core.types import FloatArray

RESTARTS = 10
SILHOUETTES_OF = 1500
"""Silhouettes are taken of so many hands at most: their cost is the square of it."""


@dataclass(frozen=True)
class Clustering:
    """Points in clusters.

    Attributes:
        centres: (K, F).
        members: (N,) cluster of each point.
        inertia: sum of squared distances from the centres.
        silhouette: mean [-1..1]; NaN of one cluster.
    """

    centres: FloatArray
    members: npt.NDArray[np.intp]
    inertia: float
    silhouette: float


def clustered(points: FloatArray, k: int, seed: int = 0) -> Clustering:
    """Points (N, F) in k clusters.

    Raises:
        ConfigError: scikit-learn is not installed.
    """
    cluster, metrics = _sklearn()
    machine = cluster.KMeans(k, init="k-means++", n_init=RESTARTS, random_state=seed).fit(points)
    members = np.asarray(machine.labels_, np.intp)
    silhouette = float("nan")
    if 1 < len(set(members.tolist())) < len(points):
        sample = min(len(points), SILHOUETTES_OF)
        chosen = np.random.default_rng(seed).choice(len(points), sample, replace=False)
        if len(set(members[chosen].tolist())) > 1:
            silhouette = float(metrics.silhouette_score(points[chosen], members[chosen]))
    return Clustering(np.asarray(machine.cluster_centers_), members, float(machine.inertia_), silhouette)


def knee(counts: Sequence[int], inertias: Sequence[float]) -> int:
    """The count from which more clusters help little; of the logarithm, since inertias fall by powers of ten."""
    if len(counts) < 3:
        return counts[0]
    x = (np.array(counts, float) - counts[0]) / (counts[-1] - counts[0])
    y = np.log(np.maximum(inertias, 1e-12))
    y = (y - y[-1]) / max(float(y[0] - y[-1]), 1e-12)
    return counts[int(np.argmax(1.0 - x - y))]


def _sklearn() -> tuple[Any, Any]:
    try:
        from sklearn import cluster, metrics
    except ModuleNotFoundError as error:
        raise ConfigError("clusters need scikit-learn, which comes with the laboratory: scripts/setup --training") from error
    return cluster, metrics
