"""Where the record is: a file in the user's data folder unless someone says otherwise, or a server by its URL."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from physio_core.errors import ConfigError

VARIABLE = "PHYSIO_DATABASE"
FILE = "records.sqlite3"
BESIDE = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside its own."""
SERVERS = ("postgresql",)


def data_folder() -> Path:
    """``$XDG_DATA_HOME/physio``, by default ``~/.local/share/physio``."""
    home = os.environ.get("XDG_DATA_HOME", "")
    return Path(home if Path(home).is_absolute() else Path.home() / ".local/share") / "physio"


def database_url(given: str = "") -> URL:
    """The database that is meant.

    Args:
        given: a file, or a URL such as ``postgresql://user@host/name``; empty: that in ``PHYSIO_DATABASE``, else the usual file.

    Raises:
        ConfigError: it is neither.
    """
    text = given or os.environ.get(VARIABLE, "") or str(data_folder() / FILE)
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser().absolute()))
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ConfigError(f"database {text!r} is neither a file nor a URL such as postgresql://user@host/name") from error
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return URL.create("sqlite", database=str(Path(url.database).absolute()))
    if kind not in SERVERS:
        raise ConfigError(f"database {text!r}: give a file, or a URL that begins with {' or '.join(SERVERS)}")
    return url.set(drivername="postgresql+psycopg")


def record_files(url: URL) -> list[Path]:
    """The record's own file and those that the database keeps beside it; none of a server's."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return []
    return [Path(url.database + ending) for ending in ("", *BESIDE)]


def skeleton_folder(url: URL) -> Path:
    """Where skeletons are recorded, a folder for each patient and a file for each session: beside the record."""
    return _beside(url) / "skeletons"


def personal_folder(url: URL) -> Path:
    """Where it is kept what is different for each patient, a file for each: beside the record."""
    return _beside(url) / "personal"


def _beside(url: URL) -> Path:
    return Path(str(url.database)).parent if url.get_backend_name() == "sqlite" and url.database else data_folder()


def shown(url: URL) -> str:
    """The place for people; never with the password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
