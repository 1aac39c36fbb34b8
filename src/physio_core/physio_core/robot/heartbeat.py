"""The controller's half of the mutual watch: whether it may ask for motion, and when it must hold the base itself.

::

    NEW --guard says armed--> ARMED --guard silent, guard not armed, or this process stalled----> LATCHED
                                ^                                                                  |
                                +------ the guard is heard unarmed, then armed (explicit call) ----+

A guard arms by itself only for a controller that never asked for motion, so a latched controller follows nothing but the
call. A controller that never asked for motion has nothing to latch: it is NEW again.
"""

from __future__ import annotations

from enum import Enum

from physio_core.robot.watchdog import StallDetector, Watchdog, WatchdogConfig
from physio_core.types import GuardState, HoldReason


class LinkState(Enum):
    """Whether motion may be asked for."""

    NEW = "new"
    ARMED = "armed"
    LATCHED = "latched"


class HeartbeatMonitor:
    """Monitors the guard's heartbeat; see the module for the states."""

    def __init__(self, config: WatchdogConfig) -> None:
        """Start new; ``moved`` is to be set once motion is asked for."""
        self._timeout_s = config.timeout_s
        self._heartbeat, self._stall = Watchdog(config.timeout_s), StallDetector(config.timeout_s)
        self._heard_unarmed = False
        self.moved = False
        self.state = LinkState.NEW
        self.reason = HoldReason.WAITING_FOR_GUARD
        self.held_back = HoldReason.NONE

    @property
    def armed(self) -> bool:
        """Whether motion may be asked for."""
        return self.state is LinkState.ARMED

    @property
    def latched(self) -> bool:
        """Whether the base must be held at zero until re-armed."""
        return self.state is LinkState.LATCHED

    def update(self, guard: GuardState, now_s: float) -> None:
        """Take a heartbeat [steady clock, s]; one that waited too long in a queue is ignored."""
        if now_s - guard.sent_s > self._timeout_s:
            return
        self._heartbeat.feed(min(guard.sent_s, now_s))
        self.held_back = guard.reason if guard.armed else HoldReason.NONE
        if self.armed and not guard.armed:
            self._latch(guard.reason)
        elif guard.armed and (self.state is LinkState.NEW or (self.latched and self._heard_unarmed)):
            self.state, self.reason = LinkState.ARMED, HoldReason.NONE
        self._heard_unarmed = self._heard_unarmed or not guard.armed

    def tick(self, now_s: float) -> bool:
        """Let time pass; True when this is the moment of a fault, so that zero must go out at once."""
        was_armed, stalled = self.armed, self._stall.update(now_s)
        if stalled:
            self._latch(HoldReason.CONTROLLER_WAS_HELD)
        elif self._heartbeat.expired(now_s):
            self._latch(HoldReason.GUARD_LOST)
        return was_armed and not self.armed

    def _latch(self, reason: HoldReason) -> None:
        if self.armed:
            self.state = LinkState.LATCHED if self.moved else LinkState.NEW
            self.reason, self.held_back, self._heard_unarmed = reason, HoldReason.NONE, False
