"""`physio action evaluate` and `calibrate`, and what every evaluation of clips shares."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from physio_core.action.card import CARD
from physio_core.action.model import Model
from physio_core.action.recogniser import RecogniserConfig
from physio_core.cli import AMISS, DONE
from physio_core.errors import InputError, ModelError
from physio_core.files import check_writable
from physio_core.pose.choice import BLAZE, MEDIAPIPE, MOVENET, REFERENCE
from physio_core.pose.estimator import PoseConfig
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import UNKNOWN
from physio_lab.evaluation.calibration import calibrate, ticks_of, write_calibration
from physio_lab.evaluation.evaluate import Case, Outcome, Setup, judge_all, loaded_model, watch_all
from physio_lab.evaluation.index import Clip, known_as, read_index, read_of
from physio_lab.evaluation.measures import measures
from physio_lab.evaluation.negatives import both, negative_cases
from physio_lab.evaluation.outputs import add_outputs, check_outputs, command_of, write_outputs
from physio_lab.evaluation.rates import RUNS, rate_table
from physio_lab.evaluation.sections import Material
from physio_lab.evaluation.settings import prepared
from physio_lab.evaluation.source_wise import COLUMNS, SOURCE_WISE, parts_of, source_wise
from physio_lab.evaluation.tables import negatives_line, print_rates, print_result, source_wise_line

WIDTH = 120
"""Least width of what is printed, so that class names are not cut."""


def add_evaluate(commands: Any, name: str) -> None:
    """Add `physio action evaluate`."""
    parser = commands.add_parser(name, help="run the whole pipeline over a folder of labelled clips")
    add_folder(parser)
    parser.add_argument("--rates", action="store_true", help="also as cameras of other rates, with and without time stamps")
    parser.add_argument(
        "--by", default="", choices=("", *COLUMNS), metavar="COLUMN",
        help=f"also tune on the clips of some and measure on those of the others, by {', '.join(COLUMNS)}",
    )  # fmt: skip
    parser.add_argument(
        "--among", action="append", default=[], metavar="FOLDER",
        help="with --by: another training of the model, between which tuning chooses; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--negatives", default="", metavar="SET",
        help="also count wrong names an hour over a set of people who do not exercise (physio sim dataset --daily-life)",
    )  # fmt: skip
    add_outputs(parser)
    parser.set_defaults(run=run_evaluate, block="evaluate", words="physio action evaluate DIR")


def add_calibrate(commands: Any, name: str) -> None:
    """Add `physio action calibrate`."""
    parser = commands.add_parser(name, help="fit a model's temperature, and what to refuse, on labelled clips; into its card")
    add_folder(parser)
    parser.set_defaults(run=run_calibrate)


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say which clips are run, and how."""
    parser.add_argument("folder", type=Path, help="holds INDEX.csv (file,label and more) and the clips")
    parser.add_argument("--grades", default="", help="only clips of these grades, e.g. ABU (default: all)")
    parser.add_argument("--fps", type=float, default=0.0, help="as if the camera gave so many images a second (default: all)")
    parser.add_argument(
        "--estimator", default=REFERENCE, choices=(MEDIAPIPE, BLAZE, MOVENET), help="of the body (default: %(default)s)"
    )
    parser.add_argument("--cache", type=Path, help="keep the joints (never pictures) of each clip there, for the next time")
    add_setup(parser)


