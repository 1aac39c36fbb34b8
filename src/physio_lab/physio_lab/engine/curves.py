"""Learning curves: what was learnt from and what was validated on, in one figure, of one training or of several side by side.

A gap that opens between both says that a network learns its examples by heart; early stopping and the choice of the best weights
(``validation`` in a recipe) act on it.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.files import check_writable, write_bytes
from physio_core.types import FloatArray

TRAINED, VALIDATED, PICTURE = "log.csv", "validation.csv", "learning_curve.png"
OTHER = {"step", "lr", "seconds", "waited"}
"""Columns of a log that are no figures."""
BLOCKS = 40
"""Points of a training's line where nothing was validated."""
WIDTH_PX = 1200


def add_commands(subparsers: Any, name: str) -> None:
    """Add the command."""
    parser = subparsers.add_parser(name, help="draw the learning curves of trainings, finished or running, into one figure")
    parser.add_argument("works", nargs="+", type=Path, metavar="WORK", help="work folder of a training, as build/training/NAME")
    parser.add_argument("--out", type=Path, default=Path(PICTURE), help="PNG file to write (default: %(default)s)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw."""
    check_writable(options.out, endings=(".png",))
    write_curves({str(work): work for work in options.works}, options.out)
    print(f"wrote {options.out}")
    return 0


def write_curves(works: Mapping[str, Path], out: Path) -> None:
    """Draw the trainings in some work folders.

    Args:
        works: folders, by what to call each.
        out: PNG file; a panel for each figure of the logs.

    Raises:
        ConfigError: the laboratory is not installed.
        InputError: a folder without a log, or a log that cannot be read.
        OutputError: the file cannot be written.
    """
    try:
        from physio_lab.plot.figures import curve_figure, tiled
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed to draw; install it with: scripts/setup --training") from error
    panels: dict[str, dict[str, tuple[Sequence[float], Sequence[float]]]] = {}
    for name, work in works.items():
        before = f"{name}, " if len(works) > 1 else ""
        for figure, lines in read_curves(work).items():
            panels.setdefault(figure, {}).update({before + kind: line for kind, line in lines.items()})
    pictures = [curve_figure(lines, "step", figure, y_range=None) for figure, lines in panels.items()]
    write_bytes(out, tiled(pictures, WIDTH_PX))


def read_curves(work: Path) -> dict[str, dict[str, tuple[Sequence[float], Sequence[float]]]]:
    """Steps and values of each figure: of ``training`` the mean since the point before, of ``validation`` as it was.

    Raises:
        InputError: no log there, or one that cannot be read.
    """
    trained, validated = _table(work / TRAINED), _table(work / VALIDATED) if (work / VALIDATED).exists() else {}
    steps = trained.get("step", np.empty(0))
    if not len(steps):
        raise InputError(f"{work / TRAINED} holds no step yet; wait for the first, or give the folder of another training")
    ends = validated.get("step", np.empty(0))
    if len(ends) < 2:
        ends = np.linspace(steps[0], steps[-1], min(BLOCKS, len(steps)))
    ends = np.unique(np.append(ends[ends < steps[-1]], steps[-1]))
    blocks = np.split(np.arange(len(steps)), np.searchsorted(steps, ends[:-1], side="right"))
    curves: dict[str, dict[str, tuple[Sequence[float], Sequence[float]]]] = {}
    for figure in trained.keys() - OTHER:
        curves[figure] = {"training": (ends.tolist(), [float(trained[figure][block].mean()) for block in blocks])}
        if figure in validated:
            curves[figure]["validation"] = (validated["step"].tolist(), validated[figure].tolist())
    return {figure: curves[figure] for figure in trained if figure in curves}


def _table(path: Path) -> dict[str, FloatArray]:
    """Columns of a log by name."""
    try:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        return {name: np.array([float(row[name]) for row in rows]) for name in (rows[0] if rows else {})}
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path} is no log of a training: {error}; give the folder that physio train names as --work") from error
