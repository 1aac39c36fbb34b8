"""The record as people think of it: a patient's sessions, their sets, their repetitions, as the therapist corrected them."""

from __future__ import annotations

import gc
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, true

from physio_core.assessment.repetition import Outcome, Repetition, mean_terms, score
from physio_core.errors import InputError
from physio_core.types import Side
from physio_records.entries import Action, PlannedSet, RatingKind
from physio_records.store import tables as t
from physio_records.store.rows import repetition_of
from physio_records.store.store import Store


@dataclass(frozen=True)
class Done:
    """A repetition as it counts now, in the order of its set."""

    ordinal: int
    repetition: Repetition


@dataclass(frozen=True)
class Correction:
    """What a therapist said of a set, a repetition (`ordinal` not 0) or one of its faults; see `entries.Corrected`."""

    ordinal: int
    action: Action
    fault: str
    outcome: str
    reason: str
    therapist: str
    at: datetime


@dataclass(frozen=True)
class ExerciseSet:
    """One set; see `entries.SetBegun` and `SetEnded`.

    Attributes:
        judged: its repetitions as they were judged.
        done: those that count now, without what a therapist had ignored.
        corrections: what a therapist said, oldest first.
    """

    number: int
    exercise: str
    side: Side
    planned_repetitions: int
    planned_s: float
    begun_at: datetime
    ended_at: datetime | None
    reason: str
    verdict: str
    seen: str
    judged: tuple[Done, ...]
    done: tuple[Done, ...]
    corrections: tuple[Correction, ...]

    @property
    def instead(self) -> str:
        """The movement that was seen in place of the one that was asked for; empty: none, or none that has a name."""
        return self.seen if self.seen != self.exercise else ""

    @property
    def complete(self) -> tuple[Done, ...]:
        """Repetitions that were far enough, and back."""
        return tuple(one for one in self.done if one.repetition.outcome is Outcome.COMPLETE)

    @property
    def score(self) -> float:
        """Of its complete repetitions, as the coach told it while they were done [0..100]; NaN: not measured."""
        return score(mean_terms(one.repetition for one in self.complete))

    @property
    def seconds(self) -> float:
        """How long the patient moved or held [s], pauses between repetitions left out."""
        return sum(one.repetition.duration_s for one in self.done)


@dataclass(frozen=True)
class Rating:
    """Pain or effort, 0 to 10."""

    set: int
    kind: RatingKind
    value: int
    joint: str
    side: Side


@dataclass(frozen=True)
class Change:
    """What was made easier or harder, and why."""

    set: int
    what: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Advice:
    """What the patient was told."""

    set: int
    cue: str
    text: str


@dataclass(frozen=True)
class SessionRecord:
    """One session; see `entries.SessionBegun`.

    Attributes:
        number: which of this patient's, from 1, in the order in which they were recorded.
    """

    session: str
    patient: str
    number: int
    programme: str
    robot: str
    language: str
    software: str
    model: str
    begun_at: datetime
    ended_at: datetime | None
    reason: str
    planned: tuple[PlannedSet, ...]
    sets: tuple[ExerciseSet, ...]
    ratings: tuple[Rating, ...]
    changes: tuple[Change, ...]
    advice: tuple[Advice, ...]

    @property
    def score(self) -> float:
        """Mean of its sets, by their complete repetitions [0..100]; NaN: not measured."""
        known = [(made.score, len(made.complete)) for made in self.sets if math.isfinite(made.score)]
        return sum(value * count for value, count in known) / sum(count for _, count in known) if known else math.nan

    def rated(self, kind: RatingKind) -> tuple[int, ...]:
        """Every rating of a kind, in order."""
        return tuple(one.value for one in self.ratings if one.kind is kind)


@dataclass(frozen=True)
class Programme:
    """A therapist's plan; see `entries.ProgrammeGiven`."""

    programme: str
    name: str
    weekdays: tuple[int, ...]
    content: str
    since: datetime


def read_sessions(store: Store, patient: str = "", session: str = "") -> tuple[SessionRecord, ...]:
    """Sessions of a patient, or one by its id, or all, in the order in which they were recorded.

    Raises:
        InputError: there is none.
        OutputError: the record cannot be read now.
    """
    column = t.SESSION.c
    which: ColumnElement[bool] = true()
    if patient or session:
        which = column.patient == patient if patient else column.session == session
    found = store.rows(select(t.SESSION).where(which).order_by(column.patient, column.number, column.begun_at))
    if not found:
        raise InputError(f"no session of {patient or session or 'anybody'} is recorded; physio records list shows what is")
    with _nothing_collected():
        return _sessions(store, found, which)


def number_of(store: Store, session: str) -> int:
    """Which of its patient's sessions one is, from 1; 0: it is not there. Errors as :meth:`Store.rows`."""
    found = store.rows(select(t.SESSION.c.number).where(t.SESSION.c.session == session))
    return int(found[0].number) if found else 0


def read_programmes(store: Store, patient: str) -> tuple[Programme, ...]:
    """A patient's plans, oldest first; errors as :meth:`Store.rows`."""
    rows = store.rows(select(t.PROGRAMME).where(t.PROGRAMME.c.patient == patient).order_by(t.PROGRAMME.c.at))
    return tuple(
        Programme(r.programme, r.name, tuple(map(int, r.weekdays.split())), r.content, datetime.fromisoformat(r.at)) for r in rows
    )


