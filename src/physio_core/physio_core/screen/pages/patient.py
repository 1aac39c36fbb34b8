"""What the patient sees: one headline that says what to do or what was seen, one sentence, and little else."""

from __future__ import annotations

import math

from physio_core.screen.layout import (
    COUNTDOWN,
    HEADLINE,
    LABEL,
    NEAR,
    READ,
    VERDICT_WORD,
    Action,
    Bar,
    MirrorView,
    Rect,
    Scene,
    ScreenEvent,
    Sheet,
)
from physio_core.screen.pages.page import CORNER_MM, ROUND_MM, Page, corner_actions
from physio_core.screen.palette import (
    BLUE,
    BLUISH_GREEN,
    EMPTY,
    INK,
    PANEL,
    PAPER,
    QUIET,
    SHADE,
    VERDICT_COLOURS,
    WHITE,
    Colour,
)
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import Words, headline_key
from physio_core.session.events import State, Status
from physio_core.types import Reason, Verdict

SYMBOLS = {
    "right": "check", "live_right": "check", "wrong": "cross", "wrong_last": "cross",
    "live_wrong": "cross", "unsure": "question", "watch": "eye",
    "show": "play", "ready": "wait", "rest": "wait", "paused": "pause", "stopped": "stop", "finished": "star", "idle": "hello",
    "nobody": "person", "out_of_frame": "step_back", "somebody_else": "persons", "low_fps": "wait", "unfamiliar": "question",
    "detector_failed": "wait", "no_camera": "no_camera", "no_coach": "wait",
}  # fmt: skip
"""Sign of each headline; see :func:`physio_core.screen.wording.headline_key`."""


def patient_scene(state: ScreenState, words: Words, sheet: Sheet) -> Scene:
    """The patient's page for one moment."""
    status = state.status
    watched = status is not None and status.state in (State.READY, State.WATCH)
    if status is None or (status.reason is Reason.NO_CAMERA and watched):
        return _big(state, words, sheet, PAPER)
    if status.state is State.SHOW:
        return _show(state, status, words, sheet)
    if watched:
        return _watch(state, status, words, sheet)
    return _big(state, words, sheet, VERDICT_COLOURS[status.verdict] if status.state is State.VERDICT else PAPER)


def _top(page: Page, state: ScreenState) -> Rect:
    """Exercise, and the buttons in the corner. What is left below."""
    row, area = page.area.top_part(page.mm(CORNER_MM), page.gap)
    title = page.corner(row, corner_actions(state))
    if page.sheet.upright:
        if state.status:
            _round(page, title, state.status, page.ground)
        title, area = area.top_part(page.sheet.row_px(READ), page.gap)
    if state.status and state.status.refused:
        page.text(title, page.words["refused"], NEAR)
    elif state.status and state.status.asked:
        page.text(title, page.words.title(state.status.asked), READ)
    return page.strip(area, state)


