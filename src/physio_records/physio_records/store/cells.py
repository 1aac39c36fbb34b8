"""What a cell of a row from a file may hold, so that all that is let in can be read, sorted by time and forgotten again."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from functools import lru_cache
from typing import Any

from physio_core.assessment.repetition import Outcome
from physio_core.patient_code import checked_code
from physio_core.types import Side
from physio_records.entries import SCALE, Action, RatingKind, Scope
from physio_records.store.rows import utc_text

LARGEST = 2**31 - 1
"""What every database has room for in a whole number."""
YEARS = range(1970, 9999)
"""A day more or less, for a time zone, is a date still; a robot without a clock begins with the first."""


@dataclass(frozen=True)
class Cell:
    """What is valid, in words, and what gives the value as the tables have it, or raises ValueError or OverflowError."""

    valid: str
    taken: Callable[[Any], Any]


def cell(table: str, column: str, kind: type) -> Cell:
    """What a column may hold."""
    return CELLS.get(f"{table}.{column}") or CELLS.get(column) or KINDS[kind]


def _require(value: Any, fits: bool) -> Any:
    if not fits:
        raise ValueError
    return value


def _text(value: str) -> str:
    value.encode()  # a lone surrogate is a UnicodeEncodeError, and so a ValueError
    return value


_ID = re.compile("[A-Za-z0-9_-]{1,64}")


@lru_cache(maxsize=1024)
def _session(value: str) -> str:
    return str(_require(value, _ID.fullmatch(value) is not None))


def _time(value: str) -> str:
    at = datetime.fromisoformat(value)
    return utc_text(_require(at, at.tzinfo is not None and at.astimezone(timezone.utc).year in YEARS))


def _measure(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError
    return float(value)


def _trace(value: str) -> str:
    return str(_require(value, all(map(math.isfinite, map(float, value.split())))))


def _weekdays(value: str) -> str:
    return str(_require(value, all(day in "0123456" and len(day) == 1 for day in value.split())))


def _one_of(kind: type[Enum], *others: str) -> Cell:
    values = (*(str(member.value) for member in kind), *others)
    return Cell(f"one of: {', '.join(value or repr(value) for value in values)}", lambda value: _require(value, value in values))


def _whole(most: int) -> Cell:
    return Cell(f"a whole number from 0 to {most}", lambda value: _require(value, 0 <= value <= most))


_TIME = Cell("a time with its zone, e.g. 2026-01-31T09:30:00+00:00", _time)
KINDS = {
    str: Cell("a text that can be written as UTF-8", _text),
    float: Cell("a number that is known; what is not known is null", _measure),
    int: _whole(LARGEST),
    bool: Cell("true or false", lambda value: value),
}
"""By type of the column."""
CELLS = {
    "patient": Cell("a code: one to four letters and a number, e.g. p01; never a name", checked_code),
    "session": Cell("an id: 1 to 64 letters, digits, - and _", _session),
    **dict.fromkeys(("at", "given_at", "withdrawn_at", "begun_at", "ended_at"), _TIME),
    "side": _one_of(Side),
    "outcome": _one_of(Outcome),
    "correction.outcome": _one_of(Outcome, ""),
    "action": _one_of(Action),
    "scope": _one_of(Scope),
    "kind": _one_of(RatingKind),
    "rating.value": _whole(SCALE),
    **dict.fromkeys(("trace", "stars", "trail", "ideal", "following"), Cell("numbers with spaces between", _trace)),
    "weekdays": Cell("days from 0 (Monday) to 6 with spaces between", _weekdays),
}
"""By name of the column, with its table where that makes a difference."""
