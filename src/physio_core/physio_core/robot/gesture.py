"""Shows a verdict by moving: a nod for right, a shake for wrong; small, slow, and ending where it began."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from physio_core.params import Parameters, param
from physio_core.robot.limits import STOP, Velocity, VelocityLimits
from physio_core.types import FloatArray, Verdict


@dataclass(frozen=True)
class GestureConfig(Parameters):
    """How far and how long the robot moves to show its verdict."""

    nod_m: float = param(0.04, "Way forward and back again for a right exercise; 0: no nod.", unit="m", low=0.0, high=0.10)
    nod_s: float = param(1.5, "Duration of the nod.", unit="s", low=0.5, high=10.0)
    shake_rad: float = param(0.12, "Turn to either side for a wrong exercise; 0: no shake.", unit="rad", low=0.0, high=0.35)
    shake_s: float = param(2.8, "Duration of the shake: two swings.", unit="s", low=0.5, high=10.0)


Profile = Callable[[FloatArray], FloatArray]


def _there_and_back(phase: FloatArray) -> FloatArray:
    return np.asarray(np.sin(np.pi * phase) ** 2)


def _two_swings(phase: FloatArray) -> FloatArray:
    return np.asarray(np.sin(4.0 * np.pi * phase) * np.sin(np.pi * phase) ** 2)


@dataclass(frozen=True)
class Gesture:
    """A movement along one axis that begins and ends at rest in the same place.

    Attributes:
        axis: 1 where it moves, as a velocity.
        amplitude: its size [m or rad].
        duration_s: its length [s].
        profile: place over phase 0..1, in amplitudes; zero at both ends.
    """

    axis: Velocity
    amplitude: float
    duration_s: float
    profile: Profile

    def place(self, elapsed_s: FloatArray | float) -> FloatArray:
        """Where the base is after a time [m or rad]; at the start before and after the gesture."""
        return self.amplitude * self.profile(np.clip(np.asarray(elapsed_s) / self.duration_s, 0.0, 1.0))

    def velocity(self, elapsed_s: float, hold_s: float) -> Velocity:
        """Speed to hold from now on for ``hold_s``: the differences of place add up to nothing at the end."""
        if elapsed_s >= self.duration_s:
            return STOP
        speed = float(self.place(elapsed_s + hold_s) - self.place(elapsed_s)) / hold_s
        return Velocity(speed * self.axis.linear_m_s, speed * self.axis.angular_rad_s)


def gesture_for(verdict: Verdict, config: GestureConfig, limits: VelocityLimits) -> Gesture | None:
    """The gesture of a verdict, slowed down until it keeps the limits; None where nothing is to be shown."""
    top = limits.top
    if verdict is Verdict.RIGHT and config.nod_m and top.linear_m_s:
        nod = Gesture(Velocity(1.0, 0.0), config.nod_m, config.nod_s, _there_and_back)
        return _within(nod, top.linear_m_s, limits.max_linear_accel_m_s2)
    if verdict is Verdict.WRONG and config.shake_rad and top.angular_rad_s:
        shake = Gesture(Velocity(0.0, 1.0), config.shake_rad, config.shake_s, _two_swings)
        return _within(shake, top.angular_rad_s, limits.max_angular_accel_rad_s2)
    return None


# A clamp in mid-gesture would leave the robot elsewhere; a slower gesture ends where it began.
def _within(gesture: Gesture, top_speed: float, top_accel: float) -> Gesture:
    time_s = np.linspace(0.0, gesture.duration_s, 1001)
    speed = np.gradient(gesture.place(time_s), time_s)
    accel = np.gradient(speed, time_s)
    stretch = max(1.0, float(np.abs(speed).max()) / top_speed, float(np.sqrt(np.abs(accel).max() / top_accel)))
    return Gesture(gesture.axis, gesture.amplitude, gesture.duration_s * stretch, gesture.profile)
