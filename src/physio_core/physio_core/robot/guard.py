"""The stop guard's logic: passes a controller's motion on while all is well, and latches at zero on the first fault.

::

    WAITING --a controller that never asked for motion, undisturbed for 1 s--> ARMED --any fault--> LATCHED
      |                                                                          ^                     |
      +--a controller that asked for motion before-------------------------------|-------------------->|
                                                                                 +------- rearm() -----+

Start-up ends with the first motion passed on. Until then silence leads back to WAITING: on a machine that starts a dozen
processes at once both sides stumble, and nothing has moved yet.

Times are passed in [s, steady clock], so that every rule is tested without waiting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from physio_core.robot.limits import STOP, Velocity, VelocityLimits, clamp
from physio_core.robot.stop_zone import StopZone
from physio_core.robot.watchdog import StallDetector, Watchdog, WatchdogConfig
from physio_core.types import HoldReason


@dataclass(frozen=True)
class Request:
    """The fields of MotionRequest.msg, without the wire.

    Attributes:
        sequence: 0 until the controller first asks for motion, then counts up by one.
        sent_s: steady clock when sent [s].
        velocity: what is asked for.
        latched: whether the controller met a fault itself.
    """

    sequence: int
    sent_s: float
    velocity: Velocity
    latched: bool = False


# Both processes read one clock; a time further ahead than this is not of this machine.
_FUTURE_S = 0.05
_CALM_S = 1.0
_STUMBLES = (HoldReason.GUARD_WAS_HELD, HoldReason.CONTROLLER_LOST, HoldReason.CONTROLLER_HELD)


class Guard:
    """Decides what is sent to the base; see the module for the states."""

    def __init__(self, limits: VelocityLimits, stop_zone: StopZone, config: WatchdogConfig) -> None:
        """Start waiting, at zero."""
        self._limits, self._stop_zone, self._timeout_s = limits, stop_zone, config.timeout_s
        self._commands, self._stall = Watchdog(config.timeout_s), StallDetector(config.timeout_s)
        self._foreign: tuple[str, ...] = ()
        self._last = Request(0, 0.0, STOP)
        self._followed = self._moved = False
        self._armed_s = self._sent_s = self._calm_since_s = 0.0
        self._sent = STOP
        self.fault = HoldReason.WAITING_FOR_CONTROLLER
        self.held_back = HoldReason.NONE
        self.faults: Counter[str] = Counter()

    @property
    def armed(self) -> bool:
        """Whether motion is passed on."""
        return self.fault is HoldReason.NONE

    @property
    def reason(self) -> HoldReason:
        """Why it is not armed; while armed, what holds the present motion back."""
        return self.held_back if self.armed else self.fault

    def tick(self, now_s: float) -> bool:
        """Let time pass; True when this is the moment of a fault, so that zero must go out at once."""
        was_armed, stalled = self.armed, self._stall.update(now_s)
        if stalled or self._commands.expired(now_s):
            self._calm_since_s = now_s
        if stalled:
            self._latch(HoldReason.GUARD_WAS_HELD)
        elif self._commands.expired(now_s):
            self._latch(HoldReason.CONTROLLER_LOST)
        elif self._last.latched and not self._followed and now_s - self._armed_s > self._timeout_s:
            self._latch(HoldReason.CONTROLLER_HELD)
        return was_armed and not self.armed

    def update(self, request: Request, now_s: float) -> Velocity:
        """What to send to the base for a request that arrived now."""
        self.tick(now_s)
        fault = self._fault_of(request, now_s)
        if fault is not HoldReason.COMMAND_STALE:
            self._commands.feed(min(request.sent_s, now_s))
            self._last = request
        if self.fault is HoldReason.WAITING_FOR_CONTROLLER:
            self._admit(request, fault, now_s)
        elif fault is not HoldReason.NONE:
            self._latch(fault)
        return self._send(request.velocity, now_s)

    def update_publishers(self, foreign: Sequence[str]) -> None:
        """Take the names of other nodes that publish motion; two masters of one base are a fault."""
        self._foreign = tuple(foreign)
        if foreign:
            self._latch(HoldReason.FOREIGN_PUBLISHER)

    def rearm(self, now_s: float) -> str:
        """Pass motion on again, by explicit call only; why not, or empty when armed."""
        self.tick(now_s)
        if self.armed:
            return ""
        if self._commands.expired(now_s):
            return f"{self.fault.value}: no fresh request from the controller; start robot_node, then call again"
        if self._last.velocity != STOP:
            return f"{self.fault.value}: the controller asks for motion; it must ask for zero first"
        if self._foreign:
            return f"{self.fault.value}: cmd_vel is also published by {', '.join(self._foreign)}; end it, then call again"
        self._arm(now_s)
        return ""

    def _fault_of(self, request: Request, now_s: float) -> HoldReason:
        if not -_FUTURE_S <= now_s - request.sent_s <= self._timeout_s:
            return HoldReason.COMMAND_STALE
        if not request.velocity.is_finite:
            return HoldReason.NOT_FINITE
        if request.velocity.exceeds(self._limits.robot):
            return HoldReason.OVER_LIMIT
        if not self._followed:
            self._followed = self.armed and request.sequence > 0 and not request.latched
            return HoldReason.NONE
        if request.sequence <= self._last.sequence:
            return HoldReason.CONTROLLER_RESTARTED
        return HoldReason.CONTROLLER_HELD if request.latched else HoldReason.NONE

    # A controller that moved the base before has met a fault or an earlier guard; only a person may say that all is well.
    def _admit(self, request: Request, fault: HoldReason, now_s: float) -> None:
        if request.sequence > 0:
            self.fault = HoldReason.GUARD_RESTARTED
            self.faults[self.fault.value] += 1
        elif fault is not HoldReason.NONE or request.velocity != STOP or self._foreign:
            self._calm_since_s = now_s
        elif now_s - self._calm_since_s >= _CALM_S:
            self._arm(now_s)

    def _send(self, requested: Velocity, now_s: float) -> Velocity:
        if not (self.armed and self._followed):
            self._sent, self._sent_s, self.held_back = STOP, now_s, HoldReason.NONE
            return STOP
        velocity = clamp(requested, self._sent, now_s - self._sent_s, self._limits)
        self.held_back = self._stop_zone.stop_reason(velocity, now_s)
        self._sent, self._sent_s = (STOP if self.held_back else velocity), now_s
        self._moved = self._moved or self._sent != STOP
        return self._sent

    def _arm(self, now_s: float) -> None:
        self.fault, self._followed, self._armed_s = HoldReason.NONE, False, now_s
        self._sent, self._sent_s = STOP, now_s

    def _latch(self, fault: HoldReason) -> None:
        if self.armed:
            self.fault = fault if self._moved or fault not in _STUMBLES else HoldReason.WAITING_FOR_CONTROLLER
            self._sent, self.held_back, self._followed = STOP, HoldReason.NONE, False
            self.faults[fault.value] += 1
