"""`physio action baseline`: classical methods on a set, each subject measured by what was learnt from the others."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from physio_core.cli import listed
from physio_core.errors import ConfigError, InputError
from physio_core.files import check_writable, write_json
from physio_lab.datasets.formats import SequenceSet, open_set
from physio_lab.datasets.given import add_given_options, given
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.evaluation.baseline import METHODS, Example, crossed, installed, need_libraries
from physio_lab.evaluation.baseline_tables import baselines_page, print_baselines
from physio_lab.evaluation.class_maps import check_map, class_map
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.set_commands import add_chosen, subjects_of
from physio_lab.evaluation.sets import of_subjects
from physio_lab.evaluation.tables import blocks_in, write_block

LABEL, CORRECT = TARGETS = ("label", "correct")
RIGHT, WRONG = "correct", "incorrect"
MOST_FOLDS = 20
"""Folds unless told otherwise, where there are more subjects or recordings than that."""


def add_commands(commands: Any, name: str) -> None:
    """Add the command."""
    parser = commands.add_parser(name, help="classical methods on a set of skeletons, subject by subject", description=__doc__)
    parser.add_argument("set", metavar="SET", help="in any format: file, folder, or FORMAT:PATH")
    parser.add_argument("--part", default="", metavar="NAME", help="only this part of a set that has parts")
    parser.add_argument(
        "--target", choices=TARGETS, default=LABEL,
        help="what is told: the class, or within each class whether it is done right (default: %(default)s)",
    )  # fmt: skip
    add_chosen(parser)
    parser.add_argument(
        "--folds", type=int, default=-1, metavar="N", help="0: one for each subject or recording (default: at most 20)"
    )
    parser.add_argument(
        "--methods",
        default="",
        metavar="NAMES",
        help=f"comma between them: {', '.join(METHODS)} (default: all that are installed)",
    )
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--tables", type=Path, metavar="FILE", help="write the table into a Markdown page, between its marks")
    parser.add_argument("--mark", default="baseline", metavar="NAME", help="name of these marks (default: %(default)s)")
    parser.add_argument("--note", default="", metavar="TEXT", help="what readers of the page should know about the set")
    add_given_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure, write, print."""
    methods = _methods(options)
    if options.tables:
        blocks_in(options.tables, options.mark)
    opened = open_set(options.set, "", given(options), options.part)
    check_writable(options.json, options.tables, reads=opened.files())
    names = class_map("", options.map)
    console = wide_console()
    examples, left_out, classes = _examples(of_subjects(opened, subjects_of(options)), options.target, names)
    check_map(names, options.map, classes)
    groups = len({one.tag.subject or one.tag.source or one.tag.name for one in examples})
    count = options.folds if options.folds >= 0 else (0 if groups <= MOST_FOLDS else MOST_FOLDS)
    with progress(console, "folds", len(methods) * (count or groups)) as tell:
        rows = crossed(examples, methods, count, tell)
    if options.json:
        write_json(options.json, {"set": opened.format.name, "target": options.target, "left_out": left_out, "methods": rows})
    if options.tables:
        write_block(options.tables, options.mark, baselines_page(rows, _command(options, opened), options.note))
    print_baselines(console, rows)
    drawn = rows[0]["intervals"]
    console.print(f"each of {drawn['groups']} {drawn['over']}s measured by what was learnt from others; intervals are over them")
    if left_out:
        console.print(f"[yellow]{left_out} sequences left out: nobody is seen in them, or nobody judged them")
    if missing := [name for name in METHODS if name not in methods and not options.methods]:
        console.print(f"[yellow]left out, for want of its library (scripts/setup --training): {', '.join(missing)}")
    return 0


def _methods(options: argparse.Namespace) -> tuple[str, ...]:
    wished = tuple(listed("--methods", options.methods))
    if strange := [name for name in wished if name not in METHODS]:
        raise ConfigError(f"--methods {strange[0]}: known are {', '.join(METHODS)}")
    need_libraries(wished)
    return wished or installed()


def _examples(source: Iterable[SkeletonSequence], target: str, names: Mapping[str, str]) -> tuple[list[Example], int, set[str]]:
    """The examples, how many sequences are none, and the classes by the set's own names."""
    examples, left_out, classes = [], 0, set()
    for one in source:
        classes.add(one.label)
        correct, label = one.annotations.correct, names.get(one.label, one.label)
        try:
            if target == LABEL:
                examples.append(Example.of(one, label))
            elif correct is None:
                left_out += 1
            else:
                examples.append(Example.of(one, RIGHT if correct else WRONG, label))
        except InputError:
            left_out += 1
    if not examples:
        raise InputError(
            "no sequence of the set is annotated as correct or incorrect"
            if target == CORRECT
            else "the set holds no such sequence"
        )
    return examples, left_out, classes


def _command(options: argparse.Namespace, opened: SequenceSet) -> str:
    words = f"physio action baseline {opened.format.name}:SET"
    for name, usual in (("part", ""), ("target", LABEL), ("subjects", ""), ("folds", -1), ("methods", "")):
        value = getattr(options, name)
        words += f" --{name} {shlex.quote(str(value))}" if value != usual else ""
    return words + "".join(f" --map {one}" for one in options.map)
