"""`physio hand see`: how often simulated hands are seen, and how well, by view, skin, posture, glove and what is in the hand."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from physio_core.cli import whole_number
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.tables import blocks_in, write_block
from physio_lab.reports.markdown import markdown_table

BLOCK = "hand-see"
HANDS, SEED = 20, 2
"""What the documents show; how hands are drawn was decided while looking at seeds 0 and 1."""
_HEADER = ("", "", "images", "seen", "95 %", "right", "95 %", "error", "95 %", "in space", "side told")


def add_see(commands: Any, name: str) -> None:
    """Add ``physio hand see``."""
    parser = commands.add_parser(name, help="how often simulated hands are seen, and how well", description=__doc__)
    parser.add_argument("--hands", type=whole_number(1), default=HANDS, metavar="N", help=f"people (default: {HANDS})")
    parser.add_argument("--seed", type=whole_number(0), default=SEED, metavar="N", help=f"of the people (default: {SEED})")
    parser.add_argument(
        "--workers", type=whole_number(1), default=1, metavar="N", help="processes that render and look (default: 1)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    parser.add_argument(
        "--tables", type=Path, metavar="FILE", help=f"write the table into a Markdown page, between its marks {BLOCK}"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Render, look, and print.

    Raises:
        ConfigError: a number that cannot be used, a file that cannot be written, a page without marks.
        InputError: a hand that could not be rendered.
    """
    check_writable(options.json, options.tables)
    if options.tables:
        blocks_in(options.tables, BLOCK)
    figures = figures_of(options)
    lines = table(figures)
    if options.json:
        write_json(options.json, figures)
    if options.tables:
        write_block(options.tables, BLOCK, "\n".join(lines))
    print("\n".join(lines))
    return 0


def figures_of(options: argparse.Namespace) -> dict[str, Any]:
    """All figures of a run, as they are written to a file."""
    from rich.progress import track

    from physio_lab.synthetic.hand_seen import rows, see

    seen = track(see(options.hands, options.seed, options.workers), "hands", options.hands)
    scenes = [scene for one in seen for scene in one]
    found = [{name: _told(value) for name, value in vars(row).items()} for row in rows(scenes)]
    return {"hands": options.hands, "seed": options.seed, "images": sum(len(one.seen) for one in scenes), "rows": found}


def table(figures: dict[str, Any]) -> list[str]:
    """The figures as lines of Markdown."""
    command = f"physio hand see --hands {figures['hands']} --seed {figures['seed']}"
    return [f"`{command}`: {figures['images']} images.", "", *markdown_table(_HEADER, map(_cells, figures["rows"]))]


def _told(value: Any) -> Any:
    """What JSON can hold: None for what could not be measured, lists for pairs."""
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _cells(row: dict[str, Any]) -> Iterable[str]:
    yield row["factor"]
    yield row["value"]
    yield str(row["images"])
    for name in ("seen", "right", "error"):
        value, (low, high) = row[name]
        form = _percent if name == "error" else "{:.2f}".format
        yield form(value)
        yield "" if low is None else f"{form(low)} to {form(high)}"
    yield _percent(row["error_3d"])
    yield "" if row["side"] is None else f"{row['side']:.2f}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
