"""Colours that everyone can tell apart: the set of Okabe and Ito (2008), with the few rules that make them readable.

A verdict is never colour alone: it always comes with a symbol and a word.
"""

from __future__ import annotations

from physio_core.types import Verdict

Colour = tuple[int, int, int]

BLACK: Colour = (0, 0, 0)
ORANGE: Colour = (230, 159, 0)
SKY_BLUE: Colour = (86, 180, 233)
BLUISH_GREEN: Colour = (0, 158, 115)
YELLOW: Colour = (240, 228, 66)
BLUE: Colour = (0, 114, 178)
VERMILLION: Colour = (213, 94, 0)

INK: Colour = (10, 18, 24)
PAPER: Colour = (246, 244, 239)
PANEL: Colour = (255, 255, 255)
SHADE: Colour = (226, 223, 214)
EMPTY: Colour = (186, 182, 172)
WHITE: Colour = (255, 255, 255)
QUIET: Colour = (70, 80, 88)
NIGHT: Colour = (24, 32, 40)
RED: Colour = (214, 40, 40)
STOP: Colour = (158, 16, 24)
"""Darker than every background, so that it is visible there without colours too."""

VERDICT_COLOURS = {
    Verdict.RIGHT: BLUISH_GREEN,
    Verdict.WRONG: ORANGE,
    Verdict.UNSURE: SKY_BLUE,
    Verdict.NONE: SHADE,
}


def luminance(colour: Colour) -> float:
    """Relative luminance [0..1] as WCAG 2 defines it."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two colours, 1 .. 21; WCAG 2 asks for at least 4.5."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
