"""The therapist's page: chooses one exercise or a list, pauses, stops, goes on and releases the robot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from physio_core.coach.session import State
from physio_core.screen.layout import (
    HEIGHT_PX,
    SMALL_PX,
    WIDTH_PX,
    Action,
    Box,
    FigureItem,
    Item,
    Rect,
    Scene,
    ScreenEvent,
    Symbol,
    Text,
)
from physio_core.screen.palette import BLUE, INK, PANEL, PAPER, QUIET, SHADE, SKY_BLUE, VERMILLION, WHITE, YELLOW, Colour
from physio_core.screen.patient import MARGIN, Button, labelled
from physio_core.screen.state import Desk, Guard, ScreenState
from physio_core.screen.wording import Words

PER_PAGE = 6
COLUMNS = 3
GAP = 10
TOP = Rect(MARGIN, 12, WIDTH_PX - 2 * MARGIN, 72)
BANNER = Rect(MARGIN, 94, WIDTH_PX - 2 * MARGIN, 68)
BOTTOM = Rect(MARGIN, HEIGHT_PX - 84, WIDTH_PX - 2 * MARGIN, 72)
WIDE = 168
ICON_TIME_S = 1.5
"""Moment of each movement that stands for it on its button: about half-way."""

KEYBOARD = {"escape": Action.STOP, "n": Action.NEXT, "q": Action.CLOSE}
"""Keys that always mean the same; space pauses or goes on, t opens or closes the therapist's page."""

_PLAIN_REQUESTS = (Action.PAUSE, Action.RESUME, Action.STOP, Action.NEXT)


@dataclass(frozen=True)
class Reaction:
    """What follows from a tap or a key.

    Attributes:
        desk: the therapist's page from now on; None: the patient's page.
        request: what to say on ``exercise_request``; empty: nothing.
        rearm: ask the stop guard to let the robot move again.
        close: the window is to be closed.
    """

    desk: Desk | None
    request: str = ""
    rearm: bool = False
    close: bool = False


def key_event(key: str, state: ScreenState) -> ScreenEvent | None:
    """What a key means now; None: nothing.

    Args:
        key: name of the key as pygame gives it, e.g. ``space``.
        state: what is on the screen.
    """
    if key == "space":
        paused = state.status is not None and state.status.state is State.PAUSED
        return ScreenEvent(Action.RESUME if paused else Action.PAUSE)
    if key == "t":
        return ScreenEvent(Action.BACK if state.desk else Action.THERAPIST)
    return ScreenEvent(KEYBOARD[key]) if key in KEYBOARD else None


def react(desk: Desk | None, event: ScreenEvent, exercises: int) -> Reaction:
    """Follow one tap or key.

    Args:
        desk: the therapist's page now, None when it is closed.
        event: what was tapped.
        exercises: how many exercises there are to choose from.
    """
    open_desk = desk or Desk()
    action = event.action
    if action in _PLAIN_REQUESTS:
        return Reaction(desk, request=action.value)
    if action is Action.START:
        return Reaction(None if desk and desk.chosen else desk, request=",".join(open_desk.chosen))
    if action is Action.BACK:
        return Reaction(None)
    changed = {
        Action.PICK: replace(open_desk, chosen=(*open_desk.chosen, event.exercise)),
        Action.UNDO: replace(open_desk, chosen=open_desk.chosen[:-1]),
        Action.MORE: replace(open_desk, page=(open_desk.page + 1) % pages(exercises)),
        Action.THERAPIST: open_desk,
    }
    return Reaction(changed.get(action, desk), rearm=action is Action.REARM, close=action is Action.CLOSE)


