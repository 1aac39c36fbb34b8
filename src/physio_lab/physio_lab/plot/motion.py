"""Movements on paper: stick figures side by side over time, for the documentation of what synthetic training shows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from physio_core.errors import InputError
from physio_core.files import writing
from physio_core.skeleton.colours import side_rgb
from physio_core.skeleton.layouts import Layout
from physio_core.types import ByteImage, FloatArray

INK_RGB, FAINT_RGB, PAPER_RGB = (70, 70, 70), (205, 205, 205), (255, 255, 255)
FINE = 3
"""Drawn this many times larger and then shrunk, which smooths the edges."""
COLOURS = 32
"""A small palette makes small files."""
_MARGIN = 0.06


@dataclass(frozen=True)
class Strip:
    """One movement as a row of figures.

    Attributes:
        title: written above it.
        points: (F, V, 2) one figure each, x right, y down, all in one unit; each figure is centred in its own cell.
        floor: y of the floor, in the same unit; drawn as a line.
    """

    title: str
    points: FloatArray
    floor: float


def strips(rows: Sequence[Strip], layout: Layout, columns: int = 1, cell_px: int = 90, alike: bool = True) -> ByteImage:
    """Draw movements under and beside each other.

    Args:
        rows: one strip for each movement, with the same number of figures in all.
        layout: joint order of the points.
        columns: strips beside each other.
        cell_px: height and width of one figure [px].
        alike: all figures at the same scale; otherwise each movement fills its cells.

    Returns:
        Picture (H, W, 3).

    Raises:
        InputError: no strip, or strips with different numbers of figures.
    """
    shapes = sorted({row.points.shape for row in rows})
    if len(shapes) != 1:
        raise InputError(f"{len(rows)} strips of shapes {shapes}; need at least one, and the same shape for all")
    figures, title_px = len(rows[0].points), 18
    lines = -(-len(rows) // columns)
    wide, high = figures * cell_px, cell_px + title_px
    page = Image.new("RGB", (FINE * columns * wide, FINE * lines * high), PAPER_RGB)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=FINE * 12)
    sizes = [_size(row) for row in rows]
    for number, row in enumerate(rows):
        scale = FINE * cell_px * (1 - 2 * _MARGIN) / (max(sizes) if alike else sizes[number])
        left, top = number % columns * wide * FINE, number // columns * high * FINE
        draw.text((left + FINE * 6, top + FINE * 2), row.title, INK_RGB, font)
        bottom = top + FINE * (high - cell_px * _MARGIN)
        draw.line([(left + FINE * 4, bottom), (left + FINE * (wide - 4), bottom)], FAINT_RGB, FINE)
        for index, points in enumerate(row.points):
            middle = (points[:, 0].min() + points[:, 0].max()) / 2
            places = (points - [middle, row.floor]) * scale + [left + FINE * cell_px * (index + 0.5), bottom]
            _figure(draw, places, layout, FINE * cell_px)
    return np.asarray(page.resize((columns * wide, lines * high), Image.Resampling.BOX))


def _size(row: Strip) -> float:
    """Height above the floor or width of the largest figure."""
    return max(row.floor - float(row.points[..., 1].min()), float(np.ptp(row.points[..., 0], axis=1).max()), 1e-6)


def _figure(draw: ImageDraw.ImageDraw, places: FloatArray, layout: Layout, height_px: int) -> None:
    thick = max(2, height_px // 45)
    for a, b in layout.edge_indices:
        outer = layout.joints[b] if "_" in layout.joints[b] else layout.joints[a]
        draw.line([tuple(places[a]), tuple(places[b])], side_rgb(outer, INK_RGB), thick)
    for joint, place in zip(layout.joints, places, strict=True):
        draw.circle(tuple(place), thick * 0.8, side_rgb(joint, INK_RGB))


def sheet(pictures: Sequence[tuple[str, ByteImage]], columns: int, cell_px: int = 200) -> ByteImage:
    """Pictures (H, W, 3) of any size with their titles, shrunk into the cells of one page (H, W, 3).

    Raises:
        InputError: no picture.
    """
    if not pictures:
        raise InputError("no pictures for a sheet")
    lines, title_px = -(-len(pictures) // columns), 18
    page = Image.new("RGB", (columns * cell_px, lines * (cell_px + title_px)), PAPER_RGB)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(size=12)
    for number, (title, rgb) in enumerate(pictures):
        left, top = number % columns * cell_px, number // columns * (cell_px + title_px)
        small = Image.fromarray(rgb)
        small.thumbnail((cell_px - 4, cell_px - 4))
        draw.text((left + 4, top + 2), title, INK_RGB, font)
        page.paste(small, (left + (cell_px - small.width) // 2, top + title_px))
    return np.asarray(page)


def png_bytes(rgb: ByteImage, colours: int = COLOURS) -> bytes:
    """A picture (H, W, 3) as PNG of at most 256 colours."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).quantize(colours).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def write_png(path: Path, rgb: ByteImage, colours: int = COLOURS) -> None:
    """Write a picture (H, W, 3) with at most 256 colours, which keeps the file small; errors as :func:`~files.writing`."""
    with writing(path) as part:
        Image.fromarray(rgb).quantize(colours).save(part, format="PNG", optimize=True)
