"""What the therapist has chosen, and what follows from each tap or key."""

from __future__ import annotations

from dataclasses import dataclass, replace

from physio_core.screen.layout import Action, ScreenEvent
from physio_core.screen.state import Desk, Overlay

PER_PAGE = 6
COLUMNS = 3
MOST_SETS = 5

_REQUESTS = (Action.PAUSE, Action.RESUME, Action.STOP, Action.NEXT)


@dataclass(frozen=True)
class Reaction:
    """What follows from a tap or a key.

    Attributes:
        desk: the list that is being put together.
        open: whether the therapist's page is shown from now on.
        overlay: what lies over the pages.
        request: what to say on ``exercise_request``; empty: nothing.
        rearm: ask the stop guard to let the robot move again.
        close: the window is to be closed.
    """

    desk: Desk
    open: bool
    overlay: Overlay | None = None
    request: str = ""
    rearm: bool = False
    close: bool = False


def react(desk: Desk, is_open: bool, overlay: Overlay | None, event: ScreenEvent, exercises: int) -> Reaction:
    """Follow one tap or key; going back loses no list.

    Args:
        desk: the list that is being put together.
        is_open: whether the therapist's page is shown.
        overlay: what lies over the pages now.
        event: what was tapped.
        exercises: how many exercises there are to choose from.
    """
    here = Reaction(desk, is_open, overlay)
    action = event.action
    if action is Action.BACK:
        return Reaction(desk, is_open and overlay is not None)
    if action is Action.START:
        return Reaction(Desk(page=desk.page), False, request=desk.request) if desk.chosen else here
    if action in _REQUESTS:
        return replace(here, request=action.value)
    if action is Action.HELP:
        return replace(here, overlay=Overlay.HELP)
    if action is Action.ASK_CLOSE:
        return replace(here, overlay=Overlay.CLOSE)
    if action is Action.THERAPIST:
        return replace(here, open=True)
    return replace(here, desk=_changed(desk, event, exercises), rearm=action is Action.REARM, close=action is Action.CLOSE)


def _changed(desk: Desk, event: ScreenEvent, exercises: int) -> Desk:
    if event.action is Action.PICK:
        return replace(desk, chosen=(*desk.chosen, event.exercise))
    if event.action is Action.UNDO:
        chosen = desk.chosen[:-1]
        return replace(desk, chosen=chosen, sets=desk.sets if chosen else 1)
    if event.action is Action.SETS:
        return replace(desk, sets=desk.sets % MOST_SETS + 1)
    if event.action is Action.MORE:
        return replace(desk, page=(desk.page + 1) % pages(exercises))
    return desk


def pages(exercises: int) -> int:
    """How many pages a number of exercises fills."""
    return max(-(-exercises // PER_PAGE), 1)
