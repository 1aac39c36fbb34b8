"""Turns the coach's verdicts into motion: one gesture per decided round, and zero as soon as anything inhibits motion."""

from __future__ import annotations

from physio_core.robot.gesture import Gesture, GestureConfig, gesture_for
from physio_core.robot.limits import STOP, Velocity, VelocityLimits
from physio_core.robot.watchdog import Watchdog, WatchdogConfig
from physio_core.session.status import State, Status

# While watching, the camera must stand still; where there is nothing left to stop, and so no button for it, nothing may move.
_MAY_GESTURE = (State.VERDICT, State.SHOW)


class Controller:
    """Decides what motion to ask for.

    A gesture starts when a round becomes decided: a verdict that is already there when the coach is first heard, or heard
    again after a silence, is history.
    """

    def __init__(self, gestures: GestureConfig, limits: VelocityLimits, watchdog: WatchdogConfig) -> None:
        """Start without having heard the coach."""
        self._gestures, self._limits, self._timeout_s = gestures, limits, watchdog.timeout_s
        self._heard = Watchdog(watchdog.timeout_s)
        self._status: Status | None = None
        self._done_turn = 0
        self._gesture: Gesture | None = None
        self._since_s = 0.0
        self.started = 0
        self.aborted = 0

    def update(self, status: Status, now_s: float) -> None:
        """Take a status of the coach as it arrives."""
        before = None if self._heard.expired(now_s) else self._status
        self._status = status
        self._heard.feed(now_s)
        if status.state is State.IDLE:
            self._done_turn = 0
        if status.state is not State.VERDICT or before is None or status.turn == self._done_turn:
            return
        if before.state in (State.SHOW, State.WATCH):
            self._start(status, now_s)

    def velocity(self, now_s: float, hold_s: float, allowed: bool) -> Velocity:
        """What to ask for now and hold for ``hold_s``.

        Args:
            now_s: steady clock [s].
            hold_s: time until the next request [s].
            allowed: whether the guard is armed and holds nothing back; when not, the gesture is given up.
        """
        if self._gesture is None:
            return STOP
        elapsed_s = now_s - self._since_s
        if elapsed_s >= self._gesture.duration_s:
            self._gesture = None
            return STOP
        if not allowed or self.inhibit_reason(now_s):
            self._gesture = None
            self.aborted += 1
            return STOP
        return self._gesture.velocity(elapsed_s, hold_s)

    def inhibit_reason(self, now_s: float) -> str:
        """Why the coach's state inhibits motion; empty when the robot may move."""
        if self._status is None or self._heard.expired(now_s):
            return "coach_lost"
        if not self._status.input_age_s + self._heard.age_s(now_s) <= self._timeout_s:
            return "camera_lost"
        return "" if self._status.state in _MAY_GESTURE else self._status.state.value

    def _start(self, status: Status, now_s: float) -> None:
        self._done_turn = status.turn
        self._gesture = gesture_for(status.verdict, self._gestures, self._limits)
        self._since_s = now_s
        self.started += self._gesture is not None
