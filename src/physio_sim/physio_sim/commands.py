"""`physio sim`: clips of the simulated patient, a picture of the clinic, and how fast it all runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from physio_core.errors import UnknownExercise
from physio_core.files import check_writable, write_json
from physio_core.params import Parameters, info_of
from physio_sim.params import BenchmarkConfig, ClinicConfig, PictureConfig, RenderConfig, VisibilityConfig
from physio_sim.set_commands import add_set_commands

Config = TypeVar("Config", bound=Parameters)
SHUTTERS = ("camera", "room")


def add_commands(subparsers: Any, name: str) -> None:
    """Add ``physio sim render``, ``picture``, ``visibility``, ``benchmark`` and those of :mod:`physio_sim.set_commands`."""
    group = subparsers.add_parser(name, help="the simulated clinic").add_subparsers(required=True, metavar="COMMAND")
    render = _command(
        group, "render", _render, RenderConfig, "labelled clips of the simulated patient, with the truth beside them"
    )
    render.add_argument("--exercise", default="squat", help="one or several, with commas between, or all (default: squat)")
    render.add_argument("--persona", default="able", help="how the patient behaves; one or several (default: able)")
    render.add_argument("--view", default="best", help="best, front, side, oblique, back or other_side; one or several")
    render.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the clips and INDEX.csv")
    picture = _command(group, "picture", _picture, PictureConfig, "one picture of the clinic")
    picture.add_argument("--exercise", default="squat")
    picture.add_argument("--camera", default="camera", choices=SHUTTERS, help="the robot's, or one that sees the room")
    picture.add_argument("--out", type=Path, required=True, metavar="FILE")
    visibility = _command(
        group, "visibility", _visibility, VisibilityConfig, "how well the pose estimator sees the simulated patient"
    )
    visibility.add_argument("--exercise", default="all", help="one or several, with commas between (default: all)")
    benchmark = _command(group, "benchmark", _benchmark, BenchmarkConfig, "how fast physics and pictures are on this machine")
    benchmark.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    add_set_commands(group)


def _command(
    group: Any, name: str, run: Callable[[argparse.Namespace], int], own: type[Parameters], help_text: str
) -> argparse.ArgumentParser:
    """A sub-command with an option for each of its own settings and of the clinic's."""
    parser: argparse.ArgumentParser = group.add_parser(name, help=help_text)
    parser.set_defaults(run=run)
    for config, item in [(of, item) for of in (own, ClinicConfig) for item in fields(of)]:
        info = info_of(config, item.name)
        option = "--" + item.name.replace("_", "-")
        if isinstance(item.default, bool):
            parser.add_argument(option, action="store_true", help=info.description)
        else:
            text = f"{info.description} {info.range_text} (default: {item.default})"
            parser.add_argument(option, type=type(item.default), default=item.default, metavar="N", help=text)
    return parser


def _config(options: argparse.Namespace, config: type[Config]) -> Config:
    return config(**{item.name: getattr(options, item.name) for item in fields(config)})


def _render(options: argparse.Namespace) -> int:
    from physio_sim.clips import render_clips

    clinic, config = _config(options, ClinicConfig), _config(options, RenderConfig)
    kinds = list(product(_exercises(options.exercise), _names(options.persona), _names(options.view))) * config.count
    for number, clip in enumerate(render_clips(options.out, kinds, clinic, config.seconds, config.fps), start=1):
        print(f"{number}/{len(kinds)}  {clip.file}  label {clip.label}, {clip.reps} repetitions")
    return 0


def _picture(options: argparse.Namespace) -> int:
    from physio_core.camera.picture import PICTURES, write_picture
    from physio_sim.clinic import Clinic

    check_writable(options.out, endings=PICTURES)
    config, (exercise,) = _config(options, PictureConfig), _exercises(options.exercise)
    clinic = Clinic(_config(options, ClinicConfig))
    try:
        clinic.ask(exercise)
        clinic.wait_for_phase(config.at)
        write_picture(options.out, clinic.picture(options.camera))
    finally:
        clinic.close()
    return 0


def _visibility(options: argparse.Namespace) -> int:
    from physio_sim.visibility import measure

    config, exercises = _config(options, VisibilityConfig), _exercises(options.exercise)
    print(f"{'exercise':<16}{'pictures':>9}{'detected':>10}{'confidence':>12}{'error [px]':>12}{'p90 [px]':>10}")
    for one in measure(exercises, _config(options, ClinicConfig), config.count, config.seconds):
        figures = f"{one.detected:>10.3f}{one.confidence:>12.2f}{one.error_px:>12.1f}{one.worst_px:>10.1f}"
        print(f"{one.exercise:<16}{one.pictures:>9}{figures}", flush=True)
    return 0


def _exercises(text: str) -> list[str]:
    from physio_core.motion.movements import EXERCISES

    names = sorted(EXERCISES) if text == "all" else _names(text)
    for name in names:
        if name not in EXERCISES:
            raise UnknownExercise(name, EXERCISES)
    return names


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _benchmark(options: argparse.Namespace) -> int:
    from physio_sim.benchmark import measure

    check_writable(options.json)
    figures = measure(_config(options, ClinicConfig), _config(options, BenchmarkConfig).seconds)
    if options.json:
        write_json(options.json, figures)
    for name, value in figures.items():
        print(f"{name:<32}{value:10.2f}")
    return 0
