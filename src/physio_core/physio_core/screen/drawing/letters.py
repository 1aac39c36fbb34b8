"""Letters at the size of the display: set by the advances of the font alone, drawn once and kept.

pygame's own font has a table of pair spacings that is wrong ("Squat" comes out 7 % too wide, "Ausfallschri t t"), and
``pygame.font`` always follows it. ``pygame.freetype`` leaves it out and sets each letter where its shape wants it.
"""

from __future__ import annotations

import math
import os
from functools import lru_cache
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame
import pygame.freetype

from physio_core.screen.fitting import fit_item
from physio_core.screen.layout import CAPITAL_PER_SIZE, DESCENT_PER_SIZE, Text, line_px

_DOTS_PER_SIZE = 0.2


@lru_cache(maxsize=1)
def _font() -> pygame.freetype.Font:
    pygame.freetype.init()
    font = pygame.freetype.Font(str(Path(pygame.__file__).parent / pygame.font.get_default_font()))
    font.kerning = False
    font.origin = True
    font.pad = False
    return font


@lru_cache(maxsize=4096)
def measure(text: str, size_px: int) -> int:
    """Width of a text [px] at a font size [px]."""
    if not text:
        return 0
    advances = (metrics[4] for metrics in _font().get_metrics(text, size=size_px) if metrics)
    return -(-int(sum(advances) * 64) // 64) + 1


def above_px(item: Text) -> int:
    """How far the dots of a capital Ü may reach above the rectangle of a text [px]."""
    return math.ceil(item.size_px * _DOTS_PER_SIZE)


@lru_cache(maxsize=256)
def text_surface(item: Text) -> pygame.Surface:
    """The text of an item on nothing, as wide as its rectangle and :func:`above_px` higher; its place does not matter."""
    above = above_px(item)
    surface = pygame.Surface((item.rect.width, item.rect.height + above), pygame.SRCALPHA)
    surface.fill((*item.ground, 0))
    size_px, lines = fit_item(item, measure)
    height = line_px(size_px)
    y = above + (0 if item.top else (item.rect.height - height * len(lines)) // 2)
    below = 0.0 if item.text.isdigit() else DESCENT_PER_SIZE
    baseline = round((height + (CAPITAL_PER_SIZE - below) * size_px) / 2)
    for line in lines:
        x = (item.rect.width - measure(line, size_px)) // 2 if item.centred else 0
        _font().render_to(surface, (x, y + baseline), line, item.colour, size=size_px)
        y += height
    return surface
