"""`physio exercise`: `list` says which exercises there are with a model, and what each still lacks.

It stands here and not in ``exercises/``, which knows no judge: whether an exercise can be asked for, only its judge can tell.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from physio_core.judging.library import LibraryConfig, load_library
from physio_core.judging.show_command import add_show
from physio_core.whole_table import print_whole


def add_commands(subparsers: Any, name: str) -> Any:
    """Add the command; returns the group, to which others add, see :mod:`physio_core.cli`."""
    group = subparsers.add_parser(name, help="exercises, and the figures that show them").add_subparsers(required=True)
    parser = group.add_parser("list", help="list exercises, and what each still lacks")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the one that ships)")
    parser.add_argument("--exercise-dir", type=Path, help="folder of further exercise files")
    parser.add_argument("--language", default="en", help="language that each is to be described in (default: en)")
    parser.set_defaults(run=run)
    add_show(group)
    return group


def run(options: argparse.Namespace) -> int:
    """Print them; 1 where something is missing.

    Raises:
        ConfigError: a file or folder that cannot be used.
        ModelError: no model there.
    """
    library = load_library(LibraryConfig(str(options.model or ""), str(options.exercise_dir or "")))
    table = Table(Column("exercise", no_wrap=True), "kind", "title", "seen from")
    for one in sorted(library.exercises.values(), key=lambda one: (one.kind, one.name)):
        table.add_row(one.name, one.kind, one.words(options.language).title, one.view)
    console = Console()
    print_whole(console, table)
    lacks = library.lacks(options.language)
    console.print("\n".join(lacks), markup=False, highlight=False, soft_wrap=True, end="\n" if lacks else "")
    return int(bool(lacks))
