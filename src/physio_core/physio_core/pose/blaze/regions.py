"""Regions of interest: the turned square of an image that a landmark network is shown, and the ways in and out of it.

As MediaPipe's calculators make them: ``AlignmentPointsRectsCalculator``, ``RectTransformationCalculator``,
``LandmarkProjectionCalculator`` (``mediapipe/calculators/util``), ``ImageToTensorCalculator`` (``mediapipe/calculators/tensor``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from physio_core.types import FloatArray


@dataclass(frozen=True)
class Region:
    """A square.

    Attributes:
        x_px: its middle, in pixels of the image, which may lie outside it.
        y_px: likewise.
        side_px: length of a side.
        rotation_rad: by which it is turned, clockwise as one looks at the image.
    """

    x_px: float
    y_px: float
    side_px: float
    rotation_rad: float = 0.0

    @property
    def usable(self) -> bool:
        """Whether there is anything to show: finite, and at least a pixel."""
        return all(map(math.isfinite, (self.x_px, self.y_px, self.side_px, self.rotation_rad))) and self.side_px >= 1.0

    def to_image(self, size: float = 1.0) -> FloatArray:
        """(2, 3) that takes (x, y, 1) of the region, in 0 .. ``size``, to pixels of the image."""
        cosine, sine = math.cos(self.rotation_rad) * self.side_px, math.sin(self.rotation_rad) * self.side_px
        turn = np.array([[cosine, -sine], [sine, cosine]])
        middle = np.array([self.x_px, self.y_px])
        return np.column_stack([turn / size, middle - turn.sum(axis=1) / 2.0])

    def project(self, points: FloatArray) -> FloatArray:
        """Points (..., 2) of the region, in 0 .. 1, as pixels of the image."""
        matrix = self.to_image()
        return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])

    def turn(self, vectors: FloatArray) -> FloatArray:
        """Vectors (..., 3) as the turned region shows them, as the image shows them (``WorldLandmarkProjectionCalculator``)."""
        cosine, sine = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
        turned = vectors.copy()
        turned[..., :2] = vectors[..., :2] @ np.array([[cosine, sine], [-sine, cosine]])
        return turned


def whole(width_px: int, height_px: int) -> Region:
    """The square around a whole image."""
    return Region(width_px / 2.0, height_px / 2.0, float(max(width_px, height_px)))


def upright(start_px: FloatArray, end_px: FloatArray) -> float:
    """By how much a region is turned so that the way from one point to another goes up in it [rad, -pi .. pi)."""
    way = end_px - start_px
    angle = math.pi / 2.0 - math.atan2(-way[1], way[0])
    return float((angle + math.pi) % (2.0 * math.pi) - math.pi)


BODY_SCALE = 1.25
"""``scale_x`` of ``pose_landmarks_to_roi.pbtxt`` and ``pose_detection_to_roi.pbtxt``."""


def body_region(centre_px: FloatArray, end_px: FloatArray) -> Region:
    """Of a body: around the middle of its hips, to 1.25 times the distance of the point that tells its size."""
    distance = float(np.hypot(*(end_px - centre_px)))
    return Region(float(centre_px[0]), float(centre_px[1]), 2.0 * distance * BODY_SCALE, upright(centre_px, end_px))


def box_region(middle_px: FloatArray, size_px: FloatArray, rotation_rad: float, scale: float, shift: float) -> Region:
    """The turned square around a turned box, larger and moved along the box's own vertical (``RectTransformationCalculator``).

    Args:
        middle_px: of the box (2,).
        size_px: its width and height, along its own sides (2,).
        rotation_rad: by which it is turned.
        scale: how much longer than the longer side of the box the region's is.
        shift: how far down it is moved, in heights of the box.
    """
    down = float(size_px[1]) * shift
    return Region(
        float(middle_px[0]) - down * math.sin(rotation_rad),
        float(middle_px[1]) + down * math.cos(rotation_rad),
        float(size_px.max()) * scale,
        rotation_rad,
    )


def overlap(one: Region, other: Region) -> float:
    """Intersection over union of two squares, their rotation left out of account (``AssociationNormRectCalculator``)."""
    reach = (one.side_px + other.side_px) / 2.0
    longest = min(one.side_px, other.side_px)
    shared = math.prod(min(max(reach - abs(away), 0.0), longest) for away in (one.x_px - other.x_px, one.y_px - other.y_px))
    return shared / (one.side_px**2 + other.side_px**2 - shared)
