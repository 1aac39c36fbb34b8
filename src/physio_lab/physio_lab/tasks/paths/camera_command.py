"""`physio trajectory camera`: what one camera tells of an arm that draws, by rendered people, and how others are then named.

Remakes ``config/trajectories/camera.yaml``, which says how the run time reads an arm where nobody knows what it draws.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from rich.table import Table

from physio_core.files import check_writable, write_json, write_text
from physio_core.trajectories.classifier import PathClassifier, labels
from physio_core.trajectories.types import load_types
from physio_core.types import UNKNOWN
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.reports.confusion import Confusion
from physio_lab.reports.intervals import accuracy, interval
from physio_lab.synthetic.seen_paths import SeenDrawing

_HEAD = """# How the hand of an arm lies from its shoulder, by what one camera sees of it, and how far off that is; see
# physio_core/trajectories/lift.py. Measured on {count} drawings by {people} rendered people, by
# `physio trajectory camera --out config/trajectories/camera.yaml`; errors are of each person by the others. In reaches.
"""
_ROW: dict[str, Any] = {"initial_indent": "  - ", "subsequent_indent": "     "}


def add_camera(group: Any, cache: Path) -> None:
    """Add the command; ``cache`` is where what was seen is kept by default."""
    parser = group.add_parser("camera", help="what a camera tells of an arm, by rendered people; writes what the run time reads")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the map and its errors there")
    parser.add_argument(
        "--cache", type=Path, default=cache, metavar="DIR",
        help="keep there what was seen of rendered patients: joints, never pictures (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--model", type=Path, metavar="DIR", help="model that names what other people drew (default: the shipped one)"
    )
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Render, look, measure, write, print.

    Raises:
        InputError: a drawing could not be rendered or looked at.
        ModelError: the model cannot be used.
        OutputError: the file or the folder cannot be written.
    """
    from physio_lab.synthetic.seen_arm import LIFT_PEOPLE, LIFT_SEED, arm_seen, fitted
    from physio_lab.synthetic.seen_paths import see_paths
    from physio_lab.tasks.paths.data import SEEN_PEOPLE, UNSEEN_SEED

    cache = options.cache.expanduser()
    check_writable(options.out, options.json, cache / "joints.npz")
    console, seen, namer = wide_console(), [], PathClassifier(options.model)
    with progress(console, "simulated patients draw in front of a rendered camera", LIFT_PEOPLE * len(load_types())) as tell:
        for drawing in see_paths(cache, LIFT_PEOPLE, LIFT_SEED):
            seen.append(arm_seen(drawing, LIFT_SEED))
            tell()
    with progress(console, "other people draw, and are named as at run time", SEEN_PEOPLE * len(load_types())) as tell:
        others = []
        for drawing in see_paths(cache, SEEN_PEOPLE, UNSEEN_SEED):
            others.append((drawing.person, drawing.kind, _named(namer, drawing)))
            tell()
    lift, errors = fitted(seen)
    if options.out:
        head = _HEAD.format(count=len(seen), people=LIFT_PEOPLE)
        write_text(options.out, head + "".join(_entry(name, value) for name, value in lift.model_dump().items()))
    table = Table("root mean square [reach]", "forward", "left", "up", title=f"{len(seen)} drawings, each person by the others")
    for name, values in (*errors.items(), ("wander", lift.wander)):
        table.add_row(name.replace("_", " "), *(f"{value:.3f}" for value in values))
    console.print(table)
    named = _figures(others)
    table = Table(
        "named by the model at run time", "", title=f"{len(others)} drawings by {SEEN_PEOPLE} people who taught nothing"
    )
    for name, value in named.items():
        table.add_row(name.replace("_", " "), value if isinstance(value, str) else f"{value:.3f}")
    console.print(table)
    if options.json:
        write_json(options.json, {"errors": errors, "named": named})
    return 0


def _named(namer: PathClassifier, drawing: SeenDrawing) -> tuple[str, str]:
    """What it is called, and the likeliest label."""
    read = drawing.read()
    if read is None:
        return UNKNOWN, UNKNOWN
    found = namer.name(*read)
    return found.kind, max(found.probabilities, key=lambda label: found.probabilities[label])


def _figures(others: Sequence[tuple[int, str, tuple[str, str]]]) -> dict[str, float | str]:
    """Of person, type, and what it was called."""
    named = [(person, kind, said) for person, kind, (said, _) in others]
    people = sorted({person for person, _, _ in named})
    rows = [[(kind, said) for person, kind, said in named if person == one] for one in people]
    by_person = [Confusion.of([kind for kind, _ in row], [said for _, said in row], labels()) for row in rows]
    low, high = interval(by_person, accuracy)
    right = sum(kind == said for _, kind, said in named)
    wrong = Counter(f"{kind} {said}" for _, kind, said in named if said != kind)
    return {
        "accuracy": right / len(named), "low": low, "high": high,
        "likeliest_label": sum(kind == likeliest for _, kind, (_, likeliest) in others) / len(others),
        "unknown": sum(said == UNKNOWN for _, _, said in named) / len(named),
        "mistaken": ", ".join(f"{which} {count}" for which, count in wrong.most_common()),
    }  # fmt: skip


def _entry(name: str, value: Sequence[Any]) -> str:
    rows = value if isinstance(value[0], tuple) else [value]
    if rows[0] is value:
        return f"{name}: {json.dumps(value)}\n"
    return f"{name}:\n" + "".join(f"{fill(json.dumps(row), 120, **_ROW)}\n" for row in rows)
