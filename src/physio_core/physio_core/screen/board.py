"""Keeps the newest of everything that is heard, forgets what is stale, and gives the state to draw."""

from __future__ import annotations

import math

from physio_core.screen.desk import Reaction, react
from physio_core.screen.framing import Framing
from physio_core.screen.layout import ScreenEvent
from physio_core.screen.state import Desk, Guard, Overlay, ScreenState
from physio_core.session.events import Status
from physio_core.types import ByteImage, HoldReason, Skeleton


class Board:
    """What is known now; every time is steady [s]."""

    def __init__(self, exercises: int, stale_s: float) -> None:
        """Know nothing yet.

        Args:
            exercises: how many there are to choose from.
            stale_s: news older than this count as lost [s].
        """
        self._exercises, self._stale_s = exercises, stale_s
        self._status, self._status_s = Status(), -math.inf
        self._skeleton: Skeleton | None = None
        self._skeleton_s = -math.inf
        self._picture: ByteImage | None = None
        self._picture_s = -math.inf
        self._guard, self._guard_reason, self._guard_s = Guard.ABSENT, HoldReason.NONE, -math.inf
        self._desk, self._desk_open = Desk(), False
        self._overlay: Overlay | None = None
        self._framing = Framing()
        self.message = ""

    def hear_status(self, status: Status, now_s: float) -> bool:
        """The coach spoke; whether that is the first word since it was silent."""
        first = now_s - self._status_s > self._stale_s
        self._status, self._status_s = status, now_s
        return first

    def hear_guard(self, armed: bool, reason: HoldReason, now_s: float) -> None:
        """The stop guard's heart beat."""
        self._guard, self._guard_reason, self._guard_s = (Guard.ARMED if armed else Guard.HELD), reason, now_s

    def see_skeleton(self, skeleton: Skeleton, now_s: float) -> None:
        """The newest skeleton, also one that says nobody is there."""
        self._skeleton, self._skeleton_s = skeleton, now_s
        self._framing.see(skeleton, now_s)

    def see_picture(self, picture: ByteImage, now_s: float) -> None:
        """The newest camera picture (H, W, 3)."""
        self._picture, self._picture_s = picture, now_s

    def press(self, event: ScreenEvent) -> Reaction:
        """Follow a tap or a key; the caller carries out what the reaction asks for."""
        reaction = react(self._desk, self._desk_open, self._overlay, event, self._exercises)
        self._desk, self._desk_open, self._overlay = reaction.desk, reaction.open, reaction.overlay
        return reaction

    def state(self, now_s: float) -> ScreenState:
        """What to draw now."""
        guard = self._guard
        if guard is not Guard.ABSENT and now_s - self._guard_s > self._stale_s:
            guard = Guard.LOST
        return ScreenState(
            status=self._status if now_s - self._status_s <= self._stale_s else None,
            message=self.message,
            skeleton=self._skeleton if now_s - self._skeleton_s <= self._stale_s else None,
            crop=self._framing.crop,
            turned=self._framing.faces_left,
            picture=self._picture if now_s - self._picture_s <= self._stale_s else None,
            guard=guard,
            guard_reason=self._guard_reason,
            desk=self._desk if self._desk_open else None,
            overlay=self._overlay,
            time_s=now_s,
        )
