"""How a person is turned to the camera, as images come: seen from the front, obliquely or from the side, and where they look.

Two things tell. Shoulders and hips are as wide in the image as the person is turned to it: exact where someone is turned, but not
near the front, where the width hardly changes. The estimator's depth of left and right is the other way round, and also tells to
which side. The mean of both is taken; its error on rendered people stands in docs/angles.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.lifting import lifted
from physio_core.skeleton.measure_table import View
from physio_core.skeleton.remapping import remap
from physio_core.skeleton.stream import JointFrame
from physio_core.types import FloatArray

Facing = Literal["camera", "away", "right", "left"]
FRONT_BELOW_DEG, SIDE_ABOVE_DEG = 25.0, 65.0
HOLD_DEG = 5.0
"""A view holds until the person is turned so far beyond its bound."""
SETTLE_S = 0.4
"""Time constant: nobody turns round within less."""
SHOULDERS, HIPS = 0.75, 0.42
"""Distance of the shoulders and of the hips in trunk lengths, as the estimator marks them on an average person."""
_TRUNK = Layout("trunk", ("left_shoulder", "right_shoulder", "left_hip", "right_hip", "spine_base", "neck"), (), "neck")


@dataclass(frozen=True)
class Heading:
    """How a person is turned at one moment.

    Attributes:
        view: from where the person is seen; a back is a front.
        facing: where the person looks: to the camera, away from it, or to the right or left of the image.
        turned_deg: from facing the camera to the person's own left [deg], -180..180; 90: looks to the right of the image.
    """

    view: View
    facing: Facing
    turned_deg: float


class HeadingEstimator:
    """Follows how one person is turned."""

    def __init__(self, layout: Layout) -> None:
        """Prepare for joints in this order."""
        self._layout = layout
        self.reset()

    def reset(self) -> None:
        """Forget, as when someone else comes into view."""
        self._direction = np.zeros(2)
        self._stamp_s = math.nan
        self._view: View | None = None

    def update(self, stamp_s: float, points: FloatArray, confidence: FloatArray, world_m: FloatArray) -> Heading | None:
        """Take one frame: the stream's points (V, 2), confidence (V,) and joints in space (V, 3), NaN where there are none.

        Returns:
            How the person is turned; None before shoulders and hips were seen.
        """
        turned_rad = turned_now_rad(points, confidence, world_m, self._layout)
        if math.isfinite(turned_rad):
            step_s = stamp_s - self._stamp_s
            weight = 1.0 - math.exp(-step_s / SETTLE_S) if 0.0 < step_s < math.inf else 1.0
            now = np.array([math.cos(turned_rad), math.sin(turned_rad)])
            self._direction = self._direction + weight * (now - self._direction)
            self._stamp_s = stamp_s
        return self._heading() if self._direction.any() else None

    def view(self, frame: JointFrame) -> View | None:
        """Take the next frame of a stream; gives from where the person is seen, None before that is known."""
        heading = self.update(frame.stamp_s, frame.points, frame.confidence, frame.world_m)
        return heading.view if heading else None

    def _heading(self) -> Heading:
        turned_deg = math.degrees(math.atan2(self._direction[1], self._direction[0]))
        aside_deg = min(abs(turned_deg), 180.0 - abs(turned_deg))
        self._view = _view(aside_deg, self._view)
        if self._view == "side":
            facing: Facing = "right" if turned_deg > 0 else "left"
        else:
            facing = "camera" if abs(turned_deg) < 90.0 else "away"
        return Heading(self._view, facing, turned_deg)


def _view(aside_deg: float, before: View | None) -> View:
    front_deg = FRONT_BELOW_DEG + (HOLD_DEG if before == "front" else -HOLD_DEG if before else 0.0)
    side_deg = SIDE_ABOVE_DEG + (-HOLD_DEG if before == "side" else HOLD_DEG if before else 0.0)
    return "front" if aside_deg < front_deg else "side" if aside_deg > side_deg else "oblique"


def turned_now_rad(points: FloatArray, confidence: FloatArray, world_m: FloatArray, layout: Layout) -> float:
    """How a person is turned in one frame, by itself [rad], as of :class:`Heading`; NaN: shoulders or hips are not seen.

    Without joints in space a person who looks to the left cannot be told from one who looks to the right; right is taken.
    """
    in_space = lifted(points[None], confidence[None], world_m[None], layout)[0]
    at, sure = remap(in_space, confidence, layout, _TRUNK)
    if sure.min() < VISIBLE:
        return math.nan
    flat = not np.isfinite(at).all()
    at = np.where(np.isfinite(at), at, 0.0)
    trunk = float(np.linalg.norm(at[5] - at[4]))
    if trunk == 0.0:
        return math.nan
    shoulders, hips = (at[0] - at[1]) / trunk, (at[2] - at[3]) / trunk
    wide = (abs(float(np.hypot(*shoulders[:2]))) / SHOULDERS + abs(float(np.hypot(*hips[:2]))) / HIPS) / 2.0
    by_width_rad = math.acos(min(wide, 1.0))
    left = _unit(shoulders) + _unit(hips)
    by_depth_rad = by_width_rad if flat else math.atan2(abs(left[2]), float(np.hypot(*left[:2])))
    aside_rad = (by_width_rad + by_depth_rad) / 2.0
    turned_rad = aside_rad if left[0] >= 0.0 else math.pi - aside_rad
    return turned_rad if left[2] >= 0.0 else -turned_rad


def _unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))
