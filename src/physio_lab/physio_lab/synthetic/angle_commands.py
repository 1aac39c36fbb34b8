"""`physio angles evaluate`: how far joint angles are from the true ones, on simulated patients and the real pose estimator."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.tables import blocks_in, write_block
from physio_lab.reports.markdown import markdown_table

BLOCK = "angles-evaluate"
PEOPLE, SEED = 8, 2
"""What docs/angles.md shows; the constants of the measuring were chosen on seed 1."""
_HEADER = ("angle", "view", "measured", "median", "95 %", "in the plane", "image", "space", "MediaPipe", "claimed", "in two")


def add_commands(commands: Any, name: str) -> Any:
    """Add ``physio angles``."""
    group = commands.add_parser(name, help="how well joint angles are measured").add_subparsers(dest="what", required=True)
    parser = group.add_parser("evaluate", help="measured against true joint angles, on simulated patients")
    parser.add_argument("--people", type=int, default=PEOPLE, metavar="N", help=f"simulated patients (default: {PEOPLE})")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"of the patients (default: {SEED})")
    parser.add_argument("--takes", type=Path, metavar="DIR", help="keep there what was rendered and seen, and take it up again")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes that render (default: 1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    parser.add_argument(
        "--tables", type=Path, metavar="FILE", help=f"write the tables into a Markdown page, between its marks {BLOCK}"
    )
    parser.set_defaults(run=run)
    return group


def run(options: argparse.Namespace) -> int:
    """Render what is missing, measure, and print.

    Raises:
        ConfigError: a number that cannot be used, a file that cannot be written, a page without marks.
        InputError: a take that could not be rendered, or is damaged.
    """
    for name in ("people", "workers"):
        if getattr(options, name) < 1:
            raise ConfigError(f"--{name} {getattr(options, name)}; need at least 1")
    check_writable(options.json, options.tables)
    if options.tables:
        blocks_in(options.tables, BLOCK)
    if options.takes:
        figures = _evaluate(options, options.takes)
    else:
        with TemporaryDirectory(prefix="physio_angles_") as folder:
            figures = _evaluate(options, Path(folder))
    lines = tables(figures)
    if options.json:
        write_json(options.json, figures)
    if options.tables:
        write_block(options.tables, BLOCK, "\n".join(lines))
    print("\n".join(lines))
    return 0


def _evaluate(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from rich.progress import track

    from physio_lab.synthetic.angle_errors import errors_of, rows, views_of
    from physio_lab.synthetic.angle_takes import make_takes, makes, read_takes

    wanted = len(makes(options.people))
    for _ in track(make_takes(folder, options.people, options.seed, options.workers), "takes", wanted + 1):
        pass
    takes = list(read_takes(folder, options.people, options.seed))
    return {
        "people": options.people, "seed": options.seed, "takes": len(takes), "images": sum(len(take.stamps_s) for take in takes),
        "angles": [asdict(row) for row in rows(errors_of(takes))],
        "views": views_of(takes),
    }  # fmt: skip


def tables(figures: dict[str, Any]) -> list[str]:
    """The figures as lines of Markdown."""
    found = {(row["angle"], row["view"], row["source"]): row for row in figures["angles"]}
    best = [row for row in figures["angles"] if row["source"] == "best"]
    command = f"physio angles evaluate --people {figures['people']} --seed {figures['seed']}"
    shown = f"`{command}`: {figures['takes']} takes, {figures['images']} images."
    views = ((view, *(f"{told[other]:.1%}" for other in figures["views"])) for view, told in figures["views"].items())
    return [
        shown,
        "",
        *markdown_table(_HEADER, (_cells(row, found) for row in best)),
        "",
        *markdown_table(("stands", *(f"told {view}" for view in figures["views"])), views),
    ]


def _cells(row: dict[str, Any], found: dict[tuple[str, str, str], dict[str, Any]]) -> Iterable[str]:
    others: Sequence[float] = [
        found.get((row["angle"], row["view"], source), {}).get("p95_deg", math.nan) for source in ("image", "space", "world")
    ]
    degrees = (row["median_deg"], row["p95_deg"], row["in_plane_p95_deg"], *others, row["claimed_deg"])
    yield row["angle"].replace("_", " ")
    yield row["view"]
    yield f"{row['measured']:.0%}"
    yield from ("" if math.isnan(value) else f"{value:.1f}" for value in degrees)
    yield f"{row['within_two']:.0%}"
