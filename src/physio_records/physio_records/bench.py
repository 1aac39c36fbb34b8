"""How fast the record is: opening a year, telling 100 sessions, taking in another record; for `physio bench`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from physio_records.exports.tables import read_tables, write_tables
from physio_records.made_up import EXERCISES, made_up_entries
from physio_records.report.page import page
from physio_records.report.summary import summarise
from physio_records.report.words import words_of
from physio_records.store.history import read_programmes, read_sessions
from physio_records.store.store import Store

YEAR_SESSIONS, YEAR_REPETITIONS = 200, 60
REPORTED = 100
PATIENT = "p01"


def measure_records() -> dict[str, float]:
    """Figures by name; the best of three, because what else runs can only slow one down.

    Returns:
        ``record_open_s``: reading every repetition of a year of 200 sessions with 60 each;
        ``record_report_s``: reading 100 of such sessions and writing their page;
        ``record_import_per_s``: repetitions a second from an exported file into a new record.
    """
    sets = sum(len(exercise.sides) for exercise in EXERCISES)
    with TemporaryDirectory() as name:
        folder = Path(name)
        with Store(str(folder / "year.sqlite3")) as store, Store(str(folder / "part.sqlite3")) as part:
            store.write(made_up_entries(PATIENT, YEAR_SESSIONS, YEAR_REPETITIONS // sets))
            part.write(made_up_entries(PATIENT, REPORTED, YEAR_REPETITIONS // sets))
            write_tables(folder / "year.json", store)
            repetitions = sum(len(made.done) for session in read_sessions(store, PATIENT) for made in session.sets)
            open_s = _best_s(lambda: read_sessions(store, PATIENT))
            report_s = _best_s(lambda: _report(part))
        import_s = _best_s(lambda: _import(folder))
    return {"record_open_s": open_s, "record_report_s": report_s, "record_import_per_s": repetitions / import_s}


def _report(store: Store) -> str:
    return page(summarise(read_sessions(store, PATIENT), read_programmes(store, PATIENT)), words_of("en"))


def _import(folder: Path) -> None:
    for file in folder.glob("new.sqlite3*"):
        file.unlink()
    with Store(str(folder / "new.sqlite3")) as store:
        read_tables(folder / "year.json", store)


def _best_s(work: Callable[[], object]) -> float:
    times_s = []
    for _ in range(3):
        started_s = time.perf_counter()
        work()
        times_s.append(time.perf_counter() - started_s)
    return min(times_s)
