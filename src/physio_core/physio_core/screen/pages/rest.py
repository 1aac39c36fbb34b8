"""The rest between two sets: how long, which set follows, how the last one was, and what the patient is asked."""

from __future__ import annotations

import math

from physio_core.assessment.repetition import score
from physio_core.screen.layout import COUNTDOWN, HEADLINE, READ, Rect, Scene, Sheet
from physio_core.screen.pages.page import Page
from physio_core.screen.pages.parts import SYMBOLS, sign, stars, top
from physio_core.screen.pages.scale import scale, scale_px
from physio_core.screen.palette import INK, PANEL, PAPER, SHADE
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import Words, headline_key
from physio_core.session.status import Status


def rest_scene(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    """The page of a rest."""
    page = Page(sheet, words)
    foot, area = top(page, state).bottom_part(scale_px(page), page.gap)
    if state.question:
        scale(page, foot, state.question, state)
    elif state.thanks:
        page.text(foot, words["told"], READ)
    if sheet.upright:
        text, clock = area.top_part(_text_px(page), page.gap)
    else:
        clock, text = area.left_part(area.width * 36 // 100, page.mm(3))
    page.box(clock, PANEL)
    seconds = max(math.ceil(status.time_left_s), 0) if math.isfinite(status.time_left_s) else 0
    page.text(clock.inset(page.mm(1)), words.clock(seconds), COUNTDOWN, PANEL, centred=True)
    _text(page, text, state, status)
    return page.scene()


def _text_px(page: Page) -> int:
    return page.sheet.row_px(HEADLINE) + 2 * page.sheet.row_px(READ) + 2 * page.gap


def _text(page: Page, area: Rect, state: ScreenState, status: Status) -> None:
    row, area = area.top_part(page.sheet.row_px(HEADLINE), page.gap)
    row = sign(page, row, SYMBOLS[headline_key(status)], SHADE)
    page.text(row, page.words.praise(score(state.terms)) or page.words.headline(status), HEADLINE)
    row, area = area.top_part(page.sheet.row_px(READ), page.gap)
    stars(page, row, score(state.terms), READ, PAPER)
    follows = page.words.set_of(status.current_set)
    if follows:
        row, area = area.top_part(page.sheet.row_px(READ), page.gap)
        arrow, row = row.left_part(page.mm(5.2), page.mm(0.8))
        page.symbol(arrow, "onward", INK)
        page.text(row, follows, READ)
