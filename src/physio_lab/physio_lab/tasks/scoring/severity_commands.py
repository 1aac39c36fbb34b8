"""`physio hand wmft-network`: severities of the Wolf Motor Function Test by the network that scores hand items."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.reports.markdown import markdown_table
from physio_lab.scoring.examples import Examples, of_recordings
from physio_lab.scoring.fma_tables import print_rows
from physio_lab.scoring.wmft import INDEX, PACKED, people_of, read_wmft
from physio_lab.scoring.wmft_figures import HEADER, figures_of, row_of
from physio_lab.tasks.commands import find_recipe
from physio_lab.tasks.registry import load_recipe
from physio_lab.tasks.scoring.config import CELLS, ScoringRecipe

BLOCK, RECIPE = "wmft-network", "fugl_meyer"
EPOCHS, BATCH, STRIDE = 20, 64, 8
FEWEST = 5
"""People: one is told, some find the temperature, the others teach."""


def add_wmft_network(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="severities by the network that scores hand items", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help=f"with {INDEX} and {PACKED}")
    parser.add_argument("--cell", choices=CELLS, default="gru", help="of the network (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="times through the recordings (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--tables", type=Path, metavar="FILE", help=f"write the table into a page, between its marks {BLOCK}")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, train once for each person left out, write, print.

    Raises:
        InputError: files that cannot be read or do not fit, or too few people.
        ConfigError: no epochs, a page without marks, or the libraries for training are not installed.
    """
    if options.epochs < 1:
        raise ConfigError(f"--epochs {options.epochs} must be 1 or more")
    check_writable(options.json, options.tables, reads=[options.data / INDEX, options.data / PACKED])
    if options.tables:
        around_block(options.tables, BLOCK)
    try:
        from physio_lab.tasks.scoring.severities import told
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed for training only; install it with: scripts/setup --training") from error
    recordings, console = read_wmft(options.data), wide_console()
    if len(people := people_of(recordings)) < FEWEST:
        raise InputError(f"{options.data} has recordings of {', '.join(people) or 'nobody'}; need at least {FEWEST} people")
    examples = of_recordings(recordings)
    with progress(console, "people left out", len(people)) as tell:
        found = told(examples, _recipe(options, examples), tell)
    sessions = np.array(sorted(set(zip(examples.patients.tolist(), examples.levels.tolist(), strict=True))))
    truth, who = (examples.levels, sessions[:, 1]), (examples.patients, sessions[:, 0])
    tasks = np.array([one.task for one in recordings])
    result = figures_of(tasks, (found.recordings, found.sessions), truth, who) | {"n": len(recordings), "subjects": len(people)}
    if options.json:
        write_json(options.json, result)
    row = row_of(f"{options.cell}, 200 points in time", result)
    if options.tables:
        words = f"physio hand wmft-network --data DIR{f' --cell {options.cell}' if options.cell != 'gru' else ''}"
        who_words = f"{result['n']} recordings of {result['subjects']} people; intervals over people."
        write_block(options.tables, BLOCK, "\n".join([f"Written by `{words}`; {who_words}", "", *markdown_table(HEADER, [row])]))
    print_rows(console, f"severity: {len(recordings)} recordings of {len(people)} people, each told by the others", HEADER, [row])
    return 0


def _recipe(options: argparse.Namespace, examples: Examples) -> ScoringRecipe:
    """The recipe of hand items with so many epochs; nothing of it was chosen on these people."""
    _, recipe = load_recipe(find_recipe(RECIPE))
    assert isinstance(recipe, ScoringRecipe)
    steps = max(1, round(options.epochs * len(examples) / BATCH))
    plan = replace(recipe.optimiser, batch=BATCH, steps=steps, keep_every=steps, workers=0)
    validation = replace(recipe.validation, every=0, choose="last")
    return replace(
        recipe, optimiser=plan, network=replace(recipe.network, cell=options.cell, stride=STRIDE), validation=validation
    )
