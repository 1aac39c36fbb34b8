"""Settings of the filters tried on hands whose truth is known: recall of the right ones, precision of what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from physio_lab.refining.filters import Candidates, FilterConfig
from physio_lab.refining.truth import Passed, passed
from physio_lab.synthetic.assembly import Clip

GRID: dict[str, tuple[float, ...]] = {
    "min_presence": (0.3, 0.5, 0.7, 0.9),
    "longest_bone": (1.6, 2.0, 2.6),
    "beyond_limits_deg": (20.0, 40.0, 80.0),
    "max_speed": (4.0, 8.0, 14.0),
    "max_jitter": (0.08, 0.15, 0.3),
    "longest_gap_s": (0.2, 0.4),
}
"""Values that are tried, each with each."""
PRECISE = 0.98
"""Precision that a pseudo-set should have; of the settings that reach it, the one with the highest recall is the best."""


def grid(first: FilterConfig) -> Iterator[FilterConfig]:
    """Every combination, all else as in ``first``."""
    for values in product(*GRID.values()):
        changed: dict[str, Any] = dict(zip(GRID, values, strict=True))
        yield replace(first, **changed)


def search(seen: Sequence[Candidates], clips: Sequence[Clip], first: FilterConfig) -> tuple[list[Passed], Passed]:
    """All that no other beats in precision and recall at once, the most precise first, and the best."""
    every = [passed(seen, clips, config) for config in grid(first)]
    front: list[Passed] = []
    for one in sorted(every, key=lambda one: (-one.precision, -one.recall)):
        if not front or one.recall > front[-1].recall:
            front.append(one)
    precise = [one for one in front if one.precision >= PRECISE]
    return front, precise[-1] if precise else max(front, key=lambda one: one.f1)
