"""What a name on the command line means: a patient by the code, or a session by the beginning of its id; never all of them."""

from __future__ import annotations

import reprlib

from sqlalchemy import select

from physio_core.errors import InputError
from physio_core.patient_code import is_code
from physio_records.store import tables as t
from physio_records.store.store import Store

SURE = 8
"""So much of an id is shown, and is asked for where a wrong one could not be taken back."""


def session_patient(store: Store, name: str, least: int = 1) -> tuple[str, str]:
    """The whole id of a session, or the code of a patient; the other one is empty.

    What looks like a patient's code is a patient, also where the id of someone's session begins with it.

    Args:
        store: the record.
        name: what was given.
        least: so much of an id must be given, unless it is all of it.

    Raises:
        InputError: it is neither, is empty, or fits several sessions.
        OutputError: the record cannot be read now.
    """
    if not name.strip() or not name.isprintable():
        raise InputError(f"{name!r} names nobody: give a patient's code or a session's id; physio records list shows them")
    if store.rows(select(t.PATIENT.c.patient).where(t.PATIENT.c.patient == name)):
        return "", name
    column = t.SESSION.c.session
    found = [row.session for row in store.rows(select(column).where(column.startswith(name, autoescape=True)))]
    if name in found:
        return name, ""
    if is_code(name):
        raise InputError(f"no patient {name} is recorded (a session needs more of its id); physio records list shows who is")
    if not found:
        raise InputError(f"no session of {reprlib.repr(name)} is recorded; physio records list shows what is")
    if len(name) < least:
        raise InputError(f"{name!r} is too little of a session's id: give {least} characters, as physio records list PATIENT has")
    if len(found) > 1:
        raise InputError(f"{name!r} fits {len(found)} sessions; give more of the id, as physio records show tells it")
    return found[0], ""


def one_session(store: Store, name: str) -> str:
    """The whole id of a session; errors as :func:`session_patient`, and for a patient."""
    session, patient = session_patient(store, name)
    if patient:
        raise InputError(f"{patient} is a patient; name a session, as physio records list {patient} shows them")
    return session


def short(session: str) -> str:
    """The beginning of an id for people, who can name the session by it."""
    enough = next((count for count in range(SURE, len(session)) if not is_code(session[:count])), len(session))
    return session[:enough]
