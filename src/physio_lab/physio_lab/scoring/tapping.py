"""How badly finger tapping is slowed, 0 to 4, from numbers measured on video, learnt from other people.

M. S. Islam et al.: "Using AI to measure Parkinson's disease severity at home", npj Digital Medicine 6, 2023: 116 numbers of each
video (how the wrist moves; period, frequency, amplitude, speed of the taps, interruptions, freezes, decrement) beside the
ratings of neurologists by MDS-UPDRS. Age, sex and diagnosis are known there and never looked at: they would tell the person
for the movement.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.csv_table import read_table
from physio_core.errors import InputError
from physio_core.types import FloatArray
from physio_lab.quality.ridge import Indices, Names
from physio_lab.scoring.regression import METHODS

RATING, WORST = "rating", 4
NOT_MEASURED = (
    "subject", "hand", "gender", "age", "diagnosed", RATING, *(f"rating{rater}" for rater in range(1, 6)),
    *(f"checkdifficult{rater}" for rater in range(1, 6)),
)  # fmt: skip
"""Columns that are about the person or from raters, not measured on the movement."""
FOLDS = 10
PUBLISHED = {"mae": 0.580, "accuracy": 0.509, "pearson": 0.656}
"""LightGBM, each of 250 people told by the others; the error is of numbers that are not rounded."""


@dataclass(frozen=True)
class Taps:
    """N videos of one hand each.

    Attributes:
        names: (F,) of what was measured.
        features: (N, F); NaN where it could not be measured.
        ratings: (N,) 0..4.
        subjects: (N,) who.
    """

    names: tuple[str, ...]
    features: FloatArray
    ratings: Indices
    subjects: Names


def read_taps(path: Path, names: Sequence[str] = ()) -> Taps:
    """A table of videos.

    Args:
        path: CSV with ``subject``, ``Rating`` and columns of numbers.
        names: measured columns that it must have; none: all that it has but :data:`NOT_MEASURED`.

    Raises:
        InputError: it cannot be read, lacks a column or a subject, or holds an invalid rating or number.
    """
    table = read_table(path, ("subject", RATING, *names), "a table of finger tapping")
    names = tuple(names) or tuple(name for name in table.names if name and name not in NOT_MEASURED)
    if not names or not table.rows:
        raise InputError(f"{path} has {len(table.rows)} videos and {len(names)} measured columns; need some of both")
    subjects = [row.cells["subject"] for row in table.rows]
    if "" in subjects:
        raise InputError(f"{path}, line {table.rows[subjects.index('')].line}: no subject; who it is decides who may teach")
    return Taps(
        names, np.array([[_number(row.cells[name], path, row.line, name) for name in names] for row in table.rows]),
        np.array([_rating(row.cells[RATING], path, row.line) for row in table.rows]), np.array(subjects),
    )  # fmt: skip


def _number(text: str, path: Path, line: int, name: str) -> float:
    try:
        value = float(text or "nan")
    except ValueError:
        raise InputError(f"{path}, line {line}: {name} is {text!r}; measured columns hold numbers, or nothing") from None
    return value if math.isfinite(value) else math.nan


def _rating(text: str, path: Path, line: int) -> int:
    if text not in {str(rating) for rating in range(WORST + 1)}:
        raise InputError(f"{path}, line {line}: rating {text!r}; ratings are 0 to {WORST}")
    return int(text)


def joined(first: Taps, second: Taps) -> Taps:
    """Both, the first before the second, with the same columns."""
    return Taps(
        first.names, np.concatenate([first.features, second.features]), np.concatenate([first.ratings, second.ratings]),
        np.concatenate([first.subjects, second.subjects]),
    )  # fmt: skip


def parts_of(taps: Taps, count: int = FOLDS) -> list[Indices]:
    """Rows of each part of the people, dealt by chance that never changes.

    Raises:
        InputError: one person alone.
    """
    people = np.unique(taps.subjects)
    if len(people) < 2:
        raise InputError(f"videos of {', '.join(people)} only; to measure others, give two people or more, or --test")
    dealt = np.array_split(np.random.default_rng(0).permutation(people), min(count, len(people)))
    return [np.flatnonzero(np.isin(taps.subjects, part)) for part in dealt]


def told(
    taps: Taps, parts: Sequence[Indices], methods: Sequence[str], tell: Callable[[], None] = lambda: None
) -> dict[str, FloatArray]:
    """Values (N,) 0..4 that each method tells of each part after learning from all other rows; NaN of rows in no part."""
    said = {name: np.full(len(taps.ratings), math.nan) for name in methods}
    for ask in parts:
        learn = np.setdiff1d(np.arange(len(taps.ratings)), ask)
        for name in methods:
            values = METHODS[name].told(taps.features[learn], taps.ratings[learn].astype(float), taps.features[ask])
            said[name][ask] = np.clip(values, 0.0, WORST)
        tell()
    return said


def figures(taps: Taps, values: FloatArray) -> dict[str, Any]:
    """Figures of what was told (N,), of the rows that are not NaN.

    ``mae`` and ``accuracy`` are of what is told, a rating 0..4 as raters give one; ``mae_unrounded`` of the numbers before they
    are rounded, as published figures are; ``pearson`` of these too. ``low`` and ``high`` bound 95 % of draws of people.
    """
    rows = np.flatnonzero(np.isfinite(values))
    truth, number, who = taps.ratings[rows], values[rows], np.unique(taps.subjects[rows], return_inverse=True)[1]
    whole = np.rint(number)
    each = np.stack([np.abs(whole - truth), whole == truth, np.abs(number - truth), np.ones(len(rows))]).astype(float)
    sums = np.stack([np.bincount(who, one) for one in each])
    drawn = np.random.default_rng(0).multinomial(sums.shape[1], np.full(sums.shape[1], 1.0 / sums.shape[1]), 2000)
    draws = (drawn @ sums[:3].T) / (drawn @ sums[3])[:, None]
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    moves = number.std() > 0.0 and truth.std() > 0.0
    return {
        "mae": float(each[0].mean()), "mae_interval": {"low": float(low[0]), "high": float(high[0])},
        "accuracy": float(each[1].mean()), "accuracy_interval": {"low": float(low[1]), "high": float(high[1])},
        "mae_unrounded": float(each[2].mean()), "mae_unrounded_interval": {"low": float(low[2]), "high": float(high[2])},
        "pearson": float(np.corrcoef(number, truth)[0, 1]) if moves else 0.0,
        "n": len(rows), "subjects": sums.shape[1],
    }  # fmt: skip
