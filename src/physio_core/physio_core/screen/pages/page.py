"""Puts a page together: texts by role, buttons of one look, the corner and the strip that several pages share."""

from __future__ import annotations

import math

from physio_core.screen.layout import (
    LABEL,
    NEAR,
    Action,
    Box,
    DemoFigure,
    Item,
    Rect,
    Role,
    Scene,
    ScreenEvent,
    Sheet,
    Symbol,
    Text,
)
from physio_core.screen.palette import INK, PANEL, PAPER, QUIET, SHADE, SKY_BLUE, STOP, WHITE, YELLOW, Colour
from physio_core.screen.state import Guard, ScreenState
from physio_core.screen.wording import Words
from physio_core.session.status import RUNNING, State
from physio_core.types import Side

MARGIN_MM = 2.2
GAP_MM = 1.5
CORNER_MM = 13.0
STRIP_MM = 6.0
ROUND_MM = 2.4

FILLS: dict[Action, Colour] = {
    Action.STOP: STOP,
    Action.START: SKY_BLUE,
    Action.REARM: WHITE,
    Action.CLOSE: SHADE,
    Action.PAIN: YELLOW,
}
SYMBOLS = {
    Action.PAUSE: "pause", Action.RESUME: "play", Action.STOP: "stop", Action.NEXT: "next", Action.THERAPIST: "list",
    Action.BACK: "back", Action.START: "play", Action.UNDO: "undo", Action.MORE: "next", Action.REARM: "unlock",
    Action.SETS: "repeat", Action.CLOSE: "cross", Action.HELP: "question", Action.PAIN: "hurts", Action.PREVIOUS: "before",
}  # fmt: skip
"""Sign of each button."""


