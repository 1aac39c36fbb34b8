"""Draws the stars of a path over the patient's image: lit ones filled, the next one large, an arrow to it, and her own trail."""

from __future__ import annotations

import math
from itertools import pairwise

import pygame

from physio_core.screen.drawing.strokes import FINE, Surface, capsule
from physio_core.screen.layout import Rect
from physio_core.screen.palette import BLUE, NIGHT, RED, STOP, WHITE, YELLOW
from physio_core.screen.stars import Constellation, Place, Role, StarMark

_POINTS, _INNER = 5, 0.45


def paint_stars(surface: Surface, shown: Constellation, frame: Rect, limb_px: float) -> None:
    """Draw them inside a frame.

    Args:
        surface: to draw on.
        shown: in pixels of the frame.
        frame: where the patient is seen.
        limb_px: half the width of her limbs.
    """
    large = pygame.Surface((frame.width * FINE, frame.height * FINE), pygame.SRCALPHA)
    thin = max(0.22 * limb_px, 1.0) * FINE
    for one, other in pairwise(shown.stars):
        _dotted(large, _fine(one.place_px), _fine(other.place_px), thin)
    for colour, wider in ((WHITE, 2.6), (BLUE, 1.6)):
        for a, b in pairwise(shown.trail):
            capsule(large, colour, _fine(a), _fine(b), thin * wider)
    for mark in sorted(shown.stars, key=lambda one: one.next):
        _paint_star(large, mark, thin)
    if shown.arrow:
        _arrow(large, _fine(shown.arrow[0]), _fine(shown.arrow[1]), 3.4 * thin)
    surface.blit(pygame.transform.smoothscale(large, (frame.width, frame.height)), frame[:2])


def _paint_star(large: Surface, mark: StarMark, thin: float) -> None:
    """The start is a red disc, the end a star in a ring, so that shapes tell them apart, too; what is lit is filled."""
    middle, radius = _fine(mark.place_px), mark.radius_px * FINE
    colour = RED if mark.role is Role.START else YELLOW
    if mark.role is Role.START:
        pygame.draw.circle(large, NIGHT, middle, radius + thin)
        pygame.draw.circle(large, colour, middle, radius)
        if not mark.lit:
            pygame.draw.circle(large, WHITE, middle, 0.5 * radius)
        return
    if mark.role is Role.END:
        pygame.draw.circle(large, NIGHT, middle, 1.55 * radius + thin)
        pygame.draw.circle(large, colour, middle, 1.55 * radius)
        pygame.draw.circle(large, NIGHT, middle, 1.55 * radius - 2.0 * thin)
    pygame.draw.polygon(large, NIGHT, _star(middle, radius + 2.2 * thin))
    pygame.draw.polygon(large, colour if mark.lit or mark.next or mark.role is Role.END else WHITE, _star(middle, radius))
    if not mark.lit:
        pygame.draw.polygon(large, STOP if mark.next else NIGHT, _star(middle, 0.45 * radius))


def _star(middle: Place, radius: float) -> list[Place]:
    turns = [step * math.pi / _POINTS for step in range(2 * _POINTS)]
    radii = [radius * (_INNER if step % 2 else 1.0) for step in range(2 * _POINTS)]
    return [(middle[0] + far * math.sin(turn), middle[1] - far * math.cos(turn)) for far, turn in zip(radii, turns, strict=True)]


def _dotted(large: Surface, a: Place, b: Place, radius: float) -> None:
    steps = max(int(math.dist(a, b) / (6.0 * radius)), 1)
    for step in range(steps + 1):
        share = step / steps
        place = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
        pygame.draw.circle(large, NIGHT, place, 1.6 * radius)
        pygame.draw.circle(large, WHITE, place, radius)


def _arrow(large: Surface, a: Place, b: Place, size: float) -> None:
    """A chevron half way, which points to the next star."""
    far = math.dist(a, b)
    if far < 2.0 * size:
        return
    dx, dy = (b[0] - a[0]) / far, (b[1] - a[1]) / far
    tip = (a[0] + dx * (far / 2.0 + size), a[1] + dy * (far / 2.0 + size))
    wings = [(tip[0] - dx * 1.6 * size + sign * dy * size, tip[1] - dy * 1.6 * size - sign * dx * size) for sign in (1.0, -1.0)]
    for colour, width in ((NIGHT, 0.5), (YELLOW, 0.28)):
        for wing in wings:
            capsule(large, colour, wing, tip, width * size)


def _fine(place: Place) -> Place:
    return place[0] * FINE, place[1] * FINE
