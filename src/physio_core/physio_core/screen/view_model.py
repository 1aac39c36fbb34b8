"""The view model: keeps the newest of every input, drops what is stale, and gives the state to draw."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from physio_core.assessment.repetition import Fault, Outcome, Repetition, ScoreTerm
from physio_core.screen.aim import Aim, Sight, Sighting, marked
from physio_core.screen.framing import Framing
from physio_core.screen.layout import Action, ScreenEvent
from physio_core.screen.state import Guard, Overlay, ScreenState, TherapistPage
from physio_core.screen.telling import TELLS, Telling
from physio_core.screen.therapist_page import Reaction, react
from physio_core.session.events import Event, EventKind
from physio_core.session.requests import Command
from physio_core.session.status import SetStatus, Status
from physio_core.session.summary import Summary
from physio_core.types import ByteImage, Hand, HoldReason, Skeleton

CUE_S = 5.0
"""So long a cue is shown [s]: time to look up from the movement and read two lines."""

TOLD = {action: about for about, action in TELLS.items()}
"""What the buttons with numbers are about."""

AimOf = Callable[[str, SetStatus], Aim | None]
"""Gives what is aimed at in a set of an exercise."""


def _nowhere(_exercise: str, _work: SetStatus) -> None:
    """Aims at nothing."""


class ViewModel:
    """The newest inputs of the screen; every time is steady [s]."""

    def __init__(self, kinds: Sequence[str], stale_s: float, aim_of: AimOf = _nowhere) -> None:
        """Start without inputs.

        Args:
            kinds: how the exercises of each page are sensed that there are to choose from.
            stale_s: inputs older than this count as lost [s].
            aim_of: what is aimed at in a set.
        """
        self._kinds, self._stale_s, self._aim_of = kinds, stale_s, aim_of
        self._status, self._status_s = Status(), -math.inf
        self._skeleton: Skeleton | None = None
        self._skeleton_s = -math.inf
        self._hand: Hand | None = None
        self._hand_s, self._hand_framing, self._streak = -math.inf, Framing(), 0
        self._image: ByteImage | None = None
        self._image_s = -math.inf
        self._guard, self._guard_reason, self._guard_s = Guard.ABSENT, HoldReason.NONE, -math.inf
        self._page, self._page_open = TherapistPage(), False
        self._overlay: Overlay | None = None
        self._framing, self._sight = Framing(), Sight()
        self._telling, self._summary = Telling(), Summary()
        self._terms: tuple[ScoreTerm, ...] = ()
        self._misses: dict[str, Fault] = {}
        self._drawn: tuple[Fault, ...] = ()
        self._cue_about = ""
        self._missed_in = (0, 0)
        self._ignored: set[tuple[str, str]] = set()
        self._shown_s = -math.inf
        self.message = ""
        self._cue, self._warns, self._cue_s = "", False, -math.inf

    def update_status(self, status: Status, now_s: float) -> bool:
        """Take a status of the coach; whether it is the first after a silence."""
        first = now_s - self._status_s > self._stale_s
        self._status, self._status_s = status, now_s
        self._telling.update(status, now_s)
        return first

    def update_event(self, event: Event) -> None:
        """Take what happened in the session."""
        self._summary.update(event)
        if event.kind in (EventKind.REPETITION, EventKind.VERDICT):
            self._terms = event.judgement.terms
        elif event.kind is EventKind.ASKED:
            self._terms, self._streak, self._drawn, self._cue_about = (), 0, (), ""
        elif event.kind in (EventKind.STOPPED, EventKind.FINISHED):
            self._ignored.clear()
        elif event.correction is not None:
            change = self._ignored.discard if event.correction.accepted else self._ignored.add
            change((event.exercise, event.correction.fault))
        if event.kind is EventKind.REPETITION and event.judgement.newest:
            self._miss(event, event.judgement.newest)
            self._drawn = event.judgement.newest.faults if event.judgement.newest.drawing else ()
            self._streak = self._streak + 1 if event.judgement.newest.outcome is Outcome.COMPLETE else 0

    def _miss(self, event: Event, newest: Repetition) -> None:
        """Keep the largest of each fault in the complete repetitions of a set: those that its score is of."""
        of = event.status.turn, event.status.current_set.set
        if of != self._missed_in:
            self._missed_in, self._misses = of, {}
        for fault in newest.faults if newest.outcome is Outcome.COMPLETE else ():
            if fault.name not in self._misses or fault.size > self._misses[fault.name].size:
                self._misses = {**self._misses, fault.name: fault}

    def update_cue(self, cue: str, now_s: float, warns: bool = False, about: str = "") -> None:
        """Take a cue on how the exercise is done; whether it is about what may hurt, and about which fault it is."""
        self._cue, self._warns, self._cue_s = cue, warns, now_s
        self._cue_about = about or self._cue_about

    def update_guard(self, armed: bool, reason: HoldReason, now_s: float) -> None:
        """Take a heartbeat of the stop guard."""
        self._guard, self._guard_reason, self._guard_s = (Guard.ARMED if armed else Guard.HELD), reason, now_s

    def update_skeleton(self, skeleton: Skeleton, now_s: float) -> None:
        """Take the newest skeleton, also one without a person."""
        self._skeleton, self._skeleton_s = skeleton, now_s
        self._sight.update(skeleton)
        aspect = skeleton.width_px / skeleton.height_px if skeleton.height_px else 1.0
        self._framing.update(skeleton, now_s, marked(self._aim(), self._sight.seen, aspect))

    def _aim(self) -> Aim | None:
        work = self._status.current_set
        return self._aim_of(self._status.asked, work) if work.has_goal else None

    def update_hand(self, hand: Hand, now_s: float) -> None:
        """Take the newest hand, also none."""
        self._hand, self._hand_s = hand, now_s
        self._hand_framing.update(hand.skeleton, now_s)

    def update_image(self, image: ByteImage, now_s: float) -> None:
        """Take the newest camera image (H, W, 3)."""
        self._image, self._image_s = image, now_s

    def press(self, event: ScreenEvent) -> Reaction:
        """Handle a tap or a key; the caller carries out what the reaction asks for."""
        undone = event.action is Action.UNDO and (self._overlay is Overlay.PAIN or not self._page_open)
        told = self._tell(event)
        if event.action in TOLD or undone:
            return Reaction(self._page, self._page_open, self._overlay, told)
        reaction = react(self._page, self._page_open, self._overlay, event, self._kinds)
        self._page, self._page_open, self._overlay = reaction.page, reaction.open, reaction.overlay
        return replace(reaction, request=reaction.request or told)

    def _tell(self, event: ScreenEvent) -> str:
        """Choose or undo a number; gives one that must not wait, because the page or the window goes."""
        if event.action in TOLD:
            return self._telling.choose(TOLD[event.action], event.value, self._shown_s)
        if event.action is Action.UNDO:
            self._telling.undo()
        leaves = event.action is Action.CLOSE or (event.action is Action.BACK and self._overlay is Overlay.PAIN)
        return self._telling.take() if leaves else ""

    def due(self, now_s: float) -> str:
        """What to publish on ``exercise_request`` now that time has passed; empty: nothing."""
        request = self._telling.due(now_s)
        if request.startswith(Command.PAIN.value) and self._overlay is Overlay.PAIN:
            self._overlay = None
        return request

    def state(self, now_s: float) -> ScreenState:
        """What to draw now."""
        self._shown_s = now_s
        heard, guard = now_s - self._status_s <= self._stale_s, self._guard
        if guard is not Guard.ABSENT and now_s - self._guard_s > self._stale_s:
            guard = Guard.LOST
        return ScreenState(
            status=self._status if heard else None,
            message=self.message,
            cue=self._cue if now_s - self._cue_s <= CUE_S else "",
            warns=self._warns,
            terms=self._terms,
            missed=next((fault for fault in self._drawn if fault.name == self._cue_about), next(iter(self._drawn), None)),
            misses=self._misses,
            ignored=frozenset(fault for exercise, fault in self._ignored if exercise == self._status.asked),
            done=self._summary.done(),
            question=self._telling.question(self._status) if heard else None,
            chosen=self._telling.chosen,
            thanks=heard and self._telling.thanks(self._status),
            aim=self._aim() if heard else None,
            seen=self._sight.seen if now_s - self._skeleton_s <= self._stale_s else Sighting(),
            skeleton=self._skeleton if now_s - self._skeleton_s <= self._stale_s else None,
            crop=self._framing.crop,
            hand=self._hand if now_s - self._hand_s <= self._stale_s else None,
            hand_crop=self._hand_framing.crop,
            streak=self._streak,
            turned=self._framing.faces_left,
            image=self._image if now_s - self._image_s <= self._stale_s else None,
            guard=guard,
            guard_reason=self._guard_reason,
            therapist_page=self._page if self._page_open else None,
            overlay=self._overlay,
            time_s=now_s,
        )
