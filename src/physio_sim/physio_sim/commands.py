"""`physio sim`: clips of the simulated patient, a picture of the clinic, and how fast it all runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields
from itertools import product
from pathlib import Path
from typing import Any

from physio_core.files import check_writable, write_json
from physio_core.params import info_of
from physio_sim.params import ClinicConfig
from physio_sim.set_commands import add_set_commands

SHUTTERS = ("camera", "room")


def add_commands(subparsers: Any, name: str) -> None:
    """Add ``physio sim render``, ``picture``, ``visibility``, ``benchmark`` and those of :mod:`physio_sim.set_commands`."""
    group = subparsers.add_parser(name, help="the simulated clinic").add_subparsers(required=True, metavar="COMMAND")
    render = _command(group, "render", _render, "labelled clips of the simulated patient, with the truth beside them")
    render.add_argument("--exercise", default="squat", help="one or several, with commas between, or all (default: squat)")
    render.add_argument("--persona", default="able", help="how the patient behaves; one or several (default: able)")
    render.add_argument("--view", default="best", help="best, front, side, oblique, back or other_side; one or several")
    render.add_argument("--seconds", type=float, default=10.0, help="length of each clip (default: 10)")
    render.add_argument("--fps", type=float, default=30.0, help="pictures per second (default: 30)")
    render.add_argument("--count", type=int, default=1, help="clips of each kind, each with another seed (default: 1)")
    render.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the clips and INDEX.csv")
    picture = _command(group, "picture", _picture, "one picture of the clinic, as PNG")
    picture.add_argument("--exercise", default="squat")
    picture.add_argument("--at", type=float, default=0.5, help="phase of the repetition, 0 to 1 (default: 0.5)")
    picture.add_argument("--camera", default="camera", choices=SHUTTERS, help="the robot's, or one that sees the room")
    picture.add_argument("--out", type=Path, required=True, metavar="FILE")
    visibility = _command(group, "visibility", _visibility, "how well the pose estimator sees the simulated patient")
    visibility.add_argument("--exercise", default="all", help="one or several, with commas between (default: all)")
    visibility.add_argument("--seconds", type=float, default=6.0, help="how long each is watched (default: 6)")
    visibility.add_argument("--count", type=int, default=4, help="patients per exercise, each of another seed (default: 4)")
    benchmark = _command(group, "benchmark", _benchmark, "how fast physics and pictures are on this machine")
    benchmark.add_argument("--seconds", type=float, default=5.0, help="simulated time (default: 5)")
    benchmark.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    add_set_commands(group)


def _command(group: Any, name: str, run: Callable[[argparse.Namespace], int], help_text: str) -> argparse.ArgumentParser:
    """A sub-command with an option for each setting of the clinic."""
    parser: argparse.ArgumentParser = group.add_parser(name, help=help_text)
    parser.set_defaults(run=run)
    for item in fields(ClinicConfig):
        info = info_of(ClinicConfig, item.name)
        option = "--" + item.name.replace("_", "-")
        if isinstance(item.default, bool):
            parser.add_argument(option, action="store_true", help=info.description)
        else:
            text = f"{info.description} {info.range_text} (default: {item.default})"
            parser.add_argument(option, type=type(item.default), default=item.default, metavar="N", help=text)
    return parser


def _config(options: argparse.Namespace) -> ClinicConfig:
    return ClinicConfig(**{item.name: getattr(options, item.name) for item in fields(ClinicConfig)})


def _render(options: argparse.Namespace) -> int:
    from physio_sim.clips import render_clips

    kinds = list(product(_exercises(options.exercise), options.persona.split(","), options.view.split(","))) * options.count
    for number, clip in enumerate(render_clips(options.out, kinds, _config(options), options.seconds, options.fps), start=1):
        print(f"{number}/{len(kinds)}  {clip.file}  label {clip.label}, {clip.reps} repetitions")
    return 0


def _picture(options: argparse.Namespace) -> int:
    from physio_core.camera.picture import write_picture
    from physio_sim.clinic import Clinic

    clinic = Clinic(_config(options))
    try:
        clinic.ask(options.exercise)
        clinic.wait_for_phase(options.at)
        write_picture(options.out, clinic.picture(options.camera))
    finally:
        clinic.close()
    return 0


def _visibility(options: argparse.Namespace) -> int:
    from physio_sim.visibility import measure

    print(f"{'exercise':<16}{'pictures':>9}{'detected':>10}{'confidence':>12}{'error [px]':>12}{'p90 [px]':>10}")
    for one in measure(_exercises(options.exercise), _config(options), options.count, options.seconds):
        figures = f"{one.detected:>10.3f}{one.confidence:>12.2f}{one.error_px:>12.1f}{one.worst_px:>10.1f}"
        print(f"{one.exercise:<16}{one.pictures:>9}{figures}", flush=True)
    return 0


def _exercises(text: str) -> list[str]:
    from physio_core.motion.movements import EXERCISES

    return sorted(EXERCISES) if text == "all" else text.split(",")


def _benchmark(options: argparse.Namespace) -> int:
    from physio_sim.benchmark import measure

    check_writable(options.json)
    figures = measure(_config(options), options.seconds)
    if options.json:
        write_json(options.json, figures)
    for name, value in figures.items():
        print(f"{name:<32}{value:10.2f}")
    return 0
