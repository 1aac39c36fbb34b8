"""`physio hand refine-evaluate`: what refinement is worth, table by table, on simulated workers whose truth is known."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from physio_core.cli import DONE, listed
from physio_core.errors import ConfigError
from physio_core.files import check_folder, check_writable, write_json
from physio_lab.evaluation.commands import wide_console
from physio_lab.evaluation.tables import around_block, write_blocks
from physio_lab.reports.markdown import markdown_table

if TYPE_CHECKING:
    from physio_lab.refining.experiments import Bench, Row
    from physio_lab.refining.truth import Measured

WORK = Path("build", "refine")
_SEEN = ("hands", "images", "people", "seen", "95 %", "right", "95 %", "error, all images", "error, seen", "")
Made = tuple[Any, list[str]]
"""Figures of one experiment, and its table."""


def add_evaluate(commands: Any, name: str) -> None:
    """Add ``physio hand refine-evaluate``."""
    parser = commands.add_parser(name, help="what refinement is worth, on simulated workers", description=__doc__)
    parser.add_argument("--work", type=Path, default=WORK, metavar="DIR", help=f"keeps all that is made (default: {WORK})")
    parser.add_argument("--only", default="", metavar="NAMES", help=f"comma between them: {', '.join(_PARTS)} (default: all)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--tables", type=Path, metavar="FILE", help="put the tables into this page, between marks refine-NAME")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure what is asked for; what is in the folder already is not made again.

    Raises:
        ConfigError: an unknown name, a library that is missing, a page without marks.
        OutputError: the folder or a file cannot be written.
    """
    names = listed("--only", options.only) or list(_PARTS)
    if strange := [name for name in names if name not in _PARTS]:
        raise ConfigError(f"--only {strange[0]}: known are {', '.join(_PARTS)}")
    check_writable(options.json, options.tables)
    for name in names if options.tables else ():
        around_block(options.tables, f"refine-{name}")
    check_folder(options.work)
    from physio_lab.refining.experiments import Bench

    console, result, pages = wide_console(), {}, dict[str, str]()
    with console.status("opening the networks") as status:
        bench = Bench(options.work, lambda step: status.update(step))
        for name in names:
            figures, lines = _PARTS[name](bench)
            result[name] = figures
            command = f"Written by `physio hand refine-evaluate --only {name}`."
            pages[f"refine-{name}"] = "\n".join([command, "", *lines])
            for line in (name, *lines, ""):
                console.print(line, markup=False, highlight=False, soft_wrap=True)
    if options.json:
        write_json(options.json, result)
    if options.tables:
        write_blocks(options.tables, pages)
    return DONE


def refine_figures(_: argparse.Namespace) -> dict[str, float]:
    """What `physio hand evaluate` tells of refinement.

    ``detection_before`` and ``detection_after`` are shares of images with a right hand, on a kind of glove that nobody taught;
    ``activity_top1`` is told from the poses on these gloves after it.
    """
    from physio_lab.refining.experiments import OTHER, Bench, activities

    bench = Bench(WORK)
    best, test = bench.run().best, bench.clips("test", (OTHER,))
    before, after = (bench.measured(f"iteration_{number}", bench.heads(number), "test", test) for number in (0, best))
    told = activities(bench)
    return {
        "detection_before": before.right.value, "detection_after": after.right.value,
        "activity_top1": told["after other"]["top1"], "activity_top1_before": told["before other"]["top1"],
        "seen_before": before.seen.value, "seen_after": after.seen.value,
    }  # fmt: skip


def _of_rows(first: str, part: str) -> Callable[[Bench], Made]:
    """An experiment that gives rows."""

    def made(bench: Bench) -> Made:
        from physio_lab.refining import experiments

        rows: list[Row] = getattr(experiments, part)(bench)
        figures = [{"what": row.what, "on": row.on, "note": row.note, **asdict(row.measured)} for row in rows]
        return figures, markdown_table((first, *_SEEN), ((row.what, row.on, *_cells(row.measured), row.note) for row in rows))

    return made


