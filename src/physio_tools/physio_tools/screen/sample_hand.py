"""Hands as an estimator would give them, from the kinematic hand, for any posture, place and side: for pictures and tests."""

from __future__ import annotations

import numpy as np

from physio_core.exercises.hand_figure import HandAngles
from physio_core.exercises.keyframes import Rows
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray, Hand, Skeleton, Tracking

SIZE_PX = (640, 480)
LENGTH = 0.5
"""Of a hand as a share of the image's height."""


def hand_at(
    stamp_s: float, points_m: FloatArray, side: str = "right", centre: tuple[float, float] = (0.5, 0.7), presence: float = 0.95
) -> Hand:
    """A hand with the joints (21, 3) of a right one, palm to the camera; its wrist is at ``centre`` (shares of the image)."""
    world_m = (points_m - points_m[0]) * ([-1.0, 1.0, 1.0] if side == "left" else [1.0, 1.0, 1.0])
    px_per_m = LENGTH * SIZE_PX[1] / 0.186
    points = np.empty((len(world_m), 3), np.float32)
    points[:, :2] = np.array(centre) + world_m[:, :2] * px_per_m / np.array(SIZE_PX)
    points[:, 2] = world_m[:, 2] * px_per_m / SIZE_PX[0]
    skeleton = Skeleton(
        stamp_s, Tracking.TRACKED, HAND_21.name, points, np.full(len(points), presence, np.float32),
        width_px=SIZE_PX[0], height_px=SIZE_PX[1], world_m=world_m.astype(np.float32),
    )  # fmt: skip
    return Hand(skeleton, side, presence)


def posed(**angles_deg: float) -> FloatArray:
    """Joints (21, 3) [m] of a right hand with these angles, its palm to the camera; names as in a figure's file."""
    rows: Rows = {name: (float(value),) for name, value in angles_deg.items()}
    return HandAngles(1.0, None, rows).target_m()
