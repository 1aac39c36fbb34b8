"""What several of the patient's pages share: exercise and corner at the top, the band at the bottom, figure, round and stars."""

from __future__ import annotations

import math
from unicodedata import east_asian_width

from physio_core.exercises.kinds import sensed_by_hand
from physio_core.screen.layout import HEADLINE, NEAR, READ, Bar, Rect, Role
from physio_core.screen.pages.page import CORNER_MM, Page, corner_actions
from physio_core.screen.palette import BLUE, INK, PANEL, SHADE, WHITE, Colour
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import headline_key
from physio_core.session.status import State, Status
from physio_core.types import Side

STARS = 5
_LETTER_WIDTH, _SYLLABLE_WIDTH = 0.65, 1.0
"""Of a wide letter, and of a syllable of Korean, in sizes of the font."""

SYMBOLS = {
    "right": "check", "right_short": "check", "live_right": "check", "wrong": "cross", "wrong_last": "cross",
    "live_wrong": "cross", "live_held": "check", "live_close": "eye", "live_release": "star",
    "unsure": "question", "watch": "eye",
    "show": "play", "ready": "wait", "rest": "wait", "paused": "pause", "stopped": "stop", "finished": "star", "idle": "hello",
    "nobody": "person", "out_of_frame": "step_back", "somebody_else": "persons", "low_fps": "wait", "unfamiliar": "question",
    "no_hand": "hand", "wrong_hand": "hand", "two_hands": "hand", "edge_on": "hand", "dark": "light",
    "detector_failed": "wait", "no_camera": "no_camera", "no_coach": "wait",
}  # fmt: skip
"""Sign of each headline; see :func:`physio_core.screen.wording.headline_key`."""


def top(page: Page, state: ScreenState) -> Rect:
    """Exercise, and the buttons in the corner. What is left below."""
    row, area = page.area.top_part(page.mm(CORNER_MM), page.gap)
    title = page.corner(row, corner_actions(state))
    if page.sheet.upright:
        if state.status:
            round_place(page, title, state.status, page.ground)
        title, area = area.top_part(page.sheet.row_px(READ), page.gap)
    if state.status and state.status.asked:
        page.text(title, page.words.title(state.status.asked), READ)
    elif state.status and state.status.refused:
        page.text(title, page.words.refusal(state.status), NEAR)
    return page.strip(area, state)


def figure(page: Page, panel: Rect, state: ScreenState, status: Status) -> None:
    """The figure that shows the exercise, on its panel, below the side that is asked for."""
    page.box(panel, PANEL)
    panel, side = panel.inset(page.mm(1.2)), status.current_set.side
    if side:
        row, panel = panel.top_part(page.sheet.row_px(READ))
        side_word(page, row, side)
    turned = state.turned
    if sensed_by_hand(status.kind):  # the figure is a right hand, and the patient sees herself as in a mirror
        turned = (side.value or (state.hand.side if state.hand else "")) != Side.LEFT.value
    page.figure(panel, status.asked, state.time_s, READ, turned=turned, side=side)


def side_word(page: Page, row: Rect, side: Side) -> None:
    """Which side is asked for: a letter that can be read where the word could not."""
    word = page.words.side(side)
    widths = (_SYLLABLE_WIDTH if east_asian_width(letter) == "W" else _LETTER_WIDTH for letter in word)
    fits = sum(widths) * page.sheet.size_px(READ) <= row.width
    page.text(row, word if fits else word[:1], READ, PANEL, centred=True)


def band(page: Page, area: Rect, status: Status, colour: Colour, word: str, sentence: str | None = None) -> Rect:
    """Sign, headline, round, sentence and the way to praise, at the bottom. What is left above."""
    first, second, bar = band_rows(page, status, sentence is not None)
    inset = page.mm(0.9)
    ground, rest = area.bottom_part(first + second + (bar + inset if bar else 0) + 2 * inset, page.gap)
    page.box(ground, colour)
    inner = ground.inset(inset)
    row, inner = inner.top_part(first)
    row = row if page.sheet.upright else round_place(page, row, status, colour)
    row = sign(page, row, SYMBOLS[headline_key(status)], colour)
    page.text(row, word, HEADLINE, colour)
    page.text(inner.top_part(second)[0]._replace(height=max(second, 1)), sentence or "", READ, colour)
    if bar and status.judging:
        _way_to_praise(page, ground.inset(inset).bottom_part(bar)[0], status, _tint(colour))
    return rest


def band_rows(page: Page, status: Status, sentence: bool) -> tuple[int, int, int]:
    """Heights [px] of the headline, the sentence and the bar of a band; a row that it does not have is 0 high.

    Where repetitions are counted, their number says how far it is, and there is no bar.
    """
    rows = 2 if page.sheet.upright else 1
    headline = rows * page.sheet.row_px(HEADLINE)
    bar = page.mm(4.0) if status.state is State.WATCH and not status.current_set.has_goal else 0
    return headline, page.sheet.row_px(READ, rows) if sentence else 0, bar


def sign(page: Page, row: Rect, name: str, colour: Colour) -> Rect:
    """A sign on its disc at the left end of a row on that colour. What is left of it."""
    place, row = row.left_part(page.sheet.row_px(HEADLINE), page.mm(1.2))
    coloured = colour != SHADE
    page.symbol(place.inset(page.mm(0.8)), name, INK if coloured else WHITE, WHITE if coloured else BLUE)
    return row


def stars(page: Page, row: Rect, score: float, role: Role, ground: Colour) -> Rect:
    """A score [0..100] as stars and as a number, at the left end of a row; nothing where it is not known. What is left of it."""
    if math.isnan(score):
        return row
    height = min(page.sheet.row_px(role), row.height)
    number = round(height * 1.7)
    side = min(height, (row.width - number - 2 * page.gap) // STARS)
    filled = min(max(round(score / 100 * STARS), 1), STARS)
    for index in range(STARS):
        place, row = row.left_part(side)
        page.symbol(place.inset(side // 12), "star" if index < filled else "no_star", INK)
    row = row.left_part(page.gap)[1]
    place, row = row.left_part(number, page.gap)
    page.text(place, f"{score:.0f}", role, ground, centred=True)
    return row


def _way_to_praise(page: Page, rect: Rect, status: Status, ground: Colour) -> None:
    """How much of what praise takes was seen; the star at its end says what it is for."""
    star, way = rect.right_part(rect.height, page.gap)
    page.symbol(star, "star", INK)
    page.items.append(Bar(way.inset(page.mm(0.8))._replace(x=way.x, width=way.width), status.progress, INK, ground))


def round_place(page: Page, row: Rect, status: Status, ground: Colour) -> Rect:
    """Which round it is, at the right end of a row. What is left of it."""
    counted = status.state is State.WATCH and status.current_set.has_goal  # two fractions on one page would be mixed up
    number = page.words.round(status.round, status.rounds) if status.asked and not counted else ""
    if not number:
        return row
    place, row = row.right_part(page.mm(8.0 + 6.2 * (len(number) - 1)), page.gap)
    page.text(place, number, READ, ground, centred=True)
    return row


def _tint(colour: Colour) -> Colour:
    """Half way to white, for the empty part of a bar."""
    red, green, blue = ((part + 255) // 2 for part in colour)
    return red, green, blue
