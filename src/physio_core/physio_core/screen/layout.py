"""The sheet that a page is laid out on, and what can stand on it: plain geometry and text, without any drawing.

Lengths are millimetres on a 7-inch screen, whatever its resolution; a larger display magnifies the page. A letter is read
with ease when its capitals span 10 minutes of arc or more (twice what sharp eyes can just tell): 8.7 mm at three metres,
where the patient stands, and 1.7 mm at arm's length, from where buttons are pressed. :data:`ROLES` holds who reads what.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from physio_core.exercises.figure import Figure
from physio_core.screen.aim import Aim, Sighting
from physio_core.screen.palette import INK, PAPER, Colour
from physio_core.trajectories.drawing import Drawing
from physio_core.types import ByteImage, Skeleton

DIAGONAL_MM = 7 * 25.4
SHORT_MM, LONG_MM = 86.0, 138.0
"""What a page needs at least; a window of an odd shape is filled with a smaller page instead of a cut one."""

CAPITAL_PER_SIZE = 0.729
"""Height of a capital letter over the size of the font (FreeSans Bold)."""

DESCENT_PER_SIZE = 0.22
"""How far a ``g`` reaches below the line."""

LINE_HEIGHT = 1.03
LEAST_MM = 1.8
"""Capitals are never lower, for any text."""


@dataclass(frozen=True)
class Role:
    """What a text is for.

    Attributes:
        name: as the table of legibility calls it.
        cap_mm: height of its capitals [mm].
        distance_m: from where it is read [m].
    """

    name: str
    cap_mm: float
    distance_m: float

    @property
    def arc_min(self) -> float:
        """Height of a capital in minutes of arc."""
        return math.degrees(math.atan(self.cap_mm / self.distance_m / 1e3)) * 60


COUNTDOWN = Role("countdown", 26.0, 3.0)
VERDICT_WORD = Role("verdict", 13.0, 3.0)
HEADLINE = Role("headline", 9.8, 3.0)
COUNT = Role("repetitions", 14.0, 3.0)
READ = Role("exercise, sentence, instruction, round", 8.73, 3.0)
LABEL = Role("large button", 4.2, 0.6)
TILE = Role("exercise to choose", 3.3, 0.6)
NEAR = Role("button, status, list", 2.3, 0.6)
ROLES = (COUNTDOWN, COUNT, VERDICT_WORD, HEADLINE, READ, LABEL, TILE, NEAR)


class Rect(NamedTuple):
    """A rectangle [px], from the top left corner of the screen."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column beyond it [px]."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row below it [px]."""
        return self.y + self.height

    @property
    def centre(self) -> tuple[int, int]:
        """Middle (x, y) [px]."""
        return self.x + self.width // 2, self.y + self.height // 2

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, by_px: int) -> Rect:
        """The same rectangle with a margin on all sides."""
        return Rect(self.x + by_px, self.y + by_px, max(self.width - 2 * by_px, 1), max(self.height - 2 * by_px, 1))

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share any pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def top_part(self, height: int, gap: int = 0) -> tuple[Rect, Rect]:
        """Cut off the upper part; what is left lies ``gap`` below it."""
        rest = Rect(self.x, self.y + height + gap, self.width, max(self.height - height - gap, 1))
        return self._replace(height=height), rest

    def bottom_part(self, height: int, gap: int = 0) -> tuple[Rect, Rect]:
        """Cut off the lower part; what is left lies ``gap`` above it."""
        return self._replace(y=self.bottom - height, height=height), self._replace(height=max(self.height - height - gap, 1))

    def left_part(self, width: int, gap: int = 0) -> tuple[Rect, Rect]:
        """Cut off the left part; what is left lies ``gap`` beside it."""
        rest = Rect(self.x + width + gap, self.y, max(self.width - width - gap, 1), self.height)
        return self._replace(width=width), rest

    def right_part(self, width: int, gap: int = 0) -> tuple[Rect, Rect]:
        """Cut off the right part; what is left lies ``gap`` beside it."""
        return self._replace(x=self.right - width, width=width), self._replace(width=max(self.width - width - gap, 1))

    def grid(self, columns: int, rows: int, gap: int) -> list[Rect]:
        """Equal parts, row by row."""
        width = (self.width - (columns - 1) * gap) // columns
        height = (self.height - (rows - 1) * gap) // rows
        return [
            Rect(self.x + column * (width + gap), self.y + row * (height + gap), width, height)
            for row in range(rows)
            for column in range(columns)
        ]


@dataclass(frozen=True)
class Sheet:
    """The display's real size [px], which the page is drawn at."""

    width_px: int = 1024
    height_px: int = 600

    @property
    def px_per_mm(self) -> float:
        """Pixels for a millimetre of the page."""
        short, long = sorted((self.width_px, self.height_px))
        return min(math.hypot(short, long) / DIAGONAL_MM, short / SHORT_MM, long / LONG_MM)

    @property
    def upright(self) -> bool:
        """Whether it is higher than wide."""
        return self.height_px > self.width_px

    @property
    def whole(self) -> Rect:
        """All of it."""
        return Rect(0, 0, self.width_px, self.height_px)

    def px(self, length_mm: float) -> int:
        """A length of the page [mm] in pixels, at least one."""
        return max(round(length_mm * self.px_per_mm), 1)

    def size_px(self, role: Role) -> int:
        """Size of the font for a role."""
        return math.ceil(role.cap_mm * self.px_per_mm / CAPITAL_PER_SIZE)

    def row_px(self, role: Role, lines: int = 1) -> int:
        """Height of some lines of text."""
        return lines * line_px(self.size_px(role))

    @property
    def least_px(self) -> int:
        """Size below which no text is set."""
        return math.ceil(LEAST_MM * self.px_per_mm / CAPITAL_PER_SIZE)


