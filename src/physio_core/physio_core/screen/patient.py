"""What the patient sees: one key word that says what to do or what was seen, and little else."""

from __future__ import annotations

from collections.abc import Sequence

from physio_core.coach.session import GOING_ON, NO_CAMERA, State, Status
from physio_core.screen.layout import (
    KEY_PX,
    SENTENCE_PX,
    SMALL_PX,
    WIDTH_PX,
    Action,
    Bar,
    Box,
    FigureItem,
    Item,
    Picture,
    Rect,
    Scene,
    ScreenEvent,
    Symbol,
    Text,
)
from physio_core.screen.palette import (
    BLUE,
    BLUISH_GREEN,
    EMPTY,
    INK,
    PANEL,
    PAPER,
    QUIET,
    SHADE,
    SKY_BLUE,
    VERDICT_COLOURS,
    VERMILLION,
    WHITE,
    YELLOW,
    Colour,
)
from physio_core.screen.state import Guard, ScreenState
from physio_core.screen.wording import Words, key_of
from physio_core.types import Verdict

SYMBOLS = {
    "right": "check", "live_right": "check", "wrong": "cross", "live_wrong": "cross", "unsure": "question", "watch": "eye",
    "show": "play", "paused": "pause", "stopped": "stop", "finished": "star", "idle": "hello", "nobody": "person",
    "out_of_frame": "step_back", "somebody_else": "persons", "low_fps": "wait", "unfamiliar": "question",
    "ready": "wait", "detector_failed": "wait", "no_camera": "no_camera", "no_coach": "wait",
}  # fmt: skip
"""Sign of each key word; see :func:`physio_core.screen.wording.key_of`."""

Button = tuple[Rect, ScreenEvent]

MARGIN = 24
TITLE = Rect(MARGIN, 10, 700, 100)
SENTENCE = Rect(MARGIN, 112, WIDTH_PX - 2 * MARGIN, 50)
PICTURE = Rect(MARGIN, 170, 548, 282)
FIGURE = Rect(588, 170, 412, 282)
BAND = Rect(MARGIN, 464, WIDTH_PX - 2 * MARGIN, 124)
INSTRUCTION = Rect(MARGIN, 124, 440, 320)
LARGE_FIGURE = Rect(484, 112, 516, 340)
BIG_SYMBOL = Rect(48, 142, 320, 320)
BIG_WORD = Rect(408, 132, 592, 130)
BIG_SENTENCE = Rect(408, 272, 592, 190)
BIG_BUTTON = Rect(408, 480, 392, 104)
CORNER = 84


def patient_scene(state: ScreenState, words: Words) -> Scene:
    """The patient's page for one moment."""
    status = state.status
    if status is None or (status.reason == NO_CAMERA and status.state is State.WATCH):
        return _big(state, words, PAPER)
    if status.state in (State.SHOW, State.READY):
        return _show(state, status, words)
    if status.state is State.WATCH:
        return _watch(state, status, words)
    return _big(state, words, VERDICT_COLOURS[status.verdict] if status.state is State.VERDICT else PAPER)


def _show(state: ScreenState, status: Status, words: Words) -> Scene:
    corner, buttons = _corner(state, words)
    items = (
        Text(TITLE, words.title(status.asked), KEY_PX),
        Text(INSTRUCTION, words.instruction(status.asked) or state.message, SENTENCE_PX, top=True),
        Box(LARGE_FIGURE, PANEL),
        FigureItem(LARGE_FIGURE.inset(10), status.asked, words.view(status.asked), state.time_s, PANEL),
        *_band(state, status, words, SHADE),
        *corner,
    )
    return Scene(PAPER, items, buttons)


def _watch(state: ScreenState, status: Status, words: Words) -> Scene:
    corner, buttons = _corner(state, words)
    colour = SHADE if status.verdict is Verdict.UNSURE and key_of(status) == "watch" else VERDICT_COLOURS[status.verdict]
    items = (
        Text(TITLE, words.title(status.asked), KEY_PX),
        Text(SENTENCE, state.message, 38),
        *_mirror(state),
        Box(FIGURE, PANEL),
        FigureItem(FIGURE.inset(8), status.asked, words.view(status.asked), state.time_s, PANEL),
        *_band(state, status, words, colour),
        *corner,
    )
    return Scene(PAPER, items, buttons)


def _mirror(state: ScreenState) -> Sequence[Item]:
    """The patient, or an outline of where to stand."""
    if state.picture is None and (state.skeleton is None or not state.skeleton.tracked):
        return Box(PICTURE, SHADE), Symbol(PICTURE.inset(24), "person", EMPTY)
    return (Picture(PICTURE, state.picture, state.skeleton),)


def _band(state: ScreenState, status: Status, words: Words, colour: Colour) -> Sequence[Item]:
    x, y, width, height = BAND
    coloured, watching = colour != SHADE, status.state is State.WATCH
    top = y + (6 if watching else 14)
    progress = Bar(Rect(x + 22, y + height - 22, width - 44, 14), status.progress, INK, _tint(colour))
    return [
        Box(BAND, colour),
        Symbol(Rect(x + 14, top, 92, 92), SYMBOLS[key_of(status)], INK if coloured else WHITE, WHITE if coloured else BLUE),
        Text(Rect(x + 124, top - 5, 684, 100), words.key_word(status), KEY_PX, INK, colour),
        *_aside(state, status, words, Rect(x + 812, top + 2, width - 826, 88), colour),
        *((progress,) if watching else ()),
    ]


