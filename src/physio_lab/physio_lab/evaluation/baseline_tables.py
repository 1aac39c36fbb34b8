"""What classical methods reach, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_lab.evaluation.grouped import told
from physio_lab.reports.markdown import markdown_table

HEADER = ("method", "n", "accuracy", "95 %", "balanced accuracy", "95 %")


def cells_of(rows: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Cells under :data:`HEADER`."""
    return [
        (
            row["what"], str(row["n"]), f"{row['accuracy']:.3f}", told(row["intervals"], "accuracy"),
            f"{row['balanced_accuracy']:.3f}", told(row["intervals"], "balanced_accuracy"),
        )
        for row in rows
    ]  # fmt: skip


def print_baselines(console: Console, rows: Sequence[dict[str, Any]]) -> None:
    """On the terminal."""
    table = Table(*HEADER)
    for cells in cells_of(rows):
        table.add_row(*cells)
    console.print(table)


def baselines_page(rows: Sequence[dict[str, Any]], command: str, note: str = "") -> str:
    """For a page of the documentation."""
    drawn = rows[0]["intervals"]
    above = f"Written by `{command}`. {note} Intervals over {drawn['groups']} {drawn['over']}s."
    return "\n".join([" ".join(above.split()), "", *markdown_table(HEADER, cells_of(rows))])
