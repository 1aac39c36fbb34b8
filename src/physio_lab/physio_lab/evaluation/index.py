"""A folder of labelled clips: its ``INDEX.csv``, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from physio_core.csv_table import Table, new_table, read_table
from physio_core.errors import InputError
from physio_core.types import UNKNOWN
from physio_lab.datasets.annotations import NOTHING_KNOWN, Annotations, annotations_in

INDEX = "INDEX.csv"
COLUMNS = ("file", "label")


@dataclass(frozen=True)
class Clip:
    """A row of the index.

    Attributes:
        path: video or label file.
        label: what is done; as :func:`plain` gives it.
        grade: how hard; one capital letter, see the index's own description.
        view: from where it is seen; empty: not told.
        detail: what is done, in the set's own words.
        subject: who; empty: not told.
        source: where it is from, e.g. another clip's recording; empty: not told.
        annotations: what the index says besides, such as the repetitions.
    """

    path: Path
    label: str
    grade: str = ""
    view: str = ""
    detail: str = ""
    subject: str = field(default="", compare=False)
    source: str = field(default="", compare=False)
    annotations: Annotations = field(default=NOTHING_KNOWN, compare=False)


def plain(label: str) -> str:
    """A label as people write it, in one spelling: ``Push-Up`` and ``push up`` are ``push_up``."""
    return re.sub(r"[\s-]+", "_", label.strip().lower())


def known_as(label: str, labels: Iterable[str]) -> str:
    """The model's label of that spelling; :data:`~physio_core.types.UNKNOWN` when it has none."""
    return next((one for one in labels if plain(one) == plain(label)), UNKNOWN)


def open_index(folder: Path, names: Sequence[str]) -> Table:
    """The index of a folder, to be added to; where there is none, one of these columns, written by its first row.

    Raises:
        InputError: the index that is there cannot be read.
    """
    path = folder / INDEX
    if not path.exists() or not path.stat().st_size:
        return new_table(path, names)
    return read_table(path, COLUMNS, "a folder of labelled clips")


def read_of(folder: Path) -> list[Path]:
    """The files that an evaluation of a folder of clips reads; errors as :func:`read_index`."""
    return [folder / INDEX, *(clip.path for clip in read_index(folder))]


def read_index(folder: Path, grades: str = "") -> list[Clip]:
    """The clips of a folder.

    Capitals, and spaces round a cell or a column's name, do not matter; rows without any cell filled are left out.

    Args:
        folder: holds ``INDEX.csv`` and the clips. It needs ``file,label``; ``grade``, ``exercise`` (the clip's detail),
            ``subject``, ``source`` (or ``source_repo``) and the columns of :mod:`physio_lab.datasets.annotations` are used if
            they are there; of the latter, what cannot be read counts as not told.
        grades: letters to keep; empty: all.

    Raises:
        InputError: no index, columns missing, a row without a file or label, rows of a file that contradict each other, or no
            clip left.
    """
    path = folder / INDEX
    rows = read_table(path, COLUMNS, "a folder of labelled clips").rows
    if not rows:
        raise InputError(f"{path} names its columns, but no clips; add a row for each: {','.join(COLUMNS)}")
    for row in rows:
        if not row.cells["file"] or not row.cells["label"]:
            raise InputError(f"{path} row {row.line}: file {row.cells['file']!r}, label {row.cells['label']!r}; both are needed")
    clips = list(dict.fromkeys(_clip(folder, row.cells) for row in rows))
    twice = sorted({clip.path.name for clip in clips if sum(one.path == clip.path for one in clips) > 1})
    if twice:
        raise InputError(f"{path} has rows for {', '.join(twice)} that contradict each other; keep one of each")
    chosen = [clip for clip in clips if not grades or (clip.grade and clip.grade in grades.upper())]
    if not chosen:
        held = sorted({clip.grade for clip in clips} - {""})
        raise InputError(
            f"{path} holds no clip of grade {grades}; it has {', '.join(held)}"
            if held
            else f"{path} grades no clip, so --grades {grades} leaves none; leave it out, or fill a column grade"
        )
    return chosen


def _clip(folder: Path, row: Mapping[str, str]) -> Clip:
    known, _ = annotations_in(row)
    source = row.get("source") or row.get("source_repo", "")
    return Clip(
        folder / row["file"], plain(row["label"]), row.get("grade", "").upper(), row.get("view", ""), row.get("exercise", ""),
        row.get("subject", ""), source, known,
    )  # fmt: skip
