"""The tables of the record. Times are ISO 8601 texts in UTC, which sort by time and read the same in every database and export.

Keys are natural (session, set, repetition ...), so that a row written twice is one row, whichever robot or import writes it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Float, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData(naming_convention={"fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"})


SINCE = "since"
"""In a column's `info`: rows of an earlier version do not have it, and it is empty there."""


def _table(name: str, *parts: Any) -> Table:
    return Table(name, METADATA, *parts, sqlite_with_rowid=False)


def _key(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _text(name: str, since: str = "") -> Column[Any]:
    """A text, empty where it is not known; `since`: version of the record that brought it."""
    return Column(name, Text, nullable=False, server_default="", info={SINCE: since})


def _number(name: str, kind: Any = Float) -> Column[Any]:
    """A measure; null where it is not known."""
    return Column(name, kind, nullable=True)


def _whose(parent: str, column: str, *, key: bool) -> Column[Any]:
    return Column(column, String(64), ForeignKey(parent, ondelete="CASCADE"), primary_key=key, nullable=False)


def _of_set() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["session", "set"], ["exercise_set.session", "exercise_set.set"], ondelete="CASCADE")


def _of_repetition(name: str, *parts: Any) -> Table:
    """A table with rows for each repetition."""
    keys = ("session", "set", "ordinal")
    return _table(
        name,
        _key("session", String(64)),
        *(_key(key, Integer) for key in (*keys[1:], "number")),
        *parts,
        ForeignKeyConstraint(keys, [f"repetition.{key}" for key in keys], ondelete="CASCADE"),
    )


def _happening(name: str, *parts: Any) -> Table:
    """A table of things that happen at a moment of a session, in a set or, with set 0, between sets."""
    return _table(
        name,
        _whose("session.session", "session", key=True),
        _key("sequence", Integer),
        Column("set", Integer, nullable=False),
        _text("at"),
        *parts,
    )


PATIENT = _table("patient", _key("patient", String(64)), _text("at"))
CONSENT = _table(
    "consent",
    _whose("patient.patient", "patient", key=True),
    _key("scope", String(32)),
    _key("given_at", String(40)),
    Column("withdrawn_at", String(40), nullable=True),
)
PROGRAMME = _table(
    "programme",
    _key("programme", String(64)),
    _whose("patient.patient", "patient", key=False),
    _text("name"),
    _text("weekdays"),
    _text("content"),
    _text("at"),
)
SESSION = _table(
    "session",
    _key("session", String(64)),
    _whose("patient.patient", "patient", key=False),
    Column("number", Integer, nullable=False),
    _text("programme"),
    _text("robot"),
    _text("language"),
    _text("software"),
    _text("model"),
    Column("begun_at", String(40), nullable=False),
    Column("ended_at", String(40), nullable=True),
    _text("reason"),
    Index("ix_session_patient", "patient", "number"),
)
PLANNED_SET = _table(
    "planned_set",
    _whose("session.session", "session", key=True),
    _key("number", Integer),
    _text("exercise"),
    _text("side"),
    _number("repetitions", Integer),
    _number("duration_s"),
)
EXERCISE_SET = _table(
    "exercise_set",
    _whose("session.session", "session", key=True),
    _key("set", Integer),
    Column("sequence", Integer, nullable=False),
    _text("exercise"),
    _text("side"),
    _number("planned_repetitions", Integer),
    _number("planned_s"),
    Column("begun_at", String(40), nullable=False),
    Column("ended_at", String(40), nullable=True),
    _text("reason"),
    _text("verdict"),
    _text("seen", since="0003"),
)
REPETITION = _table(
    "repetition",
    _key("session", String(64)),
    _key("set", Integer),
    _key("ordinal", Integer),
    Column("sequence", Integer, nullable=False),
    _text("at"),
    Column("number", Integer, nullable=False),
    _text("outcome"),
    _text("side"),
    *(_number(name) for name in ("start_s", "turn_s", "end_s", "out_s", "hold_s", "back_s")),
    *(_number(name) for name in ("extent", "smoothness", "asymmetry", "score")),
    _text("trace"),
    _of_set(),
)
ANGLE_RANGE = _of_repetition(
    "angle_range", _text("angle"), _text("side"), _number("low_deg"), _number("high_deg"), _number("error_deg")
)
SCORE_TERM = _of_repetition("score_term", _text("name"), _number("value"), _number("weight"))
FAULT = _of_repetition(
    "fault",
    *(_text(name) for name in ("name", "unit", "side", "joint", "direction")),
    *(_number(name) for name in ("size", "start_s", "end_s", "severity")),
    Column("safety", Boolean, nullable=False),
)
DRAWING = _of_repetition(
    "drawing",
    _text("type"),
    *(_number(name) for name in ("reach_m", "weight", "duration_s")),
    *(_number(name, Integer) for name in ("lit", "grade")),
    *(_text(name) for name in ("stars", "trail", "ideal", "following")),
)
ADVICE = _happening("advice", _text("cue"), _text("text"))
RATING = _happening("rating", _text("kind"), Column("value", Integer, nullable=False), _text("joint"), _text("side"))
CHANGE = _happening("change", *(_text(name) for name in ("what", "before", "after", "reason")))
CORRECTION = _table(
    "correction",
    _key("correction", String(64)),
    Column("session", String(64), nullable=False),
    Column("set", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    *(_text(name) for name in ("action", "fault", "outcome", "reason", "therapist", "at")),
    _of_set(),
    Index("ix_correction_session", "session", "set"),
)

TABLES: dict[str, Table] = {table.name: table for table in METADATA.sorted_tables}
"""By name, each after those that it refers to."""
