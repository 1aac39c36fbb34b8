"""What the patient sees: one headline that says what to do or what was seen, one sentence, and little else."""

from __future__ import annotations

from physio_core.screen.layout import LABEL, READ, VERDICT_WORD, Action, Rect, Scene, ScreenEvent, Sheet
from physio_core.screen.pages.draw import draw_scene
from physio_core.screen.pages.finished import finished_scene
from physio_core.screen.pages.page import Page
from physio_core.screen.pages.parts import SYMBOLS, round_place, stars, top
from physio_core.screen.pages.rest import rest_scene
from physio_core.screen.pages.scale import scale, scale_px
from physio_core.screen.pages.watch import show_scene, watch_scene
from physio_core.screen.palette import BLUE, BLUISH_GREEN, INK, PAPER, QUIET, VERDICT_COLOURS, WHITE, Colour
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import Words, headline_key
from physio_core.session.status import State, Status
from physio_core.types import Reason, Verdict


def patient_scene(state: ScreenState, words: Words, sheet: Sheet) -> Scene:
    """The patient's page for one moment."""
    status = state.status
    watched = status is not None and status.state in (State.READY, State.WATCH)
    if status is None or (status.reason is Reason.NO_CAMERA and watched):
        return _big(state, words, sheet, PAPER)
    if status.state is State.SHOW:
        return show_scene(state, status, words, sheet)
    if watched:
        return (draw_scene if status.drawing else watch_scene)(state, status, words, sheet)
    if status.state is State.REST:
        return rest_scene(state, status, words, sheet)
    if status.state is State.FINISHED and state.done:
        return finished_scene(state, status, words, sheet)
    if status.state is State.VERDICT and _counted(status):
        return _counted_scene(state, status, words, sheet)
    return _big(state, words, sheet, VERDICT_COLOURS[status.verdict] if status.state is State.VERDICT else PAPER)


def _big(state: ScreenState, words: Words, sheet: Sheet, ground: Colour) -> Scene:
    """One symbol, one word, one sentence: verdicts, pauses and anything that keeps the coach from judging."""
    page = Page(sheet, words, ground)
    status, key = state.status, headline_key(state.status)
    area = top(page, state)
    foot, area = area.bottom_part(sheet.row_px(READ, 2 if sheet.upright else 1), page.gap)
    _foot(page, foot, state, ground)
    side = page.mm(25.0)
    if sheet.upright:
        place, area = area.top_part(page.mm(30.0), page.gap)
        word, area = area.top_part(sheet.row_px(VERDICT_WORD), page.gap)
    else:
        row, area = area.top_part(min(side, area.height - sheet.row_px(READ) - page.gap), page.gap)
        place, word = row.left_part(row.height, page.mm(5))
    on_colour = ground != PAPER
    page.symbol(place, SYMBOLS[key], INK if on_colour else WHITE, WHITE if on_colour else _disc(key))
    page.text(word, words.headline(status), VERDICT_WORD, ground)
    page.text(area, words["no_coach_sentence"] if status is None else state.message, READ, ground, top=True)
    return page.scene()


def _counted(status: Status) -> bool:
    """Whether a verdict is told by what was repeated; another movement than the one asked for is named instead."""
    work = status.current_set
    return work.has_goal and work.repetitions + work.partial > 0 and status.verdict is not Verdict.WRONG


def _counted_scene(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    """A verdict with how many repetitions were complete, how well they were done, and how hard that was."""
    ground = VERDICT_COLOURS[status.verdict]
    page = Page(sheet, words, ground)
    area = top(page, state)
    asks = state.question is not None or state.thanks
    foot, area = area.bottom_part(scale_px(page) if asks else sheet.row_px(READ, 2 if sheet.upright else 1), page.gap)
    if state.question:
        scale(page, foot, state.question, state)
    elif state.thanks:
        page.text(foot, words["told"], READ, ground)
    else:
        _foot(page, foot, state, ground)
    follows = words.next_line(status) if asks else ""
    if follows:
        below, area = area.bottom_part(sheet.row_px(READ, 2 if sheet.upright else 1), page.gap)
        page.text(below, follows, READ, ground)
    lines = 2 if sheet.upright else 1
    row, area = area.top_part(min(page.mm(22.0), area.height - lines * (sheet.row_px(READ) + page.gap)), page.gap)
    place, word = row.left_part(row.height, page.mm(4))
    page.symbol(place, SYMBOLS[headline_key(status)], INK, WHITE)
    page.text(word, words.headline(status), VERDICT_WORD, ground)
    work, line = status.current_set, sheet.row_px(READ)
    if sheet.upright:
        count, area = area.top_part(line, page.gap)
        marked = area.top_part(line)[0]
    else:
        count, marked = area.top_part(line)[0].left_part(area.width * 42 // 100, page.gap)
    page.text(count, words.reached(work.repetitions, work.goal), READ, ground)
    stars(page, marked, work.score, READ, ground)
    if headline_key(status) == "right_short":
        below = area.top_part(2 * line)[0] if sheet.upright else area.top_part(line, page.gap)[1].top_part(line)[0]
        page.text(below, words["short"], READ, ground)
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
    elif status.state is State.VERDICT:
        foot = foot if page.sheet.upright else round_place(page, foot, status, ground)
        page.text(foot, page.words.next_line(status), READ, ground)


def _disc(key: str) -> Colour:
    return {"stopped": QUIET, "finished": BLUISH_GREEN}.get(key, BLUE)
