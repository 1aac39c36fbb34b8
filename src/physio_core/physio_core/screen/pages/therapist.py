"""The therapist's page: chooses one exercise or a list, pauses, stops, resumes and releases the robot."""

from __future__ import annotations

from physio_core.screen.figure import scale_of
from physio_core.screen.layout import NEAR, TILE, Action, Box, Rect, Scene, ScreenEvent, Sheet
from physio_core.screen.pages.page import CORNER_MM, Page, corner_actions, runs
from physio_core.screen.pages.score_parts import score_parts
from physio_core.screen.palette import BLUE, INK, PANEL, QUIET, WHITE
from physio_core.screen.state import ScreenState, TherapistPage
from physio_core.screen.therapist_page import COLUMNS, PER_PAGE
from physio_core.screen.wording import Words
from physio_core.session.status import State

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
    """What makes up the score, and what cannot be judged from here. What is left below."""
    if not runs(state) or state.status is None:
        return area
    rows = 2 if page.sheet.upright else 1
    if unseen := page.words.not_judged(state.status):
        place, area = area.top_part(page.sheet.row_px(NEAR, rows), page.gap)
        page.text(place, unseen, NEAR)
    if state.terms and state.status.state not in (State.SHOW, State.READY):
        place, area = area.top_part(page.mm(TERMS_MM) * rows, page.gap)
        score_parts(page, place, state, state.status.asked)
    return area


def _turning(page: Page, area: Rect, index: int) -> Rect:
    """Which page of exercises it is, with a button to the one before, to another kind and to the one after. What is left."""
    if page.sheet.upright:
        row, area = area.bottom_part(page.mm(CORNER_MM), page.gap)
        places = row.grid(3, 1, page.gap)
    else:
        column, area = area.right_part(page.mm(CORNER_MM), page.gap)
        places = column.grid(1, 3, page.gap)
    before, kind, after = places
    page.sign_button(before, ScreenEvent(Action.PREVIOUS))
    page.word_button(kind, ScreenEvent(Action.KIND), page.words.page_of(index))
    page.sign_button(after, ScreenEvent(Action.MORE))
    return area


def _tiles(page: Page, area: Rect, therapist_page: TherapistPage) -> None:
    pages = page.words.pages
    if not pages:
        return
    index = therapist_page.page_index % len(pages)
    if len(pages) > 1:
        area = _turning(page, area, index)
    names = pages[index]
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
    """Where a figure stands and its title: below it, or beside it where there is little height."""
    inner = rect.inset(page.mm(1.4))
    if _flat(rect):
        return inner.left_part(inner.height * 11 // 10, page.mm(1))
    title, figure = inner.bottom_part(page.sheet.row_px(TILE), page.mm(0.5))
    return figure, title


def _flat(rect: Rect) -> bool:
    return rect.width > 2 * rect.height


def _tile(page: Page, rect: Rect, name: str, therapist_page: TherapistPage, most_px_per_m: float) -> None:
    figure, title = _parts(page, rect)
    times = therapist_page.times(name)
    page.box(rect, PANEL, BLUE if times else QUIET, 0.8 if times else 0.3)
    page.figure(figure, name, ICON_TIME_S, NEAR, most_px_per_m=most_px_per_m)
    if times:
        if _flat(rect):
            badge, title = title.bottom_part(page.mm(4.0), page.mm(0.5))
            badge = badge._replace(width=page.mm(8.5))
        else:
            badge, title = title.left_part(page.mm(8.5), page.mm(1))
        page.items.append(Box(badge, BLUE, page.mm(0.8)))
        page.text(badge.inset(page.mm(0.3)), f"×{times}", NEAR, BLUE, WHITE, centred=True)
    page.text(title, page.words.title(name), TILE, PANEL, centred=True)
    page.buttons.append((rect, ScreenEvent(Action.PICK, name)))


def _buttons(page: Page, row: Rect, therapist_page: TherapistPage) -> Rect:
    """Start, undo and sets at the right end of a row. What is left of it."""
    actions = [Action.START, Action.UNDO, Action.SETS] if therapist_page.chosen else []
    width = (row.width - 2 * page.gap) // 3 if page.sheet.upright else page.mm(27.0)
    for action in actions:
        place, row = row.right_part(width, page.gap)
        label = page.words["sets"].format(number=therapist_page.sets) if action is Action.SETS else ""
        page.button(place, ScreenEvent(action), label, stacked=page.sheet.upright)
    return row
