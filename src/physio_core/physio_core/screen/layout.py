"""What stands where on the screen, and how large: plain geometry and text, without any drawing.

A 7-inch screen of 1024x600 is 154 mm wide, so a pixel is 0.15 mm. A letter is read with ease when it is at least 3 to
4 mrad high: 9 to 12 mm, or 60 to 80 px, at three metres. Only the key words (what to do, the verdict) and the symbols
are that large; sentences are for somebody who steps nearer, and buttons for who can touch them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import NamedTuple

from physio_core.screen.palette import INK, PAPER, Colour
from physio_core.types import ByteImage, Skeleton

WIDTH_PX, HEIGHT_PX = 1024, 600
PIXEL_MM = 154.0 / WIDTH_PX
CAPITAL_PER_SIZE = 0.73
"""Height of a capital letter over the size of the font (FreeSans Bold)."""

KEY_PX = 92
"""Key words: capitals of 67 px = 10 mm = 3.4 mrad at three metres."""

SENTENCE_PX = 44
SMALL_PX = 28
LEAST_PX = 22
LINE_HEIGHT = 1.12

Measure = Callable[[str, int], int]
"""Width of a text [px] at a font size [px]."""


class Rect(NamedTuple):
    """A rectangle in px, from the top left corner of the screen."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        """Middle (x, y) [px]."""
        return self.x + self.width // 2, self.y + self.height // 2

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height

    def inset(self, by_px: int) -> Rect:
        """The same rectangle with a margin on all sides."""
        return Rect(self.x + by_px, self.y + by_px, self.width - 2 * by_px, self.height - 2 * by_px)

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share any pixel."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


class Action(str, Enum):
    """What a tap or a key asks for."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    NEXT = "next"
    THERAPIST = "therapist"
    BACK = "back"
    PICK = "pick"
    START = "start"
    UNDO = "undo"
    MORE = "more"
    REARM = "rearm"
    CLOSE = "close"


@dataclass(frozen=True)
class ScreenEvent:
    """Something the patient or the therapist did; ``exercise`` goes with PICK."""

    action: Action
    exercise: str = ""


@dataclass(frozen=True)
class Box:
    """A filled rectangle with round corners."""

    rect: Rect
    colour: Colour
    radius_px: int = 18
    border: Colour | None = None


@dataclass(frozen=True)
class Text:
    """Words, wrapped into their rectangle; smaller when they must, but never below :data:`LEAST_PX`."""

    rect: Rect
    text: str
    size_px: int
    colour: Colour = INK
    ground: Colour = PAPER
    centred: bool = False
    top: bool = False


@dataclass(frozen=True)
class Symbol:
    """A drawn sign on a disc; without a disc when ``disc`` is None."""

    rect: Rect
    name: str
    colour: Colour
    disc: Colour | None = None


@dataclass(frozen=True)
class Bar:
    """Progress from 0 to 1."""

    rect: Rect
    fraction: float
    colour: Colour
    ground: Colour


@dataclass(frozen=True)
class FigureItem:
    """The figure that shows an exercise, seen from ``view``, at ``time_s`` of a steady clock."""

    rect: Rect
    exercise: str
    view: str
    time_s: float
    ground: Colour


@dataclass(frozen=True)
class Picture:
    """The patient, mirrored as in a mirror: the camera picture or plain ground, with the skeleton."""

    rect: Rect
    picture: ByteImage | None
    skeleton: Skeleton | None


Item = Box | Text | Symbol | Bar | FigureItem | Picture


@dataclass(frozen=True)
class Scene:
    """A whole screen: items in drawing order, and what can be tapped."""

    ground: Colour
    items: tuple[Item, ...]
    buttons: tuple[tuple[Rect, ScreenEvent], ...] = ()

    def button_at(self, x: float, y: float) -> ScreenEvent | None:
        """What a tap at a point [px] asks for."""
        return next((event for rect, event in self.buttons if rect.contains(x, y)), None)


def fit(text: str, rect: Rect, size_px: int, measure: Measure) -> tuple[int, tuple[str, ...]]:
    """Wrap a text into a rectangle at the largest size that fits, cut with an ellipsis when even the least does not.

    Returns:
        Font size [px] and lines.
    """
    for size in range(size_px, LEAST_PX - 1, -2):
        measured = partial(_measured, measure, size)
        lines = wrap(text, rect.width, measured)
        if len(lines) <= max(rect.height // line_px(size), 1) and all(measured(line) <= rect.width for line in lines):
            return size, balanced(text, rect.width, measured)
    size = min(LEAST_PX, size_px)
    rows = max(rect.height // line_px(size), 1)
    measured = partial(_measured, measure, size)
    lines = wrap(text, rect.width, measured)
    kept = list(lines[:rows])
    if len(lines) > rows:
        kept[-1] += "…"
    return size, tuple(_cut(line, rect.width, measured) for line in kept)


def _measured(measure: Measure, size_px: int, text: str) -> int:
    return measure(text, size_px)


def line_px(size_px: int) -> int:
    """Height of a line of text [px]."""
    return int(size_px * LINE_HEIGHT)


def wrap(text: str, width_px: int, measure: Callable[[str], int]) -> tuple[str, ...]:
    """Break a text at its spaces; a word that is too long stays whole."""
    return tuple(_lines(text, width_px, measure))


def balanced(text: str, width_px: int, measure: Callable[[str], int]) -> tuple[str, ...]:
    """As few lines as :func:`wrap` needs, but about equally long: no lonely last word."""
    lines = wrap(text, width_px, measure)
    for narrower in range(width_px, width_px // 2, -8):
        tried = wrap(text, narrower, measure)
        if len(tried) > len(lines) or any(measure(line) > narrower for line in tried):
            break
        lines = tried
    return lines


def _lines(text: str, width_px: int, measure: Callable[[str], int]) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and measure(longer) > width_px:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def _cut(line: str, width_px: int, measure: Callable[[str], int]) -> str:
    if measure(line) <= width_px:
        return line
    while line and measure(line + "…") > width_px:
        line = line[:-1]
    return line + "…"