def _cells(one: Measured) -> Iterable[str]:
    yield str(one.images)
    yield str(one.workers)
    for share in (one.seen, one.right):
        yield f"{share.value:.2f}"
        yield f"{share.interval.low:.2f} to {share.interval.high:.2f}"
    yield f"{one.error.value:.3f}"
    yield "" if np.isnan(one.error_seen) else f"{one.error_seen:.3f}"


def _activities(bench: Bench) -> Made:
    from physio_lab.refining.experiments import activities

    found = activities(bench)
    rows = (
        (name, str(one["clips"]), f"{one['top1']:.2f}", f"{one['low']:.2f} to {one['high']:.2f}", f"{one['balanced']:.2f}",
         str(one["nothing_told"]))
        for name, one in found.items()
    )  # fmt: skip
    return found, markdown_table(("poses", "clips", "top-1", "95 %", "mean of classes", "too few poses to tell"), rows)


def _search(bench: Bench) -> Made:
    from physio_lab.refining.experiments import FILTERS, annotated
    from physio_lab.refining.filters import NO_FILTER
    from physio_lab.refining.search import GRID, search
    from physio_lab.refining.truth import passed

    seen, clips = annotated(bench)
    front, best = search(seen, clips, FILTERS)
    ways = {
        "best": best, "default": passed(seen, clips, FILTERS),
        "default, spatial alone": passed(seen, clips, FILTERS, temporal=False),
        "default, temporal alone": passed(seen, clips, FILTERS, spatial=False), "none": passed(seen, clips, NO_FILTER),
    }  # fmt: skip
    names, shown = [*[""] * len(front[:6]), *ways], [*front[:6], *ways.values()]
    rows = (
        (name, *(f"{getattr(one.config, key):g}" for key in GRID), f"{one.precision:.3f}", f"{one.recall:.3f}",
         f"{one.error:.3f}", f"{one.filled:.2f}")
        for name, one in zip(names, shown, strict=True)
    )  # fmt: skip
    header = ("", *GRID, "precision", "recall", "error", "filled in")
    return [asdict(one) for one in shown], markdown_table(header, rows)


def _speeds(_: Bench) -> Made:
    from physio_lab.refining.experiments import FILTERS
    from physio_lab.refining.speeds import filterings

    found = list(filterings(FILTERS))
    rows = (
        (f"{one.rate_hz:g}", f"{one.speed:g}", f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.filled:.2f}",
         "" if np.isnan(one.filled_error) else f"{one.filled_error:.3f}")
        for one in found
    )  # fmt: skip
    header = ("images a second", "times as fast", "precision", "recall", "gaps filled in", "error of these")
    return [asdict(one) for one in found], markdown_table(header, rows)


def _filter_speed(bench: Bench) -> Made:
    from physio_lab.refining.experiments import FILTERS
    from physio_lab.refining.filters import filter_hands

    seen, _ = bench.first_seen()
    start = time.thread_time()
    for one in seen:
        filter_hands(one, FILTERS)
    per_s = sum(len(one.stamps_s) for one in seen) / (time.thread_time() - start)
    return {"images_per_s": per_s}, [f"{per_s:.0f} images a second of one core, clips of {len(seen[0].stamps_s)} images."]


_PARTS: dict[str, Callable[[Bench], Made]] = {
    "iterations": _of_rows("iteration", "iterations"),
    "activities": _activities,
    "filters": _of_rows("filter", "filters_apart"),
    "rates": _of_rows("images with a hand at the start", "rates"),
    "gloves": _of_rows("", "gloves"),
    "occlusion": _of_rows("", "occlusion"),
    "search": _search,
    "speeds": _speeds,
    "speed": _filter_speed,
}
"""Every experiment, by name."""
