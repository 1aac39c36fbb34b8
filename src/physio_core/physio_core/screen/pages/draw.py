"""Connect the stars: the page on which the patient draws a path, with her score, her grade and what to do better."""

from __future__ import annotations

import math

from physio_core.screen.layout import COUNT, NEAR, READ, Crop, MirrorView, Rect, Scene, Sheet
from physio_core.screen.pages.page import ROUND_MM, Page
from physio_core.screen.pages.parts import band, stars, top
from physio_core.screen.pages.watch import cue_band
from physio_core.screen.palette import BLUE, BLUISH_GREEN, INK, PANEL, SHADE, STOP, VERDICT_COLOURS, VERMILLION, WHITE, YELLOW
from physio_core.screen.stars import crop_of
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import Words
from physio_core.session.events import State, Status
from physio_core.types import Verdict


def draw_scene(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    """The patient with the stars over her; beside her how many paths, their score and grade, and what the marks mean."""
    page = Page(sheet, words)
    area = top(page, state)
    told = status.judging and status.verdict is not Verdict.UNSURE and status.state is State.WATCH
    if state.cue and told:
        area = cue_band(page, area, state, status)
    else:
        begun = BLUISH_GREEN if told and status.drawing and status.drawing.lit else SHADE
        colour = VERDICT_COLOURS[status.verdict] if told and status.verdict is Verdict.WRONG else begun
        area = band(page, area, status, colour, words.headline(status), _sentence(state, status, words))
    if sheet.upright:
        left, right = area.top_part(area.height * 56 // 100, page.gap)
    else:
        left, right = area.left_part(area.width * 56 // 100, page.gap)
    if state.image is None:
        page.box(left, SHADE)
    if state.cue and told:
        place = left.inset(page.mm(1.0)).left_part(page.mm(13.0))[0].top_part(page.mm(13.0))[0]
        page.symbol(place, *(("warning", INK, VERMILLION) if state.warns else ("speaks", WHITE, BLUE)))
    crop = crop_of(status.drawing, state.skeleton)
    near = Crop(*crop) if crop else state.crop
    page.items.append(MirrorView(left, state.image, state.skeleton, near, page.mm(ROUND_MM), drawing=status.drawing))
    _result(page, right, state, status)
    return page.scene()


def _result(page: Page, rect: Rect, state: ScreenState, status: Status) -> None:
    """Paths of how many, the score with its grade, and the legend."""
    page.box(rect, PANEL)
    inner = rect.inset(page.mm(1.5))
    legend, inner = inner.bottom_part(page.mm(7.0), page.gap)
    for place, (symbol, ink, disc, key) in zip(
        legend.grid(2, 1, page.gap), (("play", WHITE, STOP, "star_start"), ("star", INK, YELLOW, "star_end")), strict=True
    ):
        sign, word = place.left_part(place.height, page.mm(0.8))
        page.symbol(sign, symbol, ink, disc)
        page.text(word, page.words[key], NEAR, PANEL)
    score, line = status.current_set.score, page.sheet.row_px(READ)
    if math.isfinite(score):
        if page.sheet.upright:
            inner, marked = inner.left_part(inner.width * 40 // 100, page.gap)
            marked = marked._replace(y=marked.centre[1] - line // 2, height=line)
        else:
            marked, inner = inner.bottom_part(line, page.gap)
        stars(page, marked, score, READ, PANEL)
    page.text(inner, page.words.reached_of(status.current_set), COUNT, PANEL, centred=True)


def _sentence(state: ScreenState, status: Status, words: Words) -> str:
    """What is to be done; once a path was drawn, its grade; before either what keeps the coach from judging, or what was made."""
    if status.verdict in (Verdict.UNSURE, Verdict.WRONG):
        return words.live_sentence(status, state.message)
    score = status.current_set.score
    return words.grade(score) if math.isfinite(score) else words["trace"]
