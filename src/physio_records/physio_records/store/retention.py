"""What is kept for how long: finding what is old, and forgetting it with the skeletons that were recorded of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL, select

from physio_core.errors import InputError
from physio_core.files import unwritable
from physio_core.personal.files import personal_path
from physio_records.entries import now
from physio_records.store import tables as t
from physio_records.store.naming import short
from physio_records.store.place import personal_folder, skeleton_folder
from physio_records.store.rows import utc_text
from physio_records.store.store import Store

UNITS_D = {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}
RECORDING = ".mcap"
_PART = "-"
"""Between the session's id and the number of its recording."""


@dataclass(frozen=True)
class Chosen:
    """What is to be forgotten.

    Attributes:
        sessions: (patient, id) of each.
        patients: codes of those of whom nothing is to be left.
        files: recorded skeletons, also those whose session is gone already.
    """

    sessions: tuple[tuple[str, str], ...]
    patients: tuple[str, ...]
    files: tuple[Path, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to forget."""
        return not (self.sessions or self.patients or self.files)

    def __str__(self) -> str:
        """For the question whether it is meant."""
        which = f"session {short(self.sessions[0][1])} of {self.sessions[0][0]}" if len(self.sessions) == 1 else ""
        counts = ((len(self.sessions), "session"), (len(self.patients), "patient"), (len(self.files), "recording"))
        parts = [which if which and name == "session" else _counted(count, name) for count, name in counts if count]
        return ", ".join(parts) or "nothing"


def age(text: str) -> timedelta:
    """A time such as ``90d``, ``12w``, ``6m`` or ``2y``; a plain number counts days.

    Raises:
        InputError: it is none.
    """
    found = re.fullmatch(r"([0-9]{1,5})([dwmy]?)", text)
    if not found:
        raise InputError(f"age {text!r}: give days, weeks, months or years, e.g. 90d, 12w, 6m, 2y")
    return timedelta(days=int(found[1]) * UNITS_D[found[2]])


def older_than(store: Store, span: timedelta) -> Chosen:
    """Sessions and recordings from before that time, and patients who have none left and were entered before it.

    Raises:
        OutputError: the record cannot be read now.
    """
    try:
        before = now() - span
    except OverflowError:
        return Chosen((), (), ())  # nothing is from before the calendar
    sessions = store.rows(select(t.SESSION.c.patient, t.SESSION.c.session, t.SESSION.c.begun_at))
    old = tuple((row.patient, row.session) for row in sessions if row.begun_at < utc_text(before))
    stay = {row.patient for row in sessions if row.begun_at >= utc_text(before)}
    people = store.rows(select(t.PATIENT).where(t.PATIENT.c.at < utc_text(before)))
    known = {row.session for row in sessions}
    files = set(_recordings(store, old))
    files |= {file for file in skeleton_folder(store.url).glob(f"*/*{RECORDING}") if file.stat().st_mtime < before.timestamp()}
    files = {file for file in files if _session(file) not in known or (file.parent.name, _session(file)) in old}
    return Chosen(old, tuple(row.patient for row in people if row.patient not in stay), tuple(sorted(files)))


def all_of(store: Store, patient: str = "", session: str = "") -> Chosen:
    """A patient with everything, or one session by its id.

    Raises:
        InputError: there is none, or nobody is named.
        OutputError: the record cannot be read now.
    """
    if not (patient or session):
        raise InputError("say who or which session is to be forgotten; physio records list shows both")
    column = t.SESSION.c
    which = column.patient == patient if patient else column.session == session
    found = tuple((row.patient, row.session) for row in store.rows(select(column.patient, column.session).where(which)))
    known = not patient or store.rows(select(t.PATIENT.c.patient).where(t.PATIENT.c.patient == patient))
    if not known or (session and not found):
        raise InputError(f"{patient or session!r} is no {'patient' if patient else 'session'}; physio records list shows both")
    files = _recordings(store, found)
    if patient:
        files = tuple(sorted((skeleton_folder(store.url) / patient).glob(f"*{RECORDING}")))
    return Chosen(found, (patient,) if patient else (), files)


def new_recording(url: URL, patient: str, session: str) -> Path:
    """File for the skeletons of a session; one that is recorded already, before a new start, gets a further one."""
    folder = skeleton_folder(url) / patient
    before = len(list(folder.glob(f"{session}*{RECORDING}")))
    return folder / (f"{session}{_PART}{before + 1}{RECORDING}" if before else f"{session}{RECORDING}")


def forget(store: Store, chosen: Chosen) -> None:
    """Delete it: rows first, then files, also what was learnt of patients of whom nothing is to be left.

    Raises:
        OutputError: the record or a file cannot be changed now; run it again.
    """
    store.forget([session for _, session in chosen.sessions], chosen.patients)
    learnt = (personal_path(personal_folder(store.url), patient) for patient in chosen.patients)
    for file in (*chosen.files, *(path for path in learnt if path.exists())):
        try:
            file.unlink(missing_ok=True)
            if not any(file.parent.iterdir()):
                file.parent.rmdir()
        except OSError as error:
            raise unwritable(file, error, "delete it by hand") from error


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'s' if count != 1 else ''}"


def _recordings(store: Store, sessions: Sequence[tuple[str, str]]) -> tuple[Path, ...]:
    folder = skeleton_folder(store.url)
    files = (file for patient, session in sessions for file in sorted((folder / patient).glob(f"{session}*{RECORDING}")))
    return tuple(files)


def _session(recording: Path) -> str:
    """Id of the session that a recording is of."""
    return recording.stem.partition(_PART)[0]
