"""`physio quality fit` and `judge`: what was learned about right and wrong, in a folder, and asked about other recordings."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import Any

from rich.table import Table

from physio_core.cli import listed
from physio_core.errors import ConfigError, InputError
from physio_core.files import check_writable, write_json
from physio_core.skeleton.angles import AngleMeter
from physio_core.skeleton.layouts import layout_named
from physio_lab.datasets.formats import open_set
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.quality.crossing import kinds_of
from physio_lab.quality.rocket import need_aeon
from physio_lab.quality.shipped import CARD, WEIGHTS, ExerciseJudge, learned, read_judges, write_judges
from physio_lab.quality.takes import SETS, QualitySet, Take, measured_take, read_takes

MAY_SHIP = {
    "ui_prmd": "UI-PRMD (Vakanski et al., Data 2018, 3(1):2), public domain (ODC PDDL)",
    "irds": "IntelliRehabDS (Miron et al., Data 2021, 6(5):46), CC BY 4.0",
}
"""Sets whose licence lets weights be passed on, and how they are to be named."""


def add_fit(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="learn right and wrong, into a folder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help=f"with the folders {' and '.join(MAY_SHIP)}")
    parser.add_argument("--sets", default=",".join(MAY_SHIP), metavar="NAMES", help="comma between them (default: %(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="to be written")
    parser.set_defaults(run=fit)


def add_judge(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="how surely recordings are right, by what fit learned", description=__doc__)
    parser.add_argument("model", type=Path, metavar="FOLDER", help="written by physio quality fit")
    parser.add_argument(
        "set", metavar="SET", help="repetitions in space: file, folder, or FORMAT:PATH; their labels name the exercise"
    )
    parser.add_argument("--json", type=Path, help="write the answers there")
    parser.set_defaults(run=judge)


def fit(options: argparse.Namespace) -> int:
    """Learn each exercise of the sets and write the folder.

    Raises:
        InputError: a set that is not there or cannot be learned from.
        ConfigError: a set whose licence does not let weights be passed on, or a missing library.
    """
    need_aeon()
    names = listed("--sets", options.sets)
    if refused := [name for name in names if name not in MAY_SHIP]:
        raise ConfigError(
            f"--sets {refused[0]}: weights may be learned from {', '.join(MAY_SHIP)}; other licences do not allow it"
        )
    check_writable(options.out / CARD, options.out / WEIGHTS)
    console = wide_console()
    groups: dict[str, list[Take]] = {}
    for kind in (one for one in SETS if one.name in names):
        for take in kinds_of([one for one in read_takes(kind, options.data / kind.name) if one.patient]):
            groups.setdefault(take.exercise, []).append(take)
    judges = dict[str, ExerciseJudge]()
    with progress(console, "learning", len(groups)) as tell:
        for exercise, takes in groups.items():
            judges[exercise] = learned(takes)
            tell()
    card = {
        "name": options.out.name,
        "task": "quality",
        "description": "right or wrong of one repetition, by convolutions of joints in space",
        "licence": "Apache-2.0",
        "data": [MAY_SHIP[name] for name in names],
        "command": f"physio quality fit --data DIR --sets {shlex.quote(options.sets)} --out {options.out.name}",
        "joints": "of a Kinect; not validated on the camera's",
        "term_of_score": False,
    }
    write_judges(options.out, judges, card)
    console.print(f"{len(judges)} exercises in {options.out}: {', '.join(judges)}")
    return 0


def judge(options: argparse.Namespace) -> int:
    """Ask about each recording; those of other exercises are counted and left out.

    Raises:
        ModelError: the folder cannot be used.
        InputError: no recording of an exercise that it knows.
    """
    need_aeon()
    judges = read_judges(options.model)
    opened = open_set(options.set)
    check_writable(options.json, reads=opened.files())
    named = [(one.name, _take(one)) for one in opened]
    alike = kinds_of([take for _, take in named])
    known = [row for row, take in enumerate(alike) if take.exercise in judges]
    if not known:
        raise InputError(f"{options.set}: no recording of {', '.join(judges)}")
    answers: dict[str, tuple[str, float]] = {}
    for exercise in dict.fromkeys(alike[row].exercise for row in known):
        rows = [row for row in known if alike[row].exercise == exercise]
        sure = judges[exercise].probabilities([alike[row] for row in rows])
        answers |= {named[row][0]: (named[row][1].exercise, float(one)) for row, one in zip(rows, sure, strict=True)}
    if options.json:
        write_json(options.json, {name: {"exercise": exercise, "right": right} for name, (exercise, right) in answers.items()})
    table = Table("recording", "exercise", "probability of being right")
    for name, (exercise, right) in answers.items():
        table.add_row(name, exercise.replace("_", " "), f"{right:.2f}")
    console = wide_console()
    console.print(table)
    if left_out := len(named) - len(known):
        console.print(f"[yellow]{left_out} recordings of other exercises left out")
    return 0


def _take(one: SkeletonSequence) -> Take:
    return measured_take(one, ANY, AngleMeter(layout_named(one.layout)), 0.0)


ANY = QualitySet("", "", lambda _folder: iter(()))
"""Of recordings that are not of a set: nobody judged them."""
