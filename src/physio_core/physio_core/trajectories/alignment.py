"""Which point of one path belongs to which of another: dynamic time warping.

H. Sakoe, S. Chiba: "Dynamic programming algorithm optimization for spoken word recognition", IEEE Transactions on Acoustics,
Speech, and Signal Processing 26(1), 1978, with equal steps; a diagonal of the table at once, since each depends on the two
before it only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.types import FloatArray

Pairs = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Alignment:
    """How two paths belong together.

    Attributes:
        pairs: (k, 2) indices into the first and the second; both begin at 0, never fall and end at the last point.
        distance: mean distance of the points of a pair, in the unit of the points.
    """

    pairs: Pairs
    distance: float


def align(first: FloatArray, second: FloatArray) -> Alignment:
    """The alignment with the least sum of distances.

    Args:
        first: (n, d) points.
        second: (m, d) points.

    Raises:
        InputError: no points, or of another number of values.
    """
    if first.ndim != 2 or second.ndim != 2 or min(len(first), len(second)) == 0 or first.shape[1] != second.shape[1]:
        raise InputError(f"points {first.shape} and {second.shape}; need (n, d) and (m, d), at least one each")
    apart = np.linalg.norm(first[:, None, :] - second[None, :, :], axis=2)
    pairs = _back(_total(apart))
    return Alignment(pairs, float(apart[pairs[:, 0], pairs[:, 1]].mean()))


def distance(first: FloatArray, second: FloatArray) -> float:
    """Mean distance of two paths (n, d) and (m, d) after alignment; errors as :func:`align`."""
    return align(first, second).distance


def _total(apart: FloatArray) -> FloatArray:
    """(n + 1, m + 1) least sum of distances up to each pair, with a border of infinity."""
    rows, columns = apart.shape
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    for diagonal in range(rows + columns - 1):
        row = np.arange(max(0, diagonal - columns + 1), min(rows, diagonal + 1))
        column = diagonal - row
        before = np.minimum(np.minimum(total[row, column + 1], total[row + 1, column]), total[row, column])
        total[row + 1, column + 1] = apart[row, column] + before
    return total


def _back(total: FloatArray) -> Pairs:
    row, column = total.shape[0] - 1, total.shape[1] - 1
    pairs = [(row - 1, column - 1)]
    while row > 1 or column > 1:
        steps = ((row - 1, column - 1), (row - 1, column), (row, column - 1))
        row, column = min(steps, key=lambda step: float(total[step]))
        pairs.append((row - 1, column - 1))
    return np.array(pairs[::-1], np.intp)
