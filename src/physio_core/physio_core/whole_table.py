"""Tables of commands hold names that are to be typed again, so none is cut, whatever the width of the terminal.

Apart from `terminal`, which every command loads, because loading Rich takes time.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

UNBOUNDED = 10_000
"""Columns that no table comes near."""


def print_whole(console: Console, table: Table) -> None:
    """Print a table of which nothing is cut: columns that may wrap do so at a terminal's width, in a pipe none does."""
    needs = console.measure(table, options=console.options.update(width=UNBOUNDED, max_width=UNBOUNDED))
    width = max(console.width, needs.minimum) if console.is_terminal else needs.maximum
    Console(file=console.file, width=width, force_terminal=console.is_terminal, quiet=console.quiet).print(table, crop=False)
