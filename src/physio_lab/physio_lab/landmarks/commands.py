"""`physio hand landmarks evaluate`: our own landmarks of the hand beside MediaPipe's, on rendered hands and on real pictures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from physio_core.cli import DONE, whole_number
from physio_core.files import check_writable, write_json
from physio_core.skeleton.layouts import HAND_21
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.landmarks.compare import MEDIAPIPE, OURS, measured
from physio_lab.landmarks.real import agreement, pictures, read_of
from physio_lab.reports.markdown import markdown_table

BLOCK, REAL_BLOCK = "hand-landmarks", "hand-landmarks-real"
PEOPLE = 40
HEADER = (
    "landmarks", "looked at", "R²", "95 %", "MSE", "x", "y", "z", "mean distance [% of the palm]", "R² of places in the cut-out",
)  # fmt: skip


def add_landmarks(group: Any, name: str) -> None:
    """Add the group of commands."""
    parser = group.add_parser(name, help="our own landmarks of a hand", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    evaluate = commands.add_parser(
        "evaluate", help="beside MediaPipe's, on rendered hands that taught nothing and on real ones", description=__doc__
    )
    evaluate.add_argument("--model", type=Path, metavar="DIR", help="model folder (default: the one that ships)")
    evaluate.add_argument("--hands", type=whole_number(2), default=PEOPLE, metavar="N", help="people (default: %(default)s)")
    evaluate.add_argument("--real", type=Path, metavar="DIR", help="real pictures instead: a folder with an index.csv")
    evaluate.add_argument("--json", type=Path, help="write the figures there")
    evaluate.add_argument(
        "--tables", type=Path, metavar="FILE", help=f"write the tables into a page, between its marks {BLOCK} or {REAL_BLOCK}"
    )
    evaluate.set_defaults(run=run_evaluate)


def run_evaluate(options: argparse.Namespace) -> int:
    """Render, look, compare, write, print.

    Raises:
        ConfigError: a page without marks, or what renders is not installed.
        InputError: the folder of pictures has no index, or no hand is seen in it.
        ModelError: a network cannot be read.
    """
    block = REAL_BLOCK if options.real else BLOCK
    check_writable(options.json, options.tables, reads=read_of(options.real) if options.real else [])
    if options.tables:
        around_block(options.tables, block)
    console = wide_console()
    if options.real:
        with progress(console, "pictures looked at", len(pictures(options.real))) as tell:
            found = agreement(options.real, options.model, tell)
        lines = _agreement(found)
    else:
        with progress(console, "hands rendered and looked at", options.hands) as tell:
            found = measured(options.hands, options.model, tell)
        lines = _comparison(found)
    if options.json:
        write_json(options.json, found)
    if options.tables:
        write_block(options.tables, block, "\n".join(lines))
    console.print("\n".join(lines), highlight=False, markup=False)
    return DONE


def landmark_figures(_: argparse.Namespace) -> dict[str, Any]:
    """For `physio hand evaluate`: R² and mean square error of the network that ships; errors as :func:`run_evaluate`."""
    return measured(PEOPLE)


def _comparison(found: dict[str, Any]) -> list[str]:
    rows = [
        (name, way, *_joints(one["joints"]), f"{one['places']['r2']:.3f}")
        for way, methods in found["ways"].items()
        for name, one in methods.items()
    ]
    regions = [(name, *_joints(one["joints"]), f"{one['places']['r2']:.3f}") for name, one in found["regions"].items()]
    hands = [
        (name, kind, *_joints(one["joints"]), f"{one['joints']['r2_mean_of_coordinates']:.3f}")
        for kind, methods in {"all": found["ways"]["followed"], **found["hands"]}.items()
        for name, one in methods.items()
    ]
    by_joint = [
        (joint, *(f"{one['joints']['joints_r2'][joint]:.3f}" for one in found["ways"]["followed"].values()))
        for joint in HAND_21.joints[1:]
    ]
    who = f"{found['images']} images of {found['people']} rendered hands; intervals over people"
    times = ", ".join(f"{name} {ms:.1f} ms" for name, ms in found["cpu_ms"].items())
    return [
        f"Written by `physio hand landmarks evaluate`; {who}. Time of the processor for one look: {times}.", "",
        *markdown_table(HEADER, rows), "",
        "Followed, by hand:", "",
        *markdown_table(("landmarks", "hands", *HEADER[2:-1], "mean of the R² of each coordinate"), hands), "",
        "In the region that a follower would have, a little astray, the same for both:", "",
        *markdown_table((*HEADER[:1], *HEADER[2:-1], "R² of places in the region"), regions), "",
        *markdown_table(("R² of", OURS, MEDIAPIPE), by_joint),
    ]  # fmt: skip


def _joints(one: dict[str, Any]) -> tuple[str, ...]:
    span = one["r2_interval"]
    return (
        f"{one['r2']:.3f}", f"{span['low']:.3f} to {span['high']:.3f}", f"{one['mse']:.4f}",
        *(f"{one['axes_r2'][axis]:.3f}" for axis in "xyz"), f"{one['distance_percent']:.1f}",
    )  # fmt: skip


def _agreement(found: dict[str, Any]) -> list[str]:
    rows = [
        (name, str(one["pictures"]), f"{one['mean_percent']:.1f}", f"{one['median_percent']:.1f}", f"{one['p95_percent']:.1f}")
        for name, one in found["distances"].items()
    ]
    return [
        f"Written by `physio hand landmarks evaluate --real {found['folder']}`; {found['looked_at']} pictures, "
        f"{found['seen']} with a hand.", "",
        *markdown_table(("distance of", "pictures", "mean [% of the palm]", "median", "95th of 100"), rows),
    ]  # fmt: skip
