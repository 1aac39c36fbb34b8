"""`physio dataset ...`: converting between formats here; each further part of the laboratory adds its commands to the group."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from physio_core.skeleton.layouts import LAYOUTS
from physio_lab.datasets import augment_commands, build_commands, set_commands
from physio_lab.datasets.files import read_labels
from physio_lab.datasets.formats import FORMATS, SequenceSet, check_apart, open_set, write_set, writer_of
from physio_lab.datasets.given import add_given_options, given
from physio_lab.datasets.sequence import SkeletonSequence


def add_commands(subparsers: Any, name: str) -> Any:
    """Add the commands; returns their group."""
    group = subparsers.add_parser(name, help="build, convert and look at sets of skeletons").add_subparsers(required=True)
    convert = group.add_parser("convert", help="turn a set into another format or joint layout")
    convert.add_argument("source", metavar="IN", help="file or folder, or FORMAT:PATH, e.g. penn:data/penn_action")
    convert.add_argument("target", metavar="OUT", type=Path, help="the ending tells the format; none: a Kinetics-skeleton folder")
    convert.add_argument("--layout", default="", choices=["", *LAYOUTS], metavar="NAME",
                         help=f"joints to turn skeletons into: {', '.join(LAYOUTS)} (default: as they are)")  # fmt: skip
    convert.add_argument("--format", default="", metavar="NAME", help="of OUT, instead of telling by its ending")
    convert.add_argument("--labels", type=Path, help="label file (one per line): sets the order, refuses others")
    add_given_options(convert)
    convert.set_defaults(run=run_convert)
    group.add_parser("formats", help="formats and joint layouts that are known").set_defaults(run=run_formats)
    build_commands.add_commands(group)
    set_commands.add_commands(group)
    augment_commands.add_commands(group)
    return group


@dataclass(frozen=True)
class _Counted:
    """A set that counts what is read of it, each time."""

    of: SequenceSet
    seen: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[SkeletonSequence]:
        self.seen.clear()
        for one in self.of:
            self.seen.update(sequences=1, frames=len(one.stamps_s))
            yield one


def run_convert(options: argparse.Namespace) -> int:
    """Convert, streaming."""
    writer_of(options.target, options.format)
    console = Console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        bar.add_task(f"{options.source} -> {options.target}", total=None)
        source = open_set(options.source, options.layout, given(options))
        labels = read_labels(options.labels) if options.labels else source.labels
        check_apart(options.target, options.format, labels, [source])
        counted = _Counted(source)
        write_set(options.target, counted, labels, options.format)
    seen = counted.seen
    console.print(f"wrote {options.target}: {seen['sequences']} sequences, {seen['frames']} frames, {len(labels)} labels")
    return 0


def run_formats(_options: argparse.Namespace) -> int:
    """Print the formats and layouts."""
    formats = Table("format", "what", "ending", "written")
    for one in FORMATS.values():
        formats.add_row(one.name, one.what, one.suffix or "folder", "yes" if one.write else "no")
    layouts = Table("layout", "joints", "centre", "first joints")
    for layout in LAYOUTS.values():
        layouts.add_row(layout.name, str(len(layout.joints)), layout.centre, " ".join(layout.joints[:4]) + " ..")
    Console().print(formats, layouts)
    return 0
