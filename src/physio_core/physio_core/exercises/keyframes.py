"""Keyframes of one repetition: a few values per row, evenly spaced over the phase, and the smooth closed curve through them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from pydantic import BeforeValidator, Field

from physio_core.types import FloatArray

Rows = Mapping[str, tuple[float, ...]]
"""Values by name; the first is that of the start of a repetition, after the last comes the first again. One value: it stays."""

FileRow = Annotated[
    tuple[Annotated[float, Field(strict=True)], ...],
    BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
    Field(min_length=1),
]
"""What a file says of a row: a number, or a list of numbers over one repetition."""


def curve(values: tuple[float, ...], phase: FloatArray) -> FloatArray:
    """The closed curve through evenly spaced values, (T,), at phases (T,); it never leaves the values' range at a turning point.

    A cubic between each two; its slope at a value is the mean of those to both neighbours, and level where the values turn.
    """
    at = np.asarray(values, float)
    ahead = np.roll(at, -1) - at
    behind = np.roll(ahead, 1)
    slope = np.where(ahead * behind > 0.0, (ahead + behind) / 2, 0.0)
    place = np.mod(phase, 1.0) * len(at)
    index = np.floor(place).astype(int) % len(at)
    u, then = place - np.floor(place), (index + 1) % len(at)
    bent = (2 * u**3 - 3 * u**2 + 1) * at[index] + (3 * u**2 - 2 * u**3) * at[then]
    drawn: FloatArray = bent + (u**3 - 2 * u**2 + u) * slope[index] + (u**3 - u**2) * slope[then]
    return drawn


def sampled(values: FloatArray, decimals: int) -> tuple[float, ...]:
    """Values (T,) as a row, rounded; a single one where they do not change."""
    rounded = tuple(float(value) + 0.0 for value in np.round(values, decimals))
    return rounded[:1] if len(set(rounded)) == 1 else rounded


def row_text(name: str, values: tuple[float, ...], indent: str) -> str:
    """A row as a line of YAML."""
    text = ", ".join(f"{value:g}" for value in values)
    return f"{indent}{name}: {text if len(values) == 1 else f'[{text}]'}\n"
