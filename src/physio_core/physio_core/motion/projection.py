"""Projection by a pinhole camera: movements in space become the image points that a pose estimator would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.motion.kinematics import BODY_JOINTS, apply
from physio_core.params import Parameters, param
from physio_core.skeleton.layouts import BODY_25, OPENPOSE_18, Layout
from physio_core.types import FloatArray


@dataclass(frozen=True)
class Camera(Parameters):
    """Where a camera stands and how wide it looks; it never rolls unless told."""

    x_m: float = param(2.8, "Place of the camera.", unit="m", low=-20.0, high=20.0)
    y_m: float = param(0.0, "Place of the camera.", unit="m", low=-20.0, high=20.0)
    height_m: float = param(0.25, "Height of the lens above the floor.", unit="m", low=0.0, high=5.0)
    yaw_rad: float = param(3.141592653589793, "Where it looks, from +x to the left.", unit="rad", low=-7.0, high=7.0)
    pitch_rad: float = param(-0.22, "Tilt, positive downwards as in REP-103.", unit="rad", low=-1.5, high=1.5)
    roll_rad: float = param(0.0, "Turn about the line of sight.", unit="rad", low=-0.6, high=0.6)
    fov_deg: float = param(62.0, "Angle of view across the width of the image.", unit="deg", low=20.0, high=140.0)
    aspect: float = param(4 / 3, "Width of the image over its height.", low=0.3, high=3.0)

    @staticmethod
    def looking_at(x_m: float, y_m: float, height_m: float, target: FloatArray, fov_deg: float, aspect: float) -> Camera:
        """A camera at a place, aimed at a point (3,) [m]."""
        direction = np.asarray(target, float) - [x_m, y_m, height_m]
        yaw, pitch = np.arctan2(direction[1], direction[0]), np.arctan2(-direction[2], np.hypot(direction[0], direction[1]))
        return Camera(float(x_m), float(y_m), float(height_m), float(yaw), float(pitch), 0.0, float(fov_deg), float(aspect))

    @staticmethod
    def random(rng: np.random.Generator, middle: FloatArray | None = None) -> Camera:
        """A camera anywhere round the person, 2-5 m away, 0.2-2 m high, aimed at about the person.

        Args:
            rng: source of chance.
            middle: (3,) what it looks at [m]; 0.9 m above the origin unless given.
        """
        middle = np.array([0.0, 0.0, 0.9]) if middle is None else np.asarray(middle, float)
        round_about, away = rng.uniform(-np.pi, np.pi), rng.uniform(2.0, 5.0)
        place = middle[:2] + away * np.array([np.cos(round_about), np.sin(round_about)])
        aimed = middle + rng.normal(0.0, [0.15, 0.15, 0.15])
        fov, aspect = rng.uniform(45.0, 75.0), rng.choice([4 / 3, 16 / 9, 3 / 4, 9 / 16])
        return Camera.looking_at(place[0], place[1], rng.uniform(0.2, 2.0), aimed, fov, aspect)

    @property
    def axes(self) -> FloatArray:
        """Rows (3, 3): the camera's right, down and forward in the world."""
        cy, sy, cp, sp = np.cos(self.yaw_rad), np.sin(self.yaw_rad), np.cos(self.pitch_rad), np.sin(self.pitch_rad)
        forward = np.array([cy * cp, sy * cp, -sp])
        right = np.array([sy, -cy, 0.0])
        down = np.cross(forward, right)
        cr, sr = np.cos(self.roll_rad), np.sin(self.roll_rad)
        return np.stack([cr * right + sr * down, cr * down - sr * right, forward])


def project(positions: FloatArray, camera: Camera) -> tuple[FloatArray, FloatArray]:
    """Image points as :class:`physio_core.types.Skeleton` has them.

    Args:
        positions: (..., J, 3) in the world [m].
        camera: who looks.

    Returns:
        points (..., J, 2): x [0..1 of the width, right], y [0..1 of the height, down]; outside 0..1 where out of view; and depth
        (..., J) along the line of sight [m], not positive behind the camera, where points mean nothing.
    """
    seen = apply(camera.axes, positions - np.array([camera.x_m, camera.y_m, camera.height_m]))
    depth = seen[..., 2]
    focal = 0.5 / np.tan(np.radians(camera.fov_deg) / 2)
    near = np.maximum(depth, 0.05)[..., None]
    points = seen[..., :2] / near * focal * [1.0, camera.aspect] + 0.5
    return points, depth


_CALLED = {
    "spine_base": "pelvis", "left_foot_index": "left_toe", "right_foot_index": "right_toe", "left_small_toe": "left_toe",
    "right_small_toe": "right_toe",
}  # fmt: skip
"""Joints that the body has by another name, or at the place of another: a foot has one tip."""


def to_openpose_18(points: FloatArray) -> FloatArray:
    """Points (..., J, n) of the body in ``openpose_18`` order (..., 18, n); the neck is the middle of the shoulders, as there."""
    return _ordered(points, OPENPOSE_18)


def to_body_25(points: FloatArray) -> FloatArray:
    """Points (..., J, n) of the body in ``body_25`` order (..., 25, n), with feet; the neck as in :func:`to_openpose_18`."""
    return _ordered(points, BODY_25)


def _ordered(points: FloatArray, layout: Layout) -> FloatArray:
    chosen = points[..., [BODY_JOINTS.index(_CALLED.get(joint, joint)) for joint in layout.joints], :]
    shoulders = [layout.index("left_shoulder"), layout.index("right_shoulder")]
    chosen[..., layout.index("neck"), :] = chosen[..., shoulders, :].mean(axis=-2)
    return chosen
