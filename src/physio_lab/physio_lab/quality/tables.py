"""What an evaluation of quality found, as tables: on the terminal and in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_lab.quality.crossing import SESSION
from physio_lab.quality.takes import SETS, QualitySet
from physio_lab.quality.views import METHODS
from physio_lab.reports.markdown import markdown_table

OF_CLASSES = ("method", "balanced accuracy", "95 %", "all folds pooled", "95 %", "Brier", "calibration error")
OF_SCORES = ("method", "mean absolute error", "95 %", "patients", "95 %")
Rows = list[tuple[str, ...]]


def parts(result: Mapping[str, Any], sets: Sequence[QualitySet] = SETS) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    """Title, header and rows of each table: the methods of a set, then the exercises of the method that counts."""
    for kind in sets:
        found = result.get(kind.name)
        if not found:
            continue
        people = f"{kind.title}: {found['n']} recordings of {found['subjects']} people"
        rows = [_row(method, figures, kind.scored) for method, figures in found["methods"].items()]
        yield people, OF_SCORES if kind.scored else OF_CLASSES, rows
        figure = "mae" if kind.scored else "balanced_accuracy"
        header = ("exercise", "mean absolute error" if kind.scored else "balanced accuracy", "95 %", "n")
        each = found["exercises"].items()
        yield (
            f"{kind.title}, each exercise ({_what(found['method'])})", header,
            [(name.replace("_", " "), _number(one[figure]), _between(one), str(one["n"])) for name, one in each],
        )  # fmt: skip


def print_tables(console: Console, result: Mapping[str, Any]) -> None:
    """On the terminal."""
    for title, header, rows in parts(result):
        table = Table(*header, title=title)
        for row in rows:
            table.add_row(*row)
        console.print(table)


def tables_page(result: Mapping[str, Any], kind: QualitySet, command: str) -> str:
    """What was found of a set, for a page of the documentation."""
    lines = [f"Written by `{command}`; intervals over people."]
    for title, header, rows in parts(result, [kind]):
        lines += ["", f"**{title}**", "", *markdown_table(header, rows)]
    return "\n".join(lines)


def _row(method: str, found: Mapping[str, Any], scored: bool) -> tuple[str, ...]:
    if scored:
        return (
            _what(method), _number(found["mae"]), _between(found), _number(found["mae_patients"]), _between(found["patients"])
        )  # fmt: skip
    pooled = found["pooled"]
    return (
        _what(method), _number(found["balanced_accuracy"]), _between(found), _number(pooled["balanced_accuracy"]),
        _between(pooled), f"{found['brier']:.3f}", f"{found['reliability']['error']:.3f}",
    )  # fmt: skip


def _what(method: str) -> str:
    return "the same, a person's recordings read together" if method == SESSION else METHODS[method].what


def _number(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.3f}" if abs(figure) <= 1.0 else f"{figure:.2f}"


def _between(found: Mapping[str, Any]) -> str:
    return "-" if found["low"] is None else f"{_number(found['low'])} to {_number(found['high'])}"
