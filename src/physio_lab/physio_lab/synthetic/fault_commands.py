"""`physio faults evaluate`: how well named faults are found on simulated patients."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from physio_core.cli import whole_number
from physio_core.exercises.catalogue import load_exercises
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.synthetic.fault_sets import figures, measure, plans

METHOD = (
    "Simulated patients, a quarter of them without an injected fault, each exercise in turn, seen as its file asks. "
    "Injected faults are enlarged until half of the repetitions of a set miss the band by 0.3 of its margin at least, or as far "
    "as a body can do them. "
    "A fault is there where the joints in space miss its band, injected or not; it is found where the coach names it, in the "
    "same direction. Only faults that could be seen are looked at. "
    "Borderline is what truly lies within one claimed standard deviation of the edge of its band, on either side: precision and "
    "recall leave it out, strict precision and strict recall count it. "
    "Angles: ends of the ranges of motion that the coach tells of complete and partial repetitions, against those that the "
    "joints in space had in the same repetition; in the plane: where both segments of the angle truly lay within 20 degrees of "
    "the image, as of `physio angles evaluate`. The coach tells no range whose ends it did not see, or not surely enough. "
    "Bands, margins and bounds were chosen on other seeds than the default one."
)
SEED = 910_000
"""Kept for measuring; what is tuned is tuned on smaller ones."""
_COLUMNS = ("there", "told", "precision", "recall", "looked_at", "borderline", "strict_precision", "strict_recall")


def add_evaluate(commands: Any, name: str) -> None:
    """Add `physio faults evaluate`."""
    parser = commands.add_parser(name, help="how well named faults of repetitions are found", description=METHOD)
    parser.add_argument("--repetitions", type=whole_number(1), default=300, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="of the patients and their faults (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Evaluate.

    Raises:
        ConfigError: an exercise file that cannot be used, or a file that cannot be written.
    """
    check_writable(options.json)
    exercises = load_exercises()
    console = wide_console()
    sets = plans(options.repetitions, options.seed, exercises)
    results = []
    with progress(console, "sets", len(sets)) as tell:
        for plan in sets:
            results.append(measure(plan, exercises[plan.exercise]))
            tell()
    found = figures(results)
    if options.json:
        write_json(options.json, found | {"method": METHOD, "seed": options.seed})
    table = Table("fault", *(name.replace("_", " ") for name in _COLUMNS))
    for fault, rate in found["faults"].items():
        table.add_row(fault, *_row(rate))
    table.add_section()
    table.add_row("all", *_row(found))
    console.print(table)
    console.print(
        f"{found['n']} of {found['done']} repetitions counted; {found['not_measured']} faults could not be seen; "
        f"{found['borderline']} borderline, of which {found['borderline_there']} are faults"
    )
    console.print(
        f"{found['ranges_told']} of {found['ranges_true']} ranges of motion told; 95 % of their ends within "
        f"{_deg(found['angle_error_p95_deg'])} of the truth in the plane of the image ({found['angles']} ends), within "
        f"{_deg(found['other_angle_error_p95_deg'])} elsewhere ({found['other_angles']})"
    )
    return 0


def _row(rate: Mapping[str, Any]) -> list[str]:
    return [_cell(rate[name]) for name in _COLUMNS]


def _cell(value: float | int | None) -> str:
    return "-" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _deg(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} deg"
