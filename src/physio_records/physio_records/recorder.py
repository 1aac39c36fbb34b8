"""Writes entries as they come, and never stops the coaching: while the database is locked, gone or full they wait.

An entry that was taken is in the database when :meth:`Recorder.record` returns, or, while that is not possible, in a journal on
the disk, or, where the disk is full too, in memory. What waits is tried again until it is written, in order.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from physio_core.errors import InputError, OutputError
from physio_records.entries import ConsentGiven, Entry, ProgrammeGiven, SessionBegun, SessionEnded
from physio_records.journal import Journal, left_behind
from physio_records.store.history import number_of
from physio_records.store.place import data_folder
from physio_records.store.store import Store

RETRY_S = 1.0
LONGEST_RETRY_S = 10.0
AT_ONCE = 200
"""Entries that waited and are written in one transaction."""


class Recorder:
    """One process's way into the record; any thread may use it."""

    def __init__(self, say: Callable[[str], None], place: str = "", folder: Path | None = None, retry_s: float = RETRY_S) -> None:
        """Open the record, and write what earlier processes could not.

        Args:
            say: is told once that entries wait, and once that they no longer do.
            place: file or URL, as :class:`Store` takes it.
            folder: for entries that wait; None: beside the usual record.
            retry_s: first time between two tries [s]; it doubles up to :data:`LONGEST_RETRY_S`.

        Raises:
            ConfigError: no such place can be, or its record is of a newer version.
            InputError: it is no record.
        """
        self._say, self._place, self._retry_s = say, place, retry_s
        self._folder = folder or data_folder() / "unsent"
        self._lock = threading.RLock()
        self._more = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._store: Store | None = None
        self._waiting: deque[Entry] = deque()
        self._running: dict[str, list[Entry]] = {}
        self._journal: Journal | None = None
        self._adopted: list[Journal] = []
        self._quiet = False
        try:
            self._store = Store(place)
        except OutputError as error:
            self._postpone([], error)
        self._adopt()

    @property
    def store(self) -> Store | None:
        """The record; None while it cannot be reached."""
        return self._store

    @property
    def waiting(self) -> int:
        """How many entries no database has yet."""
        return len(self._waiting)

    def number_of(self, session: str) -> int:
        """Which of its patient's sessions one is, from 1; 0: the record does not have it, or cannot be read now."""
        try:
            return number_of(self._store, session) if self._store is not None else 0
        except OutputError:
            return 0

    def record(self, entry: Entry) -> bool:
        """Take an entry.

        Returns:
            Whether the database has it already.

        Raises:
            InputError: it cannot be recorded at all: a patient who did not agree, a session that never began.
        """
        with self._lock:
            if not self._waiting and self._store is not None:
                try:
                    self._write_now(self._store, entry)
                except OutputError as error:
                    self._postpone([entry], error)
                else:
                    self._remember(entry)
                    return True
            else:
                self._postpone([entry])
            return False

    def flush(self) -> bool:
        """Try now to write what waits; whether nothing waits any more."""
        with self._lock:
            try:
                if self._store is None or (self._waiting and not self._store.usable()):
                    self._reopen()
                while self._waiting:
                    self._write([self._waiting[number] for number in range(min(AT_ONCE, len(self._waiting)))])
            except OutputError:
                return False
            self._caught_up()
            return True

    def close(self) -> None:
        """Try once more, then leave what waits in the journal for the next process."""
        self._ended.set()
        self._more.set()
        if self._thread is not None:
            self._thread.join()
        with self._lock:
            if self._waiting and not self.flush():
                kept = f"kept in {self._journal.path}" if self._journal else "lost: nothing on this disk can be written"
                self._say(f"{len(self._waiting)} entries of the record were not written and are {kept}")
            for journal in filter(None, (self._journal, *self._adopted)):
                journal.close(done=False)
            if self._store is not None:
                self._store.close()

    def _write_now(self, store: Store, entry: Entry) -> None:
        """Write one; where its session is no longer there (an older record was restored), with all of it."""
        try:
            store.write([entry])
        except InputError:
            running = self._running.get(getattr(entry, "session", ""))
            if not running:
                raise
            store.write([*running, entry])

    def _write(self, entries: list[Entry]) -> None:
        """Write the first of what waits; one that can never be written does not hold up the others."""
        assert self._store is not None
        try:
            self._store.write(entries)
        except InputError as error:
            if len(entries) > 1:
                self._write(entries[:1])
                return
            self._say(f"left out of the record: {error}")
            self._waiting.popleft()
            return
        for entry in entries:
            self._waiting.popleft()
            self._remember(entry)

    def _remember(self, entry: Entry) -> None:
        """Keep what runs, in case that the database's file goes."""
        assert self._store is not None
        if isinstance(entry, SessionBegun):
            agreed: list[Entry] = list(self._store.consents(entry.patient))
            self._running[entry.session] = [*agreed, entry]
        elif isinstance(entry, SessionEnded):
            self._running.pop(entry.session, None)
        elif not isinstance(entry, ProgrammeGiven | ConsentGiven) and (session := getattr(entry, "session", "")) in self._running:
            self._running[session].append(entry)

    def _postpone(self, entries: list[Entry], error: OutputError | None = None) -> None:
        self._waiting.extend(entries)
        try:
            self._journal = self._journal or Journal.begin(self._folder)
            self._journal.add(entries)
        except OSError:
            self._journal = self._journal  # memory holds them
        if not self._quiet and error is not None:
            self._quiet = True
            self._say(f"{error}; coaching goes on, and what is recorded waits")
        if self._thread is None and not self._ended.is_set():
            self._thread = threading.Thread(target=self._retry, name="recorder", daemon=True)
            self._thread.start()
        self._more.set()

    def _adopt(self) -> None:
        """Take over what processes that are gone left."""
        for journal in left_behind(self._folder):
            self._adopted.append(journal)
            self._waiting.extend(journal.entries())
        if self._waiting and not self.flush():
            self._postpone([])

    def _reopen(self) -> None:
        """Open the database again; one that was made again gets the whole of what runs."""
        if self._store is not None:
            self._store.close()
            self._store = None
        self._store = Store(self._place)
        for entries in list(self._running.values()):
            self._store.write(entries)

    def _caught_up(self) -> None:
        for journal in filter(None, (self._journal, *self._adopted)):
            journal.close(done=True)
        self._journal, self._adopted = None, []
        if self._quiet:
            self._quiet = False
            self._say("the record is written again, nothing was lost")

    def _retry(self) -> None:
        wait_s = self._retry_s
        while not self._ended.is_set():
            self._more.wait()
            if self._ended.wait(wait_s):
                return
            with self._lock:
                if (self._store is not None and not self._waiting) or self.flush():
                    self._more.clear()
                    wait_s = self._retry_s
                else:
                    wait_s = min(2.0 * wait_s, LONGEST_RETRY_S)
