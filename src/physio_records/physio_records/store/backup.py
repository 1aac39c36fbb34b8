"""Copies of the record while it is in use, and back; by SQLite's own backup, which takes a whole and consistent state."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from physio_core.errors import ConfigError, InputError, OutputError
from physio_core.files import check_writable, writing
from physio_records.entries import now
from physio_records.store.database import look_first
from physio_records.store.place import BESIDE, database_url, record_files, shown
from physio_records.store.store import Store

WAIT_S = 10.0


def backup(store: Store, target: Path) -> None:
    """Copy the record into one file.

    Raises:
        ConfigError: it is a server's, which has its own tools.
        OutputError: the file cannot be written, or the record cannot be read now.
    """
    source = _file(store.url)
    check_writable(target, reads=record_files(store.url))
    with writing(target) as part:
        part.touch(mode=0o600)
        _copy(source, part)


def restore(place: str, source: Path) -> Path | None:
    """Put a backup in the place of the record; programs that have it open see the restored one.

    Returns:
        Where the present record is kept; None: there was none.

    Raises:
        ConfigError: the place is a server's, or the backup is of a newer version.
        InputError: it is no backup, or is damaged; nothing has changed.
        OutputError: the present record cannot be kept, or cannot be written; it is as it was.
    """
    file = _file(database_url(place))
    if file.resolve() == source.resolve():
        raise InputError(f"{source} is the record itself; name a backup of it")
    _check(source)
    kept = _keep(file)
    if not file.exists():
        Store(place).close()
    _copy(source, file)
    Store(place).close()  # a backup of an older version is brought forward
    return kept


def _keep(file: Path) -> Path | None:
    """Copy the present record beside itself; one that cannot be read any more is moved there."""
    if not file.exists() or not file.stat().st_size:
        return None
    kept = file.with_name(f"{file.name}.before_restore_{now():%Y%m%d_%H%M%S_%f}")
    try:
        with writing(kept) as part:
            part.touch(mode=0o600)
            _copy(file, part)
        look_first(file)
    except (InputError, OutputError):
        kept.unlink(missing_ok=True)
        if _is_sqlite(file):
            raise
        for ending in BESIDE:
            file.with_name(file.name + ending).unlink(missing_ok=True)
        file.replace(kept)
    except ConfigError:
        pass  # it is of a newer version, and a whole copy of it is kept
    return kept


def _is_sqlite(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(16) == b"SQLite format 3\0"


def _check(source: Path) -> None:
    if not source.is_file():
        raise InputError(f"{source} is not there; give a file that physio records backup wrote")
    look_first(source)
    with _reading(source) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if "session" not in tables:
        raise InputError(f"{source} is no backup of a record; give a file that physio records backup wrote")
    if whole != "ok":
        raise InputError(f"{source} is damaged: {whole}; give another backup")


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_S)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise InputError(f"{file} cannot be read as a record: {error}") from error


def _copy(source: Path, target: Path) -> None:
    """Errors as :func:`restore`; the target is as it was, or the whole copy."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_S)) as one,
            closing(sqlite3.connect(target, timeout=WAIT_S)) as other,
        ):
            one.backup(other)
    except sqlite3.Error as error:
        raise OutputError(f"cannot copy {source} to {target}: {error}") from error


def _file(url: URL) -> Path:
    if url.get_backend_name() != "sqlite":
        raise ConfigError(f"{shown(url)} is a server's: use its own tools, e.g. pg_dump and pg_restore")
    return Path(url.database or "")
