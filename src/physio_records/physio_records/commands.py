"""`physio records ...`: the record of sessions, for therapists: look at it, tell it, copy it, forget it."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_core.patient_code import checked_code
from physio_records import correct_command, personal_command, report_command, upkeep_commands
from physio_records.entries import ConsentGiven, ConsentWithdrawn, RatingKind, Scope
from physio_records.exports.fhir import need_fhir, write_fhir
from physio_records.exports.flat import fault_text, flat_rows, write_csv
from physio_records.exports.parquet import write_parquet
from physio_records.exports.tables import read_tables, write_tables
from physio_records.store.history import SessionRecord, overview, read_sessions
from physio_records.store.naming import session_patient, short
from physio_records.store.place import record_files
from physio_records.store.store import Store

WIDTH = 120
ENDINGS = {"json": ".json", "csv": ".csv", "parquet": ".parquet"}
FORMATS = (*ENDINGS, "fhir")


def add_commands(subparsers: Any, name: str) -> Any:
    """Add the commands; returns their group."""
    group = subparsers.add_parser(
        name, help="the record of sessions: list, show, export, report, delete ...", description=__doc__
    )
    commands = group.add_subparsers(required=True)
    one = upkeep_commands.add(commands, "list", "patients, or the sessions of one", run_list)
    one.add_argument("patient", nargs="?", help="code of a patient (default: all patients)")
    one.add_argument("--json", type=Path, help="write it there too")
    one = upkeep_commands.add(commands, "show", "what was done in a session, set by set", run_show)
    one.add_argument("name", help="id of a session, or its beginning; or a patient, for the newest session")
    one.add_argument("--repetitions", action="store_true", help="each repetition")
    one.add_argument("--json", type=Path, help="write each repetition there")
    one = upkeep_commands.add(commands, "consent", "what a patient agrees to; nothing is recorded before", run_consent)
    one.add_argument("patient", help="code, e.g. p01; never a name")
    scopes = [scope.value for scope in Scope]
    one.add_argument("--scope", nargs="+", choices=scopes, default=[Scope.RECORD.value], metavar="SCOPE",
                     help=f"{' '.join(scopes)} (default: {Scope.RECORD.value})")  # fmt: skip
    one.add_argument("--withdraw", action="store_true", help="the patient no longer agrees; physio records delete forgets")
    one = upkeep_commands.add(commands, "export", "the record as a file for other programs", run_export)
    one.add_argument("out", type=Path, metavar="OUT", help="file to write")
    one.add_argument("--format", default="", choices=["", *FORMATS], metavar="NAME",
                     help=f"{', '.join(FORMATS)} (default: by the ending of OUT)")  # fmt: skip
    one.add_argument("--of", metavar="NAME", help="one patient or session (default: all)")
    one = upkeep_commands.add(commands, "import", "add what physio records export wrote as JSON", run_import)
    one.add_argument("file", type=Path)
    report_command.add_command(commands)
    correct_command.add_command(commands)
    personal_command.add_command(commands)
    upkeep_commands.add_commands(commands)
    return commands


def run_list(options: argparse.Namespace) -> int:
    """Print patients, or one patient's sessions."""
    with Store(options.database) as store:
        check_writable(options.json, reads=record_files(store.url))
        if options.patient is not None:
            session, patient = session_patient(store, options.patient)
            sessions = read_sessions(store, patient, session)
            rows: list[dict[str, Any]] = [_line(session) for session in sessions]
        else:
            rows = overview(store)
        place = store.place
    table = Table(*(rows[0] if rows else ["patient"]), title=place, title_style="")
    for row in rows:
        table.add_row(*map(_cell, row.values()))
    _console().print(table if rows else f"nothing is recorded at {place}")
    if options.json:
        write_json(options.json, rows)
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print one session."""
    with Store(options.database) as store:
        check_writable(options.json, reads=record_files(store.url))
        session, patient = session_patient(store, options.name)
        shown = read_sessions(store, patient, session)[-1]
    console = _console()
    begun = f"{shown.begun_at.astimezone():%Y-%m-%d %H:%M}"
    ended = shown.reason or "not ended"
    console.print(f"session {shown.session} of {shown.patient}, number {shown.number}, {begun}, {ended}", soft_wrap=True)
    console.print(_sets(shown))
    if options.repetitions:
        console.print(_repetitions(shown))
    for rating in shown.ratings:
        where = " ".join(filter(None, (rating.side.value, rating.joint)))
        console.print(f"set {rating.set}: {rating.kind.value} {rating.value} of 10{f', {where}' if where else ''}")
    for change in shown.changes:
        console.print(f"set {change.set}: {change.what} {change.before} -> {change.after}: {change.reason}", soft_wrap=True)
    if options.json:
        write_json(options.json, flat_rows([shown]))
    return 0


def run_consent(options: argparse.Namespace) -> int:
    """Note what a patient agrees to."""
    kind = ConsentWithdrawn if options.withdraw else ConsentGiven
    patient = checked_code(options.patient)
    with Store(options.database) as store:
        for scope in map(Scope, options.scope):
            if store.agreed(patient, scope) == options.withdraw:
                store.write([kind(patient, scope)])
        agreed = [scope.value for scope in Scope if store.agreed(patient, scope)]
    _console().print(
        f"{patient} agrees to: {', '.join(agreed) or 'nothing; what was recorded is still there (physio records delete)'}"
    )
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write it."""
    kind = options.format or next((name for name, ending in ENDINGS.items() if options.out.suffix.lower() == ending), "")
    if not kind:
        raise ConfigError(f"{options.out}: say which --format: {', '.join(FORMATS)}")
    if kind == "fhir":
        need_fhir()
    with Store(options.database) as store:
        check_writable(options.out, reads=record_files(store.url))
        session, patient = ("", "") if options.of is None else session_patient(store, options.of)
        if kind == "json":
            count = write_tables(options.out, store, patient, session)
        else:
            write = {"csv": write_csv, "parquet": write_parquet, "fhir": write_fhir}[kind]
            count = write(options.out, read_sessions(store, patient, session))
    _console().print(f"wrote {options.out}: {count} rows", soft_wrap=True)
    return 0


