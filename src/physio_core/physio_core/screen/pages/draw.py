"""Connect the stars: the page on which the patient draws a path, with her score, her grade and what to do better."""

from __future__ import annotations

import math
from typing import NamedTuple

from physio_core.screen.layout import COUNT, LABEL, READ, Crop, MirrorView, Rect, Scene, Sheet
from physio_core.screen.pages.page import ROUND_MM, Page
from physio_core.screen.pages.parts import band, side_word, stars, top
from physio_core.screen.pages.watch import SPEAKS, WARNS, Sign, beside_sign, cue_band
from physio_core.screen.palette import (
    BLUISH_GREEN,
    INK,
    NIGHT,
    PANEL,
    RED,
    SHADE,
    VERDICT_COLOURS,
    VERMILLION,
    WHITE,
    YELLOW,
    Colour,
)
from physio_core.screen.stars import crop_of
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import Words
from physio_core.session.status import State, Status
from physio_core.types import Side, Verdict


def draw_scene(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    """The patient with the stars over her; beside her how many paths, their score and grade, and what the marks mean."""
    page = Page(sheet, words)
    area = top(page, state)
    told = status.judging and status.verdict is not Verdict.UNSURE and status.state is State.WATCH
    colour = BLUISH_GREEN if told and status.drawing and status.drawing.lit else SHADE
    advice = _advice(state, status, words, colour) if told else None
    if advice:
        area = cue_band(page, area, status, advice.text, advice.colour)
    else:
        area = band(page, area, status, colour, words.headline(status), _sentence(state, status, words))
    if sheet.upright:
        left, right = area.top_part(area.height * 56 // 100, page.gap)
    else:
        left, right = area.left_part(area.width * 56 // 100, page.gap)
    if state.image is None:
        page.box(left, SHADE)
    if advice:
        left = beside_sign(page, left, advice.sign)
    crop = crop_of(status.drawing, state.skeleton)
    near = Crop(*crop) if crop else state.crop
    page.items.append(MirrorView(left, state.image, state.skeleton, near, page.mm(ROUND_MM), drawing=status.drawing))
    _result(page, right, status)
    return page.scene()


def _result(page: Page, rect: Rect, status: Status) -> None:
    """Paths of how many with which hand, the score, and the legend."""
    page.box(rect, PANEL)
    inner = rect.inset(page.mm(1.5))
    legend, inner = inner.bottom_part(page.mm(7.0), page.gap)
    for place, (symbol, ink, disc, key) in zip(
        legend.grid(2, 1, page.gap),
        (("path_start", WHITE, RED, "star_start"), ("path_end", YELLOW, NIGHT, "star_end")),
        strict=True,
    ):
        sign, word = place.left_part(place.height, page.mm(1.2))
        page.symbol(sign, symbol, ink, disc)
        page.text(word, page.words[key], LABEL, PANEL)
    score, line = status.current_set.score, page.sheet.row_px(READ)
    if math.isfinite(score):
        if page.sheet.upright:
            inner, marked = inner.left_part(inner.width * 50 // 100, page.gap)
            marked = marked._replace(y=marked.centre[1] - line // 2, height=line)
        else:
            marked, inner = inner.bottom_part(line, page.gap)
        stars(page, marked, score, READ, PANEL)
    hand, inner = inner.right_part(inner.width * 40 // 100, page.gap)
    if status.drawing:
        side_word(page, hand, Side(status.drawing.side))
    page.text(inner, page.words.reached_of(status.current_set), COUNT, PANEL, centred=True)


class _Advice(NamedTuple):
    """What takes the whole band, because one line is too short for it."""

    text: str
    colour: Colour
    sign: Sign


def _advice(state: ScreenState, status: Status, words: Words, colour: Colour) -> _Advice | None:
    """What the coach just said, or which other path is drawn, or until the next one what to do better; None: nothing."""
    if state.cue:
        return _Advice(state.cue, *((VERMILLION, WARNS) if state.warns else (SHADE, SPEAKS)))
    if status.verdict is Verdict.WRONG:
        wrong = VERDICT_COLOURS[Verdict.WRONG]
        return _Advice(state.message, wrong, ("cross", INK, wrong))
    score = status.current_set.score
    graded = words.graded(score, state.missed) if math.isfinite(score) else ""
    return _Advice(graded, colour, SPEAKS) if graded else None


def _sentence(state: ScreenState, status: Status, words: Words) -> str:
    """What is to be done; once a path was drawn, its grade; before either what keeps the coach from judging."""
    if status.verdict is Verdict.UNSURE:
        return words.live_sentence(status, state.message)
    score = status.current_set.score
    return words.grade(score) if math.isfinite(score) else words["trace"]
