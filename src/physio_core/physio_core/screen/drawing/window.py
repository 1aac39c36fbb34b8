"""The window: as large as its display or as its owner makes it, drawn at that size; receives touch, mouse and keys.

Without a display it draws in memory (SDL's dummy driver), so that everything but the light of the window can be tested anywhere.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pygame

from physio_core.errors import ConfigError
from physio_core.judging.library import load_library
from physio_core.screen.drawing import letters
from physio_core.screen.drawing.paint import paint, paint_focus
from physio_core.screen.input_handler import InputHandler
from physio_core.screen.layout import Action, Item, MirrorView, Moving, Scene, ScreenEvent, Sheet
from physio_core.screen.pages import scene_of
from physio_core.screen.palette import PANEL
from physio_core.screen.state import ScreenConfig, ScreenState
from physio_core.screen.wording import Words, load_words
from physio_core.types import ByteImage

LEAST_PX = (480, 288)
"""A window is never drawn smaller."""

_POINTER_S = 3.0
"""The pointer hides after this long without a movement, where there is nothing but the coach on the display."""

_FRAME_PX = 48
"""Room for a frame and a bar of tasks at the lower right corner, away from where other windows open."""

FULL_SCREEN_KEYS = ("f", "f11")


class Screen:
    """The window, or an image in memory where there is no display."""

    def __init__(self, config: ScreenConfig, words: Words | None = None, size_px: tuple[int, int] | None = None) -> None:
        """Open the window.

        Args:
            config: language, full screen or not.
            words: texts, when they are loaded already.
            size_px: width and height of the window; None: as the settings say.

        Raises:
            ConfigError: no texts or no letters in the language asked for, or exercises that cannot be read.
            ModelError: no such model.
        """
        letters.use(config.font)
        self.speak(words or load_words(config.language, config.wording_dir, load_library(config).exercises))
        self._size_px = size_px or (config.width_px, config.height_px)
        self._fullscreen = config.fullscreen
        _start_display()
        self._surface = self._open()
        self._input = InputHandler()
        self._scene = Scene(PANEL, ())
        self._still = self._surface.copy()
        self._drawn: tuple[object, ...] = ()
        self._moving: frozenset[Moving] = frozenset()
        self._moved_s = -_POINTER_S

    def speak(self, words: Words) -> None:
        """Show these words from now on.

        Raises:
            ConfigError: no font has one of their letters; the words before stay.
        """
        lacking = letters.lacking(words.texts)
        if lacking:
            raise ConfigError(
                f"language {words.language!r} cannot be drawn: no font has {' '.join(lacking[:8])}; "
                f"give the screen a font that does (parameter font), or another language"
            )
        self.words = words

    @property
    def headless(self) -> bool:
        """Whether no one can see it."""
        return pygame.display.get_driver() in ("dummy", "offscreen")

    @property
    def sheet(self) -> Sheet:
        """What pages are laid out on."""
        return Sheet(*(max(size, least) for size, least in zip(self._surface.get_size(), LEAST_PX, strict=True)))

    def scene(self, state: ScreenState) -> Scene:
        """What is shown for a state."""
        return scene_of(state, self.words, self.sheet)

    def show(self, state: ScreenState) -> None:
        """Draw one moment; only what moved is drawn again."""
        self._scene = self.scene(state)
        self._input.update(self._scene, state)
        still = tuple(item for item in self._scene.items if not isinstance(item, Moving))
        moving = everything = [item for item in self._scene.items if isinstance(item, Moving)]
        focus = self._scene.place_of(self._input.focus) if self._input.focus else None
        drawn = (self._scene.ground, still, tuple(item.rect for item in moving), focus, self._surface.get_size())
        changed = drawn != self._drawn
        if changed:
            self._drawn = drawn
            self._draw_still(still)
        else:
            moving = [item for item in moving if isinstance(item, MirrorView) or item not in self._moving]
        for item in moving:
            self._surface.blit(self._still, item.rect[:2], item.rect)
            paint(self._surface, item)
        if focus:
            paint_focus(self._surface, focus)
        self._moving = frozenset(item for item in everything if not isinstance(item, MirrorView))
        pygame.display.update(None if changed else [pygame.Rect(item.rect) for item in moving])

    def events(self, now_s: float) -> list[ScreenEvent]:
        """What was tapped, typed or closed since the last call, at a steady time [s]."""
        happened = [self._event(event, now_s) for event in pygame.event.get()]
        if self._fullscreen and now_s - self._moved_s > _POINTER_S:
            pygame.mouse.set_visible(False)
        return [event for event in happened if event is not None]

    def pixels(self) -> ByteImage:
        """What is on the screen (H, W, 3)."""
        return np.ascontiguousarray(pygame.surfarray.array3d(self._surface).swapaxes(0, 1))

    def screenshot(self, path: Path) -> None:
        """Write what is on the screen as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        pygame.image.save(self._surface, str(path))

    def to_front(self) -> None:
        """Raise the window above others, such as the simulated room's."""
        if not self.headless:
            from pygame._sdl2.video import Window

            Window.from_display_module().focus()

    def close(self) -> None:
        """Close the window; may be called twice."""
        pygame.display.quit()

    def _draw_still(self, items: tuple[Item, ...]) -> None:
        self._surface.fill(self._scene.ground)
        for item in items:
            paint(self._surface, item)
        if self._still.get_size() != self._surface.get_size():
            self._still = self._surface.copy()
        else:
            self._still.blit(self._surface, (0, 0))

    def _event(self, event: pygame.event.Event, now_s: float) -> ScreenEvent | None:
        if event.type == pygame.QUIT:
            return ScreenEvent(Action.CLOSE)
        if event.type in (pygame.VIDEORESIZE, pygame.WINDOWEXPOSED):
            self._surface, self._drawn = pygame.display.get_surface(), ()
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION):
            return self._touched(event, now_s)
        elif event.type == pygame.KEYDOWN:
            return self._typed(event)
        return None

    def _touched(self, event: pygame.event.Event, now_s: float) -> ScreenEvent | None:
        finger = bool(getattr(event, "touch", False))
        if event.type == pygame.MOUSEMOTION:
            self._moved_s = -_POINTER_S if finger else now_s
            pygame.mouse.set_visible(not finger)
        elif event.button == 1 and event.type == pygame.MOUSEBUTTONDOWN:
            self._input.press(event.pos, now_s)
        elif event.button == 1:
            return self._input.release(event.pos, now_s)
        return None

    def _typed(self, event: pygame.event.Event) -> ScreenEvent | None:
        key = pygame.key.name(event.key)
        if key in FULL_SCREEN_KEYS:
            self._fullscreen = not self._fullscreen
            pygame.display.quit()  # without a window manager only a new window takes the whole display
            pygame.display.init()
            self._surface, self._drawn = self._open(), ()
            return None
        shift = bool(getattr(event, "mod", 0) & pygame.KMOD_SHIFT)
        return self._input.key("?" if getattr(event, "unicode", "") == "?" else key, shift)

    def _open(self) -> pygame.Surface:
        """As large as the display without a frame, so that it fits with and without a window manager; or a window to resize."""
        pygame.mouse.set_visible(not self._fullscreen)
        display_px = _display_px(self._size_px)
        if self._fullscreen:
            surface = pygame.display.set_mode(display_px, pygame.FULLSCREEN)
        else:
            size = min(self._size_px[0], display_px[0]), min(self._size_px[1], display_px[1])
            corner = (max(full - part - _FRAME_PX, 0) for full, part in zip(display_px, size, strict=True))
            os.environ.setdefault("SDL_VIDEO_WINDOW_POS", ",".join(map(str, corner)))
            surface = pygame.display.set_mode(size, pygame.RESIZABLE)
        pygame.display.set_caption("Physio Coach")
        return surface


def _start_display() -> None:
    if "SDL_VIDEODRIVER" not in os.environ and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    try:
        pygame.display.init()
    except pygame.error:  # a display is named but does not answer: coaching without a window beats no coaching
        os.environ["SDL_VIDEODRIVER"] = "dummy"
        pygame.display.init()
    pygame.font.init()


def _display_px(otherwise: tuple[int, int]) -> tuple[int, int]:
    """Size of the display; with SDL's dummy driver, which has none, that of the window."""
    return otherwise if pygame.display.get_driver() == "dummy" else pygame.display.get_desktop_sizes()[0]
