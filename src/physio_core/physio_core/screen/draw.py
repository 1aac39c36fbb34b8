"""Draws scenes with pygame, and is the only module that knows pygame.

Text and symbols are drawn once and kept; a picture at 1024x600 then takes a few milliseconds. Without a display it draws
in memory (SDL's dummy driver), so that everything but the light of the window can be tested anywhere.
"""

from __future__ import annotations

import math
import os
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import numpy as np
import pygame

from physio_core.screen import symbols
from physio_core.screen.desk import desk_scene, key_event
from physio_core.screen.figure import Limb, figure_at
from physio_core.screen.layout import (
    HEIGHT_PX,
    WIDTH_PX,
    Action,
    Bar,
    Box,
    FigureItem,
    Item,
    Picture,
    Rect,
    Scene,
    ScreenEvent,
    Symbol,
    Text,
    fit,
    line_px,
)
from physio_core.screen.palette import NIGHT, PANEL, SHADE, SKY_BLUE, Colour
from physio_core.screen.patient import patient_scene
from physio_core.screen.skeleton import Bone, bones, picture_rect
from physio_core.screen.state import ScreenConfig, ScreenState
from physio_core.screen.wording import Words, load_words
from physio_core.types import ByteImage

_FINE = 2
"""Shapes are drawn so many times larger and scaled down, for smooth edges."""

Surface = pygame.Surface
Ink = tuple[int, ...]
CLEAR: Ink = (0, 0, 0, 0)


