"""Keeps the newest of everything that is heard, forgets what is stale, and gives the state to draw."""

from __future__ import annotations

import math

from physio_core.coach.picker import Command
from physio_core.coach.session import State, Status
from physio_core.screen.desk import Reaction, react
from physio_core.screen.layout import ScreenEvent
from physio_core.screen.state import Desk, Guard, ScreenState
from physio_core.types import ByteImage, Skeleton

_SAME_PLAN = (Command.PAUSE.value, Command.RESUME.value, Command.NEXT.value)


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
        self._guard, self._guard_reason, self._guard_s = Guard.ABSENT, "", -math.inf
        self._desk: Desk | None = None
        self._last_round = 0
        self.message = ""

    def hear_status(self, status: Status, now_s: float) -> None:
        """The coach spoke."""
        self._status, self._status_s = status, now_s
        if status.state in (State.STOPPED, State.FINISHED):
            self._last_round = 0

    def hear_guard(self, armed: bool, reason: str, now_s: float) -> None:
        """The stop guard's heart beat."""
        self._guard, self._guard_reason, self._guard_s = (Guard.ARMED if armed else Guard.HELD), reason, now_s

    def hear_request(self, text: str) -> None:
        """Somebody asked for exercises: a list tells how many rounds there will be."""
        listed = [word for word in text.split(",") if word.strip()]
        if text.strip() not in _SAME_PLAN:
            self._last_round = self._status.round + len(listed) if len(listed) > 1 else 0

    def see_skeleton(self, skeleton: Skeleton, now_s: float) -> None:
        """The newest skeleton, also one that says nobody is there."""
        self._skeleton, self._skeleton_s = skeleton, now_s

    def see_picture(self, picture: ByteImage, now_s: float) -> None:
        """The newest camera picture (H, W, 3)."""
        self._picture, self._picture_s = picture, now_s

    def press(self, event: ScreenEvent) -> Reaction:
        """Follow a tap or a key; the caller carries out what the reaction asks for."""
        reaction = react(self._desk, event, self._exercises)
        self._desk = reaction.desk
        return reaction

    def state(self, now_s: float) -> ScreenState:
        """What to draw now."""
        guard = self._guard
        if guard is not Guard.ABSENT and now_s - self._guard_s > self._stale_s:
            guard = Guard.LOST
        return ScreenState(
            status=self._status if now_s - self._status_s <= self._stale_s else None,
            message=self.message,
            rounds=self._last_round,
            skeleton=self._skeleton if now_s - self._skeleton_s <= self._stale_s else None,
            picture=self._picture if now_s - self._picture_s <= self._stale_s else None,
            guard=guard,
            guard_reason=self._guard_reason,
            desk=self._desk,
            time_s=now_s,
        )
