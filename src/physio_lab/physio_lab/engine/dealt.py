"""Which rows make a batch, by the seed and the batch's number, so that a training can go on where it was interrupted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]


def shuffled(count: int, batch: int, seed: int, index: int) -> Rows:
    """Rows of batch ``index``: each of ``count`` once in an epoch, in an order of its own; what fills no batch is left out."""
    epoch, place = divmod(index, max(1, count // batch))
    order = np.random.default_rng((seed, epoch)).permutation(count)
    return order[place * batch : (place + 1) * batch]


def in_order(count: int, batch: int) -> Iterator[Rows]:
    """Rows of every batch, all of them once; the last may be smaller."""
    return (np.arange(at, min(at + batch, count)) for at in range(0, count, batch))
