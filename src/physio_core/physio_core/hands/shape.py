"""What a posture of a hand is like, in numbers that neither the person's bones, nor side, place, turn or size of the hand change.

They are taken on the hand that remains when every bone has the standard length (:func:`on_standard_bones`): how bent each finger
is from the wrist on (bend) and from its knuckle on (curl), as the angle whose cosine is the tip's distance over the length of the
straight finger [rad], so that a little bending counts; and how far tips are apart (gap) [hands]. Whole landmarks in the frame of
the palm judge other people worse: an error of the palm's direction moves every tip.

What the wrist does is not in a hand's shape. With the forearm upright it is in how the palm is turned: where up is, seen from the
palm (up), which is for exercises of the wrist alone.
"""

from __future__ import annotations

import numpy as np

from physio_core.hands.canonical import (
    CHAINS,
    FINGERS,
    STANDARD_BONES,
    TIPS,
    WRIST,
    checked,
    on_standard_bones,
    palm_axes,
    to_canonical,
)
from physio_core.types import FloatArray

_GAPS = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (2, 3), (3, 4)]
SHAPE_FEATURES = (
    tuple(f"bend_{finger}" for finger in FINGERS)
    + tuple(f"curl_{finger}" for finger in FINGERS)
    + tuple(f"gap_{FINGERS[a]}_{FINGERS[b]}" for a, b in _GAPS)
)
TURN_FEATURES = ("up_x", "up_y", "up_z")
FEATURES = SHAPE_FEATURES + TURN_FEATURES
WEIGHTS: FloatArray = np.array(
    [{"bend": 1.0, "curl": 0.25, "gap": 0.09, "up": 1.0}[name.split("_", maxsplit=1)[0]] for name in FEATURES]
)
"""How much the square of each counts in a distance [1, gaps 1/hands^2]: gaps hang on the depth of landmarks, which is a guess."""


def hand_features(points: FloatArray, left: bool = False) -> FloatArray:
    """Numbers (..., 20) of hands (..., 21, 3), in the order of :data:`FEATURES`; NaN where a hand has no frame.

    Args:
        points: in any one unit, axes x right, y down, z away from the camera, which is level.
        left: of a person's left hand.

    Raises:
        SkeletonError: not of that shape.
    """
    mirrored = checked(points) * np.array([-1.0 if left else 1.0, 1.0, 1.0])
    return np.concatenate([shape_features(to_canonical(mirrored)), -palm_axes(mirrored)[..., :, 1]], axis=-1)


def shape_features(canonical: FloatArray) -> FloatArray:
    """Numbers (..., 17) of canonical hands (..., 21, 3), in the order of :data:`SHAPE_FEATURES`; NaN where a hand is NaN."""
    standard = on_standard_bones(canonical)
    tips, roots = standard[..., TIPS, :], standard[..., CHAINS[:, 0], :]
    length = STANDARD_BONES[CHAINS]
    reach = np.linalg.norm(tips - standard[..., WRIST : WRIST + 1, :], axis=-1) / length.sum(axis=1)
    curl = np.linalg.norm(tips - roots, axis=-1) / length[:, 1:].sum(axis=1)
    first, second = np.array(_GAPS).T
    bent = np.arccos(np.clip(np.concatenate([reach, curl], axis=-1), 0.0, 1.0))
    gap = np.linalg.norm(tips[..., first, :] - tips[..., second, :], axis=-1)
    return np.concatenate([bent, gap], axis=-1)
