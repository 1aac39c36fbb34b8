"""Walking along any path, with each foot standing still while it carries the body."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.stance import leg_reach
from physio_core.motion.style import smooth
from physio_core.types import FloatArray

Path = Callable[[FloatArray], FloatArray]
"""Distance walked (N,) [m] to x, y [m], yaw [rad] (N, 3)."""

_STANCE = 0.62


def straight(start: FloatArray, end: FloatArray) -> tuple[Path, float]:
    """Path from one point of the floor (2,) to another, and its length [m]."""
    direction = np.asarray(end, float) - np.asarray(start, float)
    length = float(np.hypot(*direction))
    yaw = float(np.arctan2(direction[1], direction[0]))

    def path(distance: FloatArray) -> FloatArray:
        part = distance[:, None] / max(length, 1e-9)
        return np.concatenate([start + part * direction, np.full((len(distance), 1), yaw)], axis=1)

    return path, length


def oval(long_m: float, wide_m: float, yaw_rad: float) -> tuple[Path, float]:
    """Path once round an oval about the origin, and its length [m]; ``yaw_rad`` turns its long axis."""
    about = np.linspace(0.0, 2 * np.pi, 721)
    x, y = long_m / 2 * np.cos(about), wide_m / 2 * np.sin(about)
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    length = float(walked[-1])

    def path(distance: FloatArray) -> FloatArray:
        angle = np.interp(np.mod(distance, length), walked, about)
        px, py = long_m / 2 * np.cos(angle), wide_m / 2 * np.sin(angle)
        lap = 2 * np.pi * np.floor(distance / length)
        direction = np.unwrap(np.arctan2(wide_m * np.cos(about), -long_m * np.sin(about)))
        heading = np.interp(angle, about, direction) + lap + yaw_rad
        cy, sy = np.cos(yaw_rad), np.sin(yaw_rad)
        return np.stack([cy * px - sy * py, sy * px + cy * py, heading], axis=1)

    return path, length


def walk(shape: BodyShape, distance: FloatArray, path: Path, stride_m: float | None = None, swing: float = 1.0) -> PoseBuilder:
    """Walk along a path.

    Args:
        shape: whose body.
        distance: (T,) walked so far [m].
        path: where that leads.
        stride_m: two steps [m]; 0.75 of the height unless given.
        swing: how much the arms swing.
    """
    pose = PoseBuilder(shape, len(distance))
    stride = stride_m or 0.75 * shape.height_m
    here = path(distance)
    pose.root_m[:, :2] = here[:, :2]
    pose.root_rad[:, 2] = here[:, 2]
    turn = distance / stride
    pose.root_m[:, 2] = shape.ankle_m + leg_reach(shape, np.array(0.3)) - 0.008 * shape.height_m * np.cos(4 * np.pi * turn)
    pose.root_rad[:, 1] = 0.04
    for side, sign, ahead in zip(SIDES, (1.0, -1.0), (0.0, 0.5), strict=True):
        _step(pose, side, sign, turn + ahead, path, stride, ahead)
        arm = 0.45 * swing * np.sin(2 * np.pi * (turn + ahead) - 1.2)
        pose.set(side, shoulder_flexion=arm, shoulder_abduction=0.12, elbow_flexion=0.3 + 0.3 * np.maximum(arm, 0.0))
    return pose


def _step(pose: PoseBuilder, side: str, sign: float, turn: FloatArray, path: Path, stride: float, ahead: float) -> None:
    count: FloatArray = np.floor(turn)
    part = turn - count
    moving = smooth(part, _STANCE, 1.0)

    def print_of(steps: FloatArray) -> FloatArray:
        at = path((steps + _STANCE / 2 - ahead) * stride)
        across = 0.045 * pose.shape.height_m * sign
        at[:, 0] -= np.sin(at[:, 2]) * across
        at[:, 1] += np.cos(at[:, 2]) * across
        return at

    before, after = print_of(count), print_of(count + 1.0)
    at = before + moving[:, None] * (after - before)
    place = np.stack([at[:, 0], at[:, 1], 0.05 * pose.shape.height_m * np.sin(np.pi * moving) ** 2], axis=1)
    heel = 0.55 * smooth(part, 0.35, _STANCE) * (1.0 - smooth(part, _STANCE + 0.05, 0.92))
    pose.foot(side, place, sign * at[:, 2], heel)
