"""`physio trajectory watch`: how often the coach rightly says that another path was drawn, and how often wrongly."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from physio_core.assessment.repetition import Outcome
from physio_core.errors import InputError
from physio_core.files import check_writable, write_json
from physio_core.trajectories.classifier import PathClassifier
from physio_lab.evaluation.commands import progress, wide_console


def add_watch(group: Any) -> None:
    """Add the command."""
    parser = group.add_parser("watch", help="how often the coach says rightly, and wrongly, that another path was drawn")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="with u30a_*.npz and index_*.csv")
    parser.add_argument("--participants", metavar="CODES", help="only theirs, such as l_hm,l_jy (default: everybody's)")
    parser.add_argument(
        "--model", type=Path, metavar="DIR", help="model that names paths (default: the shipped one, which learnt from all)"
    )
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, act, judge, print.

    Raises:
        InputError: recordings that are not there, or of nobody who is named.
        ModelError: the model cannot be used.
        OutputError: the file cannot be written.
    """
    from physio_lab.datasets.u30a import packed_files, read_packed
    from physio_lab.tasks.paths.watching import SAME, SENSE, SHAPE, Watched, watched

    check_writable(options.json, reads=packed_files(options.data))
    known, namer, console = read_packed(options.data)[0], PathClassifier(options.model), wide_console()
    wanted = set(options.participants.split(",")) if options.participants else {one.participant for one in known}
    if strange := wanted - {one.participant for one in known}:
        raise InputError(f"nobody is called {min(strange)!r}; there is: {', '.join(sorted({one.participant for one in known}))}")
    # The right arm's circles are not named by one sense.
    recordings = [one for one in known if one.participant in wanted and one.path.side == "left"]
    found: list[Watched] = []
    with progress(console, "recorded paths are acted and judged", len(recordings)) as tell:
        for seed, recording in enumerate(recordings):
            found += watched(recording, namer, seed)
            tell()
    table = Table("", *HEAD, title=f"{len(recordings)} recorded paths")
    figures = {name: _figures([one for one in found if one.group == name]) for name in (SAME, SENSE, SHAPE)}
    for name, values in figures.items():
        table.add_row(name, *(f"{values[key]:g}" for key in HEAD))
    console.print(table)
    if options.json:
        write_json(options.json, figures)
    return 0


HEAD = ("n", "told while drawn", "told falsely while drawn", "told", "told falsely", "praised", "after this share of the time")


def _figures(found: Sequence[Any]) -> dict[str, float]:
    """Shares of paths that were watched."""
    count = max(len(found), 1)
    after = [one.after for one in found if one.live and one.live == one.due]
    shares = {
        "told while drawn": sum(bool(one.live) and one.live == one.due for one in found),
        "told falsely while drawn": sum(bool(one.live) and one.live != one.due for one in found),
        "told": sum(bool(one.said) and one.said == one.due for one in found),
        "told falsely": sum(bool(one.said) and one.said != one.due for one in found),
        "praised": sum(one.outcome is Outcome.COMPLETE for one in found),
    }
    rounded = {name: round(value / count, 3) for name, value in shares.items()}
    return {"n": len(found), **rounded, "after this share of the time": round(float(np.median(after)), 2) if after else 0.0}
