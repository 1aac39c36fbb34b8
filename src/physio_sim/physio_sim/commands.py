"""`physio sim`: the simulated clinic, looked at and timed; :mod:`physio_lab` adds what makes data of it."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import Any

from physio_core.files import check_writable, write_json
from physio_sim.options import add_command, config_of, exercise_in
from physio_sim.params import ArmConfig, BenchmarkConfig, ClinicConfig, PictureConfig

SHUTTERS = ("camera", "room")


def add_commands(subparsers: Any, name: str) -> Any:
    """Add ``physio sim picture``, ``benchmark``, ``arm`` and ``faults``; returns the group, to which :mod:`physio_lab` adds."""
    group = subparsers.add_parser(name, help="the simulated clinic").add_subparsers(required=True, metavar="COMMAND")
    picture = add_command(group, "picture", _picture, PictureConfig, "one image of the clinic")
    picture.add_argument("--exercise", default="squat")
    picture.add_argument("--camera", default="camera", choices=SHUTTERS, help="the robot's, or one that sees the room")
    picture.add_argument("--out", type=Path, required=True, metavar="FILE")
    benchmark = add_command(group, "benchmark", _benchmark, BenchmarkConfig, "how fast physics and images are on this machine")
    benchmark.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    arm = add_command(group, "arm", _arm, ArmConfig, "how well an arm of four joints is led along paths", ())
    arm.add_argument("--type", default="all", metavar="NAME", help="of the twenty types of path (default: all of them)")
    arm.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    faults = group.add_parser("faults", help="what a simulated patient may do wrong, and how to ask for it")
    faults.set_defaults(run=_faults)
    return group


def _faults(options: argparse.Namespace) -> int:
    from physio_sim.patient.faults import FAULTS
    from physio_sim.patient.hand_personas import HAND_PERSONAS
    from physio_sim.patient.personas import PERSONAS

    print("Personas:")
    for persona in PERSONAS.values():
        print(f"  {persona.name:<18}{persona.says}")
    print("\nFaults, to be combined: --persona knees_in=10+too_fast, uneven_arms=40@left; without a number the usual size:")
    for kind in FAULTS.values():
        size = f"{kind.usual:g} {kind.unit}"
        print(f"  {kind.name:<18}{size:<9}{kind.says} ({', '.join(kind.exercises)})")
    print("\nHands, to be combined likewise: --persona hand=NAME:")
    for name, impairment in HAND_PERSONAS.items():
        usual = {item.name: item.default for item in fields(impairment)}
        print(f"  {name:<18}{', '.join(f'{one} {value:g}' for one, value in vars(impairment).items() if value != usual[one])}")
    return 0


def _picture(options: argparse.Namespace) -> int:
    from physio_core.camera.image import ENDINGS, write_image
    from physio_sim.clinic import Clinic
    from physio_sim.patient.hand_doing import hand_exercises

    check_writable(options.out, endings=ENDINGS)
    exercise = options.exercise if options.exercise in hand_exercises() else exercise_in(options.exercise)
    config = config_of(options, PictureConfig)
    clinic = Clinic(config_of(options, ClinicConfig))
    try:
        clinic.ask(exercise)
        clinic.wait_for_phase(config.at)
        write_image(options.out, clinic.image(options.camera))
    finally:
        clinic.close()
    return 0


def _benchmark(options: argparse.Namespace) -> int:
    from physio_sim.benchmark import measure

    check_writable(options.json)
    figures = measure(config_of(options, ClinicConfig), config_of(options, BenchmarkConfig).seconds)
    if options.json:
        write_json(options.json, figures)
    for name, value in figures.items():
        print(f"{name:<32}{value:10.2f}")
    return 0


def _arm(options: argparse.Namespace) -> int:
    from physio_core.trajectories.types import load_types
    from physio_sim.arm.figures import follow_type, in_short

    check_writable(options.json)
    config = config_of(options, ArmConfig)
    names = list(load_types()) if options.type == "all" else [options.type]
    figures = {}
    for name in names:
        figures[name] = told = follow_type(name, config).told()
        if not figures.keys() - {name}:
            print(f"{'type':<14}" + "".join(f"{column:>16}" for column in told if column != "end") + "  end")
        values = "".join(f"{value:16.3f}" for column, value in told.items() if column != "end")
        print(f"{name:<14}{values}  {told['end']}", flush=True)
    if len(names) > 1:
        print(f"\n{in_short(figures)}")
    if options.json:
        write_json(options.json, figures)
    return 0