def line_px(size_px: int) -> int:
    """Height of a line of text [px]."""
    return math.ceil(size_px * LINE_HEIGHT)


class Action(str, Enum):
    """What a tap or a key asks for."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    NEXT = "next"
    THERAPIST = "therapist"
    BACK = "back"
    PICK = "pick"
    SETS = "sets"
    START = "start"
    UNDO = "undo"
    MORE = "more"
    PREVIOUS = "previous"
    KIND = "kind"
    REARM = "rearm"
    HELP = "help"
    ASK_CLOSE = "ask_close"
    CLOSE = "close"
    PAIN = "pain"
    TELL_PAIN = "tell_pain"
    TELL_EFFORT = "tell_effort"
    IGNORE = "ignore"
    ACCEPT = "accept"


@dataclass(frozen=True)
class ScreenEvent:
    """Something the patient or the therapist did; ``value`` goes with what is told of pain or effort.

    Attributes:
        name: of the exercise with PICK, of the fault with IGNORE and ACCEPT.
    """

    action: Action
    name: str = ""
    value: int = 0


@dataclass(frozen=True)
class Box:
    """A filled rectangle with round corners."""

    rect: Rect
    colour: Colour
    radius_px: int = 0
    border: Colour | None = None
    border_px: int = 2


@dataclass(frozen=True)
class Text:
    """Words, wrapped into their rectangle; smaller when they must, but never below ``least_px``.

    Attributes:
        role: what it is for; the font's size [px] is ``size_px``.
        ground: what it stands on.
    """

    rect: Rect
    text: str
    role: Role
    size_px: int
    least_px: int
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
class Ring:
    """How far the present repetition has gone, from 0 to 1, clockwise from the top; a text may stand inside."""

    rect: Rect
    fraction: float
    colour: Colour
    ground: Colour
    width_px: int


@dataclass(frozen=True)
class DemoFigure:
    """The figure that shows an exercise, seen from ``view``, at ``time_s`` of a steady clock.

    Attributes:
        turned: left and right exchanged, so that it faces as the patient's mirror image does.
        most_px_per_m: never drawn larger [px per metre]; several figures beside each other then have one size.
    """

    rect: Rect
    figure: Figure
    view: str
    time_s: float
    ground: Colour
    turned: bool = False
    most_px_per_m: float = math.inf


class Crop(NamedTuple):
    """The part of a camera image that a person fills, as fractions of it."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class MirrorView:
    """The patient, mirrored as in a mirror and about as large as the place allows: camera image or plain ground, skeleton.

    Attributes:
        aim: where the movement is to go, drawn on the skeleton; None: nowhere.
        seen: the joints that it is drawn at.
        ghost: joints of the hand that is asked for, over her own, in shares of the image; none: there is none.
        ink: what her limbs are drawn in; None: the usual.
        drawing: the path that she draws, as stars over her image; None: none.
    """

    rect: Rect
    image: ByteImage | None
    skeleton: Skeleton | None
    crop: Crop | None
    radius_px: int = 0
    aim: Aim | None = None
    seen: Sighting = field(default_factory=Sighting)
    ghost: tuple[tuple[float, float], ...] = ()
    ink: Colour | None = None
    drawing: Drawing | None = None


Item = Box | Text | Symbol | Bar | Ring | DemoFigure | MirrorView
Moving = DemoFigure | MirrorView | Bar | Ring
"""Items that change from one moment to the next."""


@dataclass(frozen=True)
class Scene:
    """A whole screen: items in drawing order, and what can be tapped."""

    ground: Colour
    items: tuple[Item, ...]
    buttons: tuple[tuple[Rect, ScreenEvent], ...] = ()
    first: ScreenEvent | None = None
    """Where the keyboard's focus begins."""

    def button_at(self, x: float, y: float) -> ScreenEvent | None:
        """What a tap at a point [px] asks for."""
        return next((event for rect, event in self.buttons if rect.contains(x, y)), None)

    def place_of(self, event: ScreenEvent) -> Rect | None:
        """Where the button of an event is; None: nowhere."""
        return next((rect for rect, its in self.buttons if its == event), None)
