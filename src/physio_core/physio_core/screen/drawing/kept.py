"""Drawings that are kept because they stand still: all together within a fixed memory, however long the session.

A number of drawings is no bound: letters across the page take a hundred times the memory of a dot, and the screen would grow
through the first hour, until every store is full.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec

from physio_core.screen.drawing.strokes import Surface

P = ParamSpec("P")

MOST_BYTES = 8_000_000
"""Of all that is kept: several pages of letters, boxes and rings at 1024 x 600, one at 1920 x 1080."""

_kept: OrderedDict[Hashable, Surface] = OrderedDict()
_bytes = 0


def kept(draw: Callable[P, Surface]) -> Callable[P, Surface]:
    """Draw what is asked for again only if it was not asked for lately; whoever gets it must not draw on it."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Surface:
        global _bytes
        key = (draw, args, tuple(kwargs.items()))
        surface = _kept.get(key)
        if surface is not None:
            _kept.move_to_end(key)
            return surface
        surface = _kept[key] = draw(*args, **kwargs)
        _bytes += _size(surface)
        while _bytes > MOST_BYTES and len(_kept) > 1:
            _bytes -= _size(_kept.popitem(last=False)[1])
        return surface

    return drawn


def forget() -> None:
    """Draw everything anew, e.g. with another font."""
    global _bytes
    _kept.clear()
    _bytes = 0


def kept_bytes() -> int:
    """How much is kept."""
    return _bytes


def _size(surface: Surface) -> int:
    return int(surface.get_pitch() * surface.get_height())
