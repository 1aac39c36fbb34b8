"""What an evaluation of the coach's verdict says, as tables: on the terminal, in Markdown pages, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

from physio_core.files import write_text
from physio_core.types import UNKNOWN
from physio_lab.evaluation.coaching import Patient
from physio_lab.evaluation.sections import Section
from physio_lab.evaluation.verdicts import QUESTIONS
from physio_lab.reports.intervals import Interval

METHOD = (
    "Each clip is asked for its own exercise and for every other one in turn, whose mean counts; a clip without an exercise is "
    "asked for all of them. It is played back and forth until the coach has decided or the turn is over."
)
WAITS = ("seconds_to_right_median", "seconds_to_wrong_median")
HEADER = ("shown", "clips", *(name.replace("_", " ") for name in QUESTIONS), "right after [s]", "wrong after [s]")
FALSE = ("file", "shown", "asked", "verdict", "seen", "wait_s")
WHO = ("file", "grade", "view", "label", "truth")
TOLD = ("asked", "verdict", "seen", "reason", "wait_s", "verdict_once")


def sections(result: dict[str, Any]) -> list[Section]:
    """The rates, the verdicts that are false, and the files that are odd.

    Args:
        result: as :func:`~physio_lab.evaluation.verdicts.figures` gives it.
    """
    rows = [_row(name, one) for name, one in result["by_exercise"].items()]
    rows.append(_row("all", result))
    rows.append(("95 % interval", "", *map(_interval, result["intervals"].values()), "", ""))
    rows.append(_row("all, played once", result["played_once"]))
    found = [Section("Verdicts", f"{METHOD} {_unknown(result['unknown'])}".strip(), HEADER, tuple(rows))]
    if result["false_verdicts"]:
        rows = [(*(one[key] for key in FALSE[:-1]), f"{one['wait_s']:.1f}") for one in result["false_verdicts"]]
        note = "Praise for what was not shown, and blame for what was."
        found.append(Section("False verdicts", note, (*FALSE[:-1], "after [s]"), tuple(rows)))
    odd = [*((name, "cannot be used, counts as unsure") for name in result["failed"]), *result["notes"].items()]
    if odd:
        found.append(Section("Odd files", "Judged by what could be decoded of them.", ("file", "note"), tuple(odd)))
    return found


def print_sections(console: Console, parts: Sequence[Section]) -> None:
    """Each section's table, then what it shows."""
    for part in parts:
        first, *others = map(escape, part.header)
        table = Table(Column(first, no_wrap=True), *others, title=part.title)
        for row in part.rows:
            table.add_row(*map(escape, row))
        console.print(table)
        console.print(Text(part.note))


def write_csv(path: Path, patients: Sequence[Patient]) -> None:
    """Write a row for each clip and exercise asked for, and one for a clip that could not be used."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow((*WHO, *TOLD, "error", "note"))
    for patient in patients:
        clip = patient.clip
        who = (clip.path.name, clip.grade, clip.view, clip.label, patient.truth)
        for one, once in zip(patient.attempts, patient.once, strict=True):
            told = (one.asked, one.verdict.value, one.seen, one.reason.value, f"{one.wait_s:.2f}", once.verdict.value)
            table.writerow((*who, *told, "", patient.note))
        if patient.error:
            table.writerow((*who, *[""] * len(TOLD), patient.error, patient.note))
    write_text(path, text.getvalue())


def _row(name: str, figures: dict[str, Any]) -> tuple[str, ...]:
    shares = ("-" if figures[key] is None else f"{figures[key]:.3f}" for key in QUESTIONS)
    waits = ("-" if figures[key] is None else f"{figures[key]:.1f}" for key in WAITS)
    return name, str(figures["n"]), *shares, *waits


def _interval(bounds: dict[str, float] | None) -> str:
    return "-" if bounds is None else str(Interval(**bounds))


def _unknown(told: dict[str, Any]) -> str:
    if told["unsure"] is None:
        return ""
    said = ", ".join(f"{verdict} {told[verdict]:.3f}" for verdict in ("right", "wrong", "unsure"))
    return f"Clips of {UNKNOWN} movements ({told['n']}) were told: {said}; unsure is as it should be."
