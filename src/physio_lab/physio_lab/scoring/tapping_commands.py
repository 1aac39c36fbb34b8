"""`physio hand tapping`: ratings of finger tapping, 0 to 4, told of people who taught nothing."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.quality.ridge import Indices
from physio_lab.reports.intervals import Interval
from physio_lab.reports.markdown import markdown_table
from physio_lab.scoring.regression import METHODS, need_sklearn
from physio_lab.scoring.tapping import PUBLISHED, Taps, figures, joined, parts_of, read_taps, told

BLOCK = "tapping"
HEADER = ("method", "mean absolute error", "95 %", "the same, not rounded", "95 %", "accuracy", "95 %", "Pearson's r")


def add_tapping(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="ratings of finger tapping on FILE's people", description=__doc__)
    parser.add_argument("--train", type=Path, required=True, metavar="CSV", help="subject, Rating 0..4 and measured columns")
    parser.add_argument(
        "--test",
        type=Path,
        metavar="CSV",
        help="the same of other people, to be told (default: parts of --train in turn)",
    )
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--tables", type=Path, metavar="FILE", help=f"write the table into a page, between its marks {BLOCK}")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, learn, tell, write, print.

    Raises:
        InputError: a table that cannot be used.
        ConfigError: a missing library, someone on both sides, a page without marks.
    """
    need_sklearn()
    check_writable(options.json, options.tables, reads=[options.train, options.test])
    if options.tables:
        around_block(options.tables, BLOCK)
    taps, parts = _material(options)
    console = wide_console()
    with progress(console, "parts of the people", len(parts)) as tell:
        said = told(taps, parts, list(METHODS), tell)
    found = {name: figures(taps, values) for name, values in said.items()}
    best = list(METHODS)[-1]
    result = {**found[best], "method": best, "published": PUBLISHED, "methods": found}
    if options.json:
        write_json(options.json, result)
    if options.tables:
        words = f"physio hand tapping --train CSV{' --test CSV2' if options.test else ''}"
        lines = [f"Written by `{words}`; {result['n']} videos of {result['subjects']} people; intervals over people.", ""]
        write_block(options.tables, BLOCK, "\n".join([*lines, *markdown_table(HEADER, _rows(result))]))
    _print(console, result)
    return 0


def _material(options: argparse.Namespace) -> tuple[Taps, list[Indices]]:
    train = read_taps(options.train)
    if options.test is None:
        return train, parts_of(train)
    test = read_taps(options.test, train.names)
    if both := sorted(set(train.subjects.tolist()) & set(test.subjects.tolist())):
        raise ConfigError(f"{both[0]} is in --train and in --test ({len(both)} people are); who is told must not have taught")
    count = len(train.ratings)
    return joined(train, test), [np.arange(count, count + len(test.ratings))]


def _rows(result: Mapping[str, Any]) -> list[tuple[str, ...]]:
    rows = []
    for name, one in result["methods"].items():
        cells = [
            cell
            for figure in ("mae", "mae_unrounded", "accuracy")
            for cell in (f"{one[figure]:.3f}", str(Interval(**one[f"{figure}_interval"])))
        ]
        rows.append((METHODS[name].what, *cells, f"{one['pearson']:.3f}"))
    known = result["published"]
    rows.append(
        (
            "published (Islam et al. 2023)",
            "",
            "",
            f"{known['mae']:.3f}",
            "",
            f"{known['accuracy']:.3f}",
            "",
            f"{known['pearson']:.3f}",
        )
    )
    return rows


def _print(console: Console, result: Mapping[str, Any]) -> None:
    table = Table(*HEADER, title=f"finger tapping: {result['n']} videos of {result['subjects']} people")
    for row in _rows(result):
        table.add_row(*row)
    console.print(table)
