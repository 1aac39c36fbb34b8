"""Handles touch, mouse and keys, without pygame: which of them mean something.

A touch screen may report one tap twice, and people tap twice. So a button answers only when it has been at its place for a
while, when finger or mouse is released on the button it came down on, and when that place was not pressed a moment ago. What
appears under a finger therefore stays untouched, and *Stop*, which keeps its place, answers at once.
"""

from __future__ import annotations

import math

from physio_core.screen.layout import Action, Rect, Scene, ScreenEvent
from physio_core.screen.pages.page import runs
from physio_core.screen.pages.therapist import shown_exercises
from physio_core.screen.state import Overlay, ScreenState
from physio_core.screen.telling import TELLS
from physio_core.session.status import State

DEAD_S = 0.5
"""A button answers once it has been at its place for this long, and not again within this long after a press there [s]."""

_STEPS: dict[str, int | tuple[int, int]] = {"tab": 1, "right": (1, 0), "left": (-1, 0), "up": (0, -1), "down": (0, 1)}

_KEYS = {
    "n": Action.NEXT,
    "s": Action.STOP,
    "backspace": Action.UNDO,
    "q": Action.ASK_CLOSE,
    "h": Action.HELP,
    "?": Action.HELP,
    "f1": Action.HELP,
}
"""Keys that always mean the same; others depend on the page, see :meth:`InputHandler.key`."""

_PAGE_KEYS = {"page up": Action.PREVIOUS, "page down": Action.MORE}
"""Keys of the therapist's page."""


class InputHandler:
    """Turns what a person does into events; every time is steady [s]."""

    def __init__(self) -> None:
        """Start before anything is shown."""
        self.focus: ScreenEvent | None = None
        """The button that Return presses; None until a key moves it there."""
        self._scene, self._state = Scene((0, 0, 0), ()), ScreenState()
        self._since_s: dict[tuple[Rect, ScreenEvent], float] = {}
        self._down: tuple[Rect, ScreenEvent] | None = None
        self._pressed: tuple[Rect, float] | None = None

    def update(self, scene: Scene, state: ScreenState) -> None:
        """Take the scene that is shown from ``state.time_s`` on."""
        self._since_s = {button: self._since_s.get(button, state.time_s) for button in scene.buttons}
        if scene.first and scene.first != self._scene.first:
            self.focus = scene.first
        elif self.focus and scene.place_of(self.focus) is None:
            self.focus = None
        self._scene, self._state = scene, state

    def press(self, place_px: tuple[int, int], now_s: float) -> None:
        """A finger or the mouse comes down [px]."""
        self.focus, self._down = None, self._button(place_px)
        if self._down is None:
            return
        just_pressed = self._pressed is not None and now_s - self._pressed[1] < DEAD_S and self._pressed[0].contains(*place_px)
        if just_pressed or now_s - self._since_s.get(self._down, now_s) < DEAD_S:
            self._down = None

    def release(self, place_px: tuple[int, int], now_s: float) -> ScreenEvent | None:
        """Finger or mouse is released; the event, if any."""
        down, self._down = self._down, None
        if down is None or self._button(place_px) != down:
            return None
        self._pressed = down[0], now_s
        return down[1]

    def key(self, name: str, shift: bool) -> ScreenEvent | None:
        """A key is typed, by pygame's name for it; the event, if any."""
        if name in _STEPS:
            self._step(-1 if name == "tab" and shift else _STEPS[name])
            return None
        if self.focus and name in ("return", "enter", "keypad enter", "space"):
            return self.focus
        if name == "escape":
            return ScreenEvent(Action.BACK) if self._state.therapist_page or self._state.overlay else None
        answers = self._state.overlay is Overlay.PAIN and (name.isdecimal() or name == "backspace")
        return self._shortcut(name) if not self._state.overlay or answers or name == "s" else None

    def _shortcut(self, name: str) -> ScreenEvent | None:
        state = self._state
        if state.asks and name.isascii() and name.isdecimal() and len(name) == 1:
            return self._number(int(name))
        if name == "p":
            return ScreenEvent(Action.PAIN) if runs(state) else None
        if name == "space":
            paused = state.status is not None and state.status.state is State.PAUSED
            return ScreenEvent(Action.RESUME if paused else Action.PAUSE)
        if name == "t":
            return ScreenEvent(Action.BACK if state.therapist_page else Action.THERAPIST)
        if state.therapist_page and name.isdecimal():
            names = shown_exercises(self._scene)
            return ScreenEvent(Action.PICK, names[int(name) - 1]) if 0 < int(name) <= len(names) else None
        if state.therapist_page and name in _PAGE_KEYS:
            return ScreenEvent(_PAGE_KEYS[name])
        return ScreenEvent(_KEYS[name]) if name in _KEYS else None

    def _number(self, digit: int) -> ScreenEvent:
        """The digit as an answer; a 0 right after a 1 makes it 10."""
        about, chosen = self._state.asks, self._state.chosen
        assert about is not None
        ten = digit == 0 and chosen is not None and (chosen.about, chosen.value) == (about, 1)
        return ScreenEvent(TELLS[about], value=10 if ten else digit)

    def _button(self, place_px: tuple[int, int]) -> tuple[Rect, ScreenEvent] | None:
        return next((button for button in self._scene.buttons if button[0].contains(*place_px)), None)

    def _step(self, step: int | tuple[int, int]) -> None:
        """Move the focus: in order with Tab, to the nearest in a direction with an arrow."""
        buttons = sorted(self._scene.buttons, key=lambda button: (button[0].y, button[0].x))
        here = self._scene.place_of(self.focus) if self.focus else None
        if not buttons:
            return
        if here is None or self.focus is None:
            self.focus = buttons[-1 if step == -1 else 0][1]
        elif isinstance(step, int):
            self.focus = buttons[([event for _, event in buttons].index(self.focus) + step) % len(buttons)][1]
        else:
            self.focus = min(buttons, key=lambda button: _way(here, button[0], step))[1]


def _way(here: Rect, there: Rect, step: tuple[int, int]) -> float:
    """How far a button is in a direction; those not in that direction are farther than the one left."""
    dx, dy = there.centre[0] - here.centre[0], there.centre[1] - here.centre[1]
    ahead, aside = (dx * step[0], abs(dy)) if step[0] else (dy * step[1], abs(dx))
    if there == here:
        return 1e9
    return ahead + 2.0 * aside if ahead > max(here.width, here.height) / 8 else math.inf
