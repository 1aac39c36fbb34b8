"""A path that was drawn, as the patient saw it: hers, the ideal and the one that came next, apart by colour and by line."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from physio_core.trajectories.drawing import Drawing, Places
from physio_records.report.charts import SMALL

WIDTH, HEIGHT, ROOM = 190.0, 110.0, 82.0
LINES = (("#d55e00", ""), ("#0072b2", "5 2.5"), ("#009e73", "1.2 2.4"))
"""Colour and dashes of the patient's own path, the ideal and the next."""


def path_picture(drawing: Drawing, names: Sequence[str], caption: str) -> str:
    """The three paths from the front, to one scale.

    Args:
        drawing: of one attempt.
        names: of the three, in the order of :data:`LINES`.
        caption: below.
    """
    paths = (drawing.trail, drawing.ideal, drawing.following)
    across = [place[1] for path in paths for place in path] or [0.0]
    up = [place[2] for path in paths for place in path] or [0.0]
    scale = ROOM / max(max(across) - min(across), max(up) - min(up), 0.05)
    parts = []
    for path, (colour, dashes), name, row in zip(paths, LINES, names, range(len(LINES)), strict=True):
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        stroke = f'fill="none" stroke="{colour}" stroke-width="1.8" stroke-linecap="round"{dashed}'
        parts.append(f'<path d="{_line(path, max(across), max(up), scale)}" {stroke}/>')
        y = 14.0 + 13.0 * row
        parts.append(f'<path d="M104 {y - 3:.1f}H124" {stroke}/><text x="128" y="{y:.1f}" {SMALL}>{escape(name)}</text>')
    parts.append(f'<text x="8" y="{HEIGHT - 4:.0f}" {SMALL}>{escape(caption)}</text>')
    return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" class="picture" role="img">{"".join(parts)}</svg>'


def _line(path: Places, left: float, top: float, scale: float) -> str:
    """Her left is on the left, as in a mirror."""
    points = [(8.0 + (left - y) * scale, 8.0 + (top - z) * scale) for _, y, z in path]
    return " ".join(f"{'L' if number else 'M'}{x:.1f} {y:.1f}" for number, (x, y) in enumerate(points))
