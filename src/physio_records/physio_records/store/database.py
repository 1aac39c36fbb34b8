"""Opening a database: connections that wait for each other, and the step from an older version to this one.

SQLite keeps a write-ahead log, so that a process killed at any moment loses nothing that was committed, and readers never wait
for a writer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from physio_core.errors import ConfigError, InputError, OutputError
from physio_core.files import unwritable
from physio_records.store.place import shown

VERSIONS = ("0001", "0002", "0003")
"""Every version of the tables that there was, oldest first; the last is what this program writes."""
VERSION_TABLE = "physio_version"
WAIT_S = 0.5
"""How long another writer is waited for before it is a refusal, which the recorder takes as `later`."""
SERVER_WAIT_S = 3
_LOCK = 0x7068_7973
"""Number of the lock under which a server's tables are made, so that two robots do not make them at once."""


def open_engine(url: URL, wait_s: float = WAIT_S) -> Engine:
    """Connections to a database whose tables are of this version; made or brought forward where needed.

    Raises:
        ConfigError: it is of a newer version, and was not touched.
        InputError: it is no database.
        OutputError: it cannot be reached or written.
    """
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file is not None:
        look_first(file)
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not file.exists():
                file.touch(mode=0o600)  # health data are their owner's alone
        except OSError as error:
            raise unwritable(file, error) from error
        engine = create_engine(url, connect_args={"timeout": wait_s, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, connect_args={"connect_timeout": SERVER_WAIT_S}, pool_pre_ping=True)
    try:
        with refusals(url):
            _bring_forward(engine, url)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def refusals(url: URL) -> Iterator[None]:
    """What a database refuses, as one line that says which and what to do.

    Raises:
        OutputError: it cannot be reached, is locked, full or damaged.
    """
    try:
        yield
    except DBAPIError as error:
        why = " ".join(str(error.orig).split())
        raise OutputError(f"the record at {shown(url)} cannot be used now: {why}") from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes, and takes its place before it reads."""
    with engine.connect().execution_options(physio_writes=True) as connection, connection.begin():
        yield connection


def version_of(connection: Connection) -> str:
    """Version of the tables; empty: none are there."""
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or "")


def check_version(version: str, place: str) -> None:
    """See that this program knows a version.

    Raises:
        ConfigError: it does not.
    """
    if version and version not in VERSIONS:
        raise ConfigError(
            f"the record at {place} was written by a newer version of the coach ({version}; this one knows {VERSIONS[-1]}) and "
            f"is left as it is; update the coach, or name another record by --database"
        )


def look_first(file: Path) -> None:
    """Refuse a file that is newer or no record, before anything in it changes; one that is not there may become one.

    Raises:
        ConfigError: it is of a newer version.
        InputError: it is no record.
    """
    if not file.is_file() or not file.stat().st_size:
        return
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            named = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VERSION_TABLE,)).fetchone()
            found = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() if named else None
            others = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] if not named else 0
    except sqlite3.OperationalError:
        return  # locked now: the connection that follows waits for it, and looks again
    except sqlite3.DatabaseError as error:
        raise InputError(f"{file} is no record of the coach: {error}; name another by --database") from error
    if others:
        raise InputError(f"{file} is a database of something else; name another by --database")
    check_version(str(found[0]) if found else "", str(file))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # or Python's own transactions would leave CREATE TABLE out of them
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("physio_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_forward(engine: Engine, url: URL) -> None:
    with engine.connect() as connection:
        version = version_of(connection)
    check_version(version, shown(url))
    if version == VERSIONS[-1]:
        return
    from alembic import command  # a fifth of a second that only a new or older record costs
    from alembic.config import Config

    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
