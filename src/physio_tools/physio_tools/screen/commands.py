"""`physio screen`: every page as an image, and how large their letters appear."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_lab.reports.markdown import markdown_table
from physio_tools.screen.gallery import draw_gallery, time_gallery
from physio_tools.screen.legibility import WANTED_ARC_MIN, smallest_arc_min

SIZES = ("800x480", "1024x600", "1280x800", "1920x1080", "2560x1440", "1080x1920")


def add_commands(subparsers: Any, name: str) -> Any:
    """Add the commands; returns their group."""
    commands = subparsers.add_parser(name, help="images of every page, and how legible they are").add_subparsers(required=True)
    gallery = commands.add_parser("gallery", help="every state of the screen as a PNG file")
    gallery.add_argument("folder", type=Path, help="where the images go")
    gallery.add_argument("--size", default="1024x600", metavar="WIDTHxHEIGHT", help="of the display [px]; default: 1024x600")
    gallery.add_argument("--language", default="en")
    gallery.add_argument("--only", nargs="*", default=[], metavar="STATE", help="names of states; default: all")
    gallery.add_argument("--time", action="store_true", help="print the processor time that each state takes to draw instead")
    gallery.set_defaults(run=run_gallery)
    legibility = commands.add_parser("legibility", help="capitals in minutes of arc, from where they are read")
    legibility.add_argument("--sizes", nargs="*", default=SIZES, metavar="WIDTHxHEIGHT", help="displays [px]")
    legibility.add_argument("--diagonal", type=float, default=7.0, metavar="INCH", help="of the display; default: 7")
    legibility.set_defaults(run=run_legibility)
    return commands


def run_gallery(options: argparse.Namespace) -> int:
    """Draw the images, or time them."""
    size = size_of(options.size)
    if options.time:
        for name, plain_ms, mirror_ms in time_gallery(options.language, size, options.only):
            print(f"{name:22} {plain_ms:5.1f} ms   mirror {mirror_ms:5.1f} ms")
    else:
        draw_gallery(options.folder, options.language, size, options.only)
        print(f"the pictures are in {options.folder}")
    return 0


def run_legibility(options: argparse.Namespace) -> int:
    """Print the table as Markdown; 1 when something is too small."""
    if not options.diagonal > 0:
        raise ConfigError(f"--diagonal {options.diagonal} is not a size in inches above 0, e.g. 7")
    table, least = legibility_table(tuple(options.sizes), options.diagonal)
    print(table)
    return 0 if least >= WANTED_ARC_MIN else 1


def legibility_table(sizes: tuple[str, ...] = SIZES, diagonal_in: float = 7.0) -> tuple[str, float]:
    """The table, and the smallest of its figures [minutes of arc].

    Raises:
        ConfigError: something is not a size.
    """
    columns = [smallest_arc_min(size_of(size), diagonal_in) for size in sizes]
    head = [f"capitals ['] on {diagonal_in:g} inches", "read from [m]", *sizes]
    rows = ([role.name, f"{role.distance_m:g}", *(f"{column[role]:.1f}" for column in columns)] for role in columns[0])
    return "\n".join(markdown_table(head, rows, literal=False)), min(min(column.values()) for column in columns)


def size_of(text: str) -> tuple[int, int]:
    """Width and height of a display [px].

    Raises:
        ConfigError: it is not written like 1024x600, or is outside 320 to 7680.
    """
    match = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (320 <= width <= 7680 and 240 <= height <= 7680):
        raise ConfigError(f"size {text!r} is not WIDTHxHEIGHT in pixels, 320x240 to 7680x7680, e.g. 1024x600")
    return width, height
