"""Paints each kind of item. What stands still is drawn once and kept; only what moves costs time in every frame."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pygame

from physio_core.screen import symbols
from physio_core.screen.aim import marks
from physio_core.screen.drawing.kept import kept
from physio_core.screen.drawing.letters import above_px, text_surface
from physio_core.screen.drawing.marks import paint_marks, ring_surface
from physio_core.screen.drawing.stars import paint_stars
from physio_core.screen.drawing.strokes import FINE, Ink, Surface, capsule, extent
from physio_core.screen.figure import Limb, figure_at
from physio_core.screen.framing import shown_rect
from physio_core.screen.layout import Bar, Box, DemoFigure, Item, MirrorView, Rect, Ring, Symbol, Text
from physio_core.screen.palette import EMPTY, INK, NIGHT, QUIET, SKY_BLUE, WHITE, Colour
from physio_core.screen.skeleton import Bone, bones, ghost_bones
from physio_core.screen.stars import constellation
from physio_core.types import ByteImage

CLEAR: Ink = (0, 0, 0, 0)


def paint(surface: Surface, item: Item) -> None:
    """Draw one item."""
    if isinstance(item, Text):
        if item.text:
            surface.blit(text_surface(item), (item.rect.x, item.rect.y - above_px(item)))
    elif isinstance(item, Box):
        size = (item.rect.width, item.rect.height)
        surface.blit(_box_surface(size, item.colour, item.radius_px, item.border, item.border_px), item.rect[:2])
    elif isinstance(item, Symbol):
        side = min(item.rect.width, item.rect.height)
        x, y = item.rect.centre
        surface.blit(_symbol_surface(item.name, side, item.colour, item.disc), (x - side // 2, y - side // 2))
    elif isinstance(item, Bar):
        _paint_bar(surface, item)
    elif isinstance(item, Ring):
        surface.blit(ring_surface(item.rect.width, item.fraction, item.colour, item.ground, item.width_px), item.rect[:2])
    elif isinstance(item, DemoFigure):
        _paint_figure(surface, item)
    else:
        _paint_mirror(surface, item)


def paint_focus(surface: Surface, rect: Rect) -> None:
    """A ring about a button: white between two dark ones, seen on every ground."""
    wide = max(surface.get_height() // 150, 3)
    for colour, grown, line in ((INK, 2 * wide, 3 * wide), (WHITE, wide + wide // 2, wide)):
        ring = pygame.Rect(rect).inflate(2 * grown, 2 * grown)
        pygame.draw.rect(surface, colour, ring, width=line, border_radius=rect.height // 5 + grown)


@kept
def _box_surface(size: tuple[int, int], colour: Colour, radius_px: int, border: Colour | None, border_px: int) -> Surface:
    large = pygame.Surface((size[0] * FINE, size[1] * FINE), pygame.SRCALPHA)
    large.fill((*(border or colour), 0))
    pygame.draw.rect(large, border or colour, large.get_rect(), border_radius=radius_px * FINE)
    if border:
        inner = large.get_rect().inflate(-2 * border_px * FINE, -2 * border_px * FINE)
        pygame.draw.rect(large, colour, inner, border_radius=max(radius_px - border_px, 0) * FINE)
    return pygame.transform.smoothscale(large, size)


@kept
def _symbol_surface(name: str, side: int, colour: Colour, disc: Colour | None) -> Surface:
    size = side * 4
    large = pygame.Surface((size, size), pygame.SRCALPHA)
    large.fill((*(disc or colour), 0))
    if disc is not None:
        pygame.draw.circle(large, disc, (size / 2, size / 2), size / 2)
    scale = size * (0.62 if disc is not None else 0.94)
    for stroke in symbols.SYMBOLS[name]:
        points = [(size / 2 + x * scale, size / 2 + y * scale) for x, y in stroke.points]
        _stroke(large, points, stroke.width * scale, colour if stroke.ink else disc or CLEAR, stroke.filled)
    return pygame.transform.smoothscale(large, (side, side))


def _stroke(surface: Surface, points: list[tuple[float, float]], width: float, colour: Ink, filled: bool) -> None:
    if filled and len(points) > 2:
        pygame.draw.polygon(surface, colour, points)
    for start, end in pairwise(points):
        capsule(surface, colour, start, end, width / 2)
    for point in points:
        pygame.draw.circle(surface, colour, point, width / 2)


def _paint_bar(surface: Surface, item: Bar) -> None:
    rect = item.rect
    fraction = item.fraction if math.isfinite(item.fraction) else 0.0
    filled = rect._replace(width=round(rect.width * min(max(fraction, 0.0), 1.0)))
    for colour, part in ((item.ground, rect), (item.colour, filled)):
        if part.width >= rect.height:
            surface.blit(_box_surface((part.width, part.height), colour, rect.height // 2, None, 0), part[:2])


def _paint_figure(surface: Surface, item: DemoFigure) -> None:
    size = (item.rect.width, item.rect.height)
    limbs = figure_at(item.figure, item.view, size, item.time_s, item.most_px_per_m)
    part = extent([(limb.a_px, limb.b_px, limb.radius_px) for limb in limbs], size)
    pixels = _figure(limbs, part, item.ground)  # 0.7 ms; to keep all moments of a repetition would take 20 MB and more
    x = size[0] - part.right if item.turned else part.x
    if item.turned:
        pixels = pygame.transform.flip(pixels, True, False)
    surface.blit(pixels, (item.rect.x + x, item.rect.y + part.y))


def _figure(limbs: tuple[Limb, ...], part: Rect, ground: Colour) -> Surface:
    large = pygame.Surface((part.width * FINE, part.height * FINE))
    large.fill(ground)
    for limb in limbs:
        a, b = (((x - part.x) * FINE, (y - part.y) * FINE) for x, y in (limb.a_px, limb.b_px))
        capsule(large, ground if limb.colour is None else limb.colour, a, b, limb.radius_px * FINE)
    return pygame.transform.smoothscale(large, (part.width, part.height))


def _paint_mirror(surface: Surface, item: MirrorView) -> None:
    frame = Rect(0, 0, item.rect.width, item.rect.height)
    size = (4, 3)
    if item.image is not None:
        size = (item.image.shape[1], item.image.shape[0])
    elif item.skeleton is not None and item.skeleton.width_px > 0 and item.skeleton.height_px > 0:
        size = (item.skeleton.width_px, item.skeleton.height_px)
    shown = shown_rect(frame, size, item.crop, fill=item.image is not None)
    if item.image is not None:
        surface.blit(_mirror(item.image, frame, shown), item.rect[:2])
        _round_off(surface, item)
    radius = max(frame.height / (70 if item.image is not None else 36), 2.0)
    on_image = item.image is not None
    if item.ghost:
        _paint_bones(surface, ghost_bones(item.ghost, shown, 1.5 * radius), item.rect, ((QUIET, 3.0), (WHITE, 0.0)))
    strokes = bones(item.skeleton, shown, radius, on_image)
    if strokes:
        usual = ((NIGHT, 2.5), (SKY_BLUE, 0.0)) if on_image else ((NIGHT, 0.0),)
        inked = ((NIGHT, 2.5), (item.ink, 0.0)) if item.ink else usual
        behind = ((EMPTY, 0.0),)  # the stars are what is looked at
        _paint_bones(surface, strokes, item.rect, behind if item.drawing else inked)
    paint_marks(surface, marks(item.aim, item.seen, shown), item.rect, radius)
    if stars := constellation(item.drawing, item.skeleton, shown):
        paint_stars(surface, stars, item.rect, radius)


def _mirror(image: ByteImage, frame: Rect, shown: tuple[float, float, float, float]) -> Surface:
    """The visible part of the image, mirrored, at the size of the frame."""
    high, wide = image.shape[:2]
    left, top, width, height = shown
    x, y = int((frame.x - left) / width * wide), int((frame.y - top) / height * high)
    part_wide, part_high = min(math.ceil(frame.width / width * wide), wide), min(math.ceil(frame.height / height * high), high)
    x, y = min(max(x, 0), wide - part_wide), min(max(y, 0), high - part_high)
    part = np.ascontiguousarray(image[y : y + part_high, wide - x - part_wide : wide - x])
    visible = pygame.image.frombuffer(part.data.cast("B"), (part_wide, part_high), "RGB")
    return pygame.transform.flip(pygame.transform.smoothscale(visible, (frame.width, frame.height)), True, False)


def _round_off(surface: Surface, item: MirrorView) -> None:
    """Corners like those of every other panel; the ground beside it is known from the pixel outside."""
    if item.radius_px and item.rect.x > 0 and item.rect.y > 0:
        ground = surface.get_at((item.rect.x - 1, item.rect.y - 1))
        corners = _corners((item.rect.width, item.rect.height), (ground[0], ground[1], ground[2]), item.radius_px)
        surface.blit(corners, item.rect[:2])


@kept
def _corners(size: tuple[int, int], ground: Colour, radius_px: int) -> Surface:
    large = pygame.Surface((size[0] * FINE, size[1] * FINE), pygame.SRCALPHA)
    large.fill(ground)
    pygame.draw.rect(large, (*ground, 0), large.get_rect(), border_radius=radius_px * FINE)
    return pygame.transform.smoothscale(large, size)


def _paint_bones(surface: Surface, strokes: list[Bone], frame: Rect, layers: tuple[tuple[Colour, float], ...]) -> None:
    """Draw finely, and only where there is something; each layer in its colour, so much wider [px]."""
    part = extent([(bone.a_px, bone.b_px, bone.radius_px + 3) for bone in strokes], (frame.width, frame.height))
    if part.width <= 0 or part.height <= 0:
        return
    large = pygame.Surface((part.width * FINE, part.height * FINE), pygame.SRCALPHA)
    large.fill((*layers[0][0], 0))
    for colour, wider_px in layers:
        for bone in strokes:
            a, b = (((px - part.x) * FINE, (py - part.y) * FINE) for px, py in (bone.a_px, bone.b_px))
            capsule(large, colour, a, b, (bone.radius_px + wider_px) * FINE)
    surface.blit(pygame.transform.smoothscale(large, (part.width, part.height)), (frame.x + part.x, frame.y + part.y))
