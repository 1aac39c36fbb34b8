"""Builds a set from a list of recordings: resumable, with a report of every row, nothing lost.

Each finished row is one small file, written whole or not at all; an interrupted run goes on where it was. The set itself is
joined from them at the end.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, OutputError
from physio_core.files import PART, unwritable, write_json, write_text
from physio_lab.datasets.clean import CleanConfig
from physio_lab.datasets.extract import ExtractConfig, Job, Outcome, do_job, padded, too_few_seen
from physio_lab.datasets.manifest import ManifestRow, without_doubles
from physio_lab.datasets.parallel import Lost, in_processes, on_ray
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.datasets.shards import read_shard, source_state, write_shard

REPORT_COLUMNS = ("line", "label", "source", "start_s", "end_s", "subject", "status", "name", "frames", "non_empty", "reason")
DONE, KEPT, FAILED, WAITING = "done", "kept", "failed", "not done"


@dataclass(frozen=True)
class Entry:
    """One line of the report.

    Attributes:
        row: the row of the list.
        status: done in this run, kept from one before, failed, or not done because the run was interrupted.
        reason: why it failed, or what is odd about it.
        frames: pictures in the sequence.
        non_empty: those in which someone is found.
    """

    row: ManifestRow
    status: str
    reason: str = ""
    frames: int = 0
    non_empty: int = 0


class Builder:
    """One folder in which a set is built.

    Attributes:
        entries: the report, in the order of the list; complete after :meth:`run`.
    """

    def __init__(self, folder: Path, rows: Sequence[ManifestRow], clean: CleanConfig, config: ExtractConfig) -> None:
        """Take over the folder and see which rows are finished.

        Raises:
            ConfigError: another run works in the folder, or it was built with other settings.
            OutputError: the folder cannot be written.
        """
        self.folder, self.parts = folder, folder / "parts"
        self._clean, self._config = clean, config
        try:
            self.parts.mkdir(parents=True, exist_ok=True)
            with _alone(folder):
                for left_over in self.parts.glob(f"{PART}*"):
                    shutil.rmtree(left_over)
                self._check_settings()
        except OSError as error:
            raise unwritable(folder, error) from error
        before = self._sources_before() if any(row.absent for row in rows) else []
        known = [one for row in rows for one in self._as_before(row, before)]
        self.entries = {index: self._found(row) for index, row in enumerate(without_doubles(known))}

    @property
    def waiting(self) -> list[int]:
        """Indices of the rows that are still to do."""
        return [index for index, entry in self.entries.items() if entry.status == WAITING]

    @property
    def labels(self) -> set[str]:
        """Those of the finished rows."""
        return {entry.row.label for entry in self.entries.values() if entry.status in (DONE, KEPT)}

    def run(self, workers: int = 1, ray: str = "", tell: Callable[[Entry], None] | None = None) -> list[Entry]:
        """Do what is waiting and write the report, also when interrupted.

        Args:
            workers: processes on this machine.
            ray: address of a running Ray cluster to use instead.
            tell: called after each row.

        Raises:
            ConfigError: another run works in the folder or has with other settings, or no cluster answers.
            OutputError: the disk is full.
        """
        waiting = self.waiting
        groups: dict[str, list[int]] = {}
        for index in waiting:
            row = self.entries[index].row
            groups.setdefault(row.source if row.is_url else str(index), []).append(index)
        numbers = list(groups.values())
        jobs = [Job(tuple(self.entries[index].row for index in group), self._clean, self._config) for group in numbers]
        with _alone(self.folder):
            self._check_settings()  # another build may have come since this one looked
            try:
                for done, result in on_ray(do_job, jobs, ray) if ray else in_processes(do_job, jobs, workers):
                    rows = jobs[done].rows
                    outcomes = [Outcome(row, reason=result.reason) for row in rows] if isinstance(result, Lost) else result
                    for index, outcome in zip(numbers[done], outcomes, strict=True):
                        self.entries[index] = self._keep(outcome)
                        if tell:
                            tell(self.entries[index])
            except BaseException:
                with contextlib.suppress(OutputError):  # a full disk has stopped the run: that is what must be said
                    self.write_report()
                raise
            self.write_report()
        return list(self.entries.values())

    def sequences(self, pad_frames: int = 0) -> Iterator[SkeletonSequence]:
        """Every finished sequence, in the order of the list; ``pad_frames`` as in :func:`padded`, 0: as long as it is."""
        for entry in self.entries.values():
            if entry.status in (DONE, KEPT):
                found = read_shard(self._part(entry.row))
                if found:
                    yield padded(_labelled(found[0], entry.row), pad_frames)

    def write_report(self) -> Path:
        """Write ``report.csv``: every row of the list, what became of it and why."""
        path = self.folder / "report.csv"
        text = io.StringIO()
        writer = csv.DictWriter(text, REPORT_COLUMNS)
        writer.writeheader()
        for entry in self.entries.values():
            cells = {name: getattr(entry.row, name, None) for name in REPORT_COLUMNS} | {
                name: getattr(entry, name) for name in ("status", "reason", "frames", "non_empty")
            }
            writer.writerow(cells | ({"end_s": ""} if np.isinf(entry.row.end_s) else {}))
        write_text(path, text.getvalue())
        return path

    def _part(self, row: ManifestRow) -> Path:
        return self.parts / f"{row.name}.npz"

    def _found(self, row: ManifestRow) -> Entry:
        found = None if row.problem and not row.absent else read_shard(self._part(row))
        if row.problem and found is None:
            return Entry(row, FAILED, row.problem)
        if found is None or (not row.absent and found[1]["state"] != source_state(row)):
            return Entry(row, WAITING)
        frames, non_empty = _counts(found[0])
        if too_few := too_few_seen(non_empty, frames, self._config.least_seen):
            return Entry(row, FAILED, too_few)
        gone = f"{row.problem}; what an earlier run made of it is kept" if row.absent else ""
        return Entry(row, KEPT, "; ".join(filter(None, (found[1]["note"], gone))), frames, non_empty)

    def _sources_before(self) -> list[str]:
        """The recordings of the last report."""
        try:
            with (self.folder / "report.csv").open(newline="", encoding="utf-8") as file:
                return list(dict.fromkeys(cells.get("source") or "" for cells in csv.DictReader(file)))
        except (OSError, UnicodeDecodeError, csv.Error):
            return []

    def _as_before(self, row: ManifestRow, before: Sequence[str]) -> list[ManifestRow]:
        """A folder of videos that is not there any more as those of its videos that are finished; any other row as it is."""
        inside = [source for source in before if row.absent and source.rpartition("/")[0] == row.source]
        videos = [replace(row, source=source, path=row.path / source.rpartition("/")[2]) for source in inside]
        return [one for one in videos if self._part(one).exists()] or [row]

    def _keep(self, outcome: Outcome) -> Entry:
        """Write a finished sequence, whole or not at all."""
        if outcome.sequence is None:
            return Entry(outcome.row, FAILED, "; ".join(filter(None, (outcome.reason, outcome.note))))
        path = self._part(outcome.row)
        try:
            write_shard(path, outcome.sequence, state=source_state(outcome.row), note=outcome.note)
        except OutputError as error:
            raise OutputError(f"{error}; what is finished is kept, the same command goes on") from error
        return Entry(outcome.row, DONE, outcome.note, *_counts(outcome.sequence))

    def _check_settings(self) -> None:
        """A set must not mix sequences that were made in different ways."""
        path = self.folder / "build.json"
        settings = asdict(self._clean) | {"model_complexity": self._config.model_complexity, "pictures": "by stamps"}
        before = _settings_in(path)
        other = [f"{name} {before.get(name)}, now {now}" for name, now in settings.items() if before.get(name) != now]
        if before and other and any(self.parts.glob("*.npz")):
            raise ConfigError(f"{self.folder} was built with {'; '.join(other)}: give another folder, or delete this one")
        write_json(path, settings)


def _settings_in(path: Path) -> dict[str, Any]:
    """What a folder was built with; nothing where that cannot be told, as after a power cut."""
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return before if isinstance(before, dict) else {}


def totals(entries: Sequence[Entry]) -> dict[str, int]:
    """Rows by status."""
    return dict(Counter(entry.status for entry in entries))


def _labelled(sequence: SkeletonSequence, row: ManifestRow) -> SkeletonSequence:
    """Label, subject and annotations as the list says now: correcting them needs no new build."""
    return replace(sequence, label=row.label, subject=row.subject, source=row.source, annotations=row.annotations)


def _counts(sequence: SkeletonSequence) -> tuple[int, int]:
    return len(sequence.stamps_s), int((sequence.confidence > 0).any(axis=(0, 2)).sum())


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two runs in one folder would do everything twice."""
    with contextlib.ExitStack() as held:
        try:
            fcntl.flock(held.enter_context((folder / ".lock").open("w")), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConfigError(f"another build is at work in {folder}; wait for it, or give another folder") from error
        except OSError as error:
            raise unwritable(folder, error) from error
        yield
