"""How far a repetition has gone and where it is to go: the ring about the count, arcs and lines on the patient's skeleton."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean

import pygame

from physio_core.screen.aim import ArcMark, LineMark, Mark, Place
from physio_core.screen.drawing.kept import kept
from physio_core.screen.drawing.strokes import FINE, Surface, capsule, extent
from physio_core.screen.layout import Rect
from physio_core.screen.palette import BLUE, BLUISH_GREEN, NIGHT, VERMILLION, WHITE, Colour

_STEPS = 120
"""A ring has so many lengths; each is drawn once."""
_BESIDE_LIMBS = 8.0
"""Joints nearer to each other than so many half limbs share one arrow."""

RIM = 0.5
"""How much wider a mark is with its rims, in half limbs."""

Line = tuple[Place, Place, float, Colour]
"""From, to, half the width [px], colour."""


def ring_surface(side_px: int, fraction: float, colour: Colour, ground: Colour, width_px: int) -> Surface:
    """A ring that is filled from the top, clockwise, to a share of it."""
    share = min(max(fraction, 0.0), 1.0) if math.isfinite(fraction) else 0.0
    return _ring(side_px, round(share * _STEPS), colour, ground, width_px)


@kept
def _ring(side_px: int, steps: int, colour: Colour, ground: Colour, width_px: int) -> Surface:
    large = pygame.Surface((side_px * FINE, side_px * FINE), pygame.SRCALPHA)
    large.fill((*ground, 0))
    middle = side_px * FINE / 2
    radius = middle - width_px * FINE / 2
    for ink, count in ((ground, _STEPS), (colour, steps)):
        turns = [step / _STEPS * math.tau - math.pi / 2 for step in range(count + 1)]
        points = [(middle + radius * math.cos(turn), middle + radius * math.sin(turn)) for turn in turns]
        for start, end in pairwise(points):
            capsule(large, ink, start, end, width_px * FINE / 2)
    return pygame.transform.smoothscale(large, (side_px, side_px))


def paint_marks(surface: Surface, marks: tuple[Mark, ...], frame: Rect, limb_px: float) -> None:
    """Draw marks inside a frame; each in a dark and a light rim, so that it is told from any image.

    Args:
        surface: to draw on.
        marks: in pixels of the frame.
        frame: where the patient is seen.
        limb_px: half the width of her limbs.
    """
    lines = [line for mark in marks for line in lines_of(mark, limb_px)]
    if not lines:
        return
    part = extent([(a, b, width + limb_px) for a, b, width, _ in lines], (frame.width, frame.height))
    if part.width <= 0 or part.height <= 0:
        return
    large = pygame.Surface((part.width * FINE, part.height * FINE), pygame.SRCALPHA)
    for wider, ink in ((RIM * limb_px, WHITE), (0.5 * RIM * limb_px, NIGHT), (0.0, None)):
        for a, b, width, colour in lines:
            start, end = (((x - part.x) * FINE, (y - part.y) * FINE) for x, y in (a, b))
            capsule(large, ink or colour, start, end, (width + wider) * FINE)
    surface.blit(pygame.transform.smoothscale(large, (part.width, part.height)), (frame.x + part.x, frame.y + part.y))


def lines_of(mark: Mark, limb_px: float) -> Iterator[Line]:
    """What a mark is drawn with, without its rims."""
    return _arc(mark, limb_px) if isinstance(mark, ArcMark) else _line(mark, limb_px)


def _arc(mark: ArcMark, limb_px: float) -> Iterator[Line]:
    """The way from rest to the value now, and a tick at the target."""
    for end_rad, width, colour in ((mark.target_rad, 0.2, WHITE), (mark.now_rad, 0.5, BLUE)):
        for one, next_one in pairwise(mark.way(mark.rest_rad, end_rad)):
            yield one, next_one, width * limb_px, colour
    yield *mark.tick, 0.6 * limb_px, BLUISH_GREEN if mark.reached else VERMILLION


def _line(mark: LineMark, limb_px: float) -> Iterator[Line]:
    """The height to reach, and an arrow to it from each joint, or from between joints that lie side by side."""
    aim = BLUISH_GREEN if mark.reached else VERMILLION
    yield (mark.left_px, mark.target_px), (mark.right_px, mark.target_px), 0.6 * limb_px, aim
    columns, rows = zip(*mark.joints_px, strict=True)
    beside = max(columns) - min(columns) < _BESIDE_LIMBS * limb_px
    for x, y in ((fmean(columns), fmean(rows)),) if beside else mark.joints_px:
        yield (x, y), (x, y), 0.9 * limb_px, BLUE
        way = mark.target_px - y
        if mark.reached or abs(way) < 2.0 * limb_px:
            continue
        tip, head = mark.target_px - math.copysign(1.2 * limb_px, way), math.copysign(min(1.5 * limb_px, 0.5 * abs(way)), way)
        yield (x, y), (x, tip), 0.3 * limb_px, BLUE
        yield (x - head, tip - head), (x, tip), 0.3 * limb_px, BLUE
        yield (x + head, tip - head), (x, tip), 0.3 * limb_px, BLUE
