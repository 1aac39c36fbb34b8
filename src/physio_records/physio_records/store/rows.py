"""Entries as rows of the tables, and back: the one place that knows both."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime, timezone
from typing import Any

from physio_core.assessment.repetition import AngleRange, Fault, Outcome, Repetition, ScoreTerm
from physio_core.patient_code import checked_code
from physio_core.trajectories.drawing import Drawing, Places
from physio_core.types import Side
from physio_records import entries as e
from physio_records.store import tables as t

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""By name of the table, in an order in which they can be written."""

_MEASURES = ("start_s", "turn_s", "end_s", "out_s", "hold_s", "back_s", "extent", "smoothness", "asymmetry")
_OF_DRAWING = ("reach_m", "weight", "duration_s")
_PATHS = ("stars", "trail", "ideal", "following")
_TRACE_DIGITS = 3
_SIDES, _OUTCOMES = {side.value: side for side in Side}, {outcome.value: outcome for outcome in Outcome}
"""A table is faster than the enumeration's own search, by half of what a year takes to read."""


def utc_text(at: datetime) -> str:
    """A moment as the tables have it."""
    return at.astimezone(timezone.utc).isoformat(timespec="microseconds")


def rows_of(entry: e.Entry) -> Rows:
    """What an entry adds to the tables; what it changes in rows that are there, :func:`changes_of` says."""
    return _ROWS[type(entry)](entry)


def changes_of(entry: e.Entry) -> tuple[str, Row, Row] | None:
    """What an entry changes: table, which row, and its new values."""
    if isinstance(entry, e.SetEnded):
        values = {"ended_at": utc_text(entry.at), "reason": entry.reason, "verdict": entry.verdict, "seen": entry.seen}
        return t.EXERCISE_SET.name, {"session": entry.session, "set": entry.set}, values
    if isinstance(entry, e.SessionEnded):
        return t.SESSION.name, {"session": entry.session}, {"ended_at": utc_text(entry.at), "reason": entry.reason}
    if isinstance(entry, e.ConsentWithdrawn):
        which = {"patient": entry.patient, "scope": entry.scope.value, "withdrawn_at": None}
        return t.CONSENT.name, which, {"withdrawn_at": utc_text(entry.at)}
    return None


def repetition_rows(key: Row, sequence: int, at: str, done: Repetition) -> Rows:
    """One repetition with all that belongs to it; `key` holds session, set and ordinal."""
    row = {**key, "sequence": sequence, "at": at, "number": done.number, "outcome": done.outcome.value, "side": done.side.value}
    row |= {name: _known(getattr(done, name)) for name in _MEASURES}
    row |= {"score": _known(done.score), "trace": " ".join(f"{round(value, _TRACE_DIGITS):g}" for value in done.trace)}
    return {
        t.REPETITION.name: [row],
        t.ANGLE_RANGE.name: _numbered(key, done.ranges, AngleRange),
        t.SCORE_TERM.name: _numbered(key, done.terms, ScoreTerm),
        t.FAULT.name: _numbered(key, done.faults, Fault),
        t.DRAWING.name: [_drawing_row(key, done.drawing)] if done.drawing else [],
    }


def repetition_of(
    row: Any, ranges: Iterable[Any], terms: Iterable[Any], faults: Iterable[Any], drawings: Iterable[Any] = ()
) -> Repetition:
    """A repetition from its row and from those that belong to it, as rows of whole tables."""
    _, _, _, _, _, number, outcome, side, *measures, _score, trace = row
    return Repetition(
        number,
        _OUTCOMES[outcome],
        _SIDES[side],
        **dict(zip(_MEASURES, map(measure, measures), strict=True)),
        ranges=tuple([AngleRange(r[4], _SIDES[r[5]], measure(r[6]), measure(r[7]), measure(r[8])) for r in ranges]),
        terms=tuple([ScoreTerm(r[4], measure(r[5]), measure(r[6])) for r in terms]),
        faults=tuple([_fault(r) for r in faults]),
        trace=tuple(map(float, trace.split())),
        drawing=next((_drawing(r, side) for r in drawings), None),
    )


def measure(value: float | None) -> float:
    """A measure from a column; NaN where it is not known."""
    return math.nan if value is None else value


def _drawing_row(key: Row, drawing: Drawing) -> Row:
    row = {**key, "number": 0, **{name: getattr(drawing, name) for name in ("type", "lit", "grade")}}
    row |= {name: _known(getattr(drawing, name)) for name in _OF_DRAWING}
    return row | {name: " ".join(f"{part:g}" for place in getattr(drawing, name) for part in place) for name in _PATHS}