class Screen:
    """The window, or a picture in memory where there is no display."""

    def __init__(self, config: ScreenConfig, words: Words | None = None) -> None:
        """Open the window.

        Raises:
            ConfigError: no texts in the language asked for.
        """
        self.words = words or load_words(config.language)
        self._config = config
        self._surface = _open_window(config.fullscreen)
        self._state = ScreenState()
        self._scene = Scene(PANEL, ())

    @property
    def headless(self) -> bool:
        """Whether nobody can see it."""
        return pygame.display.get_driver() in ("dummy", "offscreen")

    def scene(self, state: ScreenState) -> Scene:
        """What is shown for a state."""
        return desk_scene(state, self.words) if state.desk else patient_scene(state, self.words)

    def show(self, state: ScreenState) -> None:
        """Draw one moment."""
        self._state, self._scene = state, self.scene(state)
        self._surface.fill(self._scene.ground)
        for item in self._scene.items:
            _draw(self._surface, item)
        pygame.display.flip()

    def events(self) -> list[ScreenEvent]:
        """What was tapped, typed or closed since the last call."""
        happened = [self._event(event) for event in pygame.event.get()]
        return [event for event in happened if event is not None]

    def pixels(self) -> ByteImage:
        """What is on the screen (600, 1024, 3)."""
        return np.ascontiguousarray(pygame.surfarray.array3d(self._surface).swapaxes(0, 1))

    def screenshot(self, path: Path) -> None:
        """Write what is on the screen as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        pygame.image.save(self._surface, str(path))

    def close(self) -> None:
        """Close the window; may be called twice."""
        pygame.display.quit()

    def _event(self, event: pygame.event.Event) -> ScreenEvent | None:
        if event.type == pygame.QUIT:
            return ScreenEvent(Action.CLOSE)
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            return self._scene.button_at(*event.pos)
        if event.type == pygame.KEYDOWN:
            return key_event(pygame.key.name(event.key), self._state)
        return None


def _open_window(fullscreen: bool) -> Surface:
    if "SDL_VIDEODRIVER" not in os.environ and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        pygame.display.init()
    except pygame.error:  # a display is named but does not answer: coaching without a window beats no coaching
        os.environ["SDL_VIDEODRIVER"] = "dummy"
        pygame.display.init()
    pygame.font.init()
    _font.cache_clear()
    flags = pygame.FULLSCREEN | pygame.SCALED if fullscreen else 0
    surface = pygame.display.set_mode((WIDTH_PX, HEIGHT_PX), flags)
    pygame.display.set_caption("Physio Coach")
    return surface


@lru_cache(maxsize=64)
def _font(size_px: int) -> pygame.font.Font:
    return pygame.font.Font(pygame.font.get_default_font(), size_px)


def measure(text: str, size_px: int) -> int:
    """Width of a text [px] at a font size [px]."""
    return -(-int(_font(size_px * _FINE).size(text)[0]) // _FINE)


@lru_cache(maxsize=256)
def _text_surface(text: str, size: tuple[int, int], size_px: int, colour: Colour, centred: bool, top: bool) -> Surface:
    surface = pygame.Surface(size, pygame.SRCALPHA)
    size_px, lines = fit(text, Rect(0, 0, *size), size_px, measure)
    height = line_px(size_px)
    y = 0 if top else (size[1] - height * len(lines)) // 2
    for line in lines:
        drawn = _font(size_px * _FINE).render(line, True, colour)  # small sizes are spaced unevenly by the font's hints
        drawn = pygame.transform.smoothscale(drawn, (drawn.get_width() // _FINE, drawn.get_height() // _FINE))
        surface.blit(drawn, ((size[0] - drawn.get_width()) // 2 if centred else 0, y + (height - drawn.get_height()) // 2))
        y += height
    return surface


def _draw_text(surface: Surface, item: Text) -> None:
    if item.text:
        size = (item.rect.width, item.rect.height)
        surface.blit(_text_surface(item.text, size, item.size_px, item.colour, item.centred, item.top), item.rect[:2])


@lru_cache(maxsize=128)
def _box_surface(size: tuple[int, int], colour: Colour, radius_px: int, border: Colour | None) -> Surface:
    large = pygame.Surface((size[0] * _FINE, size[1] * _FINE), pygame.SRCALPHA)
    large.fill((*colour, 0))
    pygame.draw.rect(large, border or colour, large.get_rect(), border_radius=radius_px * _FINE)
    if border:
        inner = large.get_rect().inflate(-4 * _FINE, -4 * _FINE)
        pygame.draw.rect(large, colour, inner, border_radius=(radius_px - 2) * _FINE)
    return pygame.transform.smoothscale(large, size)


def _draw_box(surface: Surface, item: Box) -> None:
    surface.blit(_box_surface((item.rect.width, item.rect.height), item.colour, item.radius_px, item.border), item.rect[:2])


@lru_cache(maxsize=128)
def _symbol_surface(name: str, side: int, colour: Colour, disc: Colour | None) -> Surface:
    large = pygame.Surface((side * 4, side * 4), pygame.SRCALPHA)
    large.fill((*(disc or colour), 0))
    size = side * 4
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
        _capsule(surface, colour, start, end, width / 2)
    for point in points:
        pygame.draw.circle(surface, colour, point, width / 2)


def _capsule(surface: Surface, colour: Ink, a: tuple[float, float], b: tuple[float, float], radius: float) -> None:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy)
    if length > 0.5:
        nx, ny = -dy / length * radius, dx / length * radius
        corners = [(a[0] + nx, a[1] + ny), (b[0] + nx, b[1] + ny), (b[0] - nx, b[1] - ny), (a[0] - nx, a[1] - ny)]
        pygame.draw.polygon(surface, colour, corners)
    for point in (a, b):
        pygame.draw.circle(surface, colour, point, radius)


def _draw_symbol(surface: Surface, item: Symbol) -> None:
    side = min(item.rect.width, item.rect.height)
    x, y = item.rect.centre
    surface.blit(_symbol_surface(item.name, side, item.colour, item.disc), (x - side // 2, y - side // 2))


def _draw_bar(surface: Surface, item: Bar) -> None:
    rect = item.rect
    fraction = item.fraction if math.isfinite(item.fraction) else 0.0
    filled = rect._replace(width=round(rect.width * min(max(fraction, 0.0), 1.0)))
    pygame.draw.rect(surface, item.ground, rect, border_radius=rect.height // 2)
    if filled.width >= rect.height:
        pygame.draw.rect(surface, item.colour, filled, border_radius=rect.height // 2)


def _draw_figure(surface: Surface, item: FigureItem) -> None:
    size = (item.rect.width, item.rect.height)
    limbs = figure_at(item.exercise, item.view, size, item.time_s)
    if limbs is not None:
        surface.blit(_figure_surface(limbs, size, item.ground), item.rect[:2])


@lru_cache(maxsize=24)
def _figure_surface(limbs: tuple[Limb, ...], size: tuple[int, int], ground: Colour) -> Surface:
    large = pygame.Surface((size[0] * _FINE, size[1] * _FINE))
    large.fill(ground)
    for limb in limbs:
        a, b = ((x * _FINE, y * _FINE) for x, y in (limb.a_px, limb.b_px))
        _capsule(large, ground if limb.colour is None else limb.colour, a, b, limb.radius_px * _FINE)
    return pygame.transform.smoothscale(large, size)


def _draw_picture(surface: Surface, item: Picture) -> None:
    frame = item.rect
    on_picture = item.picture is not None
    shown = picture_rect(Rect(0, 0, frame.width, frame.height), item.picture, item.skeleton)
    surface.blit(_box_surface((frame.width, frame.height), NIGHT if on_picture else SHADE, 18, None), frame[:2])
    if item.picture is not None:
        image = pygame.image.frombuffer(np.ascontiguousarray(item.picture).data.cast("B"), item.picture.shape[1::-1], "RGB")
        image = pygame.transform.smoothscale(image, (shown.width, shown.height))
        surface.blit(pygame.transform.flip(image, True, False), (frame.x + shown.x, frame.y + shown.y))
    strokes = bones(item.skeleton, shown, on_picture)
    if strokes:
        _draw_bones(surface, strokes, frame, on_picture)


def _draw_bones(surface: Surface, strokes: list[Bone], frame: Rect, on_picture: bool) -> None:
    """Draw finely, and only where there is something."""
    ends = np.array([end for bone in strokes for end in (bone.a_px, bone.b_px)])
    margin = max(bone.radius_px for bone in strokes) + 4
    x, y = (int(low) for low in np.maximum(ends.min(axis=0) - margin, 0))
    right, bottom = (int(high) for high in np.minimum(ends.max(axis=0) + margin, (frame.width, frame.height)))
    if right <= x or bottom <= y:
        return
    large = pygame.Surface(((right - x) * _FINE, (bottom - y) * _FINE), pygame.SRCALPHA)
    large.fill((*(NIGHT if on_picture else SHADE), 0))
    layers = ((NIGHT, 2.5), (SKY_BLUE, 0.0)) if on_picture else ((NIGHT, 0.0),)
    for colour, wider_px in layers:
        for bone in strokes:
            a, b = (((px - x) * _FINE, (py - y) * _FINE) for px, py in (bone.a_px, bone.b_px))
            _capsule(large, colour, a, b, (bone.radius_px + wider_px) * _FINE)
    surface.blit(pygame.transform.smoothscale(large, (right - x, bottom - y)), (frame.x + x, frame.y + y))


def _draw(surface: Surface, item: Item) -> None:
    if isinstance(item, Text):
        _draw_text(surface, item)
    elif isinstance(item, Box):
        _draw_box(surface, item)
    elif isinstance(item, Symbol):
        _draw_symbol(surface, item)
    elif isinstance(item, Bar):
        _draw_bar(surface, item)
    elif isinstance(item, FigureItem):
        _draw_figure(surface, item)
    else:
        _draw_picture(surface, item)