def add_setup(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say what recognises."""
    parser.add_argument("--model", default="", help="model folder (default: the one that ships)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the recogniser, or of what decides: the clip's label, or the session",
    )


def run_evaluate(options: argparse.Namespace) -> int:
    """Evaluate; clips that cannot be run are listed and count as wrong; 1 where there are any."""
    setup, model = prepared(options, Setup(options.model))
    check_outputs(options, read_of(options.folder))
    check_among(options, model)
    others = negative_cases(options.negatives, model.card.layout.name, model.labels) if options.negatives else []
    console = wide_console()
    cases = watched(options, console, model)
    parts = len(parts_of(cases, options.by)) if options.by else 0
    with progress(console, "recognition", len(cases)) as tell:
        outcomes = judge_all(cases, setup, options.workers, tell)
    result = figures_of(outcomes, setup, model)
    if options.rates:
        with progress(console, "frame rates", RUNS) as tell:
            result["rates"] = rate_table(cases, setup, model.labels, options.workers, tell)
    with progress(console, "negatives", len(others)) as tell:
        result["negatives"] = both(outcomes, judge_all(others, setup, options.workers, tell))
    if parts:
        with progress(console, f"by {options.by}", parts) as tell:
            result[SOURCE_WISE] = source_wise(cases, setup, options.among, options.by, options.workers, tell)
    report(options, console, Material(cases, outcomes, result, model.labels, command_of(options), options.note), model)
    return ended(unusable(outcomes), len(outcomes))


def check_among(options: argparse.Namespace, model: Model) -> None:
    """Refuse trainings that cannot be chosen between before the clips are looked at.

    Raises:
        InputError: none is to be chosen, or one names other exercises.
        ModelError: one cannot be used.
    """
    if options.among and not options.by:
        raise InputError(f"--among {options.among[0]} does nothing without --by; add --by source_repo")
    for folder in options.among:
        if (other := loaded_model(folder).labels) != model.labels:
            raise InputError(f"--among {folder} names {', '.join(other)}; the model itself {', '.join(model.labels)}")


def run_calibrate(options: argparse.Namespace) -> int:
    """Fit temperature and energy, write them, print what the temperature changes."""
    if not options.model:
        raise InputError("--model FOLDER: say whose card to write; `physio action list` shows the models that ship")
    # What the card refuses now must not hide from the new fit.
    setup, model = prepared(options, Setup(options.model, RecogniserConfig(refuse=False)))
    folder = Path(options.model).expanduser()
    check_writable(folder / CARD)
    console = wide_console()
    cases = watched(options, console, model)
    with progress(console, "recognition", len(cases)) as tell:
        outcomes = judge_all(cases, setup, options.workers, tell)
    result = calibrate(ticks_of(outcomes, model.labels))
    write_calibration(folder, result)
    console.print(
        f"{result.ticks} ticks of {result.clips} clips: expected calibration error {result.before.ece:.3f} at temperature 1, "
        f"{result.after.ece:.3f} at {result.temperature:.3f} ({result.held_out_ece:.3f} on clips left out of the fit); "
        f"the card had {model.card.temperature:.3f}; an energy below {result.energy_below:.2f} is refused"
    )
    failed = unusable(outcomes)
    for why in failed:
        console.print(Text(f"left out {why}", "yellow"), soft_wrap=True)
    return ended(failed, len(outcomes))


def watched(options: argparse.Namespace, console: Console, model: Model) -> list[Case]:
    """The joints of the clips that the options name.

    Raises:
        ModelError: the model takes other joints than videos give.
    """
    if model.card.layout != OPENPOSE_18:
        raise ModelError(
            f"the model takes {model.card.layout.name} skeletons, videos give {OPENPOSE_18.name}; use a model made for them"
        )
    if options.cache:
        check_writable(options.cache / "joints.npz")
    clips = read_index(options.folder, options.grades)
    _tell_unknown(clips, model.labels, console)
    with progress(console, "pose", len(clips)) as tell:
        return watch_all(clips, options.fps, options.workers, options.cache, tell, PoseConfig(estimator=options.estimator))


def _tell_unknown(clips: Sequence[Clip], labels: Sequence[str], console: Console) -> None:
    foreign = Counter(clip.label for clip in clips if known_as(clip.label, labels) == UNKNOWN != clip.label)
    if foreign:
        listed = ", ".join(f"{label} ({count})" for label, count in sorted(foreign.items()))
        console.print(Text(f"labels taken as {UNKNOWN}, because the model does not have them: {listed}"))


def figures_of(outcomes: Sequence[Outcome], setup: Setup, model: Model) -> dict[str, Any]:
    """Everything that is measured of some outcomes, and with which settings."""
    result = measures(outcomes, model.labels, setup.clip, model.card.temperature)
    return result | {"settings": {"model": model.card.name} | asdict(setup.recogniser) | asdict(setup.clip)}


def report(options: argparse.Namespace, console: Console, material: Material, model: Model) -> None:
    """Write what is asked for, then print."""
    # Files first: the terminal may be gone when the table is printed, as after `| head`.
    write_outputs(options, material, model.card.name)
    print_result(console, material.outcomes, material.result, model.labels)
    if "rates" in material.result:
        print_rates(console, material.result["rates"])
    if "negatives" in material.result:
        console.print(negatives_line(material.result["negatives"]))
    if SOURCE_WISE in material.result:
        console.print(source_wise_line(material.result[SOURCE_WISE]))


def unusable(outcomes: Sequence[Outcome]) -> list[str]:
    """Clips that could not be run, each with the reason."""
    return [f"{one.clip.path.name}: {one.error}" for one in outcomes if not one.summary]


def ended(failed: Sequence[str], count: int) -> int:
    """The exit code of an evaluation, after all that was asked for is written and printed.

    Args:
        failed: clips that could not be used, each with the reason.
        count: of all clips.

    Raises:
        InputError: none could be used, so nothing was measured.
    """
    if failed and len(failed) == count:
        raise InputError(f"none of {count} clips could be used, so nothing was measured; the first: {failed[0]}")
    return AMISS if failed else DONE


def wide_console() -> Console:
    """A console on which class names are not cut."""
    return Console(width=max(WIDTH, Console().width))


@contextmanager
def progress(console: Console, what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar; call what it gives after each of ``total`` steps."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
