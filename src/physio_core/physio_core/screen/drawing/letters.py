"""Letters at the size of the display: set by the advances of the font alone, drawn once and kept.

pygame's own font has a table of pair spacings that is wrong ("Squat" comes out 7 % too wide, "Ausfallschri t t"), and
``pygame.font`` always follows it. ``pygame.freetype`` leaves it out and sets each letter where its shape wants it.

A letter comes from the first font that has it: pygame's own, those that ship in ``config/fonts``, one of the owner's.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from unicodedata import east_asian_width

import pygame
import pygame.freetype

from physio_core.errors import ConfigError
from physio_core.screen.drawing.kept import forget, kept
from physio_core.screen.fitting import fit_item
from physio_core.screen.layout import CAPITAL_PER_SIZE, DESCENT_PER_SIZE, Text, line_px
from physio_core.share import shared_folder

_DOTS_PER_SIZE = 0.2
_SYLLABLE = (0.845, 0.09)
"""How far a Korean syllable reaches above its line and below it, in sizes of the font."""
_DESCENDING = frozenset("gjpqyQ,;()[]")
_ANY_PX = 16


_own: list[str] = []


def use(font: str) -> None:
    """Draw with one more font file, for letters that the fonts which ship lack; empty: with these alone.

    Raises:
        ConfigError: the file is no font.
    """
    before = list(_own)
    _own[:] = [font] if font else []
    if _own != before:
        for cached in (_fonts, _font_of, measure):
            cached.cache_clear()
        forget()
    _fonts()


def lacking(text: str) -> str:
    """The letters of a text that no font has, each once."""
    return "".join(
        letter for letter in dict.fromkeys(text) if not _fonts()[_font_of(letter)].get_metrics(letter, size=_ANY_PX)[0]
    )


@lru_cache(maxsize=1)
def _fonts() -> tuple[pygame.freetype.Font, ...]:
    pygame.freetype.init()
    latin = Path(pygame.__file__).parent / pygame.font.get_default_font()
    shipped = sorted(shared_folder("config", "fonts").glob("*.[ot]tf"))
    return tuple(map(_open, [latin, *shipped, *map(Path, _own)]))


def _open(file: Path) -> pygame.freetype.Font:
    try:
        font = pygame.freetype.Font(str(file))
    except (OSError, pygame.error) as error:
        raise ConfigError(f"{file} is not a font that can be read: {error}; give a .ttf or .otf file") from error
    font.kerning = False
    font.origin = True
    font.pad = False
    return font


@lru_cache(maxsize=4096)
def _font_of(letter: str) -> int:
    """Which font draws a letter; the first where none has it."""
    return next((index for index, font in enumerate(_fonts()) if _has(font, letter)), 0)


def _has(font: pygame.freetype.Font, letter: str) -> bool:
    return font.get_metrics(letter, size=_ANY_PX)[0] is not None


def _runs(text: str) -> list[tuple[pygame.freetype.Font, str]]:
    """A text in parts that one font draws."""
    return [(_fonts()[index], "".join(letters)) for index, letters in groupby(text, _font_of)]


@lru_cache(maxsize=4096)
def measure(text: str, size_px: int) -> int:
    """Width of a text [px] at a font size [px]."""
    return math.ceil(sum(_advance_px(font, run, size_px) for font, run in _runs(text))) + 1 if text else 0


def _advance_px(font: pygame.freetype.Font, run: str, size_px: int) -> float:
    """How far the next letter stands to the right of the first of a run."""
    return sum(metrics[4] for metrics in font.get_metrics(run, size=size_px) if metrics)


def _reach(text: str) -> tuple[float, float]:
    """How far letters reach above the line that they stand on and below it, in sizes of the font."""
    if text.isdigit():
        return CAPITAL_PER_SIZE, 0.0
    if any(east_asian_width(letter) == "W" for letter in text):
        return _SYLLABLE[0], DESCENT_PER_SIZE if _DESCENDING & set(text) else _SYLLABLE[1]
    return CAPITAL_PER_SIZE, DESCENT_PER_SIZE


def above_px(item: Text) -> int:
    """How far the dots of a capital Ü may reach above the rectangle of a text [px]."""
    return math.ceil(item.size_px * _DOTS_PER_SIZE)


@kept
def text_surface(item: Text) -> pygame.Surface:
    """The text of an item on nothing, as wide as its rectangle and :func:`above_px` higher; its place does not matter."""
    above = above_px(item)
    surface = pygame.Surface((item.rect.width, item.rect.height + above), pygame.SRCALPHA)
    surface.fill((*item.ground, 0))
    size_px, lines = fit_item(item, measure)
    height = line_px(size_px)
    y = above + (0 if item.top else (item.rect.height - height * len(lines)) // 2)
    up, down = _reach(item.text)
    baseline = round((height + (up - down) * size_px) / 2)
    for line in lines:
        x = float((item.rect.width - measure(line, size_px)) // 2) if item.centred else 0.0
        for font, run in _runs(line):
            font.render_to(surface, (round(x), y + baseline), run, item.colour, size=size_px)
            x += _advance_px(font, run, size_px)
        y += height
    return surface
