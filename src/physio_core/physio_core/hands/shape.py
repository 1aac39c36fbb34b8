"""What a posture of a hand is like, in numbers that neither the person's bones, nor side, place, turn or size of the hand change.

They are distances on the hand that remains when every bone has the standard length (:func:`on_standard_bones`): how far each tip
is from the wrist (reach) and from its knuckle (curl), both as a share of the straight finger, and how far tips are apart (gap)
[hands]. Whole landmarks in the frame of the palm judge other people worse: an error of the palm's direction moves every tip.
"""

from __future__ import annotations

import numpy as np

from physio_core.hands.canonical import CHAINS, FINGERS, STANDARD_BONES, TIPS, WRIST, on_standard_bones
from physio_core.types import FloatArray

_GAPS = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (2, 3), (3, 4)]
FEATURES = (
    tuple(f"reach_{finger}" for finger in FINGERS)
    + tuple(f"curl_{finger}" for finger in FINGERS)
    + tuple(f"gap_{FINGERS[a]}_{FINGERS[b]}" for a, b in _GAPS)
)


def shape_features(canonical: FloatArray) -> FloatArray:
    """Numbers (..., 17) of canonical hands (..., 21, 3), in the order of :data:`FEATURES`; NaN where a hand is NaN."""
    standard = on_standard_bones(canonical)
    tips, roots = standard[..., TIPS, :], standard[..., CHAINS[:, 0], :]
    length = STANDARD_BONES[CHAINS]
    reach = np.linalg.norm(tips - standard[..., WRIST : WRIST + 1, :], axis=-1) / length.sum(axis=1)
    curl = np.linalg.norm(tips - roots, axis=-1) / length[:, 1:].sum(axis=1)
    first, second = np.array(_GAPS).T
    gap = np.linalg.norm(tips[..., first, :] - tips[..., second, :], axis=-1)
    return np.concatenate([reach, curl, gap], axis=-1)
