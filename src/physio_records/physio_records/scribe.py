"""Turns what happens in a session into what is written down of it; everything else about records knows no session.

The same events give the same entries, ids included, so a process that was started again and hears the kept events once more
writes nothing twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from physio_core.programme.programme import WEEKDAYS, Programme
from physio_core.session.events import Event, EventKind
from physio_records.entries import (
    AdviceGiven,
    Changed,
    Entry,
    ProgrammeGiven,
    Rated,
    RatingKind,
    RepetitionDone,
    SessionBegun,
    SessionEnded,
    SetBegun,
    SetEnded,
    id_of,
    now,
)

PLACES = 16
"""Places in the record for what one event leaves behind: its own entries first, then what the patient was told until the next."""
_OVER = {EventKind.STOPPED: "stopped", EventKind.FINISHED: "finished"}


@dataclass(frozen=True)
class Desk:
    """What is the same for every session of a coach.

    Attributes:
        coach: tells it from every other coach, e.g. when and where it started.
        robot: which robot it is, for people.
        language: in which the patient is spoken to.
        software: version of the coach.
        model: name of the recogniser's model.
    """

    coach: str
    robot: str = ""
    language: str = "en"
    software: str = ""
    model: str = ""


@dataclass
class _Session:
    """What is remembered of the session that runs."""

    id: str
    number: int
    sets: int = 0
    open: bool = False
    turn: int = -1
    repetitions: int = 0
    sequence: int = 0

    def next(self) -> int:
        """The next place in the record."""
        self.sequence += 1
        return self.sequence


class Scribe:
    """Follows one coach. A session in which nobody said who the patient is leaves nothing behind."""

    def __init__(self, desk: Desk) -> None:
        """Begin with a clean sheet."""
        self.desk = desk
        self._session: _Session | None = None

    def write(self, event: Event, at: datetime | None = None) -> tuple[Entry, ...]:
        """What an event adds to the record.

        Args:
            event: the next.
            at: when it happened; None: now.
        """
        at = at or now()
        entries = list(self._begin(event, at))
        if self._session is not None:
            self._session.sequence = event.number * PLACES
            entries += self._entries(event, self._session, at)
            if event.kind in _OVER:
                entries += self._close(self._session, event, _OVER[event.kind], at)
                entries.append(SessionEnded(self._session.id, self._session.next(), event.detail or _OVER[event.kind], at))
                self._session = None
        return tuple(entries)

    def advise(self, cue: str, text: str, at: datetime | None = None) -> tuple[Entry, ...]:
        """What the patient was told, while a session is recorded."""
        session = self._session
        if session is None or not session.open:
            return ()
        return (AdviceGiven(session.id, session.next(), session.sets, cue, text, at or now()),)

    def _begin(self, event: Event, at: datetime) -> Iterator[Entry]:
        """A session begins with its first exercise; one that was left without a word ends."""
        status, running = event.status, self._session
        if event.kind is not EventKind.ASKED or (running is not None and running.number == status.session):
            return
        if running is not None:
            yield from self._close(running, event, "left", at)
            yield SessionEnded(running.id, running.next(), "left", at)
            self._session = None
        if status.patient:
            name = f"{self.desk.coach}/{status.session}"
            self._session = _Session(uuid.uuid5(uuid.NAMESPACE_OID, name).hex, status.session)
            yield SessionBegun(
                self._session.id, status.patient, robot=self.desk.robot, language=self.desk.language,
                software=self.desk.software, model=self.desk.model, at=at,
            )  # fmt: skip

    def _entries(self, event: Event, session: _Session, at: datetime) -> Iterator[Entry]:
        status = event.status
        if event.kind in (EventKind.ASKED, EventKind.RESTING) and status.turn != session.turn:
            yield from self._close(session, event, "skipped", at)
            current = status.current_set
            session.sets, session.open, session.turn, session.repetitions = session.sets + 1, True, status.turn, 0
            yield SetBegun(
                session.id, session.next(), session.sets, event.exercise, current.side, current.goal, current.goal_s, at
            )
        elif event.kind is EventKind.REPETITION and event.judgement.newest is not None:
            session.repetitions += 1
            yield RepetitionDone(session.id, session.next(), session.sets, session.repetitions, event.judgement.newest, at)
        elif event.kind is EventKind.VERDICT:
            yield from self._close(session, event, "done", at)
        elif event.kind in (EventKind.PAIN, EventKind.EFFORT):
            yield Rated(session.id, session.next(), session.sets, RatingKind(event.kind.value), event.value, at=at)
        elif event.change is not None:
            yield from _changed(session, event, at)

    def _close(self, session: _Session, event: Event, reason: str, at: datetime) -> Iterator[Entry]:
        if session.open:
            session.open = False
            yield SetEnded(session.id, session.next(), session.sets, reason, event.status.verdict.value, at)


def _changed(session: _Session, event: Event, at: datetime) -> Iterator[Entry]:
    """One entry for each thing that was made easier or harder."""
    assert event.change is not None
    before, after = event.change.before, event.change.after
    for what, old, new in (("extent", before.extent, after.extent), ("repetitions", before.repetitions, after.repetitions)):
        if old != new:
            why = f"{event.change.why.value} {event.change.value:g}"
            yield Changed(session.id, session.next(), session.sets, what, f"{old:g}", f"{new:g}", why, at)


def programme_entry(programme: Programme, content: str) -> ProgrammeGiven:
    """A therapist's plan as an entry; `content` is its file, whose text tells its versions apart."""
    named = {weekday for day in programme.days for weekday in day.weekdays}
    weekdays = tuple(number for number, weekday in enumerate(WEEKDAYS) if weekday in named)
    return ProgrammeGiven(id_of(programme.patient, content), programme.patient, programme.title, weekdays, content)