def _drawing(row: Any, side: str) -> Drawing:
    stars, trail, ideal, following = (_places(getattr(row, name)) for name in _PATHS)
    return Drawing(
        row.type, side, measure(row.reach_m), stars, row.lit, trail, ideal, following, row.grade, measure(row.duration_s),
        measure(row.weight),
    )  # fmt: skip


def _places(text: str) -> Places:
    numbers = iter(map(float, text.split()))
    return tuple(zip(numbers, numbers, numbers, strict=False))


def _fault(row: Any) -> Fault:
    return Fault(
        row.name, measure(row.size), row.unit, _SIDES[row.side], row.joint, row.direction,
        measure(row.start_s), measure(row.end_s), measure(row.severity), row.safety,
    )  # fmt: skip


def _numbered(key: Row, parts: Iterable[Any], kind: type) -> list[Row]:
    names = [field.name for field in fields(kind)]
    return [
        {**key, "number": number, **{name: _plain(getattr(part, name)) for name in names}} for number, part in enumerate(parts)
    ]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Side) else _known(value) if isinstance(value, float) else value


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _consent(entry: e.ConsentGiven) -> Rows:
    at = utc_text(entry.at)
    row = {"patient": entry.patient, "scope": entry.scope.value, "given_at": at, "withdrawn_at": None}
    return {t.PATIENT.name: [{"patient": checked_code(entry.patient), "at": at}], t.CONSENT.name: [row]}


def _programme(entry: e.ProgrammeGiven) -> Rows:
    row = {
        "programme": entry.id,
        "patient": entry.patient,
        "name": entry.name,
        "content": entry.content,
        "at": utc_text(entry.at),
    }
    row["weekdays"] = " ".join(map(str, entry.weekdays))
    return {t.PROGRAMME.name: [row]}


def _session(entry: e.SessionBegun) -> Rows:
    names = ("session", "patient", "programme", "robot", "language", "software", "model")
    row = {name: getattr(entry, name) for name in names}
    row |= {"begun_at": utc_text(entry.at), "ended_at": None, "reason": "", "number": 0}  # the store numbers it
    planned = [
        {"session": entry.session, "number": number, "exercise": one.exercise, "side": one.side.value,
         "repetitions": one.repetitions or None, "duration_s": one.duration_s or None}
        for number, one in enumerate(entry.planned)
    ]  # fmt: skip
    return {t.SESSION.name: [row], t.PLANNED_SET.name: planned}


def _set(entry: e.SetBegun) -> Rows:
    row = {"session": entry.session, "set": entry.set, "sequence": entry.sequence, "exercise": entry.exercise}
    row |= {
        "side": entry.side.value,
        "planned_repetitions": entry.planned_repetitions or None,
        "planned_s": entry.planned_s or None,
    }
    row |= {"begun_at": utc_text(entry.at), "ended_at": None, "reason": "", "verdict": "", "seen": ""}
    return {t.EXERCISE_SET.name: [row]}


def _repetition(entry: e.RepetitionDone) -> Rows:
    key = {"session": entry.session, "set": entry.set, "ordinal": entry.ordinal}
    return repetition_rows(key, entry.sequence, utc_text(entry.at), entry.repetition)


def _happened(entry: e.AdviceGiven | e.Rated | e.Changed, table: str, **values: Any) -> Rows:
    key = {"session": entry.session, "sequence": entry.sequence, "set": entry.set, "at": utc_text(entry.at)}
    return {table: [{**key, **values}]}


def _rated(entry: e.Rated) -> Rows:
    values = {"kind": entry.kind.value, "value": entry.value, "joint": entry.joint, "side": entry.side.value}
    return _happened(entry, t.RATING.name, **values)


def _changed(entry: e.Changed) -> Rows:
    return _happened(entry, t.CHANGE.name, **{name: getattr(entry, name) for name in ("what", "before", "after", "reason")})


def _corrected(entry: e.Corrected) -> Rows:
    names = ("session", "set", "ordinal", "fault", "outcome", "reason", "therapist")
    row = {"correction": entry.id, "action": entry.action.value, "at": utc_text(entry.at)}
    return {t.CORRECTION.name: [row | {name: getattr(entry, name) for name in names}]}


_ROWS: dict[type, Callable[[Any], Rows]] = {
    e.ConsentGiven: _consent,
    e.ConsentWithdrawn: lambda _: {},
    e.ProgrammeGiven: _programme,
    e.SessionBegun: _session,
    e.SetBegun: _set,
    e.RepetitionDone: _repetition,
    e.SetEnded: lambda _: {},
    e.AdviceGiven: lambda entry: _happened(entry, t.ADVICE.name, cue=entry.cue, text=entry.text),
    e.Rated: _rated,
    e.Changed: _changed,
    e.SessionEnded: lambda _: {},
    e.Corrected: _corrected,
}
