"""The tables as they were first; they stay here as they were, whatever they become in later steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_REPETITION = ("session", "set", "ordinal")


def _columns(kind: Any, *names: str, **options: Any) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, **options) for name in names]


def _ids(*names: str, size: int = 64) -> list[sa.Column[Any]]:
    return _columns(sa.String(size), *names, nullable=False)


def _whole(*names: str) -> list[sa.Column[Any]]:
    return _columns(sa.Integer, *names, nullable=False)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return _columns(sa.Text, *names, nullable=False, server_default="")


def _measures(*names: str) -> list[sa.Column[Any]]:
    return _columns(sa.Float, *names, nullable=True)


def _table(name: str, columns: list[sa.Column[Any]], key: tuple[str, ...], *parents: tuple[str, tuple[str, ...]]) -> None:
    constraints = [
        sa.ForeignKeyConstraint(own, [f"{parent}.{column}" for column in own], name=f"fk_{name}_{own[0]}", ondelete="CASCADE")
        for parent, own in parents
    ]
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), *constraints, sqlite_with_rowid=False)


def _people() -> None:
    patient = ("patient", ("patient",))
    _table("patient", [*_ids("patient"), *_texts("at")], ("patient",))
    agreed = [*_ids("patient"), *_ids("scope", size=32), *_ids("given_at", size=40)]
    agreed += _columns(sa.String(40), "withdrawn_at", nullable=True)
    _table("consent", agreed, ("patient", "scope", "given_at"), patient)
    plan = [*_ids("programme", "patient"), *_texts("name", "weekdays", "content", "at")]
    _table("programme", plan, ("programme",), patient)
    session = [*_ids("session", "patient"), *_whole("number"), *_texts("programme", "robot", "language", "software", "model")]
    session += [*_ids("begun_at", size=40), *_columns(sa.String(40), "ended_at", nullable=True), *_texts("reason")]
    _table("session", session, ("session",), patient)
    op.create_index("ix_session_patient", "session", ["patient", "number"])


def _sets() -> None:
    session = ("session", ("session",))
    planned = [
        *_ids("session"),
        *_whole("number"),
        *_texts("exercise", "side"),
        *_columns(sa.Integer, "repetitions", nullable=True),
    ]
    _table("planned_set", [*planned, *_measures("duration_s")], ("session", "number"), session)
    made = [*_ids("session"), *_whole("set", "sequence"), *_texts("exercise", "side")]
    made += [*_columns(sa.Integer, "planned_repetitions", nullable=True), *_measures("planned_s"), *_ids("begun_at", size=40)]
    made += [*_columns(sa.String(40), "ended_at", nullable=True), *_texts("reason", "verdict")]
    _table("exercise_set", made, ("session", "set"), session)
    done = [*_ids("session"), *_whole("set", "ordinal", "sequence"), *_texts("at"), *_whole("number"), *_texts("outcome", "side")]
    done += _measures("start_s", "turn_s", "end_s", "out_s", "hold_s", "back_s", "extent", "smoothness", "asymmetry", "score")
    _table("repetition", [*done, *_texts("trace")], _REPETITION, ("exercise_set", ("session", "set")))


def _of_repetitions() -> None:
    parts: dict[str, Callable[[], list[sa.Column[Any]]]] = {
        "angle_range": lambda: [*_texts("angle", "side"), *_measures("low_deg", "high_deg", "error_deg")],
        "score_term": lambda: [*_texts("name"), *_measures("value", "weight")],
        "fault": lambda: [
            *_texts("name", "unit", "side", "joint", "direction"),
            *_measures("size", "start_s", "end_s", "severity"),
            *_columns(sa.Boolean, "safety", nullable=False),
        ],
    }
    for name, columns in parts.items():
        key = [*_ids("session"), *_whole("set", "ordinal", "number")]
        _table(name, [*key, *columns()], (*_REPETITION, "number"), ("repetition", _REPETITION))


def _happenings() -> None:
    parts: dict[str, Callable[[], list[sa.Column[Any]]]] = {
        "advice": lambda: _texts("cue", "text"),
        "rating": lambda: [*_texts("kind"), *_whole("value"), *_texts("joint", "side")],
        "change": lambda: _texts("what", "before", "after", "reason"),
    }
    for name, columns in parts.items():
        when = [*_ids("session"), *_whole("sequence", "set"), *_texts("at")]
        _table(name, [*when, *columns()], ("session", "sequence"), ("session", ("session",)))
    said = [*_ids("correction", "session"), *_whole("set", "ordinal")]
    said += _texts("action", "fault", "outcome", "reason", "therapist", "at")
    _table("correction", said, ("correction",), ("exercise_set", ("session", "set")))
    op.create_index("ix_correction_session", "correction", ["session", "set"])


def upgrade() -> None:
    """Make all tables."""
    _people()
    _sets()
    _of_repetitions()
    _happenings()
