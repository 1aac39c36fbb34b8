"""Entries that no database took yet, as lines of JSON in a file of their own, so that they outlive the process.

The file of a process that runs is locked; another process leaves it alone, and takes over one that was left behind.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, cast, get_args

from pydantic import TypeAdapter, ValidationError

from physio_records.entries import Entry, new_id

KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Entry)}
PREFIX = "unsent_"


def as_line(entry: Entry) -> str:
    """One entry, without its line end."""
    return json.dumps({"entry": type(entry).__name__, **asdict(entry)}, default=_plain)


def from_line(line: str) -> Entry:
    """The entry of a line.

    Raises:
        ValueError: it is torn or none.
    """
    fields = json.loads(line)
    try:
        return cast("Entry", _reader(fields.pop("entry")).validate_python(fields))
    except (KeyError, AttributeError, ValidationError) as error:
        raise ValueError(f"no entry: {line[:80]!r}") from error


class Journal:
    """One such file, locked while it is open."""

    def __init__(self, file: IO[str], path: Path) -> None:
        """Take an open file; see :meth:`begin` and :func:`left_behind`."""
        self._file = file
        self.path = path

    @classmethod
    def begin(cls, folder: Path) -> Journal:
        """A new one.

        Raises:
            OSError: it cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{PREFIX}{new_id()}.jsonl"
        path.touch(mode=0o600, exist_ok=False)
        file = path.open("a", encoding="utf-8")
        fcntl.flock(file, fcntl.LOCK_EX)
        return cls(file, path)

    def add(self, entries: Iterable[Entry]) -> None:
        """Append entries, to the disk.

        Raises:
            OSError: they cannot be written.
        """
        self._file.writelines(f"{as_line(entry)}\n" for entry in entries)
        self._file.flush()
        os.fsync(self._file.fileno())

    def entries(self) -> list[Entry]:
        """All that it holds; a last line that a kill tore is left out."""
        found: list[Entry] = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(from_line(line))
            except ValueError:
                break
        return found

    def close(self, *, done: bool) -> None:
        """Let go of it; `done`: a database has all of it, so that it can go."""
        if done:
            self.path.unlink(missing_ok=True)
        try:
            self._file.close()
        except OSError:  # what could not be written before cannot be now
            return


def left_behind(folder: Path) -> Iterator[Journal]:
    """Journals of processes that are gone, oldest first."""
    for path in sorted(folder.glob(f"{PREFIX}*.jsonl"), key=lambda path: path.stat().st_mtime):
        file = path.open("a", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            continue
        if path.exists():
            yield Journal(file, path)
        else:
            file.close()


@cache
def _reader(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
