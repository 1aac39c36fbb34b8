"""The stop zone: no motion towards what the laser scanner sees nearby (a protective stop), and no motion without a scan.

Rays follow REP-117: +Inf is free space, -Inf is something too near to be measured, NaN carries no information. What lies
inside the robot's outline is the robot itself (a mast, a cable): it moves with the robot and stops nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.errors import ConfigError, InputError
from physio_core.params import Parameters, param
from physio_core.robot.limits import Velocity
from physio_core.robot.watchdog import Watchdog
from physio_core.types import FloatArray, HoldReason

Mask = npt.NDArray[np.bool_]

_TOUCH_M = 1e-3
"""How far outside the outline something is placed that touches it [m]."""


@dataclass(frozen=True)
class StopZoneConfig(Parameters):
    """The robot's outline in base_link, which holds all of it, and the room it needs; defaults: waffle_pi."""

    require_scan: bool = param(True, "Refuse all motion while no fresh scan arrives.")
    keep_out_m: float = param(0.30, "Free space needed ahead of the outline.", unit="m", low=0.05, high=3.0)
    scan_timeout_s: float = param(0.5, "A scan older than this does not count.", unit="s", low=0.1, high=2.0)
    front_m: float = param(0.07, "Outline ahead of base_link.", unit="m", low=0.0, high=1.0)
    rear_m: float = param(0.20, "Outline behind base_link.", unit="m", low=0.0, high=1.0)
    half_width_m: float = param(0.16, "Outline to either side of base_link.", unit="m", low=0.05, high=1.0)
    turn_margin_m: float = param(0.05, "Room needed around the circle that the corners sweep.", unit="m", low=0.0, high=1.0)
    lidar_x_m: float = param(-0.064, "Place of the scanner ahead of base_link.", unit="m", low=-1.0, high=1.0)
    lidar_yaw_rad: float = param(0.0, "Turn of the scanner, anticlockwise.", unit="rad", low=-math.pi, high=math.pi)

    def __post_init__(self) -> None:
        """Refuse a scanner beyond the outline: what is too near to be measured would have no place."""
        super().__post_init__()
        if not -self.rear_m <= self.lidar_x_m <= self.front_m:
            raise ConfigError(
                f"lidar_x_m = {self.lidar_x_m:g} m: the scanner stands outside the outline, {0.0 - self.rear_m:g} .. "
                f"{self.front_m:g} m; the outline must hold all of the robot: set front_m and rear_m to its ends"
            )


@dataclass(frozen=True)
class Scan:
    """One turn of the laser scanner; fields as in sensor_msgs/LaserScan.

    Attributes:
        ranges_m: (R,) [m]; +Inf: free; -Inf or less than ``range_min_m``: near; NaN, 0 and negative: no information.
        angle_min_rad: angle of the first ray [rad].
        angle_increment_rad: angle between rays [rad].
        range_min_m: nearest distance that can be measured [m].
        range_max_m: farthest; an echo from beyond still counts as an obstacle, but does not prove that the scanner sees [m].

    Raises:
        InputError: no rays, or angles or bounds that are not finite.
    """

    ranges_m: FloatArray
    angle_min_rad: float
    angle_increment_rad: float
    range_min_m: float
    range_max_m: float

    def __post_init__(self) -> None:
        """Refuse what cannot be placed in space."""
        if self.ranges_m.ndim != 1 or not len(self.ranges_m):
            raise InputError(f"scan of shape {self.ranges_m.shape}; need (R,) with at least one ray")
        numbers = (self.angle_min_rad, self.angle_increment_rad, self.range_min_m, self.range_max_m)
        if not all(map(math.isfinite, numbers)) or not self.angle_increment_rad:
            raise InputError(f"scan with angles or bounds {numbers}; need finite numbers and an increment other than 0")

    @property
    def blind(self) -> bool:
        """Whether no ray carries information: neither that something is there nor (infinite) that the space is free."""
        seen = self._echo & (self.ranges_m <= self.range_max_m)
        return not (seen | self._near | np.isposinf(self.ranges_m)).any()

    def echoes(self) -> tuple[FloatArray, FloatArray]:
        """Distance [m] and angle [rad] of what was measured, both (P,), in the scanner's frame."""
        rays = np.flatnonzero(self._echo)
        return self.ranges_m[rays].astype(np.float64), self._angle_rad(rays)

    def near_rad(self) -> FloatArray:
        """Angles (Q,) at which something is nearer than can be measured, in the scanner's frame [rad]."""
        return self._angle_rad(np.flatnonzero(self._near))

    @property
    def _echo(self) -> Mask:
        return np.asarray(np.isfinite(self.ranges_m) & (self.ranges_m > 0.0) & (self.ranges_m >= self.range_min_m))

    @property
    def _near(self) -> Mask:
        return np.asarray(np.isneginf(self.ranges_m) | ((self.ranges_m > 0.0) & (self.ranges_m < self.range_min_m)))

    def _angle_rad(self, rays: npt.NDArray[np.intp]) -> FloatArray:
        return np.asarray(self.angle_min_rad + rays * self.angle_increment_rad, np.float64)


