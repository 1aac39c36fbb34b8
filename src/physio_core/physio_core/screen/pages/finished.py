"""The end of a session: what was done, how well, and one thing to work on."""

from __future__ import annotations

from physio_core.screen.layout import HEADLINE, LABEL, READ, TILE, Action, Rect, Scene, ScreenEvent, Sheet
from physio_core.screen.pages.page import Page
from physio_core.screen.pages.parts import SYMBOLS, sign, stars, top
from physio_core.screen.palette import PANEL, SHADE
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import Words, headline_key
from physio_core.session.status import Status
from physio_core.session.summary import Done


def finished_scene(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    """The page of a session that is over, of which something was done."""
    page = Page(sheet, words)
    area = top(page, state)
    row, area = area.top_part(sheet.row_px(HEADLINE), page.gap)
    row = sign(page, row, SYMBOLS[headline_key(status)], SHADE)
    page.text(row, words.headline(status), HEADLINE)
    foot, area = area.bottom_part(sheet.row_px(READ), page.gap)
    closing, area = area.bottom_part(sheet.row_px(READ, 2 if sheet.upright else 1), page.gap)
    page.text(closing, words["closing"], READ)
    page.button(foot.left_part(page.mm(62.0))[0], ScreenEvent(Action.THERAPIST), words["choose"], LABEL)
    _rows(page, area, state.done)
    return page.scene()


def _rows(page: Page, area: Rect, done: tuple[Done, ...]) -> None:
    """A row for each exercise; where there is no room for all, how many more there are."""
    high = page.mm(8.0) * (2 if page.sheet.upright else 1)
    room = max((area.height + page.gap) // (high + page.gap), 1)
    shown = done if len(done) <= room else done[: room - 1]
    for one in shown:
        row, area = area.top_part(high, page.gap)
        _row(page, row, one)
    if len(shown) < len(done):
        page.text(area.top_part(high)[0], page.words["more_done"].format(number=len(done) - len(shown)), TILE)


def _row(page: Page, row: Rect, one: Done) -> None:
    page.box(row, PANEL)
    row = row.inset(page.mm(0.8))
    first, second = row, row
    if page.sheet.upright:
        first, second = row.grid(1, 2, page.mm(0.5))
        first, count = first.left_part(page.mm(50.0), page.gap)
    else:
        first, second = row.left_part(page.mm(46.0), page.gap)
        count, second = second.left_part(page.mm(24.0), page.gap)
    page.text(first, page.words.title(one.exercise), LABEL, PANEL)
    page.text(count, page.words.reached(one.repetitions, one.goal), TILE, PANEL)
    second = stars(page, second, one.score, TILE, PANEL)
    page.text(second, page.words["work_on"].format(what=page.words.aspect(one.fault)) if one.fault else "", TILE, PANEL)
