"""What is drawn once and kept stays within its memory, and comes back as it was."""

from __future__ import annotations

import pygame
import pytest

from physio_core.screen.drawing import kept as store
from physio_core.screen.drawing.letters import text_surface
from physio_core.screen.layout import Rect, Text
from physio_core.screen.palette import WHITE


@pytest.fixture(autouse=True)
def empty():
    store.forget()
    yield
    store.forget()


def test_a_thousand_texts_take_no_more_memory_than_is_allowed():
    for number in range(1000):
        text_surface(Text(Rect(0, 0, 400, 40), f"{number} s", WHITE, 30, 20))
    assert 0.9 * store.MOST_BYTES < store.kept_bytes() <= store.MOST_BYTES


def test_what_was_asked_for_lately_is_not_drawn_again_and_one_too_large_is_drawn_all_the_same(monkeypatch):
    monkeypatch.setattr(store, "MOST_BYTES", 3 * 10 * 10 * 4)
    drawn = []

    @store.kept
    def square(side: int, _name: str) -> pygame.Surface:
        drawn.append(_name)
        return pygame.Surface((side, side), pygame.SRCALPHA)

    for name in "abcabdabc":
        assert square(10, name).get_size() == (10, 10)
    assert drawn == ["a", "b", "c", "d", "c"]
    assert square(100, "huge").get_size() == (100, 100) and store.kept_bytes() == 100 * 100 * 4