class Page:
    """Items and buttons of one page, in drawing order."""

    def __init__(self, sheet: Sheet, words: Words, ground: Colour = PAPER) -> None:
        """Start with an empty page.

        Args:
            sheet: what it is laid out on.
            words: texts of one language.
            ground: its colour.
        """
        self.sheet, self.words, self.ground = sheet, words, ground
        self.items: list[Item] = []
        self.buttons: list[tuple[Rect, ScreenEvent]] = []
        self.mm = sheet.px
        self.gap = sheet.px(GAP_MM)
        self.area = sheet.whole.inset(sheet.px(MARGIN_MM))

    def scene(self, first: ScreenEvent | None = None) -> Scene:
        """The finished page."""
        return Scene(self.ground, tuple(self.items), tuple(self.buttons), first)

    def box(self, rect: Rect, colour: Colour, border: Colour | None = None, border_mm: float = 0.4) -> None:
        """A panel with round corners."""
        self.items.append(Box(rect, colour, self.mm(ROUND_MM), border, self.mm(border_mm)))

    def text(
        self,
        rect: Rect,
        text: str,
        role: Role,
        ground: Colour | None = None,
        colour: Colour = INK,
        centred: bool = False,
        top: bool = False,
    ) -> None:
        """Words for a role; an empty text leaves no trace."""
        if text:
            size, least = self.sheet.size_px(role), self.sheet.least_px
            ground = self.ground if ground is None else ground
            self.items.append(Text(rect, text, role, size, least, colour, ground, centred, top))

    def figure(
        self,
        rect: Rect,
        exercise: str,
        time_s: float,
        role: Role,
        turned: bool = False,
        most_px_per_m: float = math.inf,
        side: Side = Side.NONE,
    ) -> None:
        """The figure that shows an exercise, or a text that there is none."""
        shown = side.other if turned else side  # left and right change places in a picture that is turned
        figure, view = self.words.figure(exercise, shown), self.words.view(exercise)
        if figure is None:
            self.text(rect, self.words["no_figure"], role, PANEL, QUIET, centred=True)
        else:
            self.items.append(DemoFigure(rect, figure, view, time_s, PANEL, turned, most_px_per_m))

    def symbol(self, rect: Rect, name: str, colour: Colour, disc: Colour | None = None) -> None:
        """A sign, in the middle of a rectangle."""
        side = min(rect.width, rect.height)
        x, y = rect.centre
        self.items.append(Symbol(Rect(x - side // 2, y - side // 2, side, side), name, colour, disc))

    def button(self, rect: Rect, event: ScreenEvent, label: str = "", role: Role = NEAR, stacked: bool = False) -> None:
        """A button with its sign, beside its word or above it."""
        fill = FILLS.get(event.action, SKY_BLUE if role is LABEL else SHADE)
        ink = WHITE if fill == STOP else INK
        self.box(rect, fill, INK, 0.45)
        inner = rect.inset(self.mm(1.2))
        label = label or self.words[event.action.value]
        if stacked:
            below, above = inner.bottom_part(self.sheet.row_px(role))
            below = below._replace(x=rect.x + self.mm(0.9), width=rect.width - 2 * self.mm(0.9))
        else:
            above, below = inner.left_part(min(inner.height, self.mm(8.0 if role is LABEL else 5.5)), self.mm(0.8))
        self.symbol(above.inset(self.mm(0.4)), SYMBOLS[event.action], ink)
        self.text(below, label, role, fill, ink, centred=True)
        self.buttons.append((rect, event))

    def sign_button(self, rect: Rect, event: ScreenEvent) -> None:
        """A button with its sign alone, where there is no room for a word."""
        self.box(rect, SHADE, INK, 0.45)
        self.symbol(rect.inset(self.mm(2.0)), SYMBOLS[event.action], INK)
        self.buttons.append((rect, event))

    def word_button(self, rect: Rect, event: ScreenEvent, label: str) -> None:
        """A button with its word alone."""
        self.box(rect, SHADE, INK, 0.45)
        self.text(rect.inset(self.mm(1.2)), label, NEAR, SHADE, centred=True)
        self.buttons.append((rect, event))

    def number(self, rect: Rect, event: ScreenEvent, chosen: bool) -> None:
        """A button that is a number; the chosen one is told by its border, too."""
        fill = SKY_BLUE if chosen else PANEL
        self.box(rect, fill, INK, 1.2 if chosen else 0.45)
        self.text(rect.inset(self.mm(2.0)), str(event.value), LABEL, fill, centred=True)
        self.buttons.append((rect, event))

    def corner(self, row: Rect, actions: list[Action | None]) -> Rect:
        """Square buttons from the right end of a row; the same place holds the same button on every page. What is left."""
        side = min(self.mm(CORNER_MM), row.height)
        for action in reversed(actions):
            place, row = row.right_part(side, self.gap)
            if action is not None:
                self.button(place, ScreenEvent(action), stacked=True)
        return row

    def strip(self, area: Rect, state: ScreenState) -> Rect:
        """A yellow line while the robot is held, with the way out on the therapist's page. What is left below."""
        if not state.held:
            return area
        release = state.therapist_page is not None and state.guard is Guard.HELD
        strip, rest = area.top_part(self.mm(10.0 if release else STRIP_MM), self.gap)
        self.box(strip, YELLOW, INK, 0.3)
        inner = strip.inset(self.mm(0.9))
        if release:
            place, inner = inner.right_part(self.mm(32.0), self.gap)
            self.button(place, ScreenEvent(Action.REARM))
        sign, inner = inner.left_part(min(inner.height, self.mm(6.0)), self.gap)
        self.symbol(sign, "lock", INK)
        self.text(inner, self.words.guard(state.guard, state.guard_reason), NEAR, YELLOW)
        return rest


def corner_actions(state: ScreenState) -> list[Action | None]:
    """Pain, pause or resume, stop, and the button to the other page: in the same order on every page, also on what lies over."""
    now = state.status.state if state.status else None
    pause = Action.RESUME if now is State.PAUSED else Action.PAUSE
    way = Action.BACK if state.therapist_page or state.overlay else Action.THERAPIST
    pain = None if state.therapist_page or state.overlay or not runs(state) else Action.PAIN
    return [pain, pause, Action.STOP, way] if runs(state) else [None, None, None, way]


def runs(state: ScreenState) -> bool:
    """Whether there is something to pause or to stop; to a therapist also while the coach is not heard."""
    return state.status.state in RUNNING if state.status else state.therapist_page is not None
