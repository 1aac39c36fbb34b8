"""The view model: keeps the newest of every input, drops what is stale, and gives the state to draw."""

from __future__ import annotations

import math

from physio_core.screen.framing import Framing
from physio_core.screen.layout import ScreenEvent
from physio_core.screen.state import Guard, Overlay, ScreenState, TherapistPage
from physio_core.screen.therapist_page import Reaction, react
from physio_core.session.events import Status
from physio_core.types import ByteImage, HoldReason, Skeleton

CUE_S = 5.0
"""So long a cue is shown [s]: time to look up from the movement and read two lines."""


class ViewModel:
    """The newest inputs of the screen; every time is steady [s]."""

    def __init__(self, exercises: int, stale_s: float) -> None:
        """Start without inputs.

        Args:
            exercises: how many there are to choose from.
            stale_s: inputs older than this count as lost [s].
        """
        self._exercises, self._stale_s = exercises, stale_s
        self._status, self._status_s = Status(), -math.inf
        self._skeleton: Skeleton | None = None
        self._skeleton_s = -math.inf
        self._image: ByteImage | None = None
        self._image_s = -math.inf
        self._guard, self._guard_reason, self._guard_s = Guard.ABSENT, HoldReason.NONE, -math.inf
        self._page, self._page_open = TherapistPage(), False
        self._overlay: Overlay | None = None
        self._framing = Framing()
        self.message = ""
        self._cue, self._cue_s = "", -math.inf

    def update_status(self, status: Status, now_s: float) -> bool:
        """Take a status of the coach; whether it is the first after a silence."""
        first = now_s - self._status_s > self._stale_s
        self._status, self._status_s = status, now_s
        return first

    def update_cue(self, cue: str, now_s: float) -> None:
        """Take a cue on how the exercise is done."""
        self._cue, self._cue_s = cue, now_s

    def update_guard(self, armed: bool, reason: HoldReason, now_s: float) -> None:
        """Take a heartbeat of the stop guard."""
        self._guard, self._guard_reason, self._guard_s = (Guard.ARMED if armed else Guard.HELD), reason, now_s

    def update_skeleton(self, skeleton: Skeleton, now_s: float) -> None:
        """Take the newest skeleton, also one without a person."""
        self._skeleton, self._skeleton_s = skeleton, now_s
        self._framing.update(skeleton, now_s)

    def update_image(self, image: ByteImage, now_s: float) -> None:
        """Take the newest camera image (H, W, 3)."""
        self._image, self._image_s = image, now_s

    def press(self, event: ScreenEvent) -> Reaction:
        """Handle a tap or a key; the caller carries out what the reaction asks for."""
        reaction = react(self._page, self._page_open, self._overlay, event, self._exercises)
        self._page, self._page_open, self._overlay = reaction.page, reaction.open, reaction.overlay
        return reaction

    def state(self, now_s: float) -> ScreenState:
        """What to draw now."""
        guard = self._guard
        if guard is not Guard.ABSENT and now_s - self._guard_s > self._stale_s:
            guard = Guard.LOST
        return ScreenState(
            status=self._status if now_s - self._status_s <= self._stale_s else None,
            message=self.message,
            cue=self._cue if now_s - self._cue_s <= CUE_S else "",
            skeleton=self._skeleton if now_s - self._skeleton_s <= self._stale_s else None,
            crop=self._framing.crop,
            turned=self._framing.faces_left,
            image=self._image if now_s - self._image_s <= self._stale_s else None,
            guard=guard,
            guard_reason=self._guard_reason,
            therapist_page=self._page if self._page_open else None,
            overlay=self._overlay,
            time_s=now_s,
        )