def _aside(state: ScreenState, status: Status | None, words: Words, rect: Rect, ground: Colour) -> Sequence[Item]:
    """Small print for who stands near: which round, and whether the robot is held."""
    x, y, width, height = rect
    items: list[Item] = []
    number = words.round(status.round, state.rounds) if status and status.asked else ""
    if number:
        items.append(Text(Rect(x, y, width, height // 2), number, SMALL_PX, INK, ground, centred=True))
    if state.guard in (Guard.HELD, Guard.LOST):
        chip = Rect(x, y + height // 2 + 2, width, height // 2 - 4)
        key = "guard_held" if state.guard is Guard.HELD else "guard_lost"
        items += [Box(chip, YELLOW, 12), Text(chip.inset(3), words[key], 22, INK, YELLOW, centred=True)]
    return items


def _big(state: ScreenState, words: Words, ground: Colour) -> Scene:
    """One symbol, one word, one sentence: verdicts, pauses and whatever keeps the coach from judging."""
    key = key_of(state.status)
    corner, buttons = _corner(state, words)
    sentence = words["no_coach_sentence"] if state.status is None else state.message
    on_colour = ground != PAPER
    button_items, button = _main_button(state, words)
    items = (
        *_asked(state.status, words, ground),
        Symbol(BIG_SYMBOL, SYMBOLS[key], INK if on_colour else WHITE, WHITE if on_colour else _disc(key)),
        Text(BIG_WORD, words.key_word(state.status), 112, INK, ground),
        Text(BIG_SENTENCE, sentence, 52, INK, ground, top=True),
        *_aside(state, state.status, words, Rect(824, 484, 176, 96), ground),
        *button_items,
        *corner,
    )
    return Scene(ground, items, buttons + button)


def _asked(status: Status | None, words: Words, ground: Colour) -> Sequence[Item]:
    if status is None or not status.asked:
        return ()
    return (Text(Rect(MARGIN, 16, 690, 72), words.title(status.asked), 56, INK, ground),)


def _main_button(state: ScreenState, words: Words) -> tuple[Sequence[Item], tuple[Button, ...]]:
    """The one thing to do next, where there is one."""
    now = state.status.state if state.status else None
    if now is State.PAUSED:
        action, key, symbol = Action.RESUME, "resume", "play"
    elif now in (State.IDLE, State.STOPPED, State.FINISHED):
        action, key, symbol = Action.THERAPIST, "choose", "list"
    else:
        return (), ()
    return labelled(BIG_BUTTON, words[key], symbol, SKY_BLUE, 48), ((BIG_BUTTON, ScreenEvent(action)),)


def _corner(state: ScreenState, words: Words) -> tuple[Sequence[Item], tuple[Button, ...]]:
    """Stop and pause while something goes on, and the way to the therapist's page."""
    going_on = state.status is not None and state.status.state in GOING_ON
    wanted = [(Action.STOP, "stop", VERMILLION), (Action.THERAPIST, "list", SHADE)] if going_on else []
    wanted = wanted or [(Action.THERAPIST, "list", SHADE)]
    if going_on and state.status and state.status.state is not State.PAUSED:
        wanted.insert(0, (Action.PAUSE, "pause", SHADE))
    items: list[Item] = []
    buttons: list[Button] = []
    for place, (action, symbol, colour) in enumerate(reversed(wanted)):
        rect = Rect(WIDTH_PX - MARGIN - CORNER - place * (CORNER + 8), 14, CORNER, CORNER)
        items += stacked(rect, words[action.value], symbol, colour)
        buttons.append((rect, ScreenEvent(action)))
    return items, tuple(buttons)


def stacked(rect: Rect, label: str, symbol: str, colour: Colour) -> list[Item]:
    """A square button: its sign above its word."""
    x, y, width, height = rect
    return [
        Box(rect, colour, 16, QUIET),
        Symbol(Rect(x + width // 2 - 21, y + 8, 42, 42), symbol, INK),
        Text(Rect(x + 4, y + height - 32, width - 8, 28), label, 22, INK, colour, centred=True),
    ]


def labelled(rect: Rect, label: str, symbol: str, colour: Colour, size_px: int = SMALL_PX) -> list[Item]:
    """A wide button: its sign beside its word."""
    x, y, width, height = rect
    side = min(height - 28, 40 if size_px == SMALL_PX else 64)
    return [
        Box(rect, colour, 18, QUIET),
        Symbol(Rect(x + 12, y + (height - side) // 2, side, side), symbol, INK),
        Text(Rect(x + side + 18, y + 4, width - side - 26, height - 8), label, size_px, INK, colour, centred=True),
    ]


def _disc(key: str) -> Colour:
    return {"stopped": QUIET, "finished": BLUISH_GREEN}.get(key, BLUE)


def _tint(colour: Colour) -> Colour:
    """Half way to white, for the empty part of a bar."""
    red, green, blue = ((part + 255) // 2 for part in colour)
    return red, green, blue
