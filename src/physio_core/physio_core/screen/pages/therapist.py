"""The therapist's page: chooses one exercise or a list, pauses, stops, resumes and releases the robot."""

from __future__ import annotations

from physio_core.screen.figure import scale_of
from physio_core.screen.layout import NEAR, TILE, Action, Box, Rect, Scene, ScreenEvent, Sheet
from physio_core.screen.pages.page import CORNER_MM, Page, corner_actions, runs
from physio_core.screen.pages.score_parts import score_parts
from physio_core.screen.palette import BLUE, INK, PANEL, QUIET, WHITE
from physio_core.screen.state import ScreenState, TherapistPage
from physio_core.screen.therapist_page import COLUMNS, PER_PAGE, pages
from physio_core.screen.wording import Words
from physio_core.session.events import State

TERMS_MM = 18.5
ICON_TIME_S = 1.5
"""Moment of each movement that stands for it on its button: about half-way."""


def therapist_scene(state: ScreenState, words: Words, sheet: Sheet) -> Scene:
    """The therapist's page for one moment."""
    page, therapist_page = Page(sheet, words), state.therapist_page or TherapistPage()
    row, area = page.area.top_part(page.mm(CORNER_MM), page.gap)
    status = page.corner(row, [Action.NEXT if runs(state) else None, *corner_actions(state)[1:]])
    if sheet.upright:
        status, area = area.top_part(page.mm(CORNER_MM), page.gap)
    page.text(status, words.now(state.status), TILE)
    area = page.strip(area, state)
    bottom, area = area.bottom_part(page.mm(CORNER_MM), page.gap)
    if sheet.upright:
        listed, area = area.bottom_part(page.mm(CORNER_MM), page.gap)
        _buttons(page, bottom, therapist_page)
    else:
        listed = _buttons(page, bottom, therapist_page)
    chosen = words.listed(therapist_page)
    page.text(listed, chosen or words["list_empty"], NEAR, colour=INK if chosen else QUIET)
    _tiles(page, _known(page, area, state), therapist_page)
    return page.scene()


def shown_exercises(scene: Scene) -> list[str]:
    """The exercises on the page, in order; the digits choose them."""
    return [event.name for _, event in scene.buttons if event.action is Action.PICK]


def _known(page: Page, area: Rect, state: ScreenState) -> Rect:
    """What makes up the score, or before that what cannot be judged from here; its place is kept while something runs."""
    if not runs(state) or state.status is None:
        return area
    place, area = area.top_part(page.mm(TERMS_MM) * (2 if page.sheet.upright else 1), page.gap)
    if state.status.state in (State.SHOW, State.READY):
        page.text(place, page.words.not_judged(state.status.asked), NEAR)
        return area
    if state.terms:
        score_parts(page, place, state, state.status.asked)
    return area


def _tiles(page: Page, area: Rect, therapist_page: TherapistPage) -> None:
    names = page.words.choices[therapist_page.page_index * PER_PAGE : (therapist_page.page_index + 1) * PER_PAGE]
    columns, rows = (PER_PAGE // COLUMNS, COLUMNS) if page.sheet.upright else (COLUMNS, PER_PAGE // COLUMNS)
    places = area.grid(columns, rows, page.gap)
    inner = [_parts(page, place)[0] for place in places]
    # Bodies are drawn as large as each other, and so are hands.
    scales: dict[tuple[str, ...], float] = {}
    for name in names:
        if figure := page.words.figure(name):
            fits = scale_of(figure, page.words.view(name), inner[0][2:])
            scales[figure.joints] = min(fits, scales.get(figure.joints, fits))
    for place, name in zip(places, names, strict=False):
        figure = page.words.figure(name)
        _tile(page, place, name, therapist_page, scales[figure.joints] if figure else 1.0)


def _parts(page: Page, rect: Rect) -> tuple[Rect, Rect]:
    title, figure = rect.inset(page.mm(1.4)).bottom_part(page.sheet.row_px(TILE), page.mm(0.5))
    return figure, title


def _tile(page: Page, rect: Rect, name: str, therapist_page: TherapistPage, most_px_per_m: float) -> None:
    figure, title = _parts(page, rect)
    times = therapist_page.times(name)
    page.box(rect, PANEL, BLUE if times else QUIET, 0.8 if times else 0.3)
    page.figure(figure, name, ICON_TIME_S, NEAR, most_px_per_m=most_px_per_m)
    if times:
        badge, title = title.left_part(page.mm(8.5), page.mm(1))
        page.items.append(Box(badge, BLUE, page.mm(0.8)))
        page.text(badge.inset(page.mm(0.3)), f"×{times}", NEAR, BLUE, WHITE, centred=True)
    page.text(title, page.words.title(name), TILE, PANEL, centred=True)
    page.buttons.append((rect, ScreenEvent(Action.PICK, name)))


def _buttons(page: Page, row: Rect, therapist_page: TherapistPage) -> Rect:
    """Start, undo, sets and more at the right end of a row. What is left of it."""
    actions = [Action.START, Action.UNDO, Action.SETS] if therapist_page.chosen else []
    if pages(len(page.words.choices)) > 1:
        actions.append(Action.MORE)
    width = (row.width - 3 * page.gap) // 4 if page.sheet.upright else page.mm(27.0)
    for action in actions:
        place, row = row.right_part(width, page.gap)
        label = page.words["sets"].format(number=therapist_page.sets) if action is Action.SETS else ""
        page.button(place, ScreenEvent(action), label, stacked=page.sheet.upright)
    return row
