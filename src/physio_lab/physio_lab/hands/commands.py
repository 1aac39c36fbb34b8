"""The command group `physio hand`, and `physio hand evaluate`: every figure of what sees hands, in one object.

Parts of the coach add their commands through the entry point group `physio.commands` (`hand.NAME`), and what they measure through
:data:`MEASURES`: an entry there is called NAME and gives a function of the options that returns figures (or one number) to stand
under that name, and raises a :class:`~physio_core.errors.PhysioError` that says why there are none.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.cli import AMISS, DONE, listed
from physio_core.errors import ConfigError, PhysioError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import wide_console

MEASURES = "physio.hand_measures"
"""Entry point group of what is measured."""
Figures = Mapping[str, Any] | float


def add_commands(commands: Any, name: str) -> Any:
    """Add the group; returns it."""
    parser = commands.add_parser(name, help="hands: positions, openings, scores, and how well they are seen", description=__doc__)
    group = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_evaluate(group)
    return group


def _add_evaluate(group: Any) -> None:
    parser = group.add_parser("evaluate", help="every figure of hands in one object", description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="with hand_states and other public sets (default: simulated only)"
    )
    known = ", ".join(sorted(_entries())) or "none"
    parser.add_argument("--only", default="", metavar="NAMES", help=f"comma between them: {known} (default: all)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure everything that can be measured here, write and print it.

    Raises:
        ConfigError: an unknown name.
    """
    entries, names = _entries(), listed("--only", options.only)
    if strange := [name for name in names if name not in entries]:
        raise ConfigError(f"--only {strange[0]}: known are {', '.join(sorted(entries)) or 'none'}")
    check_writable(options.json)
    console, result, missing = wide_console(), {}, {}
    for name in names or sorted(entries):
        with console.status(f"{name}: measuring"):
            try:
                result[name] = _measured(entries[name], options)
            except PhysioError as error:
                missing[name] = str(error)
    if options.json:
        write_json(options.json, result)
    _print(console, result, missing)
    return AMISS if missing and not result else DONE


def _measured(entry: EntryPoint, options: argparse.Namespace) -> Figures:
    try:
        found: Figures = entry.load()(options)
    except ModuleNotFoundError as error:
        raise ConfigError(f"needs {error.name}, which comes with the laboratory: scripts/setup --training") from None
    return found


def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=MEASURES)}


def _print(console: Console, result: Mapping[str, Figures], missing: Mapping[str, str]) -> None:
    table = Table("figure", "value")
    for name, figures in result.items():
        for key, value in figures.items() if isinstance(figures, Mapping) else (("", figures),):
            if isinstance(value, int | float):
                table.add_row(f"{name}.{key}".rstrip("."), f"{value:.4g}")
    console.print(table)
    for name, why in missing.items():
        console.print(f"[yellow]{name}: left out: {why}", markup=True, highlight=False)
