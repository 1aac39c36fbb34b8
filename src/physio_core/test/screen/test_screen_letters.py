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
from physio_core.screen.layout import READ, Rect, Text
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
