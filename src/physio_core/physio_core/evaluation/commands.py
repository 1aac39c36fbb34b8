"""`physio action evaluate`, `evaluate-skeletons` and `calibrate`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from physio_core.action.model import load_model
from physio_core.action.recogniser import RecogniserConfig
from physio_core.errors import ConfigError, InputError, ModelError
from physio_core.evaluation.calibration import calibrate, ticks_of, write_calibration
from physio_core.evaluation.evaluate import Case, Outcome, Setup, figures, judge_all, watch_all
from physio_core.evaluation.index import read_index
from physio_core.evaluation.rates import RUNS, rate_table
from physio_core.evaluation.report import Material, check_libraries, html, markdown_tables, sections, telling_picture
from physio_core.evaluation.sets import REPEAT_S, SETS, SPLITS, TRIMMED, folded, read_set
from physio_core.evaluation.tables import (
    around_block,
    markdown,
    print_rates,
    print_result,
    write_block,
    write_bytes,
    write_csv,
    write_text,
)
from physio_core.evaluation.verdict import ClipConfig

WIDTH = 120
"""Least width of what is printed, so that class names are not cut."""


def add_evaluate(commands: Any, name: str) -> None:
    """Add `physio action evaluate`."""
    parser = commands.add_parser(name, help="run the whole pipeline over a folder of labelled clips")
    _add_folder(parser)
    parser.add_argument("--rates", action="store_true", help="also as cameras of other rates, with and without time stamps")
    _add_outputs(parser)
    parser.set_defaults(run=run_evaluate)


def add_evaluate_skeletons(commands: Any, name: str) -> None:
    """Add `physio action evaluate-skeletons`."""
    parser = commands.add_parser(name, help="stream labelled skeleton files, without camera and pose estimator")
    parser.add_argument("set", choices=SETS, help="what the files are")
    parser.add_argument("folder", type=Path, help="holds the files")
    parser.add_argument("--split", choices=SPLITS, default="all", help="of the set's own split (default: %(default)s)")
    parser.add_argument(
        "--repeat",
        type=float,
        default=REPEAT_S,
        metavar="SECONDS",
        help="play shorter clips forth and back until they last so long; 0: once (default: %(default)g)",
    )
    _add_setup(parser)
    _add_outputs(parser)
    parser.set_defaults(run=run_evaluate_skeletons)


def add_calibrate(commands: Any, name: str) -> None:
    """Add `physio action calibrate`."""
    parser = commands.add_parser(name, help="fit a model's temperature, and what to refuse, on labelled clips; into its card")
    _add_folder(parser)
    parser.set_defaults(run=run_calibrate)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="holds INDEX.csv (file,label,reps,grade) and the clips")
    parser.add_argument("--grades", default="", help="only clips of these grades, e.g. ABU (default: all)")
    parser.add_argument("--fps", type=float, default=0.0, help="as if the camera gave so many images a second (default: all)")
    parser.add_argument("--cache", type=Path, help="keep the joints (never pictures) of each clip there, for the next time")
    _add_setup(parser)


def _add_setup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="", help="model folder (default: the one that ships)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the recogniser or the clip",
    )


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--csv", type=Path, help="write each clip's scores there, and the confusion beside it")
    parser.add_argument("--markdown", type=Path, help="write the table of clips there")
    parser.add_argument("--html", type=Path, help="write one page with everything there: tables, figures, the worst clips moving")
    parser.add_argument("--tables", type=Path, help="write the page's tables into a Markdown page, between its marks")
    parser.add_argument("--picture", type=Path, help="write the most telling figures there, as one PNG")


def run_evaluate(options: argparse.Namespace) -> int:
    """Evaluate; clips that cannot be run are listed and count as wrong."""
    setup = setup_of(options, Setup(options.model))
    console = Console(width=max(WIDTH, Console().width))
    cases = watched(options, console)
    _report(options, console, cases, setup)
    return 0


def run_evaluate_skeletons(options: argparse.Namespace) -> int:
    """Evaluate label files."""
    setup = setup_of(options, Setup(options.model, TRIMMED.recogniser, TRIMMED.clip))
    console = Console(width=max(WIDTH, Console().width))
    if not 0.0 <= options.repeat <= 60.0:
        raise InputError(f"--repeat {options.repeat:g} must be 0 to 60 s")
    layout = load_model(options.model).card.layout.name
    cases = read_set(options.set, options.folder, options.split, layout, options.repeat)
    result = _report(options, console, cases, setup)
    console.print(
        f"exercises that the set does not have counted as unknown: accuracy {result['folded']['accuracy']:.3f}, "
        f"balanced {result['folded']['balanced_accuracy']:.3f}"
    )
    return 0


def watched(options: argparse.Namespace, console: Console) -> list[Case]:
    """The joints of the clips that the options name."""
    if options.fps < 0:
        raise InputError(f"--fps {options.fps:g} must be 0 or more")
    clips = read_index(options.folder, options.grades)
    with progress(console, "pose", len(clips)) as tell:
        return watch_all(clips, options.fps, options.workers, options.cache, tell)


def run_calibrate(options: argparse.Namespace) -> int:
    """Fit temperature and energy, write them, print what the temperature changes."""
    if not options.model:
        raise InputError("--model FOLDER: say whose card to write; `physio action list` shows the models that ship")
    # What the card refuses now must not hide from the new fit.
    setup = setup_of(options, Setup(options.model, RecogniserConfig(refuse=False)))
    console = Console(width=max(WIDTH, Console().width))
    model = load_model(options.model)
    outcomes = _judged(options, console, watched(options, console), setup)
    result = calibrate(ticks_of(outcomes, model.labels))
    write_calibration(Path(options.model).expanduser(), result)
    console.print(
        f"{result.ticks} ticks of {result.clips} clips: expected calibration error {result.before.ece:.3f} at temperature 1, "
        f"{result.after.ece:.3f} at {result.temperature:.3f} ({result.held_out_ece:.3f} on clips left out of the fit); "
        f"the card had {model.card.temperature:.3f}; an energy below {result.energy_below:.2f} is refused"
    )
    return 0


def _judged(options: argparse.Namespace, console: Console, cases: Sequence[Case], setup: Setup) -> list[Outcome]:
    layout = load_model(setup.model).card.layout.name
    given = next((case.sequence.layout for case in cases if case.sequence), layout)
    if given != layout:
        raise ModelError(f"the model takes {layout} skeletons, these clips give {given}; use a model made for them")
    with progress(console, "recognition", len(cases)) as tell:
        return judge_all(cases, setup, options.workers, tell)


def _report(options: argparse.Namespace, console: Console, cases: Sequence[Case], setup: Setup) -> dict[str, Any]:
    model = load_model(setup.model)
    outcomes = _judged(options, console, cases, setup)
    result = figures(outcomes, model.labels)
    if "set" in options:
        result["folded"] = folded(result["confusion"])
    result["settings"] = {"model": model.card.name} | asdict(setup.recogniser) | asdict(setup.clip)
    print_result(console, outcomes, result, model.labels)
    command = command_of(options)
    if "rates" in options and (options.rates or _pages(options)):
        with progress(console, "frame rates", RUNS) as tell:
            result["rates"] = rate_table(cases, setup, model.labels, options.workers, tell)
        print_rates(console, result["rates"])
    if _pages(options):
        material = Material(setup, cases, outcomes, result, model.labels, model.card.temperature, command)
        _write_pages(options, material, model.card.name)
    if options.json:
        write_text(options.json, json.dumps(result, indent=2) + "\n")
    if options.csv:
        write_csv(options.csv, outcomes, result, model.labels)
    if options.markdown:
        write_text(options.markdown, markdown(outcomes, result, model.labels, f"{command} --markdown FILE"))
    return result


def _write_pages(options: argparse.Namespace, material: Material, name: str) -> None:
    parts = sections(material)
    if options.html:
        write_text(options.html, html(material, parts, f"Recognition by {name}"))
    if options.tables:
        write_block(options.tables, _mark(options), markdown_tables(parts, f"{material.command} --tables FILE"))
    if options.picture:
        write_bytes(options.picture, telling_picture(parts))


def _pages(options: argparse.Namespace) -> bool:
    return any(getattr(options, name, None) for name in ("html", "tables", "picture"))


def _mark(options: argparse.Namespace) -> str:
    return "evaluate-skeletons" if "set" in options else "evaluate"


def setup_of(options: argparse.Namespace, setup: Setup) -> Setup:
    """The setup with what ``--set`` changes; what would fail at the end of a long run fails here.

    Raises:
        InputError: fewer than one worker.
        ConfigError: no such setting, or a value that it cannot have; no place or no library for a page.
    """
    if options.workers < 1:
        raise InputError(f"--workers {options.workers} must be 1 or more")
    if _pages(options):
        check_libraries()
    if _pages(options) and options.tables:
        around_block(options.tables, _mark(options))
    changed: dict[str, dict[str, Any]] = {"recogniser": asdict(setup.recogniser), "clip": asdict(setup.clip)}
    for setting in options.settings:
        name, _, value = setting.partition("=")
        group = next((one for one in changed.values() if name in one), None)
        if group is None:
            known = ", ".join(item.name for config in (RecogniserConfig, ClipConfig) for item in fields(config))
            raise ConfigError(f"--set {setting}: no setting {name!r}; known: {known}")
        group[name] = _parsed(setting, value, group[name])
    return Setup(setup.model, RecogniserConfig(**changed["recogniser"]), ClipConfig(**changed["clip"]))


def _parsed(setting: str, value: str, like: Any) -> Any:
    if isinstance(like, tuple):
        return tuple(value.split(",")) if value else ()
    try:
        return type(like)(float(value)) if isinstance(like, (int, float)) else value
    except ValueError:
        raise ConfigError(f"--set {setting}: {value!r} is no number") from None


@contextmanager
def progress(console: Console, what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar; call what it gives after each of ``total`` steps."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def command_of(options: argparse.Namespace) -> str:
    """The command that gives the same figures again, for the page that it wrote."""
    words = f"physio action evaluate-skeletons {options.set} DIR" if "set" in options else "physio action evaluate DIR"
    for name, usual in (("grades", ""), ("fps", 0.0), ("split", "all"), ("repeat", REPEAT_S)):
        value = getattr(options, name, usual)
        if value != usual:
            words += f" --{name} {value:g}" if isinstance(value, float) else f" --{name} {value}"
    return words + "".join(f" --set {setting}" for setting in options.settings)
