"""Turns what happens in a session into what is written down of it; everything else about records knows no session.

The same events give the same entries, ids included, so a process that was started again and hears the kept events once more
writes nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from physio_core.exercises.catalogue import Catalogue
from physio_core.programme.programme import WEEKDAYS, Programme, programme_files
from physio_core.session.course import counted
from physio_core.session.events import Event, EventKind
from physio_core.session.status import Status
from physio_core.types import Verdict
from physio_records.entries import (
    Action,
    AdviceGiven,
    Changed,
    Corrected,
    Entry,
    PlannedSet,
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
class Plan:
    """A patient's programme with the text of its file, which tells its versions apart."""

    programme: Programme
    content: str

    @property
    def entry(self) -> ProgrammeGiven:
        """It as an entry."""
        plan = self.programme
        named = {weekday for day in plan.days for weekday in day.weekdays}
        weekdays = tuple(number for number, weekday in enumerate(WEEKDAYS) if weekday in named)
        return ProgrammeGiven(id_of(plan.patient, self.content), plan.patient, plan.title, weekdays, self.content)


@dataclass(frozen=True)
class Desk:
    """What is the same for every session of a coach.

    Attributes:
        coach: tells it from every other coach, e.g. when and where it started.
        robot: which robot it is, for people.
        language: in which the patient is spoken to.
        software: version of the coach.
        model: name of the recogniser's model.
        plans: programmes, by patient.
        exercises: by name, for what a programme leaves to them.
        repetitions: of a set, where a programme says nothing.
    """

    coach: str
    robot: str = ""
    language: str = "en"
    software: str = ""
    model: str = ""
    plans: Mapping[str, Plan] = field(default_factory=dict)
    exercises: Catalogue = field(default_factory=dict)
    repetitions: int = 0

    def planned(self, patient: str, at: datetime) -> tuple[PlannedSet, ...]:
        """The sets that a patient's programme has for a day."""
        due = self.plans[patient].programme.due(at.astimezone().date()).exercises if patient in self.plans else ()
        return tuple(
            PlannedSet(one.exercise, one.side, counted(one, self.exercises[one.exercise], self.repetitions), one.seconds)
            for one in due
            for _ in range(one.sets)
        )


@dataclass
class _Session:
    """What is remembered of the session that runs."""

    id: str
    patient: str
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

    @property
    def session(self) -> str:
        """Id of the session that runs; empty: none, or nobody knows whose."""
        return self._session.id if self._session else ""

    @property
    def patient(self) -> str:
        """Code of whom the session that runs is of; empty as above."""
        return self._session.patient if self._session else ""

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
                over = _OVER[event.kind]
                entries += self._end(self._session, over, event.detail or over, event.status, at)
        return tuple(entries)

    def leave(self, at: datetime | None = None) -> tuple[Entry, ...]:
        """What is to be written of a session whose coach is no longer there."""
        return tuple(self._end(self._session, "left", "left", Status(), at or now())) if self._session else ()

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
            yield from self._end(running, "left", "left", status, at)
        if status.patient:
            self._session = _Session(id_of(self.desk.coach, str(status.session)), status.patient, status.session)
            plan = self.desk.plans.get(status.patient)
            yield SessionBegun(
                self._session.id, status.patient, self.desk.planned(status.patient, at), plan.entry.id if plan else "",
                self.desk.robot, self.desk.language, self.desk.software, self.desk.model, at,
            )  # fmt: skip
            if plan:
                yield replace(plan.entry, at=at)

    def _entries(self, event: Event, session: _Session, at: datetime) -> Iterator[Entry]:
        status = event.status
        if event.kind in (EventKind.ASKED, EventKind.RESTING) and status.turn != session.turn:
            yield from self._close(session, "skipped", status, at)
            current = status.current_set
            goal, goal_s = (current.goal, current.goal_s) if status.attempt == 1 else (0, 0.0)  # asked again is not planned twice
            session.sets, session.open, session.turn, session.repetitions = session.sets + 1, True, status.turn, 0
            yield SetBegun(session.id, session.next(), session.sets, event.exercise, current.side, goal, goal_s, at)
        elif event.kind is EventKind.REPETITION and event.judgement.newest is not None:
            session.repetitions += 1
            yield RepetitionDone(session.id, session.next(), session.sets, session.repetitions, event.judgement.newest, at)
        elif event.kind is EventKind.VERDICT:
            yield from self._close(session, "done", status, at)
        elif event.kind in (EventKind.PAIN, EventKind.EFFORT):
            yield Rated(session.id, session.next(), session.sets, RatingKind(event.kind.value), event.value, at=at)
        elif event.change is not None:
            yield from _changed(session, event, at)
        elif event.correction is not None:
            action = Action.ACCEPT if event.correction.accepted else Action.IGNORE
            word = id_of(session.id, str(event.number))
            # In the rest before a set it is about the one before.
            made = session.sets - (status.current_set.set > 1 and not session.repetitions)
            yield Corrected(word, session.id, made, 0, action, event.correction.fault, at=at)

    def _close(self, session: _Session, reason: str, status: Status, at: datetime) -> Iterator[Entry]:
        if session.open:
            session.open = False
            seen = status.seen if status.verdict is not Verdict.NONE else ""  # before it, a label may yet change
            yield SetEnded(session.id, session.next(), session.sets, reason, status.verdict.value, seen, at)

    def _end(self, session: _Session, set_reason: str, reason: str, status: Status, at: datetime) -> Iterator[Entry]:
        yield from self._close(session, set_reason, status, at)
        yield SessionEnded(session.id, session.next(), reason, at)
        self._session = None


def _changed(session: _Session, event: Event, at: datetime) -> Iterator[Entry]:
    """One entry for each thing that was made easier or harder."""
    assert event.change is not None
    before, after = event.change.before, event.change.after
    for what, old, new in (("extent", before.extent, after.extent), ("repetitions", before.repetitions, after.repetitions)):
        if old != new:
            why = f"{event.change.why.value} {event.change.value:g}"
            yield Changed(session.id, session.next(), session.sets, what, f"{old:g}", f"{new:g}", why, at)


def read_plans(folder: Path, known: Catalogue) -> dict[str, Plan]:
    """Every programme of a folder, by patient.

    Raises:
        ConfigError: no such folder, a file that cannot be used, or two for one patient.
    """
    files = programme_files(folder, known)
    return {patient: Plan(programme, path.read_text(encoding="utf-8")) for patient, (programme, path) in files.items()}