def overview(store: Store) -> list[dict[str, Any]]:
    """Each patient with consent, number of sessions and repetitions, and the last session; errors as :meth:`Store.rows`."""
    session, repetition = t.SESSION.c, t.REPETITION.c
    known = store.rows(select(t.PATIENT).order_by(t.PATIENT.c.patient))
    people: dict[str, dict[str, Any]] = {row.patient: {"patient": row.patient, "consent": []} for row in known}
    for row in store.rows(select(t.CONSENT).where(t.CONSENT.c.withdrawn_at.is_(None)).order_by(t.CONSENT.c.scope)):
        people[row.patient]["consent"].append(row.scope)
    counted = select(session.patient, func.count().label("sessions"), func.max(session.begun_at).label("last_at"))
    for row in store.rows(counted.group_by(session.patient)):
        people[row.patient] |= {"sessions": row.sessions, "last_at": row.last_at}
    done = select(session.patient, func.count().label("repetitions"), func.avg(repetition.score).label("score"))
    done = done.join_from(t.SESSION, t.REPETITION, session.session == repetition.session)
    for row in store.rows(done.where(repetition.outcome == Outcome.COMPLETE.value).group_by(session.patient)):
        people[row.patient] |= {"repetitions": row.repetitions, "score": row.score}
    empty = {"sessions": 0, "last_at": None, "repetitions": 0, "score": None}
    return [empty | person for person in people.values()]


def _sessions(store: Store, found: Sequence[Any], which: ColumnElement[bool]) -> tuple[SessionRecord, ...]:
    ids = select(t.SESSION.c.session).where(which)
    planned, sets, ratings, changes, advice = (
        _by(store, table, ids, "session") for table in (t.PLANNED_SET, t.EXERCISE_SET, t.RATING, t.CHANGE, t.ADVICE)
    )
    done, corrections = (_by(store, table, ids, "session", "set") for table in (t.REPETITION, t.CORRECTION))
    parts = tuple(
        _by(store, table, ids, "session", "set", "ordinal") for table in (t.ANGLE_RANGE, t.SCORE_TERM, t.FAULT, t.DRAWING)
    )

    def one_set(row: Any) -> ExerciseSet:
        key = (row.session, row.set)
        said = tuple(
            Correction(c.ordinal, Action(c.action), c.fault, c.outcome, c.reason, c.therapist, datetime.fromisoformat(c.at))
            for c in sorted(corrections.get(key, ()), key=lambda c: str(c.at))
        )
        made = tuple(
            Done(r.ordinal, repetition_of(r, *(part.get((*key, r.ordinal), ()) for part in parts))) for r in done.get(key, ())
        )
        return ExerciseSet(
            row.set, row.exercise, Side(row.side), row.planned_repetitions or 0, row.planned_s or 0.0,
            datetime.fromisoformat(row.begun_at), _moment(row.ended_at), row.reason, row.verdict, row.seen,
            made, _corrected(made, said), said,
        )  # fmt: skip

    def one_session(s: Any) -> SessionRecord:
        return SessionRecord(
            s.session, s.patient, s.number, s.programme, s.robot, s.language, s.software, s.model,
            datetime.fromisoformat(s.begun_at), _moment(s.ended_at), s.reason,
            tuple(_planned(row) for row in planned.get(s.session, ())),
            tuple(one_set(row) for row in sets.get(s.session, ())),
            tuple(Rating(r.set, RatingKind(r.kind), r.value, r.joint, Side(r.side)) for r in ratings.get(s.session, ())),
            tuple(Change(c.set, c.what, c.before, c.after, c.reason) for c in changes.get(s.session, ())),
            tuple(Advice(a.set, a.cue, a.text) for a in advice.get(s.session, ())),
        )  # fmt: skip

    return tuple(map(one_session, found))


def _by(store: Store, table: Table, ids: Any, *keys: str) -> Mapping[Any, list[Any]]:
    """Rows of sessions, by what they belong to (one key, or a tuple of several), in the order of their own numbers."""
    grouped: dict[Any, list[Any]] = defaultdict(list)
    key_of = itemgetter(*(table.c.keys().index(key) for key in keys))
    for row in store.rows(select(table).where(table.c.session.in_(ids)).order_by(*table.primary_key.columns)):
        grouped[key_of(row)].append(row)
    return grouped


def _corrected(made: tuple[Done, ...], said: Sequence[Correction]) -> tuple[Done, ...]:
    """Repetitions as they count after a therapist has looked at them; the last word counts."""
    if not said:
        return made
    judged = {one.ordinal: one.repetition for one in made}
    done = dict(judged)
    for correction in said:
        for ordinal in [correction.ordinal] if correction.ordinal else list(judged):
            if ordinal not in judged:
                continue
            if correction.action is Action.ACCEPT and not correction.fault:
                done[ordinal] = replace(done.get(ordinal, judged[ordinal]), outcome=judged[ordinal].outcome)
            elif ordinal not in done:
                continue
            elif correction.fault:
                names = {fault.name for fault in done[ordinal].faults} - {correction.fault}
                names |= {correction.fault} if correction.action is Action.ACCEPT else set()
                left = tuple(fault for fault in judged[ordinal].faults if fault.name in names)
                done[ordinal] = replace(done[ordinal], faults=left)
            elif correction.action is Action.IGNORE:
                del done[ordinal]
            elif correction.outcome:
                done[ordinal] = replace(done[ordinal], outcome=Outcome(correction.outcome))
    return tuple(Done(ordinal, done[ordinal]) for ordinal in judged if ordinal in done)


def _planned(row: Any) -> PlannedSet:
    return PlannedSet(row.exercise, Side(row.side), row.repetitions or 0, row.duration_s or 0.0)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep the garbage collector from looking again and again through what is only being built: half of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
