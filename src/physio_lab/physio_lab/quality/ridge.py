"""Kernel ridge regression, with as much shrinkage as serves people who were not learnt from.

C. Saunders, A. Gammerman, V. Vovk: "Ridge regression learning algorithm in dual variables", ICML 1998. All degrees of shrinkage
come from one decomposition, and there are far fewer recordings than features, so the dual form is the cheap one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from physio_core.types import FloatArray

Indices = npt.NDArray[np.intp]
Names = npt.NDArray[np.str_]
SHRINKAGES = 10.0 ** np.arange(-4, 2)
"""In units of the kernel's mean diagonal."""
INNER_FOLDS = 5


def linear(features: FloatArray, learnt: Indices, standardise: bool = False) -> FloatArray:
    """Inner products (N, N) of features (N, F), centred and scaled by those of the ``learnt`` rows alone."""
    centred = features - features[learnt].mean(0)
    if standardise:
        spread = features[learnt].std(0)
        centred = np.where(spread > 1e-7, np.clip(centred / np.maximum(spread, 1e-7), -5.0, 5.0), 0.0)
    products = (centred @ centred.T).astype(float)
    scaled: FloatArray = products / max(float(np.diag(products)[learnt].mean()), 1e-12)
    return scaled


def radial(products: FloatArray, learnt: Indices) -> FloatArray:
    """Similarities (N, N) that fall with the distance of rows, from inner products; a usual distance falls to 1/e."""
    lengths = np.diag(products)
    distances = lengths[:, None] + lengths[None] - 2.0 * products
    usual = float(np.median(distances[np.ix_(learnt, learnt)]))
    similar: FloatArray = np.exp(-distances / max(usual, 1e-12))
    return similar


def regressed(kernel: FloatArray, learn: Indices, ask: Indices, target: FloatArray, weights: FloatArray) -> FloatArray:
    """What ridge regression says of the rows ``ask`` for each of :data:`SHRINKAGES`.

    Args:
        kernel: (N, N).
        learn: rows to learn from.
        ask: rows to be told.
        target: (N,), of which only ``learn`` is looked at.
        weights: of the rows ``learn``, positive.

    Returns:
        (S, len(ask)).
    """
    share = weights / weights.sum()
    own, other = kernel[np.ix_(learn, learn)], kernel[np.ix_(ask, learn)]
    middle = own @ share
    other = other - (other @ share)[:, None] - middle[None] + share @ middle
    told: FloatArray = share @ target[learn] + duals(own, target[learn], weights) @ other.T
    return told


def duals(kernel: FloatArray, target: FloatArray, weights: FloatArray) -> FloatArray:
    """How much each row counts in a regression on all of them, for each of :data:`SHRINKAGES`.

    Args:
        kernel: (N, N), which is centred here on the weighted mean of the rows.
        target: (N,).
        weights: (N,) positive.

    Returns:
        (S, N); a row's value is the weighted mean of the targets and the sum of these times its centred kernel.
    """
    share, root = weights / weights.sum(), np.sqrt(weights / weights.mean())
    middle = kernel @ share
    centred = kernel - middle[:, None] - middle[None] + share @ middle
    values, vectors = np.linalg.eigh(root[:, None] * centred * root[None])
    along = vectors.T @ (root * (target - share @ target))
    shrunk = along[:, None] / (np.maximum(values, 0.0)[:, None] + SHRINKAGES[None])
    return np.asarray((root[:, None] * (vectors @ shrunk)).T)


def held_out(
    kernel: FloatArray, rows: Indices, groups: Names, target: FloatArray,
    weigh: Callable[[Indices], FloatArray],
) -> FloatArray:  # fmt: skip
    """What is said of each of the rows by a regression that learnt nothing from its person.

    Args:
        kernel: (N, N).
        rows: that may be learnt from.
        groups: (N,) person of each row.
        target: (N,).
        weigh: weights of some rows.

    Returns:
        (S, len(rows)) for each of :data:`SHRINKAGES`.
    """
    people = np.unique(groups[rows])
    parts = np.array_split(np.random.default_rng(0).permutation(people), min(INNER_FOLDS, len(people)))
    said = np.zeros((len(SHRINKAGES), len(rows)))
    for part in parts:
        out = np.isin(groups[rows], part)
        if out.all():
            said[:, out] = float(target[rows].mean())
        else:
            learn = rows[~out]
            said[:, out] = regressed(kernel, learn, rows[out], target, weigh(learn))
    return said
