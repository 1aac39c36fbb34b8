"""`physio dataset build` and `physio dataset bench`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json, writing_into
from physio_lab.datasets.bench import measure_build
from physio_lab.datasets.build import FAILED, WAITING, Builder, Entry, totals
from physio_lab.datasets.clean import CleanConfig
from physio_lab.datasets.extract import ExtractConfig
from physio_lab.datasets.files import beside, read_labels
from physio_lab.datasets.formats import FORMATS, write_set, writer_of
from physio_lab.datasets.kinetics import SUMMARY
from physio_lab.datasets.manifest import read_manifest

WIDTH = 120
"""Least width of what is printed, so that reasons can be read."""
SHOWN = 20
"""Failed rows on the screen; the report holds all."""
LEAST_FRAMES, MOST_FRAMES = 0, 100_000


def add_commands(group: Any) -> None:
    """Add the commands to the group `dataset`."""
    build = group.add_parser("build", help="make a set from a list of recordings")
    build.add_argument(
        "list", type=Path, help="CSV: label,source,start_s,end_s,subject (source: file, folder or URL), or Kinetics' own list"
    )
    build.add_argument("--out", type=Path, required=True, help="folder of the set; an interrupted build goes on there")
    build.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: %(default)s, one per core)")
    build.add_argument("--ray", default="", metavar="ADDRESS", help="use the Ray cluster that runs there")
    build.add_argument(
        "--pad", type=int, default=0, metavar="FRAMES", help="repeat the first frames in which someone is seen until so long"
    )
    build.add_argument("--format", choices=[one.name for one in FORMATS.values() if one.write], default="columns",
                       help="of the set (default: %(default)s)")  # fmt: skip
    build.add_argument("--labels", type=Path, help="label file (one per line): others are refused, the order is kept")
    add_clean_options(build)
    build.add_argument("--least-seen", type=float, default=ExtractConfig().least_seen, metavar="SHARE",
                       help="least share of pictures with a person (default: %(default)s)")  # fmt: skip
    build.set_defaults(run=run_build)
    bench = group.add_parser("bench", help="how fast building is beside MediaPipe alone")
    bench.add_argument("video", type=Path)
    bench.add_argument("--rounds", type=int, default=3, help="measurements of each (default: %(default)s)")
    bench.add_argument("--json", type=Path, help="write the figures there")
    add_clean_options(bench)
    bench.set_defaults(run=run_bench)


def add_clean_options(parser: argparse.ArgumentParser) -> None:
    """Options of cutting and cleaning."""
    clean = CleanConfig()
    parser.add_argument("--size", default=f"{clean.width}x{clean.height}", help="of the pictures (default: %(default)s)")
    parser.add_argument("--fps", type=float, default=clean.fps, help="pictures a second (default: %(default)g)")
    parser.add_argument("--fit", choices=("pad", "stretch"), default=clean.fit,
                        help="pad: black bars keep the shape; stretch: as in the thesis (default: %(default)s)")  # fmt: skip


def clean_config(options: argparse.Namespace) -> CleanConfig:
    """The options as parameters.

    Raises:
        ConfigError: a malformed size, or a value out of range.
    """
    try:
        width, height = (int(part) for part in options.size.lower().split("x"))
    except ValueError:
        raise ConfigError(f"--size {options.size!r} is not WIDTHxHEIGHT, e.g. 340x256") from None
    return CleanConfig(width, height, options.fps, options.fit)


def run_build(options: argparse.Namespace) -> int:
    """Build; returns 1 when not one row gave a sequence."""
    if options.workers < 1 or not LEAST_FRAMES <= options.pad <= MOST_FRAMES:
        raise ConfigError(f"--workers {options.workers} must be 1 or more, --pad {options.pad} {LEAST_FRAMES} .. {MOST_FRAMES}")
    path = options.out / f"set{FORMATS[options.format].suffix}"
    writer_of(path, options.format)  # hours before it is needed
    labels = read_labels(options.labels) if options.labels else ()
    rows = read_manifest(options.list, labels)
    config = ExtractConfig(least_seen=options.least_seen)
    builder = Builder(options.out, rows, clean_config(options), config)
    _refuse_foreign(path)
    console = Console(width=max(WIDTH, Console().width))
    try:
        _run_with_bar(builder, options, console)
    finally:
        _print_report(list(builder.entries.values()), options.out / "report.csv", console)
    if not any(entry.frames for entry in builder.entries.values()):
        return 1
    with console.status(f"writing {path}"):
        count = _write(path, builder, options, labels)
    console.print(f"{count} sequences: {path}", soft_wrap=True)
    return 0


def _refuse_foreign(path: Path) -> None:
    """A folder where the set will stand is replaced, which must not happen to one that no build wrote."""
    held = list(path.iterdir()) if path.is_dir() else []
    strange = next((one.name for one in held if one.suffix != ".json" or one.is_dir()), "")
    if strange or (held and not beside(path, SUMMARY).exists()):
        holds = strange or f"clips without {beside(path, SUMMARY).name}"
        raise ConfigError(f"{path} is where the set goes, but no build wrote it: it holds {holds}; move it, or change --out")


def _write(path: Path, builder: Builder, options: argparse.Namespace, labels: Sequence[str]) -> int:
    """Write the set; that of an earlier run stays until the new one is whole."""
    with writing_into(path.parent, last=path.name) as new:
        count = write_set(new / path.name, builder.sequences(options.pad), labels or sorted(builder.labels), options.format)
        _refuse_foreign(path)  # hours may have passed
    return count


def _run_with_bar(builder: Builder, options: argparse.Namespace, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("rows", total=len(builder.entries), completed=len(builder.entries) - len(builder.waiting))
        failed = 0

        def tell(entry: Entry) -> None:
            nonlocal failed
            failed += entry.status == FAILED
            bar.update(task, advance=1, description=f"rows ({failed} failed)" if failed else "rows")

        builder.run(options.workers, options.ray, tell)


def _print_report(entries: Sequence[Entry], report: Path, console: Console) -> None:
    odd = [entry for entry in entries if entry.status in (FAILED, WAITING) or entry.reason]
    if odd:
        table = Table("line", "label", "source", "status", "why")
        for entry in odd[:SHOWN]:
            cells = (str(entry.row.line), entry.row.label, entry.row.source.rsplit("/", 1)[-1], entry.status, entry.reason)
            table.add_row(*(escape(cell) for cell in cells))
        console.print(table)
    if len(odd) > SHOWN:
        console.print(f"and {len(odd) - SHOWN} more")
    counts = ", ".join(f"{count} {status}" for status, count in totals(entries).items())
    console.print(f"{len(entries)} rows: {counts}; report: {report}", soft_wrap=True)


def run_bench(options: argparse.Namespace) -> int:
    """Measure and print, side by side."""
    if options.rounds < 1:
        raise ConfigError(f"--rounds {options.rounds} must be 1 or more")
    check_writable(options.json, reads=[options.video])
    speed = measure_build(options.video, clean_config(options), ExtractConfig(), options.rounds)
    of = speed.figures
    if options.json:
        write_json(options.json, of)
    table = Table("one process", "pictures/s", "processor ms/picture", title=f"{speed.pictures} pictures of {options.size}")
    table.add_row("MediaPipe alone", f"{of['bare_fps']:.1f}", f"{of['bare_cpu_ms']:.2f}")
    table.add_row("builder: decode, clean, estimate, track", f"{of['build_fps']:.1f}", f"{of['build_cpu_ms']:.2f}")
    table.add_row("share of MediaPipe's rate", f"{of['build_over_bare']:.2f}", f"{of['build_over_bare_cpu']:.2f}")
    Console().print(table)
    return 0
