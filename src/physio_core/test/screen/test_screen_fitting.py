"""A text is broken into lines that fit, or cut where none does."""

from __future__ import annotations

from physio_core.screen.fitting import balanced, fit, wrap
from physio_core.screen.layout import Rect


def ten_px_a_letter(text: str, _size_px: int = 0) -> int:
    return 10 * len(text)


def test_wrapping_breaks_at_spaces_and_keeps_long_words():
    assert wrap("one two three", 70, ten_px_a_letter) == ("one two", "three")
    assert wrap("extraordinarily long", 70, ten_px_a_letter) == ("extraordinarily", "long")
    assert wrap("", 70, ten_px_a_letter) == ()


def test_balanced_lines_leave_no_lonely_last_word():
    assert balanced("aaaa bbbb cccc dddd", 149, ten_px_a_letter) == ("aaaa bbbb", "cccc dddd")


def test_a_text_that_fits_at_no_size_is_cut_with_an_ellipsis():
    size_px, lines = fit("much too long for this small place", Rect(0, 0, 100, 26), 40, 22, ten_px_a_letter)
    assert size_px == 22
    assert lines[0].endswith("…")
    assert ten_px_a_letter(lines[0]) <= 100