def pages(exercises: int) -> int:
    """How many pages a number of exercises fills."""
    return max(-(-exercises // PER_PAGE), 1)


def desk_scene(state: ScreenState, words: Words) -> Scene:
    """The therapist's page for one moment."""
    desk = state.desk or Desk()
    held = state.guard in (Guard.HELD, Guard.LOST)
    parts = [_top(state, words), _grid(desk, words, BANNER.y + (BANNER.height + GAP if held else 0)), _bottom(desk, words)]
    if held:
        parts.append(_banner(state, words))
    return Scene(PAPER, tuple(item for items, _ in parts for item in items), tuple(b for _, buttons in parts for b in buttons))


Part = tuple[Sequence[Item], tuple[Button, ...]]


def _row(places: Sequence[tuple[Rect, ScreenEvent, str, str, Colour]]) -> tuple[list[Item], tuple[Button, ...]]:
    items = [item for rect, _, label, symbol, colour in places for item in labelled(rect, label, symbol, colour)]
    return items, tuple((rect, event) for rect, event, *_ in places)


def _top(state: ScreenState, words: Words) -> Part:
    status, (x, y, width, height) = state.status, TOP
    paused = status is not None and status.state is State.PAUSED
    middle = Action.RESUME if paused else Action.PAUSE
    right = x + width
    places = [(Rect(x, y, WIDE, height), ScreenEvent(Action.BACK), words["back"], "back", SHADE)]
    for place, (action, symbol, colour) in enumerate(
        ((Action.STOP, "stop", VERMILLION), (Action.NEXT, "next", SHADE), (middle, "play" if paused else "pause", SHADE))
    ):
        rect = Rect(right - WIDE - place * (WIDE + GAP), y, WIDE, height)
        places.append((rect, ScreenEvent(action), words[action.value], symbol, colour))
    items, buttons = _row(places)
    title = words.title(status.asked) if status and status.asked else words["desk_idle"]
    items.append(Text(Rect(x + WIDE + GAP, y, width - 4 * (WIDE + GAP), height), title, 32, centred=True))
    return items, buttons


def _grid(desk: Desk, words: Words, top: int) -> Part:
    names = list(words.catalogue)[desk.page * PER_PAGE : (desk.page + 1) * PER_PAGE]
    width = (WIDTH_PX - 2 * MARGIN - (COLUMNS - 1) * GAP) // COLUMNS
    height = (BOTTOM.y - GAP - top - GAP) // 2
    items: list[Item] = []
    buttons: list[Button] = []
    for place, name in enumerate(names):
        row, column = divmod(place, COLUMNS)
        rect = Rect(MARGIN + column * (width + GAP), top + row * (height + GAP), width, height)
        items += _tile(rect, name, desk, words)
        buttons.append((rect, ScreenEvent(Action.PICK, name)))
    return items, tuple(buttons)


def _tile(rect: Rect, name: str, desk: Desk, words: Words) -> list[Item]:
    x, y, width, height = rect
    places = [str(index) for index, chosen in enumerate(desk.chosen, 1) if chosen == name]
    title_x = 72 if places else 10
    items: list[Item] = [
        Box(rect, PANEL, 18, BLUE if places else QUIET),
        FigureItem(Rect(x + 10, y + 6, width - 20, height - 54), name, words.view(name), ICON_TIME_S, PANEL),
        Text(Rect(x + title_x, y + height - 46, width - title_x - 10, 40), words.title(name), 32, INK, PANEL, centred=True),
    ]
    if places:
        badge = Rect(x + 8, y + height - 44, 60, 36)
        items += [Box(badge, BLUE, 14), Text(badge.inset(2), " ".join(places), 24, WHITE, BLUE, centred=True)]
    return items


def _bottom(desk: Desk, words: Words) -> Part:
    x, y, width, height = BOTTOM
    wanted = [(Action.START, "play", SKY_BLUE), (Action.UNDO, "undo", SHADE)] if desk.chosen else []
    if pages(len(words.catalogue)) > 1:
        wanted.append((Action.MORE, "next", SHADE))
    step = WIDE + GAP
    places = [
        (
            Rect(x + width - (place + 1) * step + GAP, y, WIDE, height),
            ScreenEvent(action),
            words[action.value],
            symbol,
            colour,
        )
        for place, (action, symbol, colour) in enumerate(wanted)
    ]
    items, buttons = _row(places)
    listed = ", ".join(f"{number} {words.title(name)}" for number, name in enumerate(desk.chosen, 1))
    space = Rect(x, y, width - len(wanted) * step, height)
    items.append(Text(space, listed or words["list_empty"], SMALL_PX, INK if listed else QUIET))
    return items, buttons


def _banner(state: ScreenState, words: Words) -> Part:
    x, y, width, height = BANNER
    held = state.guard is Guard.HELD
    text = words["guard_held_sentence"].format(reason=state.guard_reason) if held else words["guard_lost_sentence"]
    button = Rect(x + width - 228, y + 6, 220, height - 12)
    items: list[Item] = [
        Box(BANNER, YELLOW),
        Symbol(Rect(x + 12, y + 10, 48, 48), "lock", INK),
        Text(Rect(x + 72, y + 2, width - 72 - 240, height - 4), text, 26, INK, YELLOW),
    ]
    if not held:
        return items, ()
    return items + labelled(button, words["rearm"], "unlock", WHITE), ((button, ScreenEvent(Action.REARM)),)
