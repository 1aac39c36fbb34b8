"""How well an arm that is led follows a path: how far its hand stays from it, and how near its joints come to their limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.robot.arm_guard import ArmGuard, ArmGuardConfig, ArmRequest, joint_names
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import ideal
from physio_core.types import FloatArray
from physio_sim.arm.led_arm import LedArm
from physio_sim.params import ArmConfig

PERIOD_S = 0.02
"""Of a teaching device [s]."""


@dataclass(frozen=True)
class Followed:
    """One path that an arm was led along.

    Attributes:
        rest: why it stopped.
        duration_s: from the first point of the path to the end; the path itself takes ``path_s`` [s].
        path_s: of the path as it was sent [s].
        waited_s: how long the guard waited for the arm [s].
        off_m: (n,) of the hand from where it was to be at that time [m].
        within_rad: least distance of a joint from its limits; below 0: beyond one [rad].
        sent_within_rad: the same of what was sent [rad].
        fastest: greatest speed of a joint, against its limit.
        sent_fastest: the same of what was sent.
    """

    rest: str
    duration_s: float
    path_s: float
    waited_s: float
    off_m: FloatArray
    within_rad: float
    sent_within_rad: float
    fastest: float
    sent_fastest: float

    def told(self) -> dict[str, Any]:
        """The same as figures; ``off_mm`` is the mean distance, ``worst_mm`` the greatest; nan: it never came there."""
        off = self.off_m * 1e3 if len(self.off_m) else np.array([np.nan])
        return {
            "end": self.rest, "off_mm": float(off.mean()), "worst_mm": float(off.max()), "path_s": self.path_s,
            "took_s": self.duration_s, "waited_s": self.waited_s, "within_deg": float(np.degrees(self.within_rad)),
            "sent_within_deg": float(np.degrees(self.sent_within_rad)), "fastest": self.fastest,
            "sent_fastest": self.sent_fastest,
        }  # fmt: skip


def follow_type(kind: str, config: ArmConfig) -> Followed:
    """Lead an arm along a path of a type, sized for its reach.

    Raises:
        InputError: no such type.
        ConfigError: no such persona.
    """
    led = LedArm(config)
    return follow(led, led.arm.follow(ideal(kind, led.arm.reach_m, led.arm.side)))


def follow(led: LedArm, path: Trajectory) -> Followed:
    """Lead an arm along a path, through a guard, to its end or to where the guard stops it.

    Args:
        led: the arm.
        path: with its joint angles.

    Raises:
        InputError: the guard refuses it.
    """
    assert path.angles_rad is not None
    arm, guard = led.arm, ArmGuard(led.arm, ArmGuardConfig(), led.angles_rad)
    request = ArmRequest(joint_names(arm), path.stamps_s - path.stamps_s[0], path.angles_rad)
    log: list[tuple[FloatArray, FloatArray, FloatArray, FloatArray, float]] = []
    begin_s = led.now_s
    while not log or guard.moving:
        guard.sense(led.angles_rad, led.speeds_rad_s, led.now_s)
        guard.offer(request, led.now_s)
        before = guard.sent_rad
        led.drive(guard.step(led.now_s), PERIOD_S)
        log.append((guard.sent_rad, guard.sent_rad - before, led.angles_rad, led.speeds_rad_s, guard.path_s))
        begin_s = begin_s if guard.path_s else led.now_s
    sent, steps, angles, speeds, at_s = (np.array(part) for part in zip(*log, strict=True))
    on = at_s > 0.0
    meant = np.stack([np.interp(at_s[on], request.stamps_s, column) for column in path.positions_m.T], axis=1)
    return Followed(
        guard.rest.value, led.now_s - begin_s, path.duration_s, guard.waited_s,
        np.linalg.norm(arm.forward(angles[on]) - meant, axis=1), _within(led, angles), _within(led, sent),
        float((np.abs(speeds) / arm.fastest_rad_s).max()), float((np.abs(steps) / PERIOD_S / arm.fastest_rad_s).max()),
    )  # fmt: skip


def in_short(figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Figures of several paths (:meth:`Followed.told`) in one line."""
    of = {name: np.array([one[name] for one in figures.values()]) for name in next(iter(figures.values()))}
    return (
        f"{(of['end'] == 'arrived').sum()} of {len(figures)} drawn to their end; "
        f"off by {np.nanmean(of['off_mm']):.1f} mm on average, {np.nanmax(of['worst_mm']):.1f} mm at most; "
        f"joints {of['within_deg'].min():.2f} deg within their limits or more, "
        f"at most {of['fastest'].max():.2f} of their speed limits; sent: {of['sent_within_deg'].min():.2f} deg, "
        f"{of['sent_fastest'].max():.2f}; waited {of['waited_s'].sum():.1f} s"
    )


def _within(led: LedArm, angles_rad: FloatArray) -> float:
    return float(np.minimum(angles_rad - led.arm.low_rad, led.arm.high_rad - angles_rad).min())
