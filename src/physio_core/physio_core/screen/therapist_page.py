"""What the therapist has chosen, and what follows from each tap or key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from physio_core.screen.layout import Action, ScreenEvent
from physio_core.screen.state import Overlay, TherapistPage

PER_PAGE = 6
COLUMNS = 3
MOST_SETS = 5

_OVERLAYS = {Action.HELP: Overlay.HELP, Action.ASK_CLOSE: Overlay.CLOSE, Action.PAIN: Overlay.PAIN}
_REQUESTS = (Action.PAUSE, Action.RESUME, Action.STOP, Action.NEXT, Action.IGNORE, Action.ACCEPT)


@dataclass(frozen=True)
class Reaction:
    """What follows from a tap or a key.

    Attributes:
        page: the list that is being put together.
        open: whether the therapist's page is shown from now on.
        overlay: what lies over the pages.
        request: what to publish on ``exercise_request``; empty: nothing.
        rearm: ask the stop guard to let the robot move again.
        close: close the window.
    """

    page: TherapistPage
    open: bool
    overlay: Overlay | None = None
    request: str = ""
    rearm: bool = False
    close: bool = False


def react(page: TherapistPage, is_open: bool, overlay: Overlay | None, event: ScreenEvent, kinds: Sequence[str]) -> Reaction:
    """Handle one tap or key; going back keeps the list.

    Args:
        page: the list that is being put together.
        is_open: whether the therapist's page is shown.
        overlay: what lies over the pages now.
        event: what was tapped.
        kinds: how the exercises of each page are sensed that there are to choose from.
    """
    here = Reaction(page, is_open, overlay)
    action = event.action
    if action is Action.BACK:
        return Reaction(page, is_open and overlay is not None)
    if action is Action.START:
        return Reaction(TherapistPage(page_index=page.page_index), False, request=page.request) if page.chosen else here
    if action in _REQUESTS:
        return replace(here, request=f"{action.value} {event.name}".strip())
    if action in _OVERLAYS:
        return replace(here, overlay=_OVERLAYS[action])
    if action is Action.THERAPIST:
        return replace(here, open=True)
    return replace(here, page=_edited(page, event, kinds), rearm=action is Action.REARM, close=action is Action.CLOSE)


def _edited(page: TherapistPage, event: ScreenEvent, kinds: Sequence[str]) -> TherapistPage:
    if event.action is Action.PICK:
        return replace(page, chosen=(*page.chosen, event.name))
    if event.action is Action.UNDO:
        chosen = page.chosen[:-1]
        return replace(page, chosen=chosen, sets=page.sets if chosen else 1)
    if event.action is Action.SETS:
        return replace(page, sets=page.sets % MOST_SETS + 1)
    if event.action in (Action.MORE, Action.PREVIOUS, Action.KIND) and kinds:
        return replace(page, page_index=_turned(page.page_index, event.action, kinds))
    return page


def _turned(index: int, action: Action, kinds: Sequence[str]) -> int:
    """The page that is shown next: the one after, the one before, or the first of another kind; the last leads to the first."""
    if action is not Action.KIND:
        return (index + (1 if action is Action.MORE else -1)) % len(kinds)
    others = (at % len(kinds) for at in range(index + 1, index + len(kinds)))
    return next((at for at in others if kinds[at] != kinds[index % len(kinds)]), index)
