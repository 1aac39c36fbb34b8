"""Regions in which a network looks at a hand, as the runtime follows it, and what is true in them.

A region is turned so that the knuckles are above the wrist, and made from the landmarks of the image before
(:func:`~physio_core.pose.blaze.hands.hand_region`); a follower never hits it exactly, which :func:`shaken` imitates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio_core.pose.blaze.hands import hand_region
from physio_core.pose.blaze.regions import Region
from physio_core.types import FloatArray
from physio_lab.datasets.hand_sets import normalised

SHIFT, STRETCH, TURN_RAD = 0.04, 0.08, 0.12
"""Spread of a follower's errors: of the middle [sides], of the logarithm of the side, of the turn."""


@dataclass(frozen=True)
class Told:
    """What is true of a hand in a region, or said of it.

    Attributes:
        marks: (21, 3) in sides of the region from its corner; the third is depth from the wrist, away from the camera.
        joints: (21, 3) from the wrist, in lengths from the wrist to the middle knuckle, in the axes of the turned region.
    """

    marks: FloatArray
    joints: FloatArray

    @property
    def mirrored(self) -> Told:
        """Of the mirror image of the region."""
        over = np.array([-1.0, 1.0, 1.0])
        return Told(self.marks * over + [1.0, 0.0, 0.0], self.joints * over)


def truth(region: Region, points_m: FloatArray, points_px: FloatArray, focal_px: float) -> Told:
    """Of joints (21, 3) in the camera's axes [m] that lie at (21, 2) in the image [px]; depth is scaled as at the wrist."""
    matrix = region.to_image()
    places = (points_px - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    deep = (points_m[:, 2] - points_m[0, 2]) * focal_px / points_m[0, 2] / region.side_px
    return Told(np.column_stack([places, deep]), replace(region, rotation_rad=-region.rotation_rad).turn(normalised(points_m)))


def in_cut_out(region: Region, told: Told, size_px: float) -> Told:
    """What was said in a region, as the cut-out (size_px wide) shows it: marks in its sides, joints in its axes."""
    places = region.project(told.marks[:, :2]) / size_px
    return Told(np.column_stack([places, told.marks[:, 2] * region.side_px / size_px]), region.turn(told.joints))


def shaken(points_px: FloatArray, rng: np.random.Generator) -> Region:
    """The region of landmarks (21, 2) as a follower would have it, a little astray."""
    region = hand_region(points_px)
    x, y = SHIFT * region.side_px * rng.normal(size=2)
    side_px = region.side_px * float(np.exp(STRETCH * rng.normal()))
    return Region(region.x_px + x, region.y_px + y, side_px, region.rotation_rad + TURN_RAD * float(rng.normal()))
