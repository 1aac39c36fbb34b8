"""What tests of pages share: displays, and what is asked of what stands on them."""

from __future__ import annotations

from functools import cache

from physio_core.screen.drawing.letters import measure
from physio_core.screen.fitting import fit_item
from physio_core.screen.layout import Action, Rect, Scene, Text
from physio_core.trajectories.drawing import Drawing

SIZES = [(1024, 600), (800, 480), (1920, 1080), (1080, 1920), (2560, 1440), (1280, 800), (1024, 768), (1600, 600)]
"""Displays [px]."""
DRAWING = Drawing("clock_m", "left", 0.6, ((0.3, 0.0, 0.0), (0.3, 0.1, 0.0)))
"""A path that was just begun."""


def inside(inner: Rect, outer: Rect) -> bool:
    """Whether a rectangle stands within another."""
    return outer.x <= inner.x and outer.y <= inner.y and inner.right <= outer.right and inner.bottom <= outer.bottom


@cache
def legible(item: Text, least_px: int) -> bool:
    """Whether all of a text is there, in letters of at least this size."""
    size_px, lines = fit_item(item, measure)
    return size_px >= least_px and " ".join(lines) == " ".join(item.text.split())


def places(scene: Scene) -> dict[Action, Rect]:
    """Where each button stands."""
    return {event.action: rect for rect, event in scene.buttons if event.action is not Action.PICK}
