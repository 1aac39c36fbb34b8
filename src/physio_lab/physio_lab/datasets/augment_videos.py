"""Changed copies of all videos of a folder or a list: every product of the transforms, labels kept, resumable.

With flip and zoom each video becomes four, as in the thesis: as it is, flipped, zoomed, and both. The first is not written again;
the table that is written names it where it lies.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.csv_table import TableRow, read_table, write_table
from physio_core.errors import ConfigError, InputError, PhysioError
from physio_core.files import check_writable, write_json
from physio_lab.datasets.annotations import mirrored_name
from physio_lab.datasets.manifest import COLUMNS, URL
from physio_lab.datasets.parallel import Lost, in_processes

INDEX, INDEX_COLUMNS = "INDEX.csv", ("file", "label")
LIST = "list.csv"
SETTINGS = "augment.json"
SIDED = ("label", "side", "view")
"""Columns whose left and right a flip exchanges."""


@dataclass(frozen=True)
class Copy:
    """One changed copy to be made.

    Attributes:
        source: video.
        out: video to write.
        transforms: entries of a recipe, in order.
        seed: of what is drawn.
    """

    source: Path
    out: Path
    transforms: tuple[Any, ...]
    seed: tuple[int, ...]

    @property
    def done(self) -> bool:
        """Whether an earlier run made it of the video as it is now."""
        try:
            return self.out.stat().st_mtime >= self.source.stat().st_mtime
        except OSError:
            return False

    @property
    def flipped(self) -> bool:
        """Whether left is right in it."""
        return "flip" in product_of(self.transforms)


class Folder:
    """A folder that changed copies of a table's videos are written to.

    Attributes:
        waiting: copies that are still to be made.
        failed: video or copy to the reason why there is none.
    """

    def __init__(self, source: Path, out: Path, transforms: Mapping[str, Any], seed: int, originals: bool = True) -> None:
        """Read the table and see what is done already.

        Args:
            source: folder with ``INDEX.csv``, or a list as `physio dataset build` takes it (.csv).
            out: folder to write.
            transforms: entry of a recipe by the name that copies get from it.
            seed: the same gives the same copies.
            originals: whether the table that is written names the videos themselves too.

        Raises:
            InputError: no such table, or one without the columns.
            ConfigError: the folder holds copies made with other settings.
            OutputError: it cannot be written.
        """
        index = source / INDEX if source.is_dir() else source
        self._key = "file" if source.is_dir() else "source"
        self._table = read_table(index, INDEX_COLUMNS if source.is_dir() else COLUMNS[:2], "augmenting videos")
        if not self._table.rows:
            raise InputError(f"{index} names no videos")
        if out.resolve() == index.parent.resolve():
            raise ConfigError(f"{out} is the folder that is read; name another to write")
        self._out, self._originals = out, originals
        self._path = out / (INDEX if source.is_dir() else LIST)
        check_writable(self._path)
        _same_settings(out / SETTINGS, {"transforms": dict(transforms), "seed": seed})
        self.failed: dict[str, str] = {}
        names = _names([row.cells[self._key] for row in self._table.rows])
        self._copies = {cell: self._copies_of(cell, name, transforms, seed) for cell, name in names.items()}
        self.waiting = [copy for copies in self._copies.values() for copy in copies if not copy.done]

    @property
    def videos(self) -> int:
        """How many there are to change."""
        return sum(map(bool, self._copies.values()))

    def run(self, workers: int) -> Iterator[Copy]:
        """Make what is waiting, each whole or not at all, and write the table, also when interrupted.

        Yields:
            Each copy that was tried.
        """
        self._out.mkdir(parents=True, exist_ok=True)
        try:
            for index, result in in_processes(_make, self.waiting, workers):
                reason = result.reason if isinstance(result, Lost) else result
                if reason:
                    self.failed[str(self.waiting[index].out)] = reason
                yield self.waiting[index]
        finally:
            self.write_table()

    def write_table(self) -> int:
        """Write the index or list of what is there; returns its number of rows."""
        names = (*self._table.names, *(("subject",) if self._key == "source" and "subject" not in self._table.names else ()))
        rows = [cells for row in self._table.rows for cells in self._rows(row)]
        write_table(self._path, names, rows)
        return len(rows)

    def _rows(self, row: TableRow) -> Iterator[dict[str, str]]:
        cell = row.cells[self._key]
        if not self._copies[cell]:
            return
        cells = dict(row.cells)
        if self._key == "source":
            # Sets are split by subject, else by source; copies of one recording must stay on one side.
            cells["subject"] = cells.get("subject") or cell
        if self._originals:
            yield cells | {self._key: os.path.relpath(self._table.path.parent / cell, self._out)}
        for copy in self._copies[cell]:
            if copy.done:
                turned = {name: mirrored_name(cells[name]) for name in SIDED if copy.flipped and name in cells}
                yield cells | turned | {self._key: str(copy.out.relative_to(self._out))}

    def _copies_of(self, cell: str, name: str, transforms: Mapping[str, Any], seed: int) -> list[Copy]:
        source = self._table.path.parent / cell
        if not cell or URL.match(cell) or not source.is_file():
            self.failed[cell] = "fetch it first; links are for physio dataset build" if URL.match(cell) else "no such video"
            return []
        chosen = [some for count in range(1, len(transforms) + 1) for some in itertools.combinations(transforms, count)]
        return [
            Copy(
                source, self._out / f"{'_'.join((name, *some))}.mp4", tuple(transforms[one] for one in some),
                (seed, zlib.crc32(os.fsencode(cell)), zlib.crc32(" ".join(some).encode())),
            )
            for some in chosen
        ]  # fmt: skip


def _make(copy: Copy) -> str:
    """In a worker: make one copy; says why not, empty: made."""
    from physio_lab.augment.compose import chosen
    from physio_lab.augment.video import VIDEO_TRANSFORMS, augment_video

    try:
        transforms = [chosen(entry, VIDEO_TRANSFORMS) for entry in copy.transforms]
        augment_video(copy.source, copy.out, transforms, np.random.default_rng(copy.seed))
    except PhysioError as error:
        return str(error)
    return ""


def _names(cells: Sequence[str]) -> dict[str, str]:
    """A name for the copies of each video: its own without the ending; with a few letters more where two are called alike."""
    stems = {cell: Path(cell).stem for cell in cells}
    counts = Counter(stems.values())
    return {
        cell: stem if counts[stem] == 1 else f"{stem}_{hashlib.sha256(os.fsencode(cell)).hexdigest()[:6]}"
        for cell, stem in stems.items()
    }


def _same_settings(path: Path, settings: dict[str, Any]) -> None:
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = {}
    if before and before != settings:
        raise ConfigError(
            f"{path.parent} holds copies made with {before}, now {settings}; name another folder, or delete it first"
        )
    write_json(path, settings)


def product_of(recipe: Sequence[Any]) -> dict[str, Any]:
    """Transforms by the names that copies get from them.

    Raises:
        ConfigError: the same transform twice, which would give two copies one name.
    """
    named = {next(iter(entry)) if isinstance(entry, dict) and entry else str(entry): entry for entry in recipe}
    if len(named) < len(recipe):
        raise ConfigError("a transform is named twice; of a folder every product of different ones is made")
    return named
