"""`physio action speed`: what one prediction costs, in each network and each way to run it."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.action.card import DEFAULT_MODEL
from physio_core.errors import ConfigError, InputError
from physio_core.files import check_writable, write_json
from physio_core.share import shared_path

CHOICES = ("model", "stgcn", "stgcn_plus", "published", "published_plus", "strided")

WIDTH = 120
"""Least width of what is printed, so that figures are not cut."""


def add_commands(subparsers: Any, name: str) -> None:
    """Add the command."""
    parser = subparsers.add_parser(name, help="time the networks frame by frame and over a clip, in each way to run them")
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=f"of: {', '.join(CHOICES)} (default: all)")
    parser.add_argument("--model", type=Path, help="folder that `model` stands for (default: the one that ships)")
    parser.add_argument("--rounds", type=int, default=5, help="measurements, of which the fastest counts (default: %(default)s)")
    parser.add_argument("--sizes", action="store_true", help="only print how big each network is in each partition")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure and print; a way whose library is missing is named and left out."""
    if options.rounds < 1:
        raise InputError(f"--rounds {options.rounds} must be 1 or more")
    if unknown := set(options.networks) - set(CHOICES):
        raise InputError(f"unknown networks {', '.join(sorted(unknown))}; known: {', '.join(CHOICES)}")
    try:
        from physio_lab.tasks.stgcn import speed
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed to measure networks; install it with: scripts/setup --training") from error
    check_writable(options.json)
    console = Console(width=max(WIDTH, Console().width))
    rows: list[Any] = []
    refused: list[str] = []
    if options.sizes:
        rows = speed.sizes()
    else:
        folder = options.model or shared_path("models", DEFAULT_MODEL)
        rows = speed.measure(options.networks or CHOICES, folder, options.rounds, refused)
    if options.json:
        write_json(options.json, [dataclasses.asdict(row) for row in rows])
    console.print(table_of_sizes(rows) if options.sizes else table(rows))
    for reason in dict.fromkeys(refused):
        console.print(f"[yellow]left out: {reason}")
    return 0


def table(rows: Any) -> Table:
    """Rows as a table; what does not apply is a dash."""
    printed = Table(
        "network", "parameters", "run by", r"step \[ms]", r"clip \[ms]", "clip / step", "largest Δp", "same label", "step - clip"
    )
    for row in rows:
        step = row.step_ms
        printed.add_row(
            row.network,
            f"{row.parameters:,}" if row.parameters else "-",
            row.way,
            "-" if step is None else f"{step:.2f}",
            f"{row.clip_ms:.1f}",
            "-" if step is None else f"{row.clip_ms / step:.0f}",
            "-" if row.difference is None else f"{row.difference:.1e}",
            "-" if row.same_label is None else f"{row.same_label:.3f}",
            "-" if row.step_to_clip is None else f"{row.step_to_clip:.1e}",
        )
    return printed


def table_of_sizes(rows: Any) -> Table:
    """Sizes as a table."""
    printed = Table("network", "partition", "parameters", r"receptive field \[frames]", r"remembered \[numbers]")
    for row in rows:
        printed.add_row(row.network, row.partition, f"{row.parameters:,}", str(row.receptive_field), f"{row.remembered:,}")
    return printed
