"""`physio hand states`: positions of a hand learnt from pictures, and how well they are told on pictures of others."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.cli import listed, whole_number
from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json, write_text
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.hands.judged import figures_of, judge_by, judge_folds, judge_others
from physio_lab.hands.learning import How, learn_states, states_text
from physio_lab.hands.page import states_page
from physio_lab.hands.pictures import INDEX, Picture, SeenHands, read_of, read_pictures, see_pictures
from physio_lab.hands.simulated import EACH, POSITIONS, simulated_model, simulated_pictures

COMMAND = "physio hand states learn"


def add_commands(group: Any, name: str) -> None:
    """Add the commands to the group `hand`."""
    parser = group.add_parser(name, help="positions of a hand, learnt from pictures", description=__doc__)
    inner = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_evaluate(inner)
    _add_learn(inner)
    _add_simulate(inner)


def _add_evaluate(inner: Any) -> None:
    parser = inner.add_parser("evaluate", help="learn from some pictures, judge others")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--train", type=Path, metavar="DIR", help=f"pictures with an {INDEX}")
    source.add_argument("--simulated", metavar="EXERCISE", help=f"simulated hands: {', '.join(POSITIONS)}")
    parser.add_argument("--test", type=Path, metavar="DIR", help="pictures of others (default: recordings of --train in turn)")
    parser.add_argument(
        "--called", default="", metavar="STATE=NAME", help="what --test calls states of simulated hands, comma between them"
    )
    parser.add_argument(
        "--each", type=whole_number(1), default=EACH, metavar="N", help="simulated hands for each state (default: %(default)s)"
    )
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=evaluate)


def _add_simulate(inner: Any) -> None:
    parser = inner.add_parser("simulate", help="the models that ship, from simulated hands")
    parser.add_argument("folder", type=Path, help="where they go, one file for each exercise")
    parser.set_defaults(run=simulate)


def _add_learn(inner: Any) -> None:
    parser = inner.add_parser("learn", help="a file of positions from a folder of pictures")
    parser.add_argument("folder", type=Path, help=f"pictures with an {INDEX}: file, person, recording, frame, state")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the model, e.g. hand_stretch.yaml")
    parser.add_argument("--page", type=Path, metavar="FILE", help="a page of what was found, as HTML")
    parser.add_argument("--pictures", action="store_true", help="put the pictures nearest to each centre into the page")
    parser.add_argument(
        "--clusters", type=whole_number(2), default=0, metavar="K", help="how many (default: as many as there are)"
    )
    parser.add_argument("--wrist", action="store_true", help="how the palm is turned counts: for exercises of the wrist")
    parser.add_argument("--licence", default="", help="of the model, by what the pictures allow")
    parser.set_defaults(run=learn)


def evaluate(options: argparse.Namespace) -> int:
    """Learn, judge, write, print.

    Raises:
        InputError: a folder that cannot be used, or a state that was not learnt.
    """
    check_writable(options.json, reads=[file for folder in (options.train, options.test) if folder for file in read_of(folder)])
    console = wide_console()
    called = _called(options.called)
    test = _seen(options.test, console) if options.test else None
    if options.simulated:
        test = test or simulated_pictures(options.simulated, options.each, 1)
        model = simulated_model(options.simulated, options.each).model
        judged = judge_by(model, test, "learnt from simulated hands alone", called)
    else:
        train = _seen(options.train, console)
        judged = judge_others(train, test) if test else judge_folds(*train)
    figures = figures_of(judged)
    if options.json:
        write_json(options.json, figures)
    print_figures(console, figures)
    if options.train and test and (both := {one.person for one in train[0]} & {one.person for one in test[0]}):
        console.print(f"[yellow]{', '.join(sorted(both))} taught and is judged: other people are judged less well")
    return 0


def learn(options: argparse.Namespace) -> int:
    """Learn, and write the model and its page.

    Raises:
        InputError: a folder that cannot be used, or too few hands of a state.
        ConfigError: pictures without a page for them, or fewer clusters than states.
    """
    if options.pictures and options.page is None:
        raise ConfigError("--pictures go into a page; give --page FILE, too")
    check_writable(options.out, options.page, reads=read_of(options.folder))
    console = wide_console()
    pictures, hands = _seen(options.folder, console)
    states = [picture.state for picture in pictures]
    if options.clusters and options.clusters < len(set(states)):
        raise ConfigError(
            f"--clusters {options.clusters} is fewer than the states, {len(set(states))}; give more, or leave it out"
        )
    people = len({picture.person for picture in pictures})
    told = f"{int(hands.seen.sum())} hands of {people} {'person' if people == 1 else 'people'}, as MediaPipe Hands sees them"
    how = How(turned=options.wrist, clusters=options.clusters, learnt_from=told, licence=options.licence)
    found = learn_states(hands.points, states, how)
    write_text(options.out, states_text(found.file, COMMAND))
    if options.page:
        shown = [picture.path for picture in pictures] if options.pictures else []
        write_text(options.page, states_page(found, f"{COMMAND} {options.folder.name}", shown))
    table = Table(
        "cluster", "stands for", "share", "radius", title=f"{len(found.file.clusters)} clusters, purity {found.purity:.3f}"
    )
    for at, cluster in enumerate(found.file.clusters):
        table.add_row(str(at + 1), cluster.state, f"{cluster.share:.2f}", f"{cluster.radius:.2f}")
    console.print(table)
    console.print(f"elbow {found.by_knee}, silhouette {found.by_silhouette}; wrote {options.out}", markup=False)
    return 0


def simulate(options: argparse.Namespace) -> int:
    """Write a model of each exercise that has positions.

    Raises:
        OutputError: the folder cannot be written.
    """
    check_writable(*(options.folder / f"{name}.yaml" for name in POSITIONS))
    for name in POSITIONS:
        write_text(options.folder / f"{name}.yaml", states_text(simulated_model(name).file, "physio hand states simulate"))
    Console().print(f"wrote {len(POSITIONS)} models to {options.folder}", highlight=False)
    return 0


def _called(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in listed("--called", text)]
    if bad := [name for name, equals, other in pairs if not (name and equals and other)]:
        raise ConfigError(f"--called {bad[0]!r}: give STATE=NAME, such as closed=wrong_fist")
    return {name: other for name, _, other in pairs}


def _seen(folder: Path, console: Console) -> tuple[list[Picture], SeenHands]:
    pictures = read_pictures(folder)
    with progress(console, f"{folder.name}: seeing", len(pictures)) as tell:
        return pictures, see_pictures(pictures, tell)


def print_figures(console: Console, figures: Mapping[str, Any]) -> None:
    """Print what :func:`~physio_lab.hands.judged.figures_of` gives."""
    columns = next(iter(figures["confusion"].values()))
    table = Table("true", *(f"named {name}" if name != "abstained" else name for name in columns), title=figures["how"])
    for truth, row in figures["confusion"].items():
        table.add_row(truth, *map(str, row.values()))
    console.print(table)
    low, high = figures["accuracy_of_all_interval"]
    console.print(
        f"{figures['n']} pictures, a hand seen in {figures['detected']:.3f}; abstained {figures['abstained']:.3f}; of what was "
        f"named, accuracy {figures['accuracy']:.3f}, balanced {figures['balanced_accuracy']:.3f}; right of all pictures "
        f"{figures['accuracy_of_all']:.3f} ({low:.3f} to {high:.3f}, over {figures['interval_over']})",
        markup=False, highlight=False,
    )  # fmt: skip
