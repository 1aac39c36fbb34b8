"""`physio hand prior`: hidden joints of hands filled in by how hands move, beside simpler methods."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.reports.intervals import Interval
from physio_lab.reports.markdown import markdown_table
from physio_lab.scoring.fma_tables import print_rows

BLOCK = "hand-prior"
FEWEST, LOSSES_PEOPLE = 5, 5
HEADER = (
    "method", "PA-MPJPE [mm]", "95 %", "hidden joints alone [mm]", "95 %", "from the wrist [mm]", "95 %", "acceleration [m/s²]",
    "95 %",
)  # fmt: skip
WITHOUT = ("losses", "PA-MPJPE [mm]", "hidden joints alone [mm]", "from the wrist [mm]", "acceleration [m/s²]")


def add_prior(group: Any, name: str) -> None:
    """Add the group of commands."""
    parser = group.add_parser(name, help="hidden joints filled in by how hands move", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    evaluate = commands.add_parser("evaluate", help="the prior and simple methods on simulated people", description=__doc__)
    evaluate.add_argument("--model", default="", metavar="FOLDER", help="of the prior (default: the one that ships)")
    evaluate.add_argument("--people", type=int, default=0, help="who are measured, each with seven trials (default: 20)")
    evaluate.add_argument(
        "--losses", action="store_true", help=f"also leave out each loss in turn, of {LOSSES_PEOPLE} other people"
    )
    evaluate.add_argument("--json", type=Path, help="write the figures there")
    evaluate.add_argument("--tables", type=Path, metavar="FILE", help=f"write the tables into a page, between its marks {BLOCK}")
    evaluate.set_defaults(run=run_evaluate)


def prior_figures(_: argparse.Namespace) -> Mapping[str, Any]:
    """For `physio hand evaluate`: errors of the prior that ships, and of linear interpolation.

    Raises:
        ConfigError: the libraries for training are not installed.
        ModelError: the folder of the prior is damaged.
    """
    evaluate, read_prior = _library()
    found = evaluate.measured(read_prior(), evaluate.cases())
    keys = ("pa_mpjpe", "pa_hidden", "root_relative", "acceleration")
    return {key: found["prior"][key] for key in keys} | {f"linear_{key}": found["linear"][key] for key in keys}


def run_evaluate(options: argparse.Namespace) -> int:
    """Hide, fill in, compare, write, print.

    Raises:
        ConfigError: too few people, a page without marks, or the libraries for training are not installed.
        ModelError: a folder that holds no prior.
    """
    evaluate, read_prior = _library()
    people = options.people or evaluate.PEOPLE
    if people < FEWEST:
        raise ConfigError(f"--people {people} must be {FEWEST} or more")
    check_writable(options.json, options.tables)
    if options.tables:
        around_block(options.tables, BLOCK)
    network, console = read_prior(options.model), wide_console()
    with console.status("simulated people"):
        made = evaluate.cases(people)
    with progress(console, "trials filled in", len(made)) as tell:
        found = evaluate.measured(network, made, tell)
    result: dict[str, Any] = {**found["prior"], "methods": found}
    if options.losses:
        others = evaluate.cases(LOSSES_PEOPLE, evaluate.DRAW - 1)
        with progress(console, "losses left out", len(others) * (2 + len(evaluate.WITHOUT))) as tell:
            result["losses"] = evaluate.left_out(network, others, tell)
    if options.json:
        write_json(options.json, result)
    hidden = sum(case.hidden.joints.mean() for case in made) / len(made)
    who = f"{found['prior']['trials']} trials of {found['prior']['people']} simulated people, {hidden:.0%} of the joints hidden"
    tables: list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]] = [
        (who, HEADER, [_row(evaluate.METHODS[name], one) for name, one in found.items()])
    ]
    if options.losses:
        title = f"{result['losses']['all six']['trials']} trials of {LOSSES_PEOPLE} other people"
        tables.append((title, WITHOUT, [_short_row(name, one) for name, one in result["losses"].items()]))
    if options.tables:
        lines = [
            f"Written by `physio hand prior evaluate{' --losses' if options.losses else ''}`; {who}; intervals over people.",
            "",
        ]
        lines += markdown_table(*tables[0][1:])
        for title, header, rows in tables[1:]:
            lines += ["", f"Losses left out, {title}:", "", *markdown_table(header, rows)]
        write_block(options.tables, BLOCK, "\n".join(lines))
    for title, header, rows in tables:
        print_rows(console, title, header, rows)
    return 0


def _library() -> Any:
    """What needs torch: the evaluation, and what reads a prior."""
    try:
        from physio_lab.tasks.hand_prior import evaluate
        from physio_lab.tasks.hand_prior.folder import read_prior
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed for the prior; install it with: scripts/setup --training") from error
    return evaluate, read_prior


def _row(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    cells = [name]
    for key in ("pa_mpjpe", "pa_hidden", "root_relative", "acceleration"):
        span = Interval(**one[f"{key}_interval"])
        cells += [f"{one[key]:.2f}", f"{span.low:.2f} to {span.high:.2f}"]
    return tuple(cells)


def _short_row(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    return (name, *(f"{one[key]:.2f}" for key in ("pa_mpjpe", "pa_hidden", "root_relative", "acceleration")))
