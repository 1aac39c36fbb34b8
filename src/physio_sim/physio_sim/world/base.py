"""The simulated robot's drive, odometry and lidar, behaving like the real ones, quirks included.

Like the TurtleBot 3's own driver it **keeps the last command for ever**: a dead sender means a robot that drives on. That is why
the coach has a stop guard, and why the simulation must not be kinder than the robot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import mujoco
import numpy as np

from physio_core.robot.description import WHEEL_RADIUS_M, WHEEL_SEPARATION_M
from physio_core.types import FloatArray
from physio_sim.world.turtlebot import (
    MAX_ANGULAR_RAD_S,
    MAX_LINEAR_M_S,
    ROBOT_GROUP,
    SCAN_MAX_M,
    SCAN_MIN_M,
    SCAN_RAYS,
)


@dataclass(frozen=True)
class Odometry:
    """Where the base believes it is, in the frame it started in.

    Attributes:
        x_m, y_m, heading_rad: pose of base_footprint; heading within -pi..pi.
        linear_m_s, angular_rad_s: speed of base_footprint along and about its own axes.
    """

    x_m: float = 0.0
    y_m: float = 0.0
    heading_rad: float = 0.0
    linear_m_s: float = 0.0
    angular_rad_s: float = 0.0


@dataclass(frozen=True)
class Wheel:
    """Angle [rad] and speed [rad/s] of one wheel, forwards positive."""

    angle_rad: float
    speed_rad_s: float


class Base:
    """Turns commands into wheel speeds and wheel angles into odometry."""

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        """Find the wheels; the base stands still."""
        self._data = data
        joints = [model.joint(f"wheel_{side}_joint") for side in ("left", "right")]
        self._angle_at = [int(joint.qposadr[0]) for joint in joints]
        self._speed_at = [int(joint.dofadr[0]) for joint in joints]
        self._motor_at = [model.actuator(f"wheel_{side}").id for side in ("left", "right")]
        self._last_angles = self._angles()
        self.odometry = Odometry()
        self.rejected = 0

    def command(self, linear_m_s: float, angular_rad_s: float) -> None:
        """Drive like this until the next command, within the base's limits; a command that is not finite changes nothing."""
        if not (math.isfinite(linear_m_s) and math.isfinite(angular_rad_s)):
            self.rejected += 1
            return
        linear_m_s = min(max(linear_m_s, -MAX_LINEAR_M_S), MAX_LINEAR_M_S)
        angular_rad_s = min(max(angular_rad_s, -MAX_ANGULAR_RAD_S), MAX_ANGULAR_RAD_S)
        difference = angular_rad_s * WHEEL_SEPARATION_M / 2
        self._data.ctrl[self._motor_at] = np.array([linear_m_s - difference, linear_m_s + difference]) / WHEEL_RADIUS_M

    def update_odometry(self) -> None:
        """Integrate what the wheels turned since the last call; call it often."""
        angles = self._angles()
        left_m, right_m = (angles - self._last_angles) * WHEEL_RADIUS_M
        self._last_angles = angles
        before = self.odometry
        travel_m, turn_rad = (left_m + right_m) / 2, (right_m - left_m) / WHEEL_SEPARATION_M
        towards = before.heading_rad + turn_rad / 2
        left, right = self._data.qvel[self._speed_at] * WHEEL_RADIUS_M
        self.odometry = Odometry(
            x_m=float(before.x_m + travel_m * math.cos(towards)),
            y_m=float(before.y_m + travel_m * math.sin(towards)),
            heading_rad=math.remainder(before.heading_rad + float(turn_rad), math.tau),
            linear_m_s=float(left + right) / 2,
            angular_rad_s=float(right - left) / WHEEL_SEPARATION_M,
        )

    def wheels(self) -> tuple[Wheel, Wheel]:
        """Left and right wheel."""
        speeds = self._data.qvel[self._speed_at]
        left, right = (Wheel(float(angle), float(speed)) for angle, speed in zip(self._angles(), speeds, strict=True))
        return left, right

    def _angles(self) -> FloatArray:
        return np.array(self._data.qpos[self._angle_at])


class Lidar:
    """The LDS of the TurtleBot 3: one turn of 360 rays, anticlockwise from straight ahead."""

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        """Prepare the rays."""
        self._model, self._data = model, data
        angles = np.arange(SCAN_RAYS) * math.tau / SCAN_RAYS
        self._rays = np.stack([np.cos(angles), np.sin(angles), np.zeros(SCAN_RAYS)], axis=1)
        self._groups = np.ones(mujoco.mjNGROUP, np.uint8)
        self._groups[ROBOT_GROUP] = 0

    def scan(self) -> FloatArray:
        """Ranges (360,) [m]; +inf where nothing is within reach, -inf where something is too near to measure (REP-117)."""
        site = self._data.site("base_scan")
        towards = np.ascontiguousarray(self._rays @ site.xmat.reshape(3, 3).T)
        ranges = np.zeros(SCAN_RAYS)
        hit = np.zeros(SCAN_RAYS, np.int32)
        mujoco.mj_multiRay(
            self._model, self._data, site.xpos, towards.ravel(), self._groups, 1, -1, hit, ranges, None, SCAN_RAYS, SCAN_MAX_M
        )
        ranges[(ranges < 0) | (ranges > SCAN_MAX_M)] = np.inf
        ranges[ranges < SCAN_MIN_M] = -np.inf
        return ranges.astype(np.float32)
