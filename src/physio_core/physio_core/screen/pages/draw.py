"""Connect the stars: the page on which the patient draws a path, with her score, her grade and what to do better."""

from __future__ import annotations

import math

from physio_core.screen.layout import COUNT, HEADLINE, NEAR, READ, Crop, MirrorView, Rect, Scene, Sheet
from physio_core.screen.pages.page import ROUND_MM, Page
from physio_core.screen.pages.parts import band, stars, top
from physio_core.screen.pages.watch import cue_band
from physio_core.screen.palette import BLUE, BLUISH_GREEN, INK, PANEL, SHADE, STOP, VERMILLION, WHITE, YELLOW
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
        colour = BLUISH_GREEN if told and status.drawing and status.drawing.lit else SHADE
        sentence = words.live_sentence(status, state.message) if status.verdict is Verdict.UNSURE else None
        area = band(page, area, status, colour, words.headline(status), sentence)
    if sheet.upright:
        left, right = area.top_part(area.height * 62 // 100, page.gap)
    else:
        left, right = area.left_part(area.width * 61 // 100, page.gap)
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
    score = status.current_set.score
    if not math.isfinite(score):
        page.text(inner, page.words.reached_of(status.current_set), COUNT, PANEL, centred=True)
        return
    if page.sheet.upright:
        count, grade = inner.left_part(inner.width * 40 // 100, page.gap)
        inner = grade._replace(height=0)
    else:
        count, inner = inner.top_part(inner.height * 45 // 100, page.gap)
        grade, inner = inner.top_part(page.sheet.row_px(HEADLINE), page.gap)
    page.text(count, page.words.reached_of(status.current_set), COUNT, PANEL, centred=True)
    page.text(grade, page.words.grade(score), READ, PANEL, centred=True)
    if inner.height >= page.sheet.row_px(READ):
        stars(page, inner.top_part(page.sheet.row_px(READ))[0], score, READ, PANEL)
