"""The nearest neighbour: a movement is what the most alike of those learnt is. Alike at the same moments, or in any tempo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from physio_core.types import FloatArray

Distances = Callable[[FloatArray, FloatArray], FloatArray]
"""(N, M) squared distances of (N, T, F) to (M, T, F)."""

CHUNK = 4_000_000
"""Numbers that a table of costs holds at a time."""
STRIDE = 2
"""Every so many frames are warped: half of them tell a movement's course, at a quarter of the cost."""
BAND = 0.2
"""How far one movement may run ahead of the other, as a share of its length (Sakoe and Chiba 1978)."""


class Nearest:
    """One nearest neighbour."""

    def __init__(self, distances: Distances) -> None:
        self._distances = distances

    def fit(self, shapes: FloatArray, labels: Sequence[str]) -> None:
        """Remember shapes (M, T, F) and their labels."""
        self._shapes, self._labels = shapes, list(labels)

    def predict(self, shapes: FloatArray) -> list[str]:
        """Labels of shapes (N, T, F)."""
        return [self._labels[index] for index in self._distances(shapes, self._shapes).argmin(1)]


def straight(ones: FloatArray, others: FloatArray) -> FloatArray:
    """Squared Euclidean distances: the same moments are compared."""
    return _squares(ones.reshape(len(ones), -1), others.reshape(len(others), -1))


def warped(ones: FloatArray, others: FloatArray) -> FloatArray:
    """Dynamic time warping (Sakoe and Chiba, Dynamic programming algorithm optimization for spoken word recognition, 1978).

    The cheapest way through the table of costs between all moments of two movements, not further from the diagonal than
    :data:`BAND`; the table is filled for all pairs at once.
    """
    ones, others = ones[:, ::STRIDE], others[:, ::STRIDE]
    chunk = max(1, CHUNK // (len(others) * ones.shape[1] ** 2))
    return np.concatenate([_cheapest(_costs(ones[i : i + chunk], others)) for i in range(0, len(ones), chunk)])


def _costs(ones: FloatArray, others: FloatArray) -> FloatArray:
    """(T, T, N, M)."""
    (n, frames, size), m = ones.shape, len(others)
    table = _squares(ones.reshape(-1, size), others.reshape(-1, size))
    return np.ascontiguousarray(table.reshape(n, frames, m, frames).transpose(1, 3, 0, 2))


def _cheapest(costs: FloatArray) -> FloatArray:
    frames = len(costs)
    band = max(1, round(BAND * frames))
    never = np.full(costs.shape[2:], np.inf, costs.dtype)
    above = [never] * (frames + 1)
    above[0] = np.zeros_like(never)
    for i in range(frames):
        row = [never] * (frames + 1)
        for j in range(max(0, i - band), min(frames, i + band + 1)):
            row[j + 1] = costs[i, j] + np.minimum(np.minimum(above[j], above[j + 1]), row[j])
        above = row
    return above[-1]


def _squares(ones: FloatArray, others: FloatArray) -> FloatArray:
    squares = (ones**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2.0 * ones @ others.T
    return np.asarray(np.maximum(squares, 0.0))
