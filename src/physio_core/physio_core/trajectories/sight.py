"""Where in a room a camera looks that sees an arm: points of its image as lines of sight, and back.

A camera that stands low and looks up sees what is nearer higher and what is above smaller. Where it is known how far it looks
up, both are undone, and places of a path stand upright in the room as they are meant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from physio_core.params import Parameters, param
from physio_core.types import FloatArray

FOCAL_HEIGHTS = 1.15
"""Focal length of a usual camera in image heights: 47 degrees from top to bottom. Only perspective depends on it."""
_LEAST = 1e-6


@dataclass(frozen=True)
class TiltConfig(Parameters):
    """How a camera looks."""

    camera_tilt_deg: float = param(14.0, "How far the camera looks up.", unit="deg", low=-30.0, high=45.0)


def sight_lines(points: FloatArray, tilt_rad: float) -> FloatArray:
    """(..., 3) along which points are seen: one away from the camera along the floor, and so far to the right and up.

    Args:
        points: (..., 2) from the middle of the image, right and down [image heights].
        tilt_rad: how far the camera looks up [rad].
    """
    right, up = points[..., 0], -points[..., 1]
    cos, sin = math.cos(tilt_rad), math.sin(tilt_rad)
    away = np.maximum(FOCAL_HEIGHTS * cos - up * sin, _LEAST)
    return np.stack([np.ones_like(away), right / away, (up * cos + FOCAL_HEIGHTS * sin) / away], axis=-1)


def image_of(places: FloatArray, tilt_rad: float) -> FloatArray:
    """(..., 2) where places are seen, from the middle of the image, right and down [image heights]; undoes :func:`sight_lines`.

    Args:
        places: (..., 3) away from the camera along the floor, right and up, in any unit.
        tilt_rad: how far the camera looks up [rad].
    """
    away, right, up = np.moveaxis(places, -1, 0)
    cos, sin = math.cos(tilt_rad), math.sin(tilt_rad)
    depth = np.maximum(away * cos + up * sin, _LEAST)
    return np.asarray(np.stack([right / depth, (away * sin - up * cos) / depth], axis=-1) * FOCAL_HEIGHTS)