def run_import(options: argparse.Namespace) -> int:
    """Add it."""
    with Store(options.database) as store:
        count = read_tables(options.file, store)
        place = store.place
    _console().print(f"{options.file}: {count} rows are in {place}", soft_wrap=True)
    return 0


def _line(session: SessionRecord) -> dict[str, Any]:
    return {
        "session": short(session.session),
        "number": session.number,
        "begun_at": session.begun_at.isoformat(),
        "sets": len(session.sets),
        "repetitions": sum(len(made.complete) for made in session.sets),
        "score": session.score if math.isfinite(session.score) else None,
        "pain": max(session.rated(RatingKind.PAIN), default=None),
        "effort": max(session.rated(RatingKind.EFFORT), default=None),
        "ended": session.reason,
    }


def _sets(session: SessionRecord) -> Table:
    table = Table("set", "exercise", "side", "done", "planned", "score", "verdict", "most frequent fault")
    for made in session.sets:
        faults = [fault.name for one in made.done for fault in one.repetition.faults]
        worst = max(set(faults), key=faults.count, default="")
        often = f"{worst} ({faults.count(worst)} of {len(made.done)})" if worst else ""
        planned = made.planned_repetitions or (f"{made.planned_s:g} s" if made.planned_s else "")
        verdict = f"{made.verdict}: {made.instead}" if made.instead else made.verdict
        cells = (made.number, made.exercise, made.side.value, len(made.complete), planned, made.score, verdict, often)
        table.add_row(*map(_cell, cells))
    return table


def _repetitions(session: SessionRecord) -> Table:
    table = Table("set", "repetition", "side", "outcome", "score", "seconds", "range", "faults")
    for made in session.sets:
        for one in made.done:
            done = one.repetition
            ranges = ", ".join(f"{r.angle} {r.side.value} {r.low_deg:.0f}..{r.high_deg:.0f}" for r in done.ranges)
            cells = (made.number, one.ordinal, done.side.value, done.outcome.value, done.score, done.duration_s, ranges)
            table.add_row(*map(_cell, cells), "; ".join(map(fault_text, done.faults)))
    return table


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, float):
        return f"{value:.3g}"
    return " ".join(value) if isinstance(value, list) else str(value)


def _console() -> Console:
    return Console(width=max(WIDTH, Console().width), highlight=False)
