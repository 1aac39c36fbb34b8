"""`physio records report`: a session, or a patient over time, as a page or a PDF for people."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from physio_core.errors import InputError
from physio_core.files import check_writable, write_bytes, write_text
from physio_records import upkeep_commands
from physio_records.report.page import page
from physio_records.report.pdf import need_pdf, pdf
from physio_records.report.summary import summarise
from physio_records.report.words import words_of
from physio_records.store.history import SessionRecord, read_programmes, read_sessions
from physio_records.store.naming import session_patient
from physio_records.store.place import record_files
from physio_records.store.store import Store

PAGE, PRINT = ".html", ".pdf"


def add_command(commands: Any) -> None:
    """Add the command to the group."""
    one = upkeep_commands.add(commands, "report", "a session, or a patient over time, in words and charts", run)
    one.add_argument("name", help="code of a patient, or id of a session, or its beginning")
    one.add_argument(
        "out", type=Path, nargs="?", metavar="OUT", help=f"file to write, {PAGE} or {PRINT} (default: NAME{PAGE} here)"
    )
    one.add_argument("--since", default="", metavar="DAY", help="only sessions from this day on, e.g. 2026-01-31")
    one.add_argument("--language", default="", metavar="CODE", help="e.g. de (default: that of the last session)")
    one.add_argument("--wording-dir", default="", metavar="DIR", help="folder with texts of your own")


def run(options: argparse.Namespace) -> int:
    """Write it; errors as :func:`write_report`, and InputError for a day that is none."""
    out = options.out or Path(f"{options.name}{PAGE}")
    write_report(options.database, options.name, out, _day(options.since), options.language, options.wording_dir)
    return 0


def write_report(
    database: str, name: str, out: Path, since: date | None = None, language: str = "", wording_dir: str = ""
) -> Path:
    """Write a report.

    Args:
        database: file or URL of the record; empty: the usual place.
        name: code of a patient, or id of a session, or its beginning.
        out: page or PDF to write.
        since: leave out what was before; None: everything.
        language: in which; empty: that of the last session.
        wording_dir: folder with texts of one's own; empty: none.

    Raises:
        InputError: nothing is recorded under that name, or since that day.
        ConfigError: no such language, or no PDF can be made here.
        OutputError: the file cannot be written.
    """
    with Store(database) as store:
        session, patient = session_patient(store, name)
        check_writable(out, endings=(PAGE, PRINT), reads=record_files(store.url))
        if out.suffix.lower() == PRINT:
            need_pdf()
        sessions = [one for one in read_sessions(store, patient, session) if since is None or _begun(one) >= since]
        if not sessions:
            raise InputError(f"{name} has no session since {since}; physio records list {name} shows them")
        programmes = read_programmes(store, patient) if patient else ()
    written = page(summarise(sessions, programmes, since=since), words_of(language or sessions[-1].language, wording_dir))
    if out.suffix.lower() == PRINT:
        write_bytes(out, pdf(written))
    else:
        write_text(out, written)
    print(f"wrote {out}: {len(sessions)} session{'s' if len(sessions) != 1 else ''} of {sessions[-1].patient}")
    return out


def _begun(session: SessionRecord) -> date:
    return session.begun_at.astimezone().date()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"--since {text!r}: give a day, e.g. 2026-01-31") from None