class StopZone:
    """Decides from the newest scan whether a motion may be made."""

    def __init__(self, config: StopZoneConfig) -> None:
        """Start without a scan."""
        self._config = config
        self._age = Watchdog(config.scan_timeout_s)
        self._points: FloatArray = np.zeros((0, 2))

    def update(self, scan: Scan, now_s: float) -> None:
        """Take a scan that arrived now [s, steady clock]; a blind one does not count."""
        if scan.blind:
            return
        range_m, angle_rad = scan.echoes()
        echoes = self._place(range_m, angle_rad)
        near_rad = scan.near_rad()
        edge_m = self._edge_m(near_rad)
        # Somewhere within range_min: taken to touch the outline, unless range_min ends inside it.
        touching = edge_m < scan.range_min_m
        near = self._place(edge_m[touching] + _TOUCH_M, near_rad[touching])
        self._points = np.concatenate([echoes[~self._inside(echoes)], near])
        self._age.feed(now_s)

    def stop_reason(self, velocity: Velocity, now_s: float) -> HoldReason:
        """Why this motion must not be made now: ``NO_SCAN``, ``KEEP_OUT`` or ``NONE``."""
        if not (velocity.linear_m_s or velocity.angular_rad_s):
            return HoldReason.NONE
        if self._age.expired(now_s):
            return HoldReason.NO_SCAN if self.blind(now_s) else HoldReason.NONE
        near = velocity.linear_m_s and self.clearance_m(math.copysign(1.0, velocity.linear_m_s)) < self._config.keep_out_m
        swept = velocity.angular_rad_s and self.turn_clearance_m() < self._config.turn_margin_m
        return HoldReason.KEEP_OUT if near or swept else HoldReason.NONE

    def blind(self, now_s: float) -> bool:
        """Whether nothing may move for lack of a scan."""
        return self._config.require_scan and self._age.expired(now_s)

    def clearance_m(self, direction: float) -> float:
        """Distance from the outline to the nearest echo in the corridor ahead (+1) or behind (-1); infinite when free [m]."""
        x_m, y_m = direction * self._points[:, 0], self._points[:, 1]
        edge_m = self._config.front_m if direction > 0.0 else self._config.rear_m
        way_m = x_m[(np.abs(y_m) <= self._config.half_width_m) & (x_m > 0.0)] - edge_m
        return float(way_m.min()) if len(way_m) else math.inf

    def turn_clearance_m(self) -> float:
        """Distance from the circle that the corners sweep to the nearest echo; negative inside it [m]."""
        corner_m = math.hypot(max(self._config.front_m, self._config.rear_m), self._config.half_width_m)
        distance_m = np.hypot(self._points[:, 0], self._points[:, 1])
        return float(distance_m.min()) - corner_m if len(distance_m) else math.inf

    def _place(self, range_m: FloatArray, angle_rad: FloatArray) -> FloatArray:
        """Polar in the scanner's frame to (P, 2) x, y in base_link [m]."""
        turned_rad = angle_rad + self._config.lidar_yaw_rad
        return np.stack([range_m * np.cos(turned_rad) + self._config.lidar_x_m, range_m * np.sin(turned_rad)], axis=1)

    def _inside(self, points: FloatArray) -> Mask:
        x_m, y_m, outline = points[:, 0], points[:, 1], self._config
        return np.asarray((x_m <= outline.front_m) & (x_m >= -outline.rear_m) & (np.abs(y_m) <= outline.half_width_m))

    def _edge_m(self, angle_rad: FloatArray) -> FloatArray:
        """How far from the scanner a ray leaves the outline [m]."""
        outline, turned_rad = self._config, angle_rad + self._config.lidar_yaw_rad
        ahead, aside = np.cos(turned_rad), np.sin(turned_rad)
        end_m = np.where(ahead > 0.0, outline.front_m - outline.lidar_x_m, -outline.rear_m - outline.lidar_x_m)
        with np.errstate(divide="ignore", invalid="ignore"):
            edge_m = np.minimum(end_m / ahead, outline.half_width_m / np.abs(aside))
        return np.asarray(np.nan_to_num(np.maximum(edge_m, 0.0)))
