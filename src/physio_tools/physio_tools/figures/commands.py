"""`physio exercise figures`: draws the figures of the exercises that the movement library knows."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.exercises.figure import FOLDER
from physio_core.files import write_text
from physio_core.motion.movements import EXERCISES
from physio_tools.figures.library_figures import figure_of

HOME = Path("config", "exercises")
_HEAD = """# One repetition (one of each side in turn), evenly spaced from start to start; made by `physio exercise figures`.
# yamllint disable rule:line-length
"""


def add_figures(group: Any, name: str) -> None:
    """Add the command to the group `exercise`."""
    figures = group.add_parser(name, help="draw the figures of the exercises that the movement library knows")
    figures.add_argument("folder", nargs="?", type=Path, default=HOME, help=f"folder of exercise files (default: {HOME})")
    figures.set_defaults(run=draw)


def draw(options: argparse.Namespace) -> int:
    """Write the figure of each exercise of the folder that the movement library knows.

    Raises:
        ConfigError: the folder holds no such exercise.
        OutputError: it cannot be written.
    """
    names = [path.stem for path in sorted(options.folder.glob("*.yaml")) if path.stem in EXERCISES]
    if not names:
        raise ConfigError(f"no exercise file of a known movement in {options.folder}; known: {', '.join(EXERCISES)}")
    for name in names:
        write_text(options.folder / FOLDER / f"{name}.yaml", _HEAD + figure_of(name).text())
    print(f"drew {', '.join(names)}")
    return 0
