"""`physio hand fma-compare`: cells, losses, groups of features and simple methods, by cross-validation over patients."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.reports.markdown import markdown_table
from physio_lab.scoring.fma_baselines import BASELINES
from physio_lab.scoring.fma_tables import HEADER, print_rows, row_of
from physio_lab.tasks.commands import find_recipe
from physio_lab.tasks.registry import load_recipe
from physio_lab.tasks.scoring.config import ScoringRecipe, TrialsConfig

BLOCK, RECIPE = "fma-compare", "fugl_meyer"
PATIENTS, EPOCHS = 72, 30


def add_compare(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="networks that score hand items, compared over patients", description=__doc__)
    parser.add_argument("--patients", type=int, default=PATIENTS, help="simulated, each with seven trials (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="times through the trials, a fold (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--tables", type=Path, metavar="FILE", help=f"write the tables into a page, between its marks {BLOCK}")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train every variant, compare, test the best once, write, print.

    Raises:
        ConfigError: too few patients or epochs, or the libraries for training are not installed.
    """
    if options.patients < 20 or options.epochs < 1:
        raise ConfigError(f"--patients {options.patients} --epochs {options.epochs}: give 20 patients and one epoch, or more")
    check_writable(options.json, options.tables)
    if options.tables:
        around_block(options.tables, BLOCK)
    try:
        from physio_lab.tasks.scoring.compare import FOLDS, crossed, crossed_baselines, left_out, tested, variants
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed for training only; install it with: scripts/setup --training") from error
    recipe, console = _recipe(options), wide_console()
    compared = variants(recipe)
    with progress(console, "networks", len(compared) * FOLDS) as tell:
        found = {name: crossed(one, tell) for name, one in compared.items()}
    with console.status("simple methods"):
        found |= {BASELINES[name].what: one for name, one in crossed_baselines(recipe).items()}
    best = max(compared, key=lambda name: found[name]["kappa"])
    with progress(console, "groups left out", 10) as tell:
        groups = left_out(compared[best], tell)
    with console.status("test"):
        test = tested(compared[best])
    result = {"methods": found, "best": best, "test": test, "without": groups}
    if options.json:
        write_json(options.json, result)
    rows = [row_of(name, one) for name, one in found.items()]
    rows.append(row_of(f"{best}, on the {test['patients']} patients kept apart", test))
    without = [(name, f"{one['kappa']:.3f}", f"{one['accuracy']:.3f}") for name, one in groups.items()]
    if options.tables:
        words = f"physio hand fma-compare --patients {options.patients} --epochs {options.epochs}"
        lines = [
            f"Written by `{words}`; {FOLDS} folds over patients; intervals over patients.",
            "",
            *markdown_table(HEADER, rows),
        ]
        lines += ["", f"Without a group of features ({best}, one fold):", ""]
        write_block(options.tables, BLOCK, "\n".join([*lines, *markdown_table(("without", "kappa", "accuracy"), without)]))
    print_rows(console, f"{FOLDS} folds over {options.patients} simulated patients", HEADER, rows)
    print_rows(console, f"without a group of features ({best}, one fold)", ("without", "kappa", "accuracy"), without)
    return 0


def _recipe(options: argparse.Namespace) -> ScoringRecipe:
    """The recipe that ships, of so many patients and epochs."""
    _, recipe = load_recipe(find_recipe(RECIPE))
    assert isinstance(recipe, ScoringRecipe)
    trials = TrialsConfig(patients=options.patients)
    learnt = options.patients * 7 * (1.0 - trials.test_share) * (1.0 - trials.val_share) * 0.8
    steps = max(1, round(options.epochs * learnt / recipe.optimiser.batch))
    plan = replace(recipe.optimiser, steps=steps, keep_every=max(1, steps // 6))
    return replace(recipe, name="fma_compare", trials=trials, optimiser=plan)
