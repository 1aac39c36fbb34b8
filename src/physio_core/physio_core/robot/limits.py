"""The one clamp and the one stop: every speed sent to the base has passed through here."""

from __future__ import annotations

import math
from dataclasses import dataclass

from physio_core.params import Parameters, param


@dataclass(frozen=True)
class Velocity:
    """Speed of the base (REP-103): forward [m/s] and anticlockwise [rad/s]."""

    linear_m_s: float = 0.0
    angular_rad_s: float = 0.0

    @property
    def is_finite(self) -> bool:
        """Whether both are numbers that a base can be sent."""
        return math.isfinite(self.linear_m_s) and math.isfinite(self.angular_rad_s)

    def exceeds(self, top: Velocity) -> bool:
        """Whether either is faster than ``top``, in either direction."""
        return abs(self.linear_m_s) > top.linear_m_s or abs(self.angular_rad_s) > top.angular_rad_s


STOP = Velocity()
"""The one stop."""

ROBOTS = {"burger": Velocity(0.22, 2.84), "waffle": Velocity(0.26, 1.82), "waffle_pi": Velocity(0.26, 1.82)}
"""What each TurtleBot 3 can do, as its maker states."""


@dataclass(frozen=True)
class VelocityLimits(Parameters):
    """How fast the base may move; far below what it can do, because a patient stands in front of it."""

    robot_model: str = param("waffle_pi", "TurtleBot 3 model.", choices=tuple(ROBOTS))
    max_linear_m_s: float = param(0.10, "Highest speed along x.", unit="m/s", low=0.0, high=0.26)
    max_angular_rad_s: float = param(0.60, "Highest turning speed.", unit="rad/s", low=0.0, high=1.82)
    max_linear_accel_m_s2: float = param(0.5, "Fastest gain of speed along x.", unit="m/s^2", low=0.01, high=2.5)
    max_angular_accel_rad_s2: float = param(3.0, "Fastest gain of turning speed.", unit="rad/s^2", low=0.01, high=10.0)

    @property
    def robot(self) -> Velocity:
        """The fastest this robot can move; a request beyond it is a fault, not a wish."""
        return ROBOTS[self.robot_model]

    @property
    def top(self) -> Velocity:
        """The fastest it is ever sent."""
        return Velocity(min(self.max_linear_m_s, self.robot.linear_m_s), min(self.max_angular_rad_s, self.robot.angular_rad_s))


# Slower than any motor turns; also catches an int written into a float field, which arrives as 4e-323.
_DEADBAND = 1e-4
LONGEST_STEP_S = 0.1
"""After a pause what is sent, to a base or an arm, may still change no more than in one slow cycle [s]."""


def clamp(requested: Velocity, previous: Velocity, dt_s: float, limits: VelocityLimits) -> Velocity:
    """What is really sent for a request.

    Speed is gained no faster than the limits allow and lost at once: braking from these speeds is harmless, and late
    braking is not. A reversal starts again from zero.

    Args:
        requested: any value; what is not finite becomes :data:`STOP`.
        previous: what was sent before.
        dt_s: time since then [s].
        limits: see :class:`VelocityLimits`.
    """
    if not requested.is_finite:
        return STOP
    step_s = min(max(dt_s, 0.0), LONGEST_STEP_S) if math.isfinite(dt_s) else 0.0
    top = limits.top
    return Velocity(
        _axis(requested.linear_m_s, previous.linear_m_s, top.linear_m_s, limits.max_linear_accel_m_s2 * step_s),
        _axis(requested.angular_rad_s, previous.angular_rad_s, top.angular_rad_s, limits.max_angular_accel_rad_s2 * step_s),
    )


def _axis(requested: float, before: float, top: float, gain: float) -> float:
    kept = abs(before) if math.isfinite(before) and requested * before > 0.0 else 0.0
    speed = min(abs(requested), top, kept + gain)
    return math.copysign(speed, requested) if speed >= _DEADBAND else 0.0
