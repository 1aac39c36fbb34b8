"""What lies over the pages: the keys, and the question before the screen is closed."""

from __future__ import annotations

from physio_core.screen.layout import LABEL, NEAR, READ, TILE, Action, Scene, ScreenEvent, Sheet
from physio_core.screen.pages.page import CORNER_MM, Page, corner_actions
from physio_core.screen.palette import INK, PANEL, SHADE
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import Words

KEYS = (
    ("Tab", "help_focus"),
    ("Return", "help_press"),
    ("Space", "help_pause"),
    ("P", "help_pain"),
    ("0 … 10", "help_number"),
    ("N", "help_next"),
    ("S", "help_stop"),
    ("T", "help_therapist"),
    ("1 … 6", "help_digit"),
    ("PgUp, PgDn", "help_page"),
    ("Backspace", "help_undo"),
    ("Esc", "help_escape"),
    ("F, F11", "help_fullscreen"),
    ("Q", "help_close"),
    ("H, ?", "help_help"),
)
"""Keys as they are written on a keyboard, and what they do."""


def help_scene(state: ScreenState, words: Words, sheet: Sheet) -> Scene:
    """The keys and what they do."""
    page = Page(sheet, words)
    row, area = page.area.top_part(page.mm(CORNER_MM), page.gap)
    title = page.corner(row, corner_actions(state))
    page.text(title, words["help"], TILE)
    columns, rows = (1, len(KEYS)) if sheet.upright else (2, -(-len(KEYS) // 2))
    area = area._replace(height=min(area.height, rows * page.mm(11.0)))
    order = range(len(KEYS)) if sheet.upright else [row + column * rows for row in range(rows) for column in range(2)]
    for place, index in zip(area.grid(columns, rows, page.gap), order, strict=True):
        if index >= len(KEYS):
            continue
        key, meaning = KEYS[index]
        page.box(place, PANEL)
        cap, text = place.inset(page.mm(1)).left_part(page.mm(24.0), page.mm(1.5))
        page.box(cap, SHADE, INK, 0.2)
        page.text(cap.inset(page.mm(1.2)), key, NEAR, SHADE, centred=True)
        page.text(text, words[meaning], NEAR, PANEL)
    return page.scene(ScreenEvent(Action.BACK))


def close_scene(state: ScreenState, words: Words, sheet: Sheet) -> Scene:
    """Asks before the screen is closed; the safe answer has the focus."""
    page = Page(sheet, words)
    row, area = page.area.top_part(page.mm(CORNER_MM), page.gap)
    page.corner(row, [*corner_actions(state)[:-1], None])
    foot, area = area.bottom_part(page.mm(16.0), page.mm(4))
    page.text(area, words["close_question"], READ)
    stay, leave = foot.grid(2, 1, page.mm(4))
    page.button(stay, ScreenEvent(Action.BACK), words["close_no"], LABEL)
    page.button(leave, ScreenEvent(Action.CLOSE), words["close_yes"], LABEL)
    return page.scene(ScreenEvent(Action.BACK))
