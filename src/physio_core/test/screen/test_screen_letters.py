"""Letters come from the first font that has them; a language without letters is refused, and the words before stay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pygame
import pytest

from physio_core.errors import ConfigError
from physio_core.languages.texts import languages
from physio_core.screen.drawing import letters
from physio_core.screen.drawing.window import Screen
from physio_core.screen.layout import READ, Rect, Text, line_px
from physio_core.screen.state import ScreenConfig
from physio_core.screen.wording import load_words

ARROW = "→"
FONT = str(Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf"))


@pytest.fixture(autouse=True)
def without_own_font() -> Iterator[None]:
    yield
    letters.use("")


def ink(text: str) -> np.ndarray:
    return np.asarray(pygame.surfarray.array_alpha(letters.text_surface(Text(Rect(0, 0, 600, 82), text, READ, 80, 20))) > 128)


@pytest.mark.parametrize("language", languages())
def test_every_letter_of_every_language_that_ships_can_be_drawn(language):
    assert letters.lacking(load_words(language).texts) == ""


def test_korean_is_drawn_letter_by_letter_beside_latin_and_takes_the_room_that_is_measured():
    assert letters.measure("스쿼트", 80) == pytest.approx(3 * 0.92 * 80, abs=3)
    columns = np.flatnonzero(ink("3초").any(axis=1))
    assert 0 < columns[-1] <= letters.measure("3초", 80)
    assert not np.array_equal(ink("초"), ink("최"))


@pytest.mark.parametrize("size_px", range(14, 24))
def test_many_spaces_between_syllables_need_no_more_room_than_is_measured(size_px):
    """Each run of a font must not be rounded up: the last digit would be cut."""
    text = "너무 빠르지 않게: 0"
    rect = Rect(0, 0, 2 * letters.measure(text, size_px), 2 * size_px)
    alpha = pygame.surfarray.array_alpha(letters.text_surface(Text(rect, text, READ, size_px, size_px)))
    assert np.flatnonzero((alpha > 0).any(axis=1))[-1] < letters.measure(text, size_px)


@pytest.mark.parametrize("text", ["참 잘했어요", "네, 기록했어요.", "1등급 (1이 최고)"])
def test_korean_stands_in_the_middle_of_its_row_and_none_of_it_is_cut(text):
    size_px = 80
    row = Rect(0, 0, 900, line_px(size_px))
    item = Text(row, text, READ, size_px, size_px)
    rows = np.flatnonzero(np.asarray(pygame.surfarray.array_alpha(letters.text_surface(item)) > 0).any(axis=0))
    roomy = replace(item, rect=row._replace(height=3 * row.height))
    all_rows = np.flatnonzero(np.asarray(pygame.surfarray.array_alpha(letters.text_surface(roomy)) > 0).any(axis=0))
    assert len(rows) == len(all_rows)
    above, below = rows[0] - letters.above_px(item), row.height + letters.above_px(item) - 1 - rows[-1]
    assert abs(above - below) <= 6 and above >= -2


def test_a_language_without_letters_is_refused_by_name_and_the_words_before_stay(screen, english):
    with pytest.raises(ConfigError, match=f"'en' cannot be drawn: no font has {ARROW}; .*parameter font"):
        screen.speak(replace(english, phrases={**english.phrases, "paused": ARROW}))
    assert screen.words is english


def test_a_font_of_ones_own_has_the_letters_that_lack(english):
    words = replace(english, phrases={**english.phrases, "paused": ARROW})
    Screen(ScreenConfig(font=FONT), words).close()
    assert letters.measure(ARROW, 80) > 40


def test_a_file_that_is_no_font_is_refused(tmp_path):
    path = tmp_path / "font.ttf"
    path.write_text("no font")
    with pytest.raises(ConfigError, match=r"font\.ttf is not a font that can be read"):
        letters.use(str(path))
