"""The pages on which the patient is to move: what is shown, the countdown, and how far she is."""

from __future__ import annotations

import math

from physio_core.exercises.kinds import sensed_by_hand
from physio_core.screen.ghost import ghost_of, with_ghost
from physio_core.screen.layout import COUNT, COUNTDOWN, HEADLINE, READ, MirrorView, Rect, Ring, Scene, Sheet
from physio_core.screen.pages.page import ROUND_MM, Page
from physio_core.screen.pages.parts import STARS, band, band_rows, figure, top
from physio_core.screen.palette import BLUE, EMPTY, INK, PANEL, SHADE, VERDICT_COLOURS, VERMILLION, WHITE, Colour
from physio_core.screen.state import ScreenState
from physio_core.screen.wording import Words, headline_key
from physio_core.session.status import SetStatus, State, Status
from physio_core.types import Verdict

RING_MM = 2.4

Sign = tuple[str, Colour, Colour]
"""Its name, its colour and that of its disc."""
SPEAKS: Sign = ("speaks", WHITE, BLUE)
"""The coach says how to do it better."""
WARNS: Sign = ("warning", INK, VERMILLION)
"""The coach says what may hurt."""


def show_scene(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    """The exercise, and how it is done."""
    page = Page(sheet, words)
    area = band(page, top(page, state), status, SHADE, words.headline(status))
    if sheet.upright:
        panel, text = area.top_part(area.height * 42 // 100, page.gap)
    else:
        text, panel = area.left_part(area.width * 55 // 100, page.gap)
    page.text(text, words.instruction(status.asked) or state.message, READ, top=True)
    figure(page, panel, state, status)
    return page.scene()


def watch_scene(state: ScreenState, status: Status, words: Words, sheet: Sheet) -> Scene:
    """The patient, the example, and what is seen of her: also while the coach counts down."""
    page = Page(sheet, words)
    judged = status.state is State.WATCH and status.judging
    quiet = not judged or (status.verdict is Verdict.UNSURE and headline_key(status) == "watch")
    colour = SHADE if quiet else VERDICT_COLOURS[status.verdict]
    done = sensed_by_hand(status.kind) and status.verdict is Verdict.RIGHT and not state.warns
    area, cued = top(page, state), judged and bool(state.cue) and not done  # "close your hand" over a closed one misleads
    if cued:
        area = cue_band(page, area, status, state.cue, VERMILLION if state.warns else SHADE)
    else:
        area = band(page, area, status, colour, words.headline(status), words.live_sentence(status, state.message))
    near = sensed_by_hand(status.kind)
    share = 55 if near else 38
    left, right = area.top_part(area.height * share // 100, page.gap) if sheet.upright else area.grid(2, 1, page.gap)
    if near and not sheet.upright:
        left, right = area.left_part(area.width * 56 // 100, page.gap)
    if state.image is None:
        page.box(left, SHADE)
    if cued:
        left = beside_sign(page, left, WARNS if state.warns else SPEAKS)
    if near:
        _own_hand(page, left, state, status)
    else:
        _patient(page, left, state)
    if status.state is State.READY and math.isfinite(status.time_left_s):
        page.box(right, PANEL)
        page.text(right.inset(page.mm(1)), str(words.countdown(status)), COUNTDOWN, PANEL, centred=True)
        return page.scene()
    if near and status.state is State.WATCH:
        counted, right = right.left_part(right.width * (55 if sheet.upright else 48) // 100, page.gap)
        _hold(page, counted, status)
        streak, right = right.bottom_part(page.mm(7.0), page.gap)
        for number, place in enumerate(streak.grid(STARS, 1, 0)):
            page.symbol(place, "star" if number < state.streak else "no_star", INK)
    elif status.state is State.WATCH and status.current_set.has_goal:
        side = min(right.height, right.width * 58 // 100)
        counted, right = right.left_part(side, page.gap)
        (_count if status.current_set.goal else _time)(page, counted, status)
    figure(page, right, state, status)
    return page.scene()


def _patient(page: Page, rect: Rect, state: ScreenState) -> None:
    """The patient as in a mirror, with where her movement is to go."""
    tracked = state.skeleton is not None and state.skeleton.tracked
    if state.image is None and not tracked:
        page.symbol(rect.inset(page.mm(2)), "person", EMPTY)
        return
    aim = state.aim if tracked else None
    page.items.append(MirrorView(rect, state.image, state.skeleton, state.crop, page.mm(ROUND_MM), aim, state.seen))


def _own_hand(page: Page, rect: Rect, state: ScreenState, status: Status) -> None:
    """The patient's hand as in a mirror, large, over the one that is asked for."""
    hand = state.hand if state.hand is not None and state.hand.tracked else None
    if state.image is None and hand is None:
        page.symbol(rect.inset(page.mm(2)), "hand", EMPTY)
        return
    ghost = ghost_of(hand, page.words.figure(status.asked)) if page.words.has_ghost(status.asked) else ()
    ink = None if status.verdict is Verdict.NONE or not status.judging else VERDICT_COLOURS[status.verdict]
    skeleton = hand.skeleton if hand else None
    crop = with_ghost(state.hand_crop, ghost) if hand else None
    view = MirrorView(rect, state.image, skeleton, crop, page.mm(ROUND_MM), ghost=ghost, ink=ink)
    page.items.append(view)


def _hold(page: Page, rect: Rect, status: Status) -> None:
    """How long it is still to be held."""
    work = status.current_set
    _seconds(page, rect, work, work.phase, page.words.held_s(work, status.asked))


def _time(page: Page, rect: Rect, status: Status) -> None:
    """How long the set still lasts."""
    left_s = max(status.time_left_s, 0.0) if math.isfinite(status.time_left_s) else 0.0
    _seconds(page, rect, status.current_set, 1.0 - left_s / status.current_set.goal_s, math.ceil(left_s))


def _seconds(page: Page, rect: Rect, work: SetStatus, share: float, left_s: int) -> None:
    """Seconds that are left, in a ring of those that went by; below or beside, how many repetitions."""
    page.box(rect, PANEL)
    rect = rect.inset(page.mm(0.7))
    if rect.width > 1.5 * rect.height:
        rest, row = rect.left_part(rect.width * 54 // 100, page.gap)
    else:
        row, rest = rect.bottom_part(page.sheet.row_px(READ), page.gap)
    side = min(rest.width, rest.height)
    x, y = rest.centre
    ring = Rect(x - side // 2, y - side // 2, side, side)
    page.items.append(Ring(ring, share if math.isfinite(share) else 0.0, BLUE, SHADE, page.mm(RING_MM)))
    if left_s:
        page.text(_within(page, ring, 0.75), page.words.clock(left_s), COUNT, PANEL, centred=True)
    else:
        page.symbol(ring.inset(ring.width * 22 // 100), "check", INK)
    page.text(row, page.words.reached_of(work), READ, PANEL, centred=True)


def _count(page: Page, rect: Rect, status: Status) -> None:
    """Complete repetitions of how many, within the present one."""
    page.box(rect, PANEL)
    side = min(rect.width, rect.height) - 2 * page.mm(0.7)
    x, y = rect.centre
    ring = Rect(x - side // 2, y - side // 2, side, side)
    phase = status.current_set.phase
    page.items.append(Ring(ring, phase if math.isfinite(phase) else 0.0, BLUE, SHADE, page.mm(RING_MM)))
    page.text(_within(page, ring), page.words.counted(status.current_set), COUNT, PANEL, centred=True)


def _within(page: Page, ring: Rect, height: float = 0.62) -> Rect:
    """Where a text stands inside a ring, as high as this share of it; a short one may be higher."""
    inside = ring.inset(page.mm(RING_MM))
    wide, high = round(inside.width * 0.97), round(inside.height * height)
    return Rect(inside.centre[0] - wide // 2, inside.centre[1] - high // 2, wide, high)


def beside_sign(page: Page, rect: Rect, sign: Sign) -> Rect:
    """A sign at the left of a picture. What is left of that."""
    place, rest = rect.left_part(page.mm(15.0))
    page.symbol(place.inset(page.mm(1.0)).top_part(page.mm(13.0))[0], *sign)
    return rest


def cue_band(page: Page, area: Rect, status: Status, cue: str, colour: Colour) -> Rect:
    """How to do it better, in place of headline and sentence, so that nothing else moves. What is left above."""
    inset = page.mm(0.9)
    first, second, bar = band_rows(page, status, sentence=True)
    ground, rest = area.bottom_part(first + second + (bar + inset if bar else 0) + 2 * inset, page.gap)
    page.box(ground, colour)
    page.text(ground.inset(inset), cue, HEADLINE, colour)
    return rest
