"""Numbers from 0 to 10: what a patient is asked, and pain, which she can tell of at any time."""

from __future__ import annotations

from physio_core.screen.layout import LABEL, NEAR, READ, TILE, Action, Rect, Scene, ScreenEvent, Sheet
from physio_core.screen.pages.page import CORNER_MM, Page, corner_actions
from physio_core.screen.state import ScreenState
from physio_core.screen.telling import TELLS
from physio_core.screen.wording import Words
from physio_core.session.requests import WORST, Command

HEAD_MM, BUTTON_MM, MOST_MM = 8.0, 12.0, 26.0


def scale_px(page: Page) -> int:
    """How high a question is with its numbers [px]."""
    if page.sheet.upright:
        return 2 * page.mm(HEAD_MM) + 2 * page.mm(BUTTON_MM) + 3 * page.gap
    return page.mm(HEAD_MM) + page.mm(BUTTON_MM) + page.gap


def scale(page: Page, area: Rect, about: Command, state: ScreenState, asks: bool = True) -> None:
    """What is asked, and a button for each number; once one is chosen, one to undo it."""
    chosen = state.chosen if state.chosen and state.chosen.about is about else None
    head, area = area.top_part(page.mm(HEAD_MM), page.gap)
    if page.sheet.upright and asks:
        page.text(head, page.words[f"{about.value}_question"], LABEL, centred=True)
        head, area = area.top_part(page.mm(HEAD_MM), page.gap)
    least, head = head.left_part(page.mm(28.0), page.gap)
    most, head = head.right_part(page.mm(28.0), page.gap)
    page.text(least, page.words[f"{about.value}_least"], NEAR, centred=True)
    if asks and not page.sheet.upright:
        page.text(head, page.words[f"{about.value}_question"], LABEL, centred=True)
    if chosen:
        page.button(most, ScreenEvent(Action.UNDO))
    else:
        page.text(most, page.words[f"{about.value}_most"], NEAR, centred=True)
    columns, rows = (6, 2) if page.sheet.upright else (WORST + 1, 1)
    area = area._replace(height=min(area.height, rows * page.mm(MOST_MM)))
    for value, place in zip(range(WORST + 1), area.grid(columns, rows, page.gap), strict=False):
        page.number(place, ScreenEvent(TELLS[about], value=value), chosen is not None and chosen.value == value)


def pain_scene(state: ScreenState, words: Words, sheet: Sheet) -> Scene:
    """How much it hurts; what runs goes on."""
    page = Page(sheet, words)
    row, area = page.area.top_part(page.mm(CORNER_MM), page.gap)
    title = page.corner(row, corner_actions(state))
    page.text(title, words["pain"], TILE)
    area = page.strip(area, state)
    question, area = area.top_part(page.sheet.row_px(READ, 2 if sheet.upright else 1), page.gap)
    page.text(question, words["pain_question"], READ)
    scale(page, area, Command.PAIN, state, asks=False)
    return page.scene(ScreenEvent(Action.BACK))
