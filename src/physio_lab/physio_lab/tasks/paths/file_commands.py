"""`physio trajectory classify|score|generate|plot FILE`: what the coach would say of a path in a file."""

from __future__ import annotations

import argparse
import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from physio_core.cli import AMISS, DONE
from physio_core.errors import ConfigError, InputError
from physio_core.files import check_writable, write_bytes, write_json, write_text
from physio_core.trajectories.arm import Arm, human_arm, load_arm
from physio_core.trajectories.classifier import PathClassifier
from physio_core.trajectories.features import DEVICE_REACH_M
from physio_core.trajectories.interpolation import next_path
from physio_core.trajectories.score import score_type
from physio_core.trajectories.trajectory import SIDES, Trajectory
from physio_core.trajectories.types import ideal, load_types, type_of
from physio_core.trajectories.weight import weight_of
from physio_core.types import UNKNOWN
from physio_lab.datasets.u30a import CSV_JOINTS, CSV_PLACE, CSV_TIME, PathRecording, read_paths
from physio_lab.evaluation.commands import wide_console

BEYOND = 1.3
"""A trunk that leans carries a hand further than its arm reaches; not further than this."""


def add_file_commands(group: Any) -> None:
    """Add the commands about one file."""
    for name, run, what in (
        ("classify", classify, "which type a path is"),
        ("score", score, "how well it was drawn, and what of it was not as asked for"),
        ("generate", generate, "the path that comes next, as CSV"),
        ("plot", plot, "a picture of the path, the ideal and the next one"),
    ):
        parser = group.add_parser(name, help=what, description=what)
        parser.add_argument(
            "file", type=Path, help=f"a recording of the device (.txt), or CSV with {CSV_TIME}, {', '.join(CSV_PLACE)}"
        )
        parser.add_argument("--side", choices=SIDES, help="which arm (default: what a recording says, left of a CSV)")
        parser.add_argument(
            "--reach", type=float, default=DEVICE_REACH_M, metavar="M", help="from shoulder to hand (default: %(default)s)"
        )
        if name != "classify":
            parser.add_argument(
                "--type", default="", help="what was to be drawn (default: told by the file's name, or recognised)"
            )
        else:
            parser.add_argument("--model", type=Path, help="folder of another model")
        if name in ("generate", "plot"):
            parser.add_argument("--weight", type=float, help="of the patient's own path, 0 .. 1 (default: by the score)")
            ending = "CSV" if name == "generate" else "PNG"
            parser.add_argument("--out", type=Path, required=True, help=f"{ending} to write")
        else:
            parser.add_argument("--json", type=Path, help="write the figures there")
        parser.set_defaults(run=run)


def classify(options: argparse.Namespace) -> int:
    """Name each path of a file; :data:`AMISS` where one is like no type."""
    check_writable(options.json, reads=[options.file])
    found = _reached(options)
    namer = PathClassifier(options.model)
    named = {one.name: namer.name(one.path, options.reach) for one in found}
    if options.json:
        write_json(
            options.json,
            {name: {"type": one.kind, "probability": one.probability, "why": one.why} for name, one in named.items()},
        )
    table = Table("path", "type", "probability", "why not")
    for name, one in named.items():
        table.add_row(name, one.kind, f"{one.probability:.2f}", one.why)
    wide_console().print(table)
    return AMISS if any(one.kind == UNKNOWN for one in named.values()) else DONE


def score(options: argparse.Namespace) -> int:
    """Score each path of a file as the type that it was to be."""
    check_writable(options.json, reads=[options.file])
    told = {}
    console = wide_console()
    for one in _reached(options):
        kind = _kind(one, options)
        said = score_type(one.path, kind, options.reach)
        told[one.name] = {
            "type": kind, "score": said.score, "grade": said.grade,
            "terms": {term.name: {"drawn": term.drawn, "asked": term.asked, "error": term.error} for term in said.terms},
        }  # fmt: skip
        table = Table(
            "term", "drawn", "asked for", "error", title=f"{one.name} as {kind}: {said.score:.0f} of 100, grade {said.grade}"
        )
        for term in said.terms:
            table.add_row(term.name, f"{term.drawn:.3f}", f"{term.asked:.3f}", f"{term.error:.2f}")
        console.print(table)
    if options.json:
        write_json(options.json, told)
    return DONE


def generate(options: argparse.Namespace) -> int:
    """Write the next path after the last one of a file, within the limits of the arm."""
    check_writable(options.out, endings=(".csv",), reads=[options.file])
    _, made, weight = _next(options)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([CSV_TIME, *CSV_PLACE, *CSV_JOINTS])
    table.writerows(np.round(np.column_stack([made.stamps_s, made.positions_m, np.asarray(made.angles_rad)]), 5).tolist())
    write_text(options.out, text.getvalue())
    wide_console().print(
        f"wrote {options.out}: {len(made)} points in {made.duration_s:.1f} s, {weight:.2f} of the patient's own path"
    )
    return DONE


def plot(options: argparse.Namespace) -> int:
    """Draw the last path of a file, the ideal and the next one, in space and as joint angles."""
    check_writable(options.out, endings=(".png",), reads=[options.file])
    from physio_lab.plot.paths import paths_figure

    (one, wanted), made, _ = _next(options)
    arm = _arm(one.path, options.reach)
    write_bytes(options.out, paths_figure({"patient": arm.follow(one.path), "ideal": arm.follow(wanted), "next": made}, one.kind))
    wide_console().print(f"wrote {options.out}")
    return DONE


def _reached(options: argparse.Namespace) -> list[PathRecording]:
    """The paths of a file.

    Raises:
        InputError: a file that cannot be used, or a path that goes where no hand of that arm comes.
    """
    found = read_paths(options.file, options.side)
    for one in found:
        away_m = float(np.linalg.norm(one.path.positions_m, axis=1).max())
        if away_m > BEYOND * options.reach:
            raise InputError(
                f"{one.name}: a hand {away_m:.2f} m from its shoulder, of an arm that reaches {options.reach:.2f} m; "
                "places are from the shoulder, and --reach says how far another arm comes"
            )
    return found


def _next(options: argparse.Namespace) -> tuple[tuple[PathRecording, Trajectory], Trajectory, float]:
    if options.weight is not None and not 0.0 <= options.weight <= 1.0:
        raise ConfigError(f"--weight {options.weight:g}; need 0 (the ideal path) .. 1 (the patient's own)")
    found = _reached(options)[-1]
    one = replace(found, kind=_kind(found, options))
    wanted = ideal(one.kind, options.reach, one.path.side)
    weight = weight_of(score_type(one.path, one.kind, options.reach).score) if options.weight is None else options.weight
    return (one, wanted), next_path(one.path, wanted, weight, _arm(one.path, options.reach)), weight


def _arm(path: Trajectory, reach_m: float) -> Arm:
    """The device's, where its joints are known, else a person's."""
    return human_arm(reach_m, path.side) if path.angles_rad is None else load_arm("device", path.side)


def _kind(one: PathRecording, options: argparse.Namespace) -> str:
    """What was to be drawn.

    Raises:
        InputError: an unknown type, or one that nobody says and that cannot be recognised.
    """
    if options.type:
        type_of(options.type)
        return str(options.type)
    if one.kind in load_types():
        return one.kind
    named = PathClassifier().name(one.path, options.reach)
    if named.kind == UNKNOWN:
        raise InputError(f"{one.name} is not recognised ({named.why}); say what was to be drawn: --type")
    return named.kind
