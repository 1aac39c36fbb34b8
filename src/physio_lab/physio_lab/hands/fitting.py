"""The joint angles of the kinematic hand that show a posture best, so that what was learnt from pictures can be drawn."""

from __future__ import annotations

import numpy as np

from physio_core.hands.canonical import checked, to_canonical
from physio_core.motion.hand import HAND_ANGLES, HandMotion, HandShape, hand_angles_rad, hand_positions, within_limits
from physio_core.motion.hand_postures import POSTURES_DEG
from physio_core.types import FloatArray

ROUNDS = 40
STEP_RAD = 1e-4
DAMPED = 0.02
"""How strongly angles that the landmarks say little of stay where they are."""
_OF_WRIST = np.array([name.startswith("wrist") for name in HAND_ANGLES])


def fit_angles_deg(canonical: FloatArray) -> dict[str, float]:
    """Angles [deg] of the posture (21, 3) of a standard hand, by damped least squares (Levenberg 1944); the wrist stays straight.

    Raises:
        SkeletonError: not of that shape.
    """
    target = checked(canonical)
    angles = hand_angles_rad(POSTURES_DEG["relaxed"])
    angles[_OF_WRIST] = 0.0
    free = np.flatnonzero(~_OF_WRIST)
    for _ in range(ROUNDS):
        tried = np.concatenate([angles[None], angles + STEP_RAD * np.eye(len(angles))[free]])
        points = _canonical(tried)
        missing = (target - points[0]).ravel()
        slopes = (points[1:] - points[0]).reshape(len(free), -1).T / STEP_RAD
        step = np.linalg.solve(slopes.T @ slopes + DAMPED * np.eye(len(free)), slopes.T @ missing)
        angles[free] += np.clip(step, -0.3, 0.3)
        angles = within_limits(angles)
    return {name: float(np.degrees(value)) for name, value in zip(HAND_ANGLES, angles, strict=True)}


def _canonical(angles_rad: FloatArray) -> FloatArray:
    still = np.zeros((len(angles_rad), 3))
    points = hand_positions(HandShape(), HandMotion(angles_rad, still, still))
    return to_canonical(np.stack([points[..., 1], -points[..., 0], points[..., 2]], axis=-1))
