"""`physio dataset subset`, `merge`, `split`, `stats` and `view`: what is done with sets of any format."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from physio_core.cli import listed
from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_bytes, write_json, write_text, writing_into
from physio_core.types import UNKNOWN
from physio_lab.datasets.formats import SequenceSet, check_apart, format_named, open_set, write_set, writer_of
from physio_lab.datasets.given import add_given_options, given
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.datasets.sets import ConcatDataset, Subset, find, in_both, judged, subset
from physio_lab.datasets.split import PARTS, SPLIT, Group, groups_of, split
from physio_lab.datasets.stats import Stats, stats

WIDTH = 120
SHOWN = 30
"""Subjects or recordings on the screen; split.csv holds all."""


def add_commands(group: Any) -> None:
    """Add the commands to the group `dataset`."""
    part = group.add_parser("subset", help="some classes of a set, others as `unknown`; or what another set has too")
    part.add_argument("set")
    part.add_argument("out", metavar="OUT", type=Path, help="set to write; its ending tells the format")
    part.add_argument("--classes", default="", help="comma between them, e.g. squat,lunge (default: all)")
    part.add_argument("--like", metavar="SET", help="only sequences whose names are in that set too, to compare two estimators")
    part.add_argument("--correct", choices=("yes", "no"), help="only sequences that are annotated as done right, or wrong")
    part.add_argument("--unknown", type=int, default=0, metavar="N", help=f"so many sequences of other classes as `{UNKNOWN}`")
    part.add_argument("--seed", type=int, default=0, help="which others are drawn (default: %(default)s)")
    add_given_options(part)
    part.set_defaults(run=run_subset)
    merge = group.add_parser("merge", help="several sets as one")
    merge.add_argument("sets", nargs="+", metavar="SET")
    merge.add_argument("--out", required=True, type=Path, help="set to write; its ending tells the format")
    merge.add_argument("--rename", action="store_true", help="put the file's name, or its folder's, before each sequence's")
    add_given_options(merge)
    merge.set_defaults(run=run_merge)
    parts = group.add_parser("split", help="training, validation and test, by subject or else by recording")
    parts.add_argument("set")
    parts.add_argument("--out", required=True, type=Path, help="folder for train, val, test and split.csv")
    parts.add_argument("--shares", default="0.8,0.1,0.1", help="of train,val,test (default: %(default)s)")
    parts.add_argument("--seed", type=int, default=0, help="who goes where (default: %(default)s)")
    parts.add_argument("--format", default="columns", help="of the parts (default: %(default)s)")
    add_given_options(parts)
    parts.set_defaults(run=run_split)
    table = group.add_parser("stats", help="how much a set holds, class by class")
    table.add_argument("set")
    table.add_argument(
        "--beside", metavar="SET", help="another set, e.g. of another estimator: figures of both, one plot over the other"
    )
    table.add_argument(
        "--plot",
        type=Path,
        metavar="FILE.png",
        help="draw non-empty frames and class balance; of two sets, how often each sees someone",
    )
    table.add_argument("--json", type=Path, help="write the figures there")
    add_given_options(table)
    table.set_defaults(run=run_stats)
    view = group.add_parser("view", help="one sequence as a moving picture")
    view.add_argument("set")
    view.add_argument("sequence", nargs="?", default="0", help="its name, or its number from 0 (default: the first)")
    view.add_argument("--out", type=Path, metavar="FILE", help="ending .gif or .mp4 (default: NAME.gif)")
    view.add_argument("--size", type=int, default=320, help="height of the picture [px] (default: %(default)s)")
    view.add_argument("--fps", type=float, default=15.0, help="pictures a second (default: %(default)g)")
    add_given_options(view)
    view.set_defaults(run=run_view)


def _console() -> Console:
    return Console(width=max(WIDTH, Console().width))


def run_subset(options: argparse.Namespace) -> int:
    """Write the chosen classes, or what another set has too."""
    writer_of(options.out)
    classes = list(dict.fromkeys(listed("--classes", options.classes)))
    if not (classes or options.like or options.correct):
        raise ConfigError("say which: --classes NAMES, --like SET, --correct yes or no, or several of them")
    source: Iterable[SkeletonSequence] = (whole := open_set(options.set, given=given(options)))
    read = [whole]
    if options.like:
        read.append(other := open_set(options.like))
        source = in_both(whole, other)
        _console().print(f"{len(source.labels)} names are in both {whole.path} and {other.path}", soft_wrap=True)
    if options.correct:
        source = judged(source, options.correct == "yes")
    labels = list(whole.labels)
    if classes:
        source = subset(source, classes, options.unknown, options.seed)
        labels = [*classes, *([UNKNOWN] if options.unknown and UNKNOWN not in classes else [])]
    check_apart(options.out, "", labels, read)
    count = write_set(options.out, source, labels)
    _console().print(f"{options.out}: {count} sequences of {', '.join(labels)}", soft_wrap=True)
    return 0


def run_merge(options: argparse.Namespace) -> int:
    """Write all sets as one."""
    writer_of(options.out)
    sets = [open_set(one, given=given(options)) for one in options.sets]
    merged = ConcatDataset(sets, options.rename)
    check_apart(options.out, "", merged.labels, sets)
    count = write_set(options.out, merged, merged.labels)
    _console().print(f"{options.out}: {count} sequences of {', '.join(merged.labels)}", soft_wrap=True)
    return 0


def run_split(options: argparse.Namespace) -> int:
    """Write the parts and say who went where."""
    try:
        shares = [float(share) for share in options.shares.split(",")]
    except ValueError:
        shares = []
    if len(shares) != len(PARTS):
        raise ConfigError(f"--shares {options.shares!r}; need three numbers that sum to 1, of {', '.join(PARTS)}: 0.8,0.1,0.1")
    _refuse_earlier_split(options.out)
    source, console = open_set(options.set, given=given(options)), _console()
    ending = format_named(options.format).suffix
    writer_of(options.out / f"train{ending}", options.format)
    dealt = split(groups_of(source), shares, options.seed)
    with writing_into(options.out, last=SPLIT) as new:
        for part, groups in zip(PARTS, dealt, strict=True):
            if groups:
                names = {name: label for group in groups for name, label in group.labels.items()}
                write_set(new / f"{part}{ending}", Subset(source, names), source.labels, options.format)
        _write_split(new / SPLIT, dealt)
    _print_split(console, source, dealt)
    console.print(f"written: {options.out}", soft_wrap=True)
    return 0


def _refuse_earlier_split(folder: Path) -> None:
    """A part that stays empty this time would be left as it was, with people who are elsewhere now."""
    held = sorted(path.name for path in folder.glob("*") if path.name.partition(".")[0] in (*PARTS, "split"))
    if held:
        raise ConfigError(f"{folder} holds a split already ({', '.join(held)}); delete these, or give another --out")


def _write_split(path: Path, dealt: Sequence[Sequence[Group]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["part", "group", "name"])
    for part, groups in zip(PARTS, dealt, strict=True):
        writer.writerows((part, group.key, name) for group in groups for name in group.labels)
    write_text(path, text.getvalue())


def _print_split(console: Console, source: SequenceSet, dealt: Sequence[Sequence[Group]]) -> None:
    table = Table("class", *PARTS)
    for label in source.labels:
        table.add_row(escape(label), *(str(sum(group.counts[label] for group in groups)) for groups in dealt))
    table.add_row("all", *(str(sum(len(group.labels) for group in groups)) for groups in dealt), style="bold")
    table.add_row("groups", *(str(len(groups)) for groups in dealt))
    console.print(table)
    where = [(group.key, part, len(group.labels)) for part, groups in zip(PARTS, dealt, strict=True) for group in groups]
    people = Table("who", "part", "sequences")
    for key, part, count in where[:SHOWN]:
        people.add_row(escape(key), part, str(count))
    console.print(people)
    if len(where) > SHOWN:
        console.print(f"and {len(where) - SHOWN} more in split.csv")
    for part, groups in zip(PARTS, dealt, strict=True):
        absent = [label for label in source.labels if groups and not any(group.counts[label] for group in groups)]
        if absent:
            console.print(f"[yellow]nobody in {part} does: {escape(', '.join(absent))}; more subjects would help")
    alone = sum(key.startswith("name ") for key, _, _ in where)
    if alone:
        console.print(f"[yellow]{alone} sequences name neither subject nor source; each was taken to be someone else")


def run_stats(options: argparse.Namespace) -> int:
    """Print, and draw where asked for."""
    opened = open_set(options.set, given=given(options))
    other = open_set(options.beside) if options.beside else None
    check_writable(options.json, options.plot, reads=[*opened.files(), *(other.files() if other else [])])
    check_writable(options.plot, endings=(".png",))
    sets = {str(options.set): stats(opened)}
    if other:
        sets[str(options.beside)] = stats(other)
    if len(sets) < 1 + bool(options.beside):
        raise ConfigError(f"--beside {options.beside} is the set itself; name another")
    figures = [_figures(found) for found in sets.values()]
    if options.json:
        write_json(options.json, figures[0] | ({"beside": figures[1]} if options.beside else {}))
    if options.plot:
        _plot(options.plot, sets)
    for name, found in sets.items():
        _print_stats(found, name if options.beside else "")
    return 0


def _print_stats(found: Stats, title: str) -> None:
    console = _console()
    table = Table("class", "sequences", "frames", "seconds", "non-empty", "people/frame", "subjects", "recordings", "share",
                  title=escape(title) or None)  # fmt: skip
    rows = [(label or "not known", tally) for label, tally in found.by_label.items()]
    for label, tally in [*rows, ("all", found.all)]:
        of = tally.figures()
        table.add_row(
            escape(label), str(of["sequences"]), str(of["frames"]), f"{of['seconds']:.1f}", f"{of['non_empty']:.3f}",
            f"{of['people_per_frame']:.2f}", str(of["subjects"]), str(of["sources"]),
            f"{of['sequences'] / max(1, found.all.sequences):.3f}", style="bold" if tally is found.all else None,
        )  # fmt: skip
    console.print(table)
    console.print(f"joints: {', '.join(found.layouts)}")
    if found.all.annotated:
        told = ", ".join(f"{name} {count}" for name, count in found.all.annotated.items())
        console.print(f"annotated sequences: {told}; {found.all.repetitions} repetitions")


def _figures(found: Stats) -> dict[str, Any]:
    by_label = {label: tally.figures() for label, tally in found.by_label.items()}
    return found.all.figures() | {"by_label": by_label, "layouts": list(found.layouts)}


def _plot(path: Path, sets: Mapping[str, Stats]) -> None:
    from physio_lab.plot.dataset import beside_figure, dataset_figure  # loads matplotlib

    if len(sets) > 1:
        write_bytes(path, beside_figure({name: found.all.non_empty_shares for name, found in sets.items()}))
        return
    ((title, found),) = sets.items()
    write_bytes(path, dataset_figure({label: tally.non_empty_shares for label, tally in found.by_label.items()}, title))


def run_view(options: argparse.Namespace) -> int:
    """Write a GIF or a video of one sequence."""
    from physio_lab.plot.animation import skeleton_gif, skeleton_pictures  # loads Pillow

    sequence = find(
        open_set(options.set, given=given(options)),
        lambda number, one: options.sequence == one.name or options.sequence == str(number),
    )
    path = options.out or Path(f"{sequence.name}.gif")
    title = sequence.label or sequence.name
    if path.suffix.lower() == ".gif":
        skeleton_gif(path, sequence, options.size, options.fps, title)
    elif path.suffix.lower() == ".mp4":
        from physio_core.camera.writer import VideoWriter  # loads OpenCV

        pictures = list(skeleton_pictures(sequence, options.size // 2 * 2, options.fps, title))
        with VideoWriter(path, options.fps, pictures[0].shape[1], pictures[0].shape[0]) as video:
            for picture in pictures:
                video.add(picture)
    else:
        raise ConfigError(f"--out {path}: the ending must be .gif or .mp4")
    _console().print(f"{path}: {escape(f'{sequence.label} {sequence.name}')}, {len(sequence.stamps_s)} frames", soft_wrap=True)
    return 0
