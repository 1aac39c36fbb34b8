"""A screen that draws in memory, in each language."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"

from physio_core.languages.texts import languages
from physio_core.screen.drawing.window import Screen
from physio_core.screen.state import ScreenConfig
from physio_core.screen.wording import Words, load_words


@pytest.fixture(params=languages())
def words(request: pytest.FixtureRequest) -> Words:
    """The words of each language in turn."""
    return load_words(request.param)


@pytest.fixture
def english() -> Words:
    """The words of one language."""
    return load_words("en")


@pytest.fixture
def screen(english: Words) -> Iterator[Screen]:
    """An English screen."""
    made = Screen(ScreenConfig(), english)
    yield made
    made.close()


@pytest.fixture
def any_screen(words: Words) -> Iterator[Screen]:
    """A screen in each language in turn."""
    made = Screen(ScreenConfig(language=words.language), words)
    yield made
    made.close()
