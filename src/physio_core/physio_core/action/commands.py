"""`physio action list` and `physio action evaluate`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from physio_core.action.evaluate import Outcome, evaluate, figures, read_index
from physio_core.action.model import CARD, load_model, read_card
from physio_core.errors import InputError
from physio_core.share import shared_path

WIDTH = 120
"""Least width of what is printed, so that class names are not cut."""


def add_commands(subparsers: Any, name: str) -> None:
    """Add the commands."""
    commands = subparsers.add_parser(name, help="list models, evaluate them on clips").add_subparsers(required=True)
    listing = commands.add_parser("list", help="models that ship")
    listing.set_defaults(run=list_models)
    parser = commands.add_parser("evaluate", help="run the whole pipeline over a folder of labelled clips")
    parser.add_argument("folder", type=Path, help="holds INDEX.csv (file,label,reps,grade) and the clips")
    parser.add_argument("--grades", default="", help="only clips of these grades, e.g. ABU (default: all)")
    parser.add_argument("--fps", type=float, default=0.0, help="as if the camera gave so many images a second (default: all)")
    parser.add_argument("--model", default="", help="model folder (default: the one that ships)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--markdown", type=Path, help="write the table of clips there")
    parser.set_defaults(run=run_evaluate)


def list_models(_options: argparse.Namespace) -> int:
    """Print the models that ship."""
    table = Table("model", "labels", "joints", "rate [Hz]")
    for path in sorted(shared_path("models").glob(f"*/{CARD}")):
        card = read_card(path.parent)
        table.add_row(path.parent.name, " ".join(card.labels), card.layout.name, f"{card.normaliser.rate_hz:g}")
    Console().print(table)
    return 0


def run_evaluate(options: argparse.Namespace) -> int:
    """Evaluate; clips that cannot be run are listed and count as wrong."""
    if options.fps < 0 or options.workers < 1:
        raise InputError(f"--fps {options.fps:g} must be 0 or more, --workers {options.workers} 1 or more")
    console = Console(width=max(WIDTH, Console().width))
    clips = read_index(options.folder, options.grades)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("clips", total=len(clips))
        outcomes = evaluate(clips, options.model, options.fps, options.workers, lambda _one: bar.advance(task))
    model = load_model(options.model)
    result = figures(outcomes, model.labels)
    _print(console, outcomes, result, model.labels)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    if options.markdown:
        options.markdown.write_text(markdown(outcomes, result, model.labels, options))
    return 0


def _print(console: Console, outcomes: Sequence[Outcome], result: dict[str, Any], labels: Sequence[str]) -> None:
    table = Table("true \\ named", *labels, "failed", "recall")
    for truth in labels:
        row = result["confusion"][truth]
        recall = result["recall"].get(truth)
        table.add_row(truth, *(str(count or "·") for count in row.values()), "-" if recall is None else f"{recall:.2f}")
    console.print(table)
    for one in outcomes:
        if one.named != one.truth:
            console.print(
                f"[yellow]{one.clip.grade} {one.clip.path.name}: {one.truth}, named {one.named or 'nothing: ' + one.error}"
            )
    console.print(summary_line(result))


def summary_line(result: dict[str, Any]) -> str:
    """The figures in one line."""
    seconds = result["seconds_to_label_median"]
    return (
        f"{result['n']} clips: accuracy {result['accuracy']:.3f}, balanced {result['balanced_accuracy']:.3f}; "
        f"coverage {result['coverage']:.3f} of the time, a wrong exercise named in {result['wrong_name_windows']:.3f} of it; "
        + ("no exercise named" if seconds is None else f"first named after {seconds:.1f} s (median)")
    )


def markdown(outcomes: Sequence[Outcome], result: dict[str, Any], labels: Sequence[str], options: argparse.Namespace) -> str:
    """The table of clips as a page."""
    flags = "".join(f" --{name} {value}" for name, value in (("grades", options.grades), ("fps", options.fps)) if value)
    lines = [
        "# Recognition, clip by clip", "",
        f"Written by `physio action evaluate DIR{flags} --markdown FILE`. The clips are development clips: no model was trained",
        "on them, thresholds were tuned on them. A clip counts as the exercise that was named for longest, if long enough.", "",
        summary_line(result), "",
        "| true \\ named | " + " | ".join([*labels, "failed"]) + " | recall |", "|---" * (len(labels) + 3) + "|",
    ]  # fmt: skip
    for truth in labels:
        counts = [str(count or "·") for count in result["confusion"][truth].values()]
        recall = result["recall"].get(truth)
        lines.append(f"| {truth} | " + " | ".join(counts) + f" | {'-' if recall is None else f'{recall:.2f}'} |")
    lines += ["", "| clip | grade | label | named | right | time named [s] | silent [s] |", "|---|---|---|---|---|---|---|"]
    for one in outcomes:
        named = _times(one.summary.named_s) if one.summary else one.error
        silent = _times(one.summary.abstained_s) if one.summary else ""
        right = "yes" if one.named == one.truth else "**no**"
        lines.append(
            f"| {one.clip.path.name} | {one.clip.grade} | {one.clip.label} | {one.named} | {right} | {named} | {silent} |"
        )
    return "\n".join(lines) + "\n"


def _times(seconds: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.1f}" for name, value in sorted(seconds.items(), key=lambda item: -item[1]))
