"""Joints of an image brought into space: where they lie across the image is seen, how far away they are is the estimator's guess.

MediaPipe also guesses all three coordinates (``world_m`` of a skeleton). Across the image these are worse than the image itself:
a knee seen from the side errs by twice as much in its space as with the image's own x and y.
Its depth has two habits, on rendered and on real people alike: it is too deep, and someone who stands upright leans towards the
camera by about nine degrees. Both are undone here. Figures: docs/angles.md.
"""

from __future__ import annotations

import numpy as np

from physio_core.errors import InputError
from physio_core.skeleton.confidence import RELIABLE
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.remapping import remap
from physio_core.types import FloatArray

DEPTH = 0.85
"""Share of the guessed depth that is believed."""
LEAN = 0.13
"""Depth that a joint gains with its height above the hips: the tangent of the lean that is undone, times :data:`DEPTH`."""
_HIPS = Layout("hips", ("spine_base",), (), "spine_base")


def lifted(points: FloatArray, confidence: FloatArray, world_m: FloatArray, layout: Layout) -> FloatArray:
    """Joints in space (T, V, 3), in the unit of ``points``: x right, y down, z away from the camera, 0 at the hips.

    Args:
        points: (T, V, 2) in one unit for x and y, such as a stream's.
        confidence: (T, V) [0..1].
        world_m: (T, V, 3) as of :class:`~physio_core.types.Skeleton`; NaN where the estimator guesses nothing.
        layout: joint order.

    Raises:
        InputError: the shapes disagree.
    """
    if points.shape[:-1] != confidence.shape or world_m.shape != (*confidence.shape, 3):
        raise InputError(
            f"points {points.shape}, confidence {confidence.shape}, world {world_m.shape}; need (T, V, 2), (T, V), (T, V, 3)"
        )
    weight = np.where(confidence >= RELIABLE, confidence, 0.0)[..., None]
    across, in_space = (_spread(one, weight) for one in (points, world_m[..., :2]))
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = (across / in_space)[:, None]
    hips, _ = remap(points, confidence, layout, _HIPS)
    depth = DEPTH * scale * world_m[..., 2] - LEAN * (points[..., 1] - hips[:, :1, 1])
    return np.concatenate([points.astype(float), depth[..., None]], axis=-1)


def _spread(points: FloatArray, weight: FloatArray) -> FloatArray:
    """How far joints (T, V, 2) lie from their middle, root mean square (T,)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        total = weight.sum(1, keepdims=True)
        apart = points - (weight * points).sum(1, keepdims=True) / total
        return np.asarray(np.sqrt((weight * apart**2).sum((1, 2)) / total[:, 0, 0]))
