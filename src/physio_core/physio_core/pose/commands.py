"""`physio pose`: which pose estimator runs on this machine."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from physio_core.camera.video import read_video
from physio_core.files import check_writable, write_text
from physio_core.pose.choice import MEDIAPIPE, candidates, choice_path, processor
from physio_core.pose.choosing import BUSY, Timed, as_file, disturbed, fastest, measure
from physio_core.pose.estimator import PoseConfig, settled
from physio_core.runners.runner import describe
from physio_core.share import shared_path

HEAD = "# What `estimator: auto` takes on this machine. Written by `physio pose choose`; run it again when the machine changes.\n"
WIDTH = 120


def add_commands(commands: Any, name: str) -> Any:
    """Add the group; returns it."""
    parser = commands.add_parser(name, help="which pose estimator runs here, and how near MediaPipe", description=__doc__)
    group = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    choose = group.add_parser("choose", help="time every estimator that is there, and write down the fastest that is equal")
    choose.add_argument("--out", type=Path, help="file to write (default: where the coach looks, see docs/pose.md)")
    choose.add_argument("--verbose", action="store_true", help="also say why an estimator could not be timed")
    choose.set_defaults(run=run_choose)
    show = group.add_parser("show", help="what runs here where no estimator is named, and why")
    show.set_defaults(run=run_show)
    return group


def run_choose(options: argparse.Namespace) -> int:
    """Measure, print, write.

    Raises:
        ConfigError: nothing can be used, or the file cannot be written.
    """
    out = options.out or choice_path()
    check_writable(out)
    frames = list(read_video(shared_path("config", "pose", "squat.mp4")))
    timed = measure(candidates(os.cpu_count() or 1), frames)
    best = fastest(timed)
    _print(timed, best, reasons=options.verbose)
    found = as_file(best, processor(), date.today().isoformat())
    write_text(out, HEAD + yaml.safe_dump(found.model_dump(), sort_keys=False))
    if (times := disturbed(timed)) > BUSY:
        print(f"the machine was busy: the median image took {times:.1f} times the undisturbed one; run it again when it is idle")
    print(f"{best.name} is what estimator: auto takes here from now on: {out}")
    return 0


def run_show(_: argparse.Namespace) -> int:
    """Say it; errors as :func:`~physio_core.pose.choice.chosen`."""
    config, why = settled(PoseConfig())
    what = config.estimator if config.estimator == MEDIAPIPE else f"{config.estimator} by {describe(config)}"
    print(f"{what}: {why}")
    return 0


def _print(timed: Sequence[Timed], best: Timed, *, reasons: bool) -> None:
    columns = ("image [ms]", "off [%]", "95 % [%]", "in space [mm]")
    table = Table("", Column("estimator", no_wrap=True), *columns, "verdict", title=processor())
    for one in (one for one in timed if one.seen):
        figures = (one.image_ms, one.percent, one.p95_percent, one.space_mm)
        cells = ("-" if math.isnan(value) else f"{value:.2f}" for value in figures)
        table.add_row("→" if one is best else "", one.name.removeprefix("BlazePose by "), *cells, Text(one.objection or "equal"))
    console = Console(width=max(WIDTH, Console().width))
    console.print(table)
    for line in (
        "image: one in ten is faster, so that other programs hardly count",
        "off: distance from the yardstick in the image, of the torso: median and 95th percentile",
    ):
        console.print(line, style="dim")
    absent = [one for one in timed if not one.seen]
    if reasons:
        for one in absent:
            console.print(Text(f"not timed: {one.name}: {one.objection}"), soft_wrap=True)
    elif absent:
        names = ", ".join(one.name for one in absent)
        console.print(Text(f"not timed: {names}; --verbose says why", style="dim"), soft_wrap=True)