def _show(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    page = Page(sheet, words)
    area = _band(page, _top(page, state), status, SHADE, words.headline(status))
    if sheet.upright:
        panel, text = area.top_part(area.height * 42 // 100, page.gap)
    else:
        text, panel = area.left_part(area.width * 55 // 100, page.gap)
    page.text(text, words.instruction(status.asked) or state.message, READ, top=True)
    _figure(page, panel, state, status)
    return page.scene()


def _watch(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    page = Page(sheet, words)
    judged = status.state is State.WATCH and status.judging
    quiet = not judged or (status.verdict is Verdict.UNSURE and headline_key(status) == "watch")
    colour = SHADE if quiet else VERDICT_COLOURS[status.verdict]
    cue = state.cue if judged else ""
    sentence = cue or words.live_sentence(status, state.message)
    area = _band(page, _top(page, state), status, colour, words.headline(status), sentence, 2 if cue else 1)
    columns, rows = (1, 2) if sheet.upright else (2, 1)
    left, right = area.grid(columns, rows, page.gap)
    if state.image is None:
        page.box(left, SHADE)
    if state.image is None and (state.skeleton is None or not state.skeleton.tracked):
        page.symbol(left.inset(page.mm(2)), "person", EMPTY)
    else:
        page.items.append(MirrorView(left, state.image, state.skeleton, state.crop, page.mm(ROUND_MM)))
    if status.state is State.READY and math.isfinite(status.time_left_s):
        page.box(right, PANEL)
        page.text(right.inset(page.mm(1)), str(words.countdown(status)), COUNTDOWN, PANEL, centred=True)
    else:
        _figure(page, right, state, status)
    return page.scene()


def _figure(page: Page, panel: Rect, state: ScreenState, status: Status) -> None:
    page.box(panel, PANEL)
    page.figure(panel.inset(page.mm(1.2)), status.asked, state.time_s, READ, turned=state.turned)


def _band(page: Page, area: Rect, status: Status, colour: Colour, word: str, sentence: str | None = None, lines: int = 1) -> Rect:
    """Sign, headline, round, sentence of some lines and the way to praise, at the bottom. What is left above."""
    inset, bar = page.mm(0.9), page.mm(4.0)
    line = page.sheet.row_px(HEADLINE)
    first = 2 * line if page.sheet.upright else line
    lines = 0 if sentence is None else 2 * lines if page.sheet.upright else lines
    second = page.sheet.row_px(READ, lines) if lines else 0
    judged = status.state is State.WATCH
    band, rest = area.bottom_part(first + second + (bar + inset if judged else 0) + 2 * inset, page.gap)
    page.box(band, colour)
    inner = band.inset(inset)
    row, inner = inner.top_part(first)
    row = row if page.sheet.upright else _round(page, row, status, colour)
    sign, row = row.left_part(line, page.mm(1.2))
    coloured = colour != SHADE
    page.symbol(sign.inset(page.mm(0.8)), SYMBOLS[headline_key(status)], INK if coloured else WHITE, WHITE if coloured else BLUE)
    page.text(row, word, HEADLINE, colour)
    page.text(inner.top_part(second)[0]._replace(height=max(second, 1)), sentence or "", READ, colour)
    if judged and status.judging:
        _way_to_praise(page, band.inset(inset).bottom_part(bar)[0], status, _tint(colour))
    return rest


def _way_to_praise(page: Page, rect: Rect, status: Status, ground: Colour) -> None:
    """How much of what praise takes was seen; the star at its end says what it is for."""
    star, way = rect.right_part(rect.height, page.gap)
    page.symbol(star, "star", INK)
    page.items.append(Bar(way.inset(page.mm(0.8))._replace(x=way.x, width=way.width), status.progress, INK, ground))


def _round(page: Page, row: Rect, status: Status, ground: Colour) -> Rect:
    """Which round it is, at the right end of a row. What is left of it."""
    number = page.words.round(status.round, status.rounds) if status.asked else ""
    if not number:
        return row
    place, row = row.right_part(page.mm(8.0 + 6.2 * (len(number) - 1)), page.gap)
    page.text(place, number, READ, ground, centred=True)
    return row


def _big(state: ScreenState, words: Words, sheet: Sheet, ground: Colour) -> Scene:
    """One symbol, one word, one sentence: verdicts, pauses and anything that keeps the coach from judging."""
    page = Page(sheet, words, ground)
    status, key = state.status, headline_key(state.status)
    area = _top(page, state)
    foot, area = area.bottom_part(sheet.row_px(READ, 2 if sheet.upright else 1), page.gap)
    _foot(page, foot, state, ground)
    side = page.mm(25.0)
    if sheet.upright:
        sign, area = area.top_part(page.mm(30.0), page.gap)
        word, area = area.top_part(sheet.row_px(VERDICT_WORD), page.gap)
    else:
        row, area = area.top_part(min(side, area.height - sheet.row_px(READ) - page.gap), page.gap)
        sign, word = row.left_part(row.height, page.mm(5))
    on_colour = ground != PAPER
    page.symbol(sign, SYMBOLS[key], INK if on_colour else WHITE, WHITE if on_colour else _disc(key))
    page.text(word, words.headline(status), VERDICT_WORD, ground)
    page.text(area, words["no_coach_sentence"] if status is None else state.message, READ, ground, top=True)
    return page.scene()


def _foot(page: Page, foot: Rect, state: ScreenState, ground: Colour) -> None:
    """The one thing to do next, or what comes next."""
    status = state.status
    if status is None:
        return
    button = foot.bottom_part(page.sheet.row_px(READ))[0].left_part(page.mm(62.0))[0]
    if status.state is State.PAUSED:
        page.button(button, ScreenEvent(Action.RESUME), page.words["resume"], LABEL)
    elif status.state in (State.IDLE, State.STOPPED, State.FINISHED):
        page.button(button, ScreenEvent(Action.THERAPIST), page.words["choose"], LABEL)
    elif status.state in (State.VERDICT, State.REST):
        foot = foot if page.sheet.upright else _round(page, foot, status, ground)
        page.text(foot, page.words.next_line(status), READ, ground)


def _disc(key: str) -> Colour:
    return {"stopped": QUIET, "finished": BLUISH_GREEN}.get(key, BLUE)


def _tint(colour: Colour) -> Colour:
    """Half way to white, for the empty part of a bar."""
    red, green, blue = ((part + 255) // 2 for part in colour)
    return red, green, blue
