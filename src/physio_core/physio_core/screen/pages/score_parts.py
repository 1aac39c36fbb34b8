"""What a score is made of, for the therapist: the points that each part cost, how far it was missed, what a tap leaves out."""

from __future__ import annotations

from physio_core.assessment.repetition import ScoreTerm, score
from physio_core.screen.layout import LABEL, NEAR, Action, Rect, ScreenEvent
from physio_core.screen.pages.page import Page
from physio_core.screen.palette import INK, PANEL, QUIET
from physio_core.screen.state import ScreenState

HEAD_MM = 27.0
LOW_HEAD_MM = 8.0
"""Of the score itself: how wide beside its parts, how high above them."""


def score_parts(page: Page, place: Rect, state: ScreenState, exercise: str) -> None:
    """The score and its parts, the costliest first; one that is a fault is left out by a tap, and counts again by another."""
    if page.sheet.upright:
        head, area = place.top_part(page.mm(LOW_HEAD_MM), page.gap)
        number, hint = head.left_part(page.mm(HEAD_MM), page.gap)
    else:
        head, area = place.left_part(page.mm(HEAD_MM), page.gap)
        number, hint = head.top_part(page.sheet.row_px(LABEL))
    page.text(number, page.words["score_of"].format(score=f"{score(state.terms):.0f}"), LABEL)
    whole = sum(term.weight for term in state.terms)
    costs = {term: 100.0 * term.weight * (1.0 - term.value) / whole for term in state.terms}
    columns, rows = (3, 3) if page.sheet.upright else (4, 2)
    costliest = sorted(state.terms, key=lambda term: -costs[term])[: columns * rows]
    choice = any(costs[term] > 0.0 and page.words.may_be_ignored(exercise, term.name) for term in state.terms)
    page.text(hint, " ".join(page.words[key] for key in ("score_hint", *(("score_tap",) if choice else ()))), NEAR)
    for term, cell in zip(costliest, area.grid(columns, rows, page.gap), strict=False):
        _part(page, cell, term, costs[term], state, exercise)


def _part(page: Page, cell: Rect, term: ScoreTerm, cost: float, state: ScreenState, exercise: str) -> None:
    inner, ground, ignored = cell.inset(page.mm(0.4)), None, term.name in state.ignored
    if ignored or (cost > 0.0 and page.words.may_be_ignored(exercise, term.name)):
        ground = PANEL
        page.box(cell, ground, QUIET, 0.3)
        sign, inner = cell.inset(page.mm(0.8)).right_part(page.mm(3.6), page.mm(0.5))
        inner = inner.left_part(page.mm(0.7))[1]
        page.symbol(sign, "undo" if ignored else "cross", QUIET)
        page.buttons.append((cell, ScreenEvent(Action.ACCEPT if ignored else Action.IGNORE, term.name)))
    said = page.words.score_part(term.name, cost, None if ignored else state.misses.get(term.name), ignored)
    page.text(inner, said, NEAR, ground, QUIET if ignored else INK)
