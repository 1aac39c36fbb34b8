"""A moving skeleton as pictures and as a GIF, so that a person can look at what a set or a model's worst clips hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from physio_core.errors import ConfigError, SkeletonError
from physio_core.files import writing
from physio_core.skeleton.colours import side_rgb
from physio_core.skeleton.confidence import GUESSED_BELOW, RELIABLE
from physio_core.skeleton.layouts import Layout, layout_named
from physio_core.types import ByteImage, FloatArray

PAPER_RGB, INK_RGB, FAINT_RGB = (255, 255, 255), (70, 70, 70), (205, 205, 205)
MARGIN = 0.08
"""Empty border, as a share of the figure's size."""
FINE = 3
"""Drawn this many times larger and then shrunk, which smooths the edges."""
COLOURS = 32
"""Enough for a few flat colours with smooth edges; a small palette makes small files."""


class Movement(Protocol):
    """What is drawn; a :class:`~physio_lab.datasets.sequence.SkeletonSequence` is one, and says what each field means."""

    @property
    def points(self) -> FloatArray:
        """(M, T, V, D): M people, T frames, V joints."""
        ...

    @property
    def confidence(self) -> FloatArray:
        """(M, T, V)."""
        ...

    @property
    def stamps_s(self) -> npt.NDArray[np.float64]:
        """(T,) [s]."""
        ...

    @property
    def layout(self) -> str:
        """Name of the joint order."""
        ...

    @property
    def width_px(self) -> int:
        """Image width [px]; 0: not from images."""
        ...

    @property
    def height_px(self) -> int:
        """Image height [px]; 0: not from images."""
        ...


def skeleton_gif(path: Path, sequence: Movement, size_px: int = 240, fps: float = 15.0, title: str = "") -> None:
    """Write a movement as an animated GIF that plays for ever at the movement's own tempo.

    Args:
        path: file to write.
        sequence: the movement; every person of it is drawn, left and right in different colours, unsure joints pale.
        size_px: height of the picture [px]; its width follows the figure's shape.
        fps: pictures per second [Hz], at most 50.
        title: written above the figure.

    Raises:
        SkeletonError: the sequence has no frames.
        ConfigError: size or rate make no sense.
        OutputError: the file cannot be written.
    """
    if not 0.0 < fps <= 50.0:
        raise ConfigError(f"fps = {fps:g}; a GIF shows more than 0 and at most 50 pictures a second")
    pictures = [Image.fromarray(rgb).quantize(COLOURS) for rgb in skeleton_pictures(sequence, size_px, fps, title)]
    # A GIF counts in hundredths of a second: rounding the sum, not each one, keeps the tempo.
    ends_ms = np.round(np.arange(len(pictures) + 1) * 100.0 / fps).astype(int) * 10
    with writing(path) as part:
        pictures[0].save(
            part, format="GIF", save_all=True, append_images=pictures[1:], duration=np.diff(ends_ms).tolist(), loop=0
        )


def skeleton_pictures(sequence: Movement, size_px: int = 240, fps: float = 15.0, title: str = "") -> Iterator[ByteImage]:
    """Pictures (H, W, 3) of a movement, ``fps`` for each of its seconds; arguments and errors as :func:`skeleton_gif`."""
    if not 48 <= size_px <= 4096 or not fps > 0.0:
        raise ConfigError(f"size {size_px} px at {fps:g} pictures a second; need 48 .. 4096 px and more than 0")
    stamps_s = sequence.stamps_s
    if not len(stamps_s):
        raise SkeletonError("a sequence without frames cannot be drawn")
    places, width_px = _on_canvas(sequence, size_px)
    layout = layout_named(sequence.layout)
    font = _font_for(title, width_px, size_px)
    ticks_s = stamps_s[0] + np.arange(max(1, int(np.ceil((stamps_s[-1] - stamps_s[0]) * fps)))) / fps
    for index in np.searchsorted(stamps_s, ticks_s + 1e-9, side="right") - 1:
        page = Image.new("RGB", (FINE * width_px, FINE * size_px), PAPER_RGB)
        draw = ImageDraw.Draw(page)
        people = [person for person in range(len(places)) if (sequence.confidence[person, index] >= GUESSED_BELOW).any()]
        for person in people:
            _draw_person(draw, places[person, index], sequence.confidence[person, index], layout, FINE * size_px)
        draw.text((FINE * 5, FINE * 3), title, INK_RGB, font)
        if not people:
            draw.text((page.width / 2, page.height / 2), "nobody", FAINT_RGB, font, anchor="mm")
        share = (stamps_s[index] - stamps_s[0]) / max(stamps_s[-1] - stamps_s[0], 1e-9)
        draw.rectangle((0, page.height - FINE * 2, page.width * share, page.height), FAINT_RGB)
        yield np.asarray(page.resize((width_px, size_px), Image.Resampling.BOX))


def _font_for(title: str, width_px: int, size_px: int) -> Any:
    """The largest letters, on the large page, that leave the title whole; beyond the smallest it is cut."""
    font: Any = ImageFont.load_default(size=FINE * max(9, size_px // 18))
    wide = font.getlength(title) / (FINE * (width_px - 10))
    return font if wide <= 1.0 else ImageFont.load_default(size=max(FINE * 8.0, font.size / wide))


def _on_canvas(sequence: Movement, size_px: int) -> tuple[FloatArray, int]:
    """Joints (M, T, V, 2) on the large page [px], and the width of the small picture [px]; the view stays still."""
    # Metres of a depth camera lie as in an image: y points down.
    scale_xy = (sequence.width_px, sequence.height_px) if sequence.width_px else (1, 1)
    flat = sequence.points[..., :2] * scale_xy
    seen = flat[sequence.confidence >= GUESSED_BELOW]
    if not len(seen):
        return np.zeros_like(flat), size_px
    # A single wild guess must not make the person small.
    low, high = np.quantile(seen, 0.002, axis=0), np.quantile(seen, 0.998, axis=0)
    span = np.maximum(high - low, 1e-6)
    width_px = int(np.clip(size_px * span[0] / span[1], size_px * 0.6, size_px * 1.8)) // 2 * 2
    room = np.array([width_px, size_px * 0.88]) * (1.0 - 2 * MARGIN)  # the title has the top
    scale = float((room / span).min())
    middle = np.array([width_px / 2, size_px * 0.54])
    return FINE * ((flat - (low + high) / 2) * scale + middle), width_px


def _draw_person(draw: Any, places: FloatArray, confidence: FloatArray, layout: Layout, height_px: int) -> None:
    thick = max(2, height_px // 70)
    for a, b in layout.edge_indices:
        if min(confidence[a], confidence[b]) >= GUESSED_BELOW:
            outer = layout.joints[b] if "_" in layout.joints[b] else layout.joints[a]
            colour = side_rgb(outer, INK_RGB)
            draw.line([tuple(places[a]), tuple(places[b])], _paled(colour, min(confidence[a], confidence[b])), thick)
    for joint, place, sure in zip(layout.joints, places, confidence, strict=True):
        if sure >= GUESSED_BELOW:
            draw.circle(tuple(place), thick * 0.9, _paled(side_rgb(joint, INK_RGB), sure))


def _paled(colour: tuple[int, int, int], confidence: float) -> tuple[int, int, int]:
    if confidence >= RELIABLE:
        return colour
    red, green, blue = ((part + 2 * paper) // 3 for part, paper in zip(colour, PAPER_RGB, strict=True))
    return red, green, blue
