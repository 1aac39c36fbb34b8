"""What an evaluation writes: places are checked before the work, figures are written before pages."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Collection
from pathlib import Path
from typing import Any

from physio_core.files import check_writable, write_bytes, write_json, write_text
from physio_core.pose.choice import REFERENCE
from physio_lab.evaluation.report import check_libraries, html, markdown_tables, telling_picture
from physio_lab.evaluation.sections import Material, Section, sections
from physio_lab.evaluation.sets import REPEAT_S
from physio_lab.evaluation.tables import (
    blocks_in,
    confusion_path,
    markdown,
    write_block,
    write_csv,
)

SHORT = "-short"
CLIPS = "evaluate-clips"
"""Marks of the listing of clips."""
USUAL: dict[str, Any] = {
    "grades": "", "fps": 0.0, "estimator": REFERENCE, "split": "all", "part": "", "subjects": "", "map": [], "repeat": REPEAT_S,
    "live": False, "baseline": "", "by": "", "among": [], "negatives": "",
}  # fmt: skip
"""Flags that decide what is measured, with what they are unless told; the command that a page names has those that differ."""


def add_outputs(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say what to write."""
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--csv", type=Path, help="write each clip's scores there, and the confusion beside it")
    parser.add_argument(
        "--markdown", type=Path, help=f"write the clips one by one into a Markdown page, between its marks {CLIPS}"
    )
    parser.add_argument("--html", type=Path, help="write one page with everything there: tables, figures, the worst clips moving")
    parser.add_argument(
        "--tables", type=Path, action="append", default=[], metavar="FILE",
        help="write the page's tables into a Markdown page, between its marks; may be given several times",
    )  # fmt: skip
    parser.add_argument("--picture", type=Path, help="write the most telling figures there, as one PNG")
    parser.add_argument("--note", default="", metavar="TEXT", help="what readers of the pages should know about these clips")


def check_outputs(options: argparse.Namespace, reads: Collection[Path]) -> None:
    """Find out at the start what would fail at the end, or destroy what is read.

    Raises:
        ConfigError: a file cannot be written, a page has no place for tables, or pages need what is not installed.
    """
    if has_pages(options):
        check_libraries()
    confusion = confusion_path(options.csv) if options.csv else None
    check_writable(
        options.json, options.csv, confusion, options.markdown, options.html, options.picture, *options.tables, reads=reads
    )
    check_writable(options.picture, endings=(".png",))
    check_writable(options.html, endings=(".html", ".htm"))
    for page in options.tables:
        _blocks(page, options)
    if options.markdown:
        blocks_in(options.markdown, CLIPS)


def has_pages(options: argparse.Namespace) -> bool:
    """Whether what is written needs pictures and tables."""
    return bool(options.html or options.tables or options.picture)


def write_outputs(options: argparse.Namespace, material: Material, name: str) -> None:
    """Write what the options ask for; ``name`` is the model's."""
    result, outcomes, labels = material.result, material.outcomes, material.labels
    if options.json:
        write_json(options.json, result)
    if options.csv:
        write_csv(options.csv, outcomes, result, labels)
    if options.markdown:
        text = markdown(outcomes, result, labels, f"{material.command} --markdown FILE", options.note)
        write_block(options.markdown, CLIPS, text)
    if has_pages(options):
        parts = sections(material)
        if options.html:
            write_text(options.html, html(material, parts, f"Recognition by {name}"))
        for page in options.tables:
            _write_tables(page, options, material, parts)
        if options.picture:
            write_bytes(options.picture, telling_picture(parts))


def _write_tables(page: Path, options: argparse.Namespace, material: Material, parts: list[Section]) -> None:
    for block in _blocks(page, options):
        text = markdown_tables(parts, f"{material.command} --tables FILE", material.note, block.endswith(SHORT))
        write_block(page, block, text)


def _blocks(page: Path, options: argparse.Namespace) -> list[str]:
    return blocks_in(page, options.block, options.block + SHORT)


def command_of(options: argparse.Namespace) -> str:
    """The command that gives the same figures again, for the page that it wrote."""
    words: str = options.words
    for name, usual in USUAL.items():
        value = getattr(options, name, usual)
        if value is True:
            words += f" --{name}"
        elif value != usual:
            values = value if isinstance(value, list) else [f"{value:g}" if isinstance(value, float) else value]
            words += "".join(f" --{name} {shlex.quote(str(one))}" for one in values)
    return words + "".join(f" --set {setting}" for setting in options.settings)
