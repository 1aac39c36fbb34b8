"""The patient's own skeleton as lines on the screen, mirrored, so that it moves like a mirror image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.errors import ConfigError
from physio_core.screen.layout import Rect
from physio_core.skeleton.layouts import layout_named
from physio_core.types import ByteImage, Skeleton

SURE = 0.3
"""Joints below this confidence are not drawn: a guess would look like a mistake of the patient."""

_FAR = 0.5
"""Joints further outside the picture than this share of it are not drawn."""


@dataclass(frozen=True)
class Bone:
    """A line between two joints [px]."""

    a_px: tuple[float, float]
    b_px: tuple[float, float]
    radius_px: float


def picture_rect(frame: Rect, picture: ByteImage | None, skeleton: Skeleton | None) -> Rect:
    """The largest rectangle with the shape of the camera picture inside a frame."""
    width, height = 4, 3
    if picture is not None:
        height, width = picture.shape[:2]
    elif skeleton is not None and skeleton.width_px > 0 and skeleton.height_px > 0:
        width, height = skeleton.width_px, skeleton.height_px
    scale = min(frame.width / width, frame.height / height)
    wide, high = round(width * scale), round(height * scale)
    return Rect(frame.x + (frame.width - wide) // 2, frame.y + (frame.height - high) // 2, wide, high)


def bones(skeleton: Skeleton | None, shown: Rect) -> list[Bone]:
    """Lines to draw for a skeleton, mirrored inside the shown picture; none while nobody is tracked."""
    if skeleton is None or not skeleton.tracked:
        return []
    try:
        edges = layout_named(skeleton.layout).edge_indices
    except ConfigError:
        return []
    points = np.asarray(skeleton.points[:, :2], float)
    near = np.isfinite(points).all(axis=1) & (np.abs(points - 0.5) < 0.5 + _FAR).all(axis=1)
    usable = near & (skeleton.confidence >= SURE)
    edges = edges[(edges < len(points)).all(axis=1)]
    places = [(shown.x + (1.0 - x) * shown.width, shown.y + y * shown.height) for x, y in np.where(near[:, None], points, 0.0)]
    radius = max(shown.height / 70, 3.0)
    return [Bone(places[a], places[b], radius) for a, b in edges if usable[a] and usable[b]]
