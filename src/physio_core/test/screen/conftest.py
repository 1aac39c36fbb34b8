"""A screen that draws in memory, in each language."""

from __future__ import annotations

import os

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"

from physio_core.screen.drawing.window import Screen
from physio_core.screen.state import ScreenConfig
from physio_core.screen.wording import load_words

LANGUAGES = ("en", "de")


@pytest.fixture(params=LANGUAGES)
def words(request):
    return load_words(request.param)


@pytest.fixture
def english():
    return load_words("en")


@pytest.fixture
def screen(english):
    made = Screen(ScreenConfig(), english)
    yield made
    made.close()


@pytest.fixture
def any_screen(words):
    made = Screen(ScreenConfig(language=words.language), words)
    yield made
    made.close()
