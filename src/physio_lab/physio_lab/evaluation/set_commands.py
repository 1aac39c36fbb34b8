"""`physio action evaluate-set` and `evaluate-skeletons`: the recogniser alone, on sets of skeletons."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.text import Text

from physio_core.cli import listed
from physio_core.errors import InputError
from physio_lab.datasets.formats import SequenceSet, is_split, open_set
from physio_lab.datasets.given import add_given_options, given
from physio_lab.datasets.split import PARTS
from physio_lab.evaluation.baseline import Example, beside, installed
from physio_lab.evaluation.baseline_tables import print_baselines
from physio_lab.evaluation.class_maps import CLASS_MAPS, check_map, class_map
from physio_lab.evaluation.commands import add_setup, ended, figures_of, progress, report, unusable, wide_console
from physio_lab.evaluation.evaluate import Setup, confusion_of, judge_all
from physio_lab.evaluation.index import known_as
from physio_lab.evaluation.outputs import add_outputs, check_outputs, command_of
from physio_lab.evaluation.sections import Material
from physio_lab.evaluation.sets import REPEAT_S, SETS, SPLITS, TRIMMED, cases_of, folded, of_subjects
from physio_lab.evaluation.settings import prepared

LONGEST_REPEAT_S = 60.0
OTHERS = "others"


def add_evaluate_set(commands: Any, name: str) -> None:
    """Add `physio action evaluate-set`."""
    parser = commands.add_parser(name, help="stream a labelled set of skeletons, or its test part, through the recogniser")
    parser.add_argument("set", metavar="SET", help="in any format: file, folder, FORMAT:PATH, or what `dataset split` wrote")
    parser.add_argument("--part", default="", metavar="NAME", help="train, val, test ... (default: test of a split, else all)")
    add_chosen(parser)
    parser.add_argument("--live", action="store_true", help="the coach's own settings instead of those for trimmed clips")
    parser.add_argument(
        "--baseline", default="", metavar="SET",
        help=f"also classical baselines that learn from this set or part; '{OTHERS}': from the subjects that are not measured",
    )  # fmt: skip
    _add_repeat(parser)
    add_given_options(parser)
    add_setup(parser)
    add_outputs(parser)
    parser.set_defaults(run=run_evaluate_set, block="evaluate-set")


def add_evaluate_skeletons(commands: Any, name: str) -> None:
    """Add `physio action evaluate-skeletons`: `evaluate-set` of a set whose joints were marked by people."""
    parser = commands.add_parser(name, help="stream labelled skeleton files, without camera and pose estimator")
    parser.add_argument("set", choices=SETS, help="what the files are")
    parser.add_argument("folder", type=Path, help="holds the files")
    parser.add_argument("--split", choices=SPLITS, default="all", help="of the set's own split (default: %(default)s)")
    _add_repeat(parser)
    add_setup(parser)
    add_outputs(parser)
    parser.set_defaults(run=run_evaluate_skeletons, block="evaluate-skeletons")


def add_chosen(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say which sequences count, and as what."""
    parser.add_argument("--subjects", default="", metavar="NAMES", help="only these, comma between them; 's0*' is a pattern")
    parser.add_argument(
        "--map", action="append", default=[], metavar="OLD=NEW",
        help=f"another name for a class of the set; or the map of a set that is known: {', '.join(CLASS_MAPS)}",
    )  # fmt: skip


def _add_repeat(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repeat", type=float, default=REPEAT_S, metavar="SECONDS",
        help="play shorter clips back and forth until they last so long; 0: once (default: %(default)g)",
    )  # fmt: skip


def subjects_of(options: argparse.Namespace) -> list[str]:
    """Patterns that ``--subjects`` names."""
    return listed("--subjects", options.subjects)


def part_of(path: str, wish: str) -> str:
    """The part that is meant: of a split its test part, unless another is asked for."""
    return wish or ("test" if is_split(Path(path)) else "")


def run_evaluate_set(options: argparse.Namespace) -> int:
    """Evaluate a set in any format."""
    part = part_of(options.set, options.part)
    opened = open_set(options.set, "", given(options), part)
    options.words = f"physio action evaluate-set {opened.format.name}:SET" + (f" --part {part}" if part != options.part else "")
    if options.live and options.repeat == REPEAT_S:
        options.repeat = 0.0
    return _run(options, opened, Setup(options.model) if options.live else trimmed(options.model))


def run_evaluate_skeletons(options: argparse.Namespace) -> int:
    """Evaluate label files."""
    options.words = f"physio action evaluate-skeletons {options.set} DIR"
    options.subjects, options.map, options.baseline = "", [], ""
    part = "" if options.split == "all" else options.split
    opened = open_set(f"{options.set}:{options.folder}", part=part)
    return _run(options, opened, trimmed(options.model))


def trimmed(model: str) -> Setup:
    """The settings for clips that are cut to one action."""
    return replace(TRIMMED, model=model)


def _run(options: argparse.Namespace, opened: SequenceSet, usual: Setup) -> int:
    if not 0.0 <= options.repeat <= LONGEST_REPEAT_S:
        raise InputError(f"--repeat {options.repeat:g} must be 0 to {LONGEST_REPEAT_S:g} s")
    setup, model = prepared(options, usual)
    names = class_map(opened.format.name, options.map)
    teaches = _baseline_set(options, opened) if options.baseline else None
    check_outputs(options, [*opened.files(), *(teaches.files() if teaches else [])])
    console = wide_console()
    sequences = list(of_subjects(opened, subjects_of(options)))
    check_map(names, options.map, {one.label for one in sequences}, model.labels)
    cases = cases_of(opened, sequences, model.card.layout.name, names, options.repeat)
    with progress(console, "recognition", len(cases)) as tell:
        outcomes = judge_all(cases, setup, options.workers, tell)
    result = figures_of(outcomes, setup, model)
    result["folded"] = folded(confusion_of(outcomes, model.labels))
    if teaches:
        tested = {one.name for one in sequences} if options.baseline == OTHERS else set()
        learn, test = (
            [Example.of(one, known_as(names.get(one.label, one.label), model.labels)) for one in some]
            for some in ((one for one in teaches if one.name not in tested), sequences)
        )
        result["baselines"] = beside(learn, test, model.labels, installed())
    report(options, console, Material(cases, outcomes, result, model.labels, command_of(options), options.note), model)
    console.print(
        f"exercises that the set does not have counted as unknown: accuracy {result['folded']['accuracy']:.3f}, "
        f"balanced {result['folded']['balanced_accuracy']:.3f}"
    )
    if options.baseline:
        console.print(Text(f"classical baselines that learnt from {options.baseline}, measured on the same sequences:"))
        print_baselines(console, result["baselines"])
    return ended(unusable(outcomes), len(outcomes))


def _baseline_set(options: argparse.Namespace, opened: SequenceSet) -> SequenceSet:
    """Where those are that baselines learn from: in the set that is evaluated, in another part of it, or in another set."""
    wish = options.baseline
    if wish == OTHERS:
        return opened
    if wish not in PARTS and (Path(wish).exists() or ":" in wish):
        return open_set(wish, "", given(options), "train" if is_split(Path(wish)) else "")
    return open_set(options.set, "", given(options), wish)
