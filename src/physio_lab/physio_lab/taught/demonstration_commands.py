"""`physio exercise learn DEMO.mp4 --name NAME`: an exercise file and its figure from one recording."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console

from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import check_name, load_exercises
from physio_core.exercises.figure import FOLDER as FIGURES
from physio_core.files import check_writable, write_text
from physio_lab.evaluation.skeletons import skeletons_of
from physio_lab.evaluation.watch import followed
from physio_lab.taught.demonstration import Demonstration, learn_exercise
from physio_lab.taught.exercise import figure_text, said_in

COMMAND = "physio exercise learn"


def add_learn(group: Any, name: str) -> None:
    """Add the command to the group `exercise`."""
    parser = group.add_parser(name, help="make an exercise from one demonstration")
    parser.add_argument("video", type=Path, help="a recording of someone who does it, twice or more, from rest to rest")
    parser.add_argument("--name", required=True, help="name of the exercise, e.g. wall_slide")
    parser.add_argument("--side", default="", help="left or right: the side that does it (default: as it is shown)")
    parser.add_argument("--signal", default="", help="angle or distance that tells how far it goes (default: what moves most)")
    parser.add_argument("--out", type=Path, default=Path("exercises"), help="folder of exercise files (default: %(default)s)")
    for text, example in (("title", "Wall slide"), ("instruction", "Slide your hands up the wall, and down.")):
        parser.add_argument(
            f"--{text}", action="append", default=[], metavar="[LANGUAGE=]TEXT",
            help=f"what the patient is shown, e.g. '{example}'; again for another language: 'de=...'",
        )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Learn it, and write the files.

    Raises:
        ConfigError: a name or side that cannot be used, or there is such an exercise already.
        SourceError: not a video.
        InputError: the recording shows nobody, or no movement that comes back.
    """
    check_name(options.name, "--name")
    file, figure = options.out / f"{options.name}.yaml", options.out / FIGURES / f"{options.name}.yaml"
    for path in (file, figure):
        if path.exists():
            raise ConfigError(f"{path} exists already; remove it, or choose another --name or --out")
    if options.side not in ("", "left", "right"):
        raise ConfigError(f"side {options.side!r} is not one of: left, right")
    words = {"title": said_in(options.title), "instruction": said_in(options.instruction)}
    if not options.video.is_file():
        raise InputError(f"{options.video}: no such video")
    check_writable(file, figure, reads=[options.video])
    shown = learn_exercise(options.name, list(followed(skeletons_of(options.video))), options.side, words, options.signal)
    write_text(file, shown.text)
    write_text(figure, figure_text(shown.figure, COMMAND))
    load_exercises(options.out)
    _tell(shown, options, Console())
    return 0


def _tell(shown: Demonstration, options: argparse.Namespace, console: Console) -> None:
    lines = (
        f"wrote {options.out / options.name}.yaml and its figure: {shown.repetitions} repetitions by "
        f"{shown.signal}, {shown.sides}",
        f"--signal could also be: {', '.join(shown.others) or 'nothing else'}",
        f"look at its bands and its words, then: physio launch coach.launch.yaml exercise_dir:={options.out}",
    )
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
