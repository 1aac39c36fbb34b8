"""Wraps texts into rectangles: the largest size that fits, lines about equally long, no word cut without need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from physio_core.screen.layout import Rect, Text, line_px

Measure = Callable[[str, int], int]
"""Width of a text [px] at a font size [px]."""


def fit_item(item: Text, measure: Measure) -> tuple[int, tuple[str, ...]]:
    """See :func:`fit`."""
    return fit(item.text, item.rect, item.size_px, item.least_px, measure)


def fit(text: str, rect: Rect, size_px: int, least_px: int, measure: Measure) -> tuple[int, tuple[str, ...]]:
    """Wrap a text into a rectangle at the largest size that fits, cut with an ellipsis when even the least does not.

    Returns:
        Font size [px] and lines.
    """
    step = max(size_px // 40, 1)
    for size in [*range(size_px, least_px, -step), min(least_px, size_px)]:
        measured = partial(_measured, measure, size)
        lines = wrap(text, rect.width, measured)
        if len(lines) <= rect.height // line_px(size) and all(measured(line) <= rect.width for line in lines):
            return size, balanced(text, rect.width, measured)
    size = min(least_px, size_px)
    rows = max(rect.height // line_px(size), 1)
    measured = partial(_measured, measure, size)
    lines = wrap(text, rect.width, measured)
    kept = list(lines[:rows])
    if len(lines) > rows:
        kept[-1] += "…"
    return size, tuple(_cut(line, rect.width, measured) for line in kept)


def _measured(measure: Measure, size_px: int, text: str) -> int:
    return measure(text, size_px)


def wrap(text: str, width_px: int, measure: Callable[[str], int]) -> tuple[str, ...]:
    """Break a text at its spaces; a word that is too long stays whole."""
    return tuple(_lines(text, width_px, measure))


def balanced(text: str, width_px: int, measure: Callable[[str], int]) -> tuple[str, ...]:
    """As few lines as :func:`wrap` needs, but about equally long: no lonely last word."""
    lines = wrap(text, width_px, measure)
    if len(lines) < 2:
        return lines
    for narrower in range(width_px, width_px // 2, -max(width_px // 64, 1)):
        tried = wrap(text, narrower, measure)
        if len(tried) > len(lines) or any(measure(line) > narrower for line in tried):
            break
        lines = tried
    return lines


def _lines(text: str, width_px: int, measure: Callable[[str], int]) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and measure(longer) > width_px:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def _cut(line: str, width_px: int, measure: Callable[[str], int]) -> str:
    if measure(line) <= width_px:
        return line
    while line and measure(line + "…") > width_px:
        line = line[:-1]
    return line + "…"
