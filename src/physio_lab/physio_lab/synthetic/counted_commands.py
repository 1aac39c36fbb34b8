"""`physio reps evaluate-simulated`: how well repetitions are counted in simulated sets."""

from __future__ import annotations

import argparse
import functools
from pathlib import Path
from typing import Any

from rich.table import Table

from physio_core.errors import InputError
from physio_core.exercises.catalogue import load_exercises, require
from physio_core.files import check_writable, write_json
from physio_lab.datasets.parallel import Lost
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.spread import spread
from physio_lab.synthetic.counted_sets import count_set, figures, plans

USUAL = ("squat", "push_up", "pull_up", "jumping_jack", "lunge", "deadlift")
"""The exercises that the shipped recogniser names."""
METHOD = (
    "Sets of five repetitions by patients who are able, slow, tremble, favour a side or go half the way, each seen from where "
    "its exercise is seen best, two seconds of getting into place included, counted without a recogniser. A set is exact if as "
    "many repetitions counted as were done; of patients who do not go all the way partial ones, which are counted apart, too."
)


def add_evaluate(commands: Any, name: str) -> None:
    """Add the command."""
    parser = commands.add_parser(name, help="count in simulated sets whose truth is known", description=METHOD)
    parser.add_argument("--sets", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the first set; the next has the next (default: %(default)s)")
    parser.add_argument("--exercises", default=",".join(USUAL), help="in turn (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Evaluate.

    Raises:
        InputError: no set or process, or an exercise whose file does not say what a repetition is.
        UnknownExercise: an exercise that no file describes.
        ConfigError: the output cannot be written.
    """
    for name in ("sets", "workers"):
        if getattr(options, name) < 1:
            raise InputError(f"--{name} {getattr(options, name)} must be 1 or more")
    catalogue = load_exercises()
    exercises = [one.strip() for one in options.exercises.split(",")]
    for name in exercises:
        if require(name, catalogue).repetition is None:
            raise InputError(f"--exercises: the file of {name} does not say what a repetition is")
    check_writable(options.json)
    todo = plans(exercises, options.sets, options.seed)
    console = wide_console()
    with progress(console, "sets", len(todo)) as tell:
        found = spread(functools.partial(count_set, catalogue=catalogue), todo, options.workers, tell)
    result = figures([one for one in found if not isinstance(one, Lost)])
    if options.json:
        write_json(options.json, result | {"method": METHOD})
    table = Table("exercise", "exact")
    for name, exact in result["by_exercise"].items():
        table.add_row(name, f"{exact:.3f}")
    console.print(table)
    for one in result["wrong"]:
        console.print(", ".join(f"{key} {value}" for key, value in one.items()))
    late = "-" if result["late_p95_s"] is None else f"{result['late_p95_s']:.2f} s"
    console.print(f"{result['n']} sets: exact in {result['exact_fraction']:.3f}; counted within {late} of the return (95 %)")
    return 0
