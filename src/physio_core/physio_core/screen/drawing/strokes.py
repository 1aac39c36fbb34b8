"""Strokes with smooth edges, which everything that is drawn is made of."""

from __future__ import annotations

import math

import numpy as np
import pygame

from physio_core.screen.layout import Rect

FINE = 2
"""Shapes are drawn this many times larger and scaled down, for smooth edges."""

Surface = pygame.Surface
Ink = tuple[int, ...]


def capsule(surface: Surface, colour: Ink, a: tuple[float, float], b: tuple[float, float], radius: float) -> None:
    """A line with round ends."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy)
    if length > 0.5:
        nx, ny = -dy / length * radius, dx / length * radius
        corners = [(a[0] + nx, a[1] + ny), (b[0] + nx, b[1] + ny), (b[0] - nx, b[1] - ny), (a[0] - nx, a[1] - ny)]
        pygame.draw.polygon(surface, colour, corners)
    for point in (a, b):
        pygame.draw.circle(surface, colour, point, radius)


def extent(strokes: list[tuple[tuple[float, float], tuple[float, float], float]], size: tuple[int, int]) -> Rect:
    """The whole pixels that strokes touch, inside a place at (0, 0) of that size."""
    ends = np.array([end for a, b, _ in strokes for end in (a, b)])
    margin = np.repeat([radius + 2 for _, _, radius in strokes], 2)[:, None]
    x, y = (int(low) for low in np.maximum((ends - margin).min(axis=0), 0))
    right, bottom = (int(high) for high in np.minimum(np.ceil((ends + margin).max(axis=0)), size))
    return Rect(x, y, right - x, bottom - y)
