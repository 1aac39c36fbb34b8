"""`physio hand fma`: how well tries of hand items are scored, on simulated patients that no network has seen."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_core.hands.scoring import LEVELS, MODEL, FmaScorer
from physio_core.hands.trial import Trial
from physio_core.types import FloatArray
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.scoring.examples import Examples, examples_of, simulated
from physio_lab.scoring.fma_baselines import BASELINES
from physio_lab.scoring.fma_figures import figures
from physio_lab.scoring.fma_tables import HEADER, page_of, parts, print_rows, row_of
from physio_lab.synthetic.hand_trials import HandTrial, trials

BLOCK, SEEN_BLOCK, DRAW = "fma", "fma-rendered", 1001
"""Seed of the patients who are measured; recipes draw theirs by smaller ones."""
PATIENTS, TEACHERS = 60, 72


def add_fma(group: Any, name: str) -> Any:
    """Add the group of commands; returns it."""
    parser = group.add_parser(name, help="Fugl-Meyer style scores of hand items", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    evaluate = commands.add_parser("evaluate", help="the scorer and simple methods on simulated patients", description=__doc__)
    evaluate.add_argument("--model", default="", metavar="FOLDER", help=f"of the scorer (default: {MODEL}, which ships)")
    evaluate.add_argument("--patients", type=int, default=PATIENTS, help="who are measured (default: %(default)s)")
    evaluate.add_argument(
        "--rendered",
        action="store_true",
        help="draw the hands, and let the coach's own tracker look at them, in place of made-up errors",
    )
    evaluate.add_argument("--json", type=Path, help="write the figures there")
    evaluate.add_argument(
        "--tables", type=Path, metavar="FILE", help=f"write the tables into a page, between its marks {BLOCK} or {SEEN_BLOCK}"
    )
    evaluate.set_defaults(run=run_evaluate)
    return commands


def fma_figures(options: argparse.Namespace) -> Mapping[str, Any]:
    """For `physio hand evaluate`: agreement of the scorer that ships."""
    made = list(trials(PATIENTS, DRAW))
    told, examples, _ = scored(FmaScorer(), made)
    found = figures(examples, told)
    return {"accuracy": found["accuracy"], "kappa": found["kappa"]}


def run_evaluate(options: argparse.Namespace) -> int:
    """Score, compare, write, print.

    Raises:
        ConfigError: too few patients, or a page without marks.
        ModelError: a folder that holds no scorer.
    """
    if options.patients < 5:
        raise ConfigError(f"--patients {options.patients} must be 5 or more")
    check_writable(options.json, options.tables)
    block = SEEN_BLOCK if options.rendered else BLOCK
    if options.tables:
        around_block(options.tables, block)
    scorer, console = FmaScorer(options.model), wide_console()
    made: list[HandTrial] = []
    with progress(console, "patients", options.patients * 7) as tell:
        for one in _seen(options.patients) if options.rendered else trials(options.patients, DRAW):
            made.append(one)
            tell()
    with console.status("scoring"):
        told, examples, each_ms = scored(scorer, made)
        found = {"network": figures(examples, told)}
    with console.status("simple methods"):
        teachers = simulated(TEACHERS)
        found |= {name: figures(examples, one.told(teachers, examples)) for name, one in BASELINES.items()}
    result = {**found["network"], "score_ms": each_ms, "methods": found}
    rows = [row_of("network that ships" if not options.model else "network", found["network"])]
    rows += [row_of(one.what, found[name], calibrated=False) for name, one in BASELINES.items()]
    if options.json:
        write_json(options.json, result)
    if options.tables:
        words = f"physio hand fma evaluate{' --rendered' if options.rendered else ''}"
        write_block(options.tables, block, page_of(result, rows, words))
    print_rows(console, f"{result['n']} trials of {result['patients']} simulated patients", HEADER, rows)
    for title, header, cells in parts(result):
        print_rows(console, title, header, cells)
    console.print(f"a trial is scored in {each_ms:.1f} ms (median), from landmarks to score")
    return 0


def _seen(patients: int) -> Iterator[HandTrial]:
    from physio_lab.scoring.rendered import seen  # MuJoCo is loaded by those who draw

    return (seen(one, number) for number, one in enumerate(trials(patients, DRAW)))


def scored(scorer: FmaScorer, made: list[HandTrial]) -> tuple[FloatArray, Examples, float]:
    """Probabilities (N, K) of trials, also of those of which nothing would be told, the trials, and the median time of one [ms].

    A trial that cannot be looked at is none of the examples, and is counted there.
    """
    examples, rows, spent = examples_of(made), [], []
    for one in made:
        trial = Trial.of(one.skeletons(), one.side == "left")
        start = time.perf_counter()
        found = scorer.score(trial, one.item)
        spent.append(1000.0 * (time.perf_counter() - start))
        if found.probabilities:
            rows.append(found.probabilities)
    return np.array(rows).reshape(-1, LEVELS), examples, float(np.median(spent))
