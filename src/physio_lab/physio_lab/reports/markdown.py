"""Tables of Markdown pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def markdown_row(cells: Iterable[str], literal: bool = True) -> str:
    """A row of a table; ``literal``: cells are shown as they are, else only the bars between cells are kept apart from theirs."""
    shown = (_escaped(cell) if literal else cell.replace("|", "\\|") for cell in cells)
    return "| " + " | ".join(shown) + " |"


def markdown_heading(cells: Sequence[str], literal: bool = True) -> list[str]:
    """The first two lines of a table."""
    return [markdown_row(cells, literal), "|---" * len(cells) + "|"]


def markdown_table(header: Sequence[str], rows: Iterable[Iterable[str]], literal: bool = True) -> list[str]:
    """All lines of a table; ``literal`` as of :func:`markdown_row`."""
    return [*markdown_heading(header, literal), *(markdown_row(cells, literal) for cells in rows)]


def _escaped(cell: str) -> str:
    # An underscore within a word stands for itself, and class names are easier to read without a backslash.
    return re.sub(r"[\\|*`~\[\]<>&]|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", " ".join(cell.split()))
