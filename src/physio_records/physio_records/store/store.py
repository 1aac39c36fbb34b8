"""The record as one object: entries go in, rows of the tables come out, people can be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError

from physio_core.errors import InputError, OutputError
from physio_records.entries import ConsentGiven, Entry, ProgrammeGiven, Scope, SessionBegun
from physio_records.store import tables as t
from physio_records.store.database import WAIT_S, open_engine, refusals, writing
from physio_records.store.place import database_url, shown
from physio_records.store.rows import Row, Rows, changes_of, rows_of
from physio_records.store.tables import TABLES

AT_ONCE = 400
"""Rows in one statement of a server."""


class Store:
    """A record that is open; several processes may have the same one open.

    Attributes:
        url: where it is.
    """

    def __init__(self, place: str = "", wait_s: float = WAIT_S) -> None:
        """Open the record, or begin it.

        Args:
            place: file or URL, as :func:`~physio_records.store.place.database_url` takes it.
            wait_s: how long another writer is waited for [s].

        Raises:
            ConfigError: no such place can be, or its record is of a newer version.
            InputError: it is no record.
            OutputError: it cannot be reached or written.
        """
        self.url = database_url(place)
        self.engine = open_engine(self.url, wait_s)
        self._file = self._identity()

    def __enter__(self) -> Store:
        """The store itself, closed at the end of the block."""
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give up all connections."""
        self.engine.dispose()

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return shown(self.url)

    def write(self, entries: Iterable[Entry]) -> None:
        """Write entries in one transaction: all or none; those that are written already change nothing.

        Raises:
            InputError: an entry without what it belongs to: a patient who did not agree, a session that did not begin.
            OutputError: the database is locked, gone or full; nothing was written.
        """
        self._still_there()
        with self._whole("an entry"), writing(self.engine) as connection:
            for entry in entries:
                self._write(connection, entry)

    def add(self, rows: Rows) -> int:
        """Write rows of the tables in bulk, in one transaction; those that are there already stay as they are.

        Returns:
            How many rows were given.

        Raises:
            InputError: a row refers to one that is missing, or lacks a value.
            OutputError: the database is locked, gone or full; nothing was written.
        """
        self._still_there()
        with self._whole("rows"), writing(self.engine) as connection:
            for name, table in TABLES.items():
                _insert(connection, table, rows.get(name, []))
        return sum(map(len, rows.values()))

    def usable(self) -> bool:
        """Whether the file is still the one that was opened; a server's record always is."""
        return self._identity() == self._file

    def consents(self, patient: str) -> list[ConsentGiven]:
        """What a patient agrees to now; errors as :meth:`rows`."""
        column = t.CONSENT.c
        found = self.rows(select(t.CONSENT).where(column.patient == patient, column.withdrawn_at.is_(None)))
        return [ConsentGiven(patient, Scope(row.scope), datetime.fromisoformat(row.given_at)) for row in found]

    def agreed(self, patient: str, scope: Scope) -> bool:
        """Whether a patient agrees to something now."""
        with refusals(self.url), self.engine.connect() as connection:
            return _agreed(connection, patient, scope)

    def rows(self, query: Select[Any]) -> Sequence[Any]:
        """What a query finds, in one piece.

        Raises:
            OutputError: the database is locked or gone.
        """
        with refusals(self.url), self.engine.connect() as connection:
            return connection.execute(query).all()

    def forget(self, sessions: Sequence[str] = (), patients: Sequence[str] = ()) -> None:
        """Delete sessions, and patients with all that is known of them; what they held is overwritten.

        Raises:
            OutputError: the database is locked or gone; all is as it was.
        """
        self._still_there()
        with refusals(self.url):
            with writing(self.engine) as connection:
                connection.execute(delete(t.SESSION).where(t.SESSION.c.session.in_(sessions)))
                connection.execute(delete(t.PATIENT).where(t.PATIENT.c.patient.in_(patients)))
            self._compact()

    @contextmanager
    def _whole(self, what: str) -> Iterator[None]:
        """Errors as :meth:`write` has them."""
        with refusals(self.url):
            try:
                yield
            except (IntegrityError, DataError) as error:
                why = " ".join(str(error.orig).split())
                raise InputError(f"cannot record {what} that does not fit, or without what it belongs to: {why}") from error

    def _compact(self) -> None:
        """Leave nothing of what was deleted in SQLite's log; in its file it is overwritten already (`secure_delete`)."""
        if self.engine.dialect.name == "sqlite":
            with closing(self.engine.raw_connection()) as connection:
                connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]

    def _write(self, connection: Connection, entry: Entry) -> None:
        rows = rows_of(entry)
        if isinstance(entry, SessionBegun | ProgrammeGiven) and not _agreed(connection, entry.patient, Scope.RECORD):
            raise InputError(
                f"patient {entry.patient!r} has not agreed to a record; "
                f"for the next session: physio records consent {entry.patient}"
            )
        if isinstance(entry, SessionBegun):
            newest = select(func.max(t.SESSION.c.number)).where(t.SESSION.c.patient == entry.patient)
            rows[t.SESSION.name][0]["number"] = (connection.execute(newest).scalar() or 0) + 1
        for name, some in rows.items():
            _insert(connection, TABLES[name], some)
        if change := changes_of(entry):
            name, which, values = change
            table = TABLES[name]
            done = connection.execute(
                update(table).where(*(table.c[key] == value for key, value in which.items())).values(values)
            )
            if not done.rowcount and "withdrawn_at" not in which:
                raise InputError(f"cannot be recorded, it was never begun: {which}")

    def _identity(self) -> tuple[int, int] | None:
        if self.engine.dialect.name != "sqlite":
            return None
        try:
            found = Path(self.url.database or "").stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _still_there(self) -> None:
        """See that the file is the one that was opened: SQLite would write on into one that was deleted.

        Raises:
            OutputError: it is not.
        """
        if not self.usable():
            raise OutputError(f"the record at {self.place} is gone, or another was put in its place")


def _agreed(connection: Connection, patient: str, scope: Scope) -> bool:
    consent = t.CONSENT.c
    query = select(consent.scope).where(consent.patient == patient, consent.scope == scope.value, consent.withdrawn_at.is_(None))
    return connection.execute(query).first() is not None


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]] | Sequence[Row]) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        # Straight to the driver, which takes half the time.
        names = table.c.keys()
        statement = str(sqlite.insert(table).on_conflict_do_nothing().compile(dialect=connection.dialect))
        connection.exec_driver_sql(statement, [tuple(row.get(name) for name in names) for row in rows])
    elif connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), list(rows))
    else:
        connection.execute(insert(table), list(rows))
