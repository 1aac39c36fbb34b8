"""`physio hand angles`: how far off the angles of rendered hands are, as measured, and with bones that keep their length."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.hands.angle_errors import angle_errors, figures_of, told

HANDS = 20


def add_commands(group: Any, name: str) -> None:
    """Add the command to the group `hand`."""
    parser = group.add_parser(name, help="joint angles of rendered hands against the true ones", description=__doc__)
    parser.add_argument("--hands", type=int, default=HANDS, metavar="N", help="people (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Render, measure, compare, print.

    Raises:
        ConfigError: no hand.
    """
    if options.hands < 1:
        raise ConfigError(f"--hands {options.hands}; need at least 1")
    check_writable(options.json)
    console = wide_console()
    with progress(console, "hands", options.hands) as tell:
        found = angle_errors(options.hands, tell)
    figures = figures_of(found)
    if options.json:
        write_json(options.json, figures)
    table = Table("joints", "error [deg]", "median", "bones keep their length [deg]", "median")
    for row in told(figures):
        table.add_row(*row)
    console.print(table)
    seen = sum(len(one.plain) for one in found)
    console.print(f"{seen} of {sum(one.images for one in found)} images of {len(found)} hands", highlight=False)
    return 0
