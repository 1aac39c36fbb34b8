"""How far two estimators are apart on an image, and from where on they are no longer the same to the coach."""

from __future__ import annotations

import numpy as np

from physio_core.skeleton.layouts import BLAZEPOSE_33
from physio_core.types import FloatArray, Skeleton

SHOULDERS = [BLAZEPOSE_33.index(f"{side}_shoulder") for side in ("left", "right")]
HIPS = [BLAZEPOSE_33.index(f"{side}_hip") for side in ("left", "right")]
MOST_PERCENT, MOST_P95_PERCENT, MOST_WORLD_MM = 1.0, 5.0, 10.0
"""In the image, of the torso: median and 95th percentile; in space: median. Beyond one of them they are not equal."""


def torso_percent(given: Skeleton, wanted: Skeleton) -> FloatArray:
    """Distance (V,) of landmarks in the image, in % of the wanted torso, from the middle of the shoulders to that of the hips."""
    size_px = np.array([wanted.width_px, wanted.height_px])
    places = wanted.points[:, :2] * size_px
    torso_px = np.linalg.norm(places[SHOULDERS].mean(0) - places[HIPS].mean(0))
    return np.asarray(np.linalg.norm(given.points[:, :2] * size_px - places, axis=1) / max(float(torso_px), 1.0) * 100.0)


def world_mm(given: Skeleton, wanted: Skeleton) -> FloatArray:
    """Distance (V,) of landmarks in space [mm]."""
    return np.asarray(np.linalg.norm(given.world_m - wanted.world_m, axis=1) * 1e3)
