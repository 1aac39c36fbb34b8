"""`physio hand wmft`: three severities of arm and hand, told from the movement of people who taught nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from physio_core.cli import listed
from physio_core.errors import ConfigError, InputError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.quality.rocket import need_aeon
from physio_lab.scoring.severity import METHODS, Material
from physio_lab.scoring.wmft import INDEX, PACKED, people_of, read_wmft
from physio_lab.scoring.wmft_figures import measured, print_wmft, wmft_page

BLOCK = "wmft"


def add_wmft(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="severities of the Wolf Motor Function Test", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help=f"with {INDEX} and {PACKED}")
    parser.add_argument(
        "--methods", default="", metavar="NAMES",
        help=f"comma between them: {', '.join(METHODS)} (default: all; the last gives the results)",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--tables", type=Path, metavar="FILE", help=f"write the tables into a page, between its marks {BLOCK}")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, tell each person by the others, write, print.

    Raises:
        InputError: files that cannot be read or do not fit, or one person alone.
        ConfigError: an unknown method, a missing library, a page without marks.
    """
    methods = tuple(listed("--methods", options.methods)) or tuple(METHODS)
    if strange := [name for name in methods if name not in METHODS]:
        raise ConfigError(f"--methods {strange[0]}: known are {', '.join(METHODS)}")
    need_aeon()
    check_writable(options.json, options.tables, reads=[options.data / INDEX, options.data / PACKED])
    if options.tables:
        around_block(options.tables, BLOCK)
    console = wide_console()
    with console.status("reading"):
        recordings = read_wmft(options.data)
        people = people_of(recordings)
        if len(people) < 3:
            raise InputError(f"{options.data} has recordings of {', '.join(people) or 'nobody'}; need at least three people")
        material = Material.of(recordings)
    with progress(console, "people left out", len(people)) as tell:
        result: dict[str, Any] = measured(material, methods, tell)
    if options.json:
        write_json(options.json, result)
    if options.tables:
        words = f"physio hand wmft --data DIR{' --methods ' + options.methods if options.methods else ''}"
        write_block(options.tables, BLOCK, wmft_page(result, words))
    print_wmft(console, result)
    return 0
