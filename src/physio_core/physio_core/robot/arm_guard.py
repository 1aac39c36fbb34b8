"""The one guard of an arm of four joints: whatever is sent to it has passed through here, and so has every reason to stop it.

It serves the simulated arm and a real one alike: its owner gives it what is asked (:meth:`ArmGuard.offer`) and what the joints
really do (:meth:`ArmGuard.sense`), and sends on what :meth:`ArmGuard.step` gives, at a steady rate. A trajectory that leaves a
limit of position or speed is refused as a whole, with its reason; what is sent is limited once more, whatever was admitted.

An arm moves only while its sender shows that it lives, by repeating the trajectory or by another one. Once it was stopped, only
another trajectory moves it again, never a repetition of the one that was stopped. Where a person holds the arm back, it
waits instead of pulling harder. Times are passed in [s, steady clock], so that every rule is tested without waiting.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum

import numpy as np

from physio_core.errors import InputError
from physio_core.params import Parameters, param
from physio_core.robot.limits import LONGEST_STEP_S
from physio_core.robot.watchdog import StallDetector, Watchdog
from physio_core.trajectories.arm import JOINTS, Arm
from physio_core.trajectories.trajectory import ANGLES, Trajectory
from physio_core.types import FloatArray

ROUNDING_RAD = 1e-4
"""An angle so far beyond a limit was rounded on its way, and is brought back [rad]."""
ROUNDING = 1.001
"""And so is a speed, as a factor."""
TOO_FAST = 1.5
"""An arm that is so many times faster than it may be is not doing what it was sent."""
APPROACH = 0.25
"""Share of the speed limits with which it goes to where a trajectory begins."""


class ArmRest(str, Enum):
    """Why the arm does not move."""

    NONE = ""
    NOTHING_ASKED = "nothing_asked"
    ARRIVED = "arrived"
    TOLD_TO_STOP = "told_to_stop"
    SENDER_SILENT = "sender_silent"
    ARM_SILENT = "arm_silent"
    ARM_TOO_FAST = "arm_too_fast"
    HELD_BACK = "held_back"
    GUARD_WAS_HELD = "guard_was_held"
    ENDED = "ended"


FAULTS = (ArmRest.SENDER_SILENT, ArmRest.ARM_SILENT, ArmRest.ARM_TOO_FAST, ArmRest.HELD_BACK, ArmRest.GUARD_WAS_HELD)
"""Rests that nobody asked for."""


@dataclass(frozen=True)
class ArmGuardConfig(Parameters):
    """When an arm is stopped, and when it waits."""

    stale_ms: float = param(
        500.0, "Longest silence of the sender, or of the arm's joints, before it is stopped.", unit="ms", low=100.0, high=2000.0
    )
    lead_deg: float = param(
        8.0, "How far what is sent may be ahead of where the arm is; then it waits.", unit="deg", low=0.5, high=20.0
    )
    patience_s: float = param(5.0, "How long it waits for an arm that is held back; then it stops.", unit="s", low=0.1, high=60.0)

    @property
    def stale_s(self) -> float:
        """The same in seconds."""
        return self.stale_ms / 1000.0


@dataclass(frozen=True)
class ArmRequest:
    """A trajectory of the joints as it arrived, not yet trusted.

    Attributes:
        joints: their names, in any order.
        stamps_s: (n,) from its start, not negative, rising [s].
        angles_rad: (n, 4) in the order of ``joints`` [rad].
        stamp_s: when it was sent, by the clock of the sender; 0: not said [s].
        age_s: how long ago that was; 0: not said [s].
    """

    joints: tuple[str, ...]
    stamps_s: FloatArray
    angles_rad: FloatArray
    stamp_s: float = 0.0
    age_s: float = 0.0

    def repeats(self, other: ArmRequest | None) -> bool:
        """Whether it is the same as another: then it says only that its sender lives."""
        return (
            other is not None
            and (self.joints, self.stamp_s) == (other.joints, other.stamp_s)
            and np.array_equal(self.stamps_s, other.stamps_s)
            and np.array_equal(self.angles_rad, other.angles_rad)
        )


def joint_names(arm: Arm) -> tuple[str, ...]:
    """The joints of an arm as messages name them, so that one of the other side is not taken for it."""
    return tuple(f"{arm.side}_{name}" for name in JOINTS)


def admitted(request: ArmRequest, arm: Arm, stale_s: float) -> Trajectory:
    """What was asked as a path that the arm may be led along, its joints in their order.

    Raises:
        InputError: it is too old, names other joints, is no path (:class:`~physio_core.trajectories.trajectory.Trajectory`), or
            leaves a limit of position or speed; the message says where.
    """
    if not -stale_s <= request.age_s <= stale_s:
        when = f"{request.age_s:.2f} s old" if request.age_s > 0.0 else f"of {-request.age_s:.2f} s from now"
        raise InputError(f"a trajectory {when}; need at most {stale_s:g} s (clocks of two machines apart? stamp 0 means now)")
    angles = _in_order(request, joint_names(arm))
    if not np.isfinite(angles).all():
        row, joint = np.argwhere(~np.isfinite(angles))[0]
        raise InputError(f"{joint_names(arm)[joint]} is {angles[row, joint]} at point {row}; need finite angles in rad")
    if len(request.stamps_s) and not request.stamps_s[0] >= 0.0:
        raise InputError(f"the first point is at {request.stamps_s[0]:g} s; need 0 or more, from the start of the trajectory")
    path = Trajectory(request.stamps_s, arm.forward(angles), angles, arm.side)
    _check_positions(arm, angles)
    _check_speeds(arm, path.stamps_s, angles)
    return Trajectory(path.stamps_s, path.positions_m, np.clip(angles, arm.low_rad, arm.high_rad), arm.side)


def limited(wanted_rad: FloatArray, before_rad: FloatArray, dt_s: float, arm: Arm) -> FloatArray:
    """The one clamp of an arm: what is really sent, (4,) [rad].

    Args:
        wanted_rad: (4,) any values; where one, or the time, is not finite, the arm stays where it was sent before.
        before_rad: (4,) what was sent before, within the limits.
        dt_s: time since then [s]; at most :data:`~physio_core.robot.limits.LONGEST_STEP_S` of it count.
        arm: whose limits hold.
    """
    if not np.isfinite([*wanted_rad, dt_s]).all():
        return before_rad
    step = arm.fastest_rad_s * min(max(dt_s, 0.0), LONGEST_STEP_S)
    return np.asarray(np.clip(before_rad + np.clip(wanted_rad - before_rad, -step, step), arm.low_rad, arm.high_rad))


class ArmGuard:
    """Leads one arm; see the module.

    Attributes:
        arm: whose limits hold.
        rest: why it does not move.
        stops: how often it was stopped, by :data:`FAULTS`.
        sent_rad: (4,) what was sent last, always within the limits [rad].
        waited_s: how long it waited for an arm that was held back, in the present trajectory [s].
    """

    def __init__(self, arm: Arm, config: ArmGuardConfig, angles_rad: FloatArray) -> None:
        """Stand still at angles (4,) [rad].

        Raises:
            InputError: not four finite angles.
        """
        self.arm, self._config = arm, config
        self.sent_rad = np.clip(_four(angles_rad), arm.low_rad, arm.high_rad)
        self.rest = ArmRest.NOTHING_ASKED
        self.stops: Counter[str] = Counter()
        self.waited_s = 0.0
        self._sender, self._joints = Watchdog(config.stale_s), Watchdog(config.stale_s)
        self._stall = StallDetector(config.stale_s)
        self._request: ArmRequest | None = None
        self._stopped: ArmRequest | None = None
        self._path: Trajectory | None = None
        self._path_s = 0.0
        self._held_s = 0.0
        self._at_start = False
        self._here_rad, self._speeds_rad_s = self.sent_rad, np.zeros(ANGLES)
        self._stay_rad = self.sent_rad
        self._stepped_s: float | None = None

    @property
    def moving(self) -> bool:
        """Whether a trajectory is on."""
        return self.rest is ArmRest.NONE

    @property
    def path_s(self) -> float:
        """How far along its trajectory the arm has been sent, by the stamps of that; 0 on the way to its start [s]."""
        return self._path_s

    def offer(self, request: ArmRequest, now_s: float) -> None:
        """Take a trajectory in place of the present one, or its repetition as a sign of life; one without points stops the arm.

        Raises:
            InputError: it is refused, see :func:`admitted`; nothing changes, and it is no sign of life.
        """
        if not len(request.stamps_s) and not len(request.angles_rad):
            self.stop()
        elif request.repeats(self._request):
            self._sender.feed(now_s)
        elif request.repeats(self._stopped):
            raise InputError(f"this trajectory was stopped ({self.rest.value}); send it with another stamp to move the arm again")
        else:
            path = admitted(request, self.arm, self._config.stale_s)
            if self._joints.expired(now_s):
                raise InputError(f"where the joints are is not known for {self._config.stale_s:g} s; is the arm on?")
            self._sender.feed(now_s)
            self._request, self._path, self._path_s, self._at_start = request, path, 0.0, False
            self._held_s = self.waited_s = 0.0
            self.rest = ArmRest.NONE

    def sense(self, angles_rad: FloatArray, speeds_rad_s: FloatArray, now_s: float) -> None:
        """Take where the joints are (4,) [rad] and how fast (4,) [rad/s].

        Raises:
            InputError: not four finite numbers each; they do not count as heard.
        """
        self._here_rad, self._speeds_rad_s = _four(angles_rad), _four(speeds_rad_s)
        self._joints.feed(now_s)

    def step(self, now_s: float) -> FloatArray:
        """(4,) what to send now [rad]; to be called and sent at a steady rate, whether the arm moves or not."""
        stalled = self._stall.update(now_s)
        dt_s = 0.0 if self._stepped_s is None else min(max(now_s - self._stepped_s, 0.0), LONGEST_STEP_S)
        self._stepped_s = now_s
        if self.moving and (fault := self._fault(now_s, stalled)) is not ArmRest.NONE:
            self.stop(fault)
        wanted = self._onward(dt_s) if self.moving else self._staying(now_s)
        self.sent_rad = limited(wanted, self.sent_rad, dt_s, self.arm)
        return self.sent_rad

    def stop(self, why: ArmRest = ArmRest.TOLD_TO_STOP) -> None:
        """Stand still where the arm is; what was asked is over."""
        if self.moving and why in FAULTS:
            self.stops[why.value] += 1
        self._stopped, self._request, self._path = self._request or self._stopped, None, None
        self.rest = why
        self._stay_rad = self.sent_rad if why is ArmRest.ARM_SILENT else self._here_rad

    def _fault(self, now_s: float, stalled: bool) -> ArmRest:
        if stalled:
            return ArmRest.GUARD_WAS_HELD
        if self._sender.expired(now_s):
            return ArmRest.SENDER_SILENT
        if self._joints.expired(now_s):
            return ArmRest.ARM_SILENT
        if (np.abs(self._speeds_rad_s) > TOO_FAST * self.arm.fastest_rad_s).any():
            return ArmRest.ARM_TOO_FAST
        return ArmRest.HELD_BACK if self._held_s > self._config.patience_s else ArmRest.NONE

    def _onward(self, dt_s: float) -> FloatArray:
        """Where to on the way: to the start of the trajectory, then along it, as far as the arm comes along."""
        assert self._path is not None and self._path.angles_rad is not None
        if self._ahead(self.sent_rad):
            self._held_s, self.waited_s = self._held_s + dt_s, self.waited_s + dt_s
            return self.sent_rad
        self._held_s = 0.0
        stamps_s, angles = self._path.stamps_s, self._path.angles_rad
        if not self._at_start:
            way = angles[0] - self.sent_rad
            share = np.abs(way / (self.arm.fastest_rad_s * APPROACH * max(dt_s, 1e-9))).max()
            self._at_start, self._path_s = bool(share <= 1.0), float(stamps_s[0])
            return np.asarray(self.sent_rad + way / max(share, 1.0))
        self._path_s = min(self._path_s + dt_s, float(stamps_s[-1]))
        if self._path_s == stamps_s[-1] and np.array_equal(self.sent_rad, angles[-1]):
            self.rest, self._stay_rad = ArmRest.ARRIVED, self.sent_rad
        return np.array([np.interp(self._path_s, stamps_s, column) for column in angles.T])

    def _staying(self, now_s: float) -> FloatArray:
        """Where the arm was stopped; where it is pushed further away than it may be led, it does not pull back."""
        if not self._joints.expired(now_s) and self._ahead(self._stay_rad):
            self._stay_rad = self._here_rad
        return self._stay_rad

    def _ahead(self, angles_rad: FloatArray) -> bool:
        """Whether the arm is further from these than it may be led."""
        reachable = np.clip(self._here_rad, self.arm.low_rad, self.arm.high_rad)
        return bool(np.abs(angles_rad - reachable).max() > np.radians(self._config.lead_deg))


def _four(values: FloatArray) -> FloatArray:
    found = np.asarray(values, float)
    if found.shape != (ANGLES,) or not np.isfinite(found).all():
        raise InputError(f"joints at {found.tolist()}; need {ANGLES} finite numbers: {', '.join(JOINTS)}")
    return found


def _in_order(request: ArmRequest, names: tuple[str, ...]) -> FloatArray:
    given = request.joints
    if sorted(given) != sorted(names):
        raise InputError(f"joints {', '.join(given) or 'none'}; need each of these once: {', '.join(names)}")
    angles = np.asarray(request.angles_rad, float)
    if angles.shape != (len(request.stamps_s), ANGLES):
        raise InputError(
            f"angles of shape {angles.shape} for {len(request.stamps_s)} points; need one for each of {ANGLES} joints"
        )
    return angles[:, [given.index(name) for name in names]]


def _check_positions(arm: Arm, angles: FloatArray) -> None:
    beyond = np.maximum(arm.low_rad - angles, angles - arm.high_rad)
    row, joint = np.unravel_index(int(np.argmax(beyond)), beyond.shape)
    if beyond[row, joint] > ROUNDING_RAD:
        low, high = np.degrees([arm.low_rad[joint], arm.high_rad[joint]])
        raise InputError(
            f"{joint_names(arm)[joint]} is to be at {np.degrees(angles[row, joint]):.1f} deg at point {row}; "
            f"it moves from {low:g} to {high:g} deg"
        )


def _check_speeds(arm: Arm, stamps_s: FloatArray, angles: FloatArray) -> None:
    speeds = np.abs(np.diff(angles, axis=0)) / np.diff(stamps_s)[:, None]
    row, joint = np.unravel_index(int(np.argmax(speeds / arm.fastest_rad_s)), speeds.shape)
    if speeds[row, joint] > ROUNDING * arm.fastest_rad_s[joint]:
        raise InputError(
            f"{joint_names(arm)[joint]} is to turn by {np.degrees(speeds[row, joint]):.0f} deg/s on the way to point {row + 1}; "
            f"at most {np.degrees(arm.fastest_rad_s[joint]):.0f} deg/s"
        )
