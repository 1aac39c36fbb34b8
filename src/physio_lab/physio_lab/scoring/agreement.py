"""How far scores on a scale agree with people's: the one home of weighted kappa."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def quadratic_kappa(truth: npt.NDArray[np.intp], told: npt.NDArray[np.intp], kinds: int) -> float:
    """Agreement beyond chance of two lists of scores (N,) 0..K-1; two apart counts four times one apart.

    J. Cohen: "Weighted kappa", Psychological Bulletin 70, 1968. 1 is full agreement, 0 what chance gives; 1 also where both
    say one and the same of everything.
    """
    counts = np.zeros((kinds, kinds))
    np.add.at(counts, (truth, told), 1.0)
    at = np.arange(kinds)
    weights = (at[:, None] - at[None]) ** 2
    chance = np.outer(counts.sum(1), counts.sum(0)) / max(counts.sum(), 1.0)
    expected = float((weights * chance).sum())
    return 1.0 - float((weights * counts).sum()) / expected if expected > 0.0 else 1.0
