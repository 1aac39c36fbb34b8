"""What an evaluation of scores found, as tables: on the terminal and in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_lab.reports.intervals import Interval
from physio_lab.reports.markdown import markdown_table
from physio_lab.scoring.fma_figures import NAMES

HEADER = ("method", "kappa", "95 %", "accuracy", "95 %", "balanced", "calibration error")


def row_of(name: str, found: Mapping[str, Any], calibrated: bool = True) -> tuple[str, ...]:
    """One method's row under :data:`HEADER`."""
    return (
        name, f"{found['kappa']:.3f}", str(Interval(**found["kappa_interval"])), f"{found['accuracy']:.3f}",
        str(Interval(**found["accuracy_interval"])), f"{found['balanced_accuracy']:.3f}",
        f"{found['calibration']['error']:.3f}" if calibrated else "-",
    )  # fmt: skip


def parts(found: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """Title, header and rows of the tables about one method: confusion, items, what abstaining buys."""
    confusion = [(true, *(str(count) for count in row.values())) for true, row in found["confusion"].items()]
    items = [(name.replace("_", " "), f"{kappa:.3f}") for name, kappa in found["items"].items()]
    abstaining = [
        (f"{one['below']:.1f}", f"{one['told']:.3f}", "-" if one["accuracy"] is None else f"{one['accuracy']:.3f}")
        for one in found["abstaining"]
    ]
    return [
        ("Levels, true by told", ("", *NAMES), confusion),
        ("Each item", ("item", "kappa"), items),
        ("What abstaining buys", ("nothing is told below", "told", "accuracy of what is told"), abstaining),
    ]


def print_rows(console: Console, title: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """One table on the terminal."""
    table = Table(*header, title=title)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def page_of(found: Mapping[str, Any], rows: list[tuple[str, ...]], command: str) -> str:
    """All tables for a page of the documentation."""
    who = f"{found['n']} trials of {found['patients']} simulated patients"
    lines = [f"Written by `{command}`; {who}; intervals over patients.", "", *markdown_table(HEADER, rows)]
    for title, header, cells in parts(found):
        lines += ["", f"{title}:", "", *markdown_table(header, cells)]
    return "\n".join(lines)
