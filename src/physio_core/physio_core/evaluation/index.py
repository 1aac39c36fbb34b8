"""A folder of labelled clips: its ``INDEX.csv``, row by row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from physio_core.errors import InputError
from physio_core.types import UNKNOWN

INDEX = "INDEX.csv"
COLUMNS = ("file", "label", "reps", "grade")


@dataclass(frozen=True)
class Clip:
    """A row of the index.

    Attributes:
        path: video or label file.
        label: what is done; as :func:`plain` gives it.
        grade: how hard; one capital letter, see the index's own description.
        view: from where it is seen; empty: not told.
        detail: what is done, in the set's own words.
    """

    path: Path
    label: str
    grade: str = ""
    view: str = ""
    detail: str = ""


def plain(label: str) -> str:
    """A label as people write it, in one spelling: ``Push-Up`` and ``push up`` are ``push_up``."""
    return re.sub(r"[\s-]+", "_", label.strip().lower())


def known_as(label: str, labels: Iterable[str]) -> str:
    """The model's label of that spelling; :data:`~physio_core.types.UNKNOWN` when it has none."""
    return next((one for one in labels if plain(one) == plain(label)), UNKNOWN)


def read_index(folder: Path, grades: str = "") -> list[Clip]:
    """The clips of a folder.

    Capitals, and spaces round a cell or a column's name, do not matter; rows without any cell filled are left out.

    Args:
        folder: holds ``INDEX.csv`` (``file,label,reps,grade``, ``view`` if known) and the clips.
        grades: letters to keep; empty: all.

    Raises:
        InputError: no index, columns missing, a row without a file or label, rows of a file that contradict each other, or no
            clip left.
    """
    path = folder / INDEX
    rows = _rows(path)
    for line, row in rows:
        if not row["file"] or not row["label"]:
            raise InputError(f"{path} row {line}: file {row['file']!r}, label {row['label']!r}; both are needed")
    clips = list(dict.fromkeys(_clip(folder, row) for _, row in rows))
    twice = sorted({clip.path.name for clip in clips if sum(one.path == clip.path for one in clips) > 1})
    if twice:
        raise InputError(f"{path} has rows for {', '.join(twice)} that contradict each other; keep one of each")
    chosen = [clip for clip in clips if not grades or (clip.grade and clip.grade in grades.upper())]
    if not chosen:
        raise InputError(f"{path} holds no clip of grade {grades}; it has {', '.join(sorted({clip.grade for clip in clips}))}")
    return chosen


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Line number in the file, and cells by column, of each row that holds anything."""
    try:
        reader = csv.reader(io.StringIO(_text(path), newline=""))
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot read {path}: {error}; the folder needs an {INDEX} with {', '.join(COLUMNS)}") from error
    filled = [(line, cells) for line, cells in lines if any(cells)]
    if len(filled) < 2:
        raise InputError(f"{path} holds no clips")
    header = [cell.lower() for cell in filled[0][1]]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}; it has {', '.join(header)}")
    return [(line, dict(zip_longest(header, cells[: len(header)], fillvalue=""))) for line, cells in filled[1:]]


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")  # what spreadsheets on Windows save as CSV


def _clip(folder: Path, row: dict[str, str]) -> Clip:
    view, detail = row.get("view", ""), row.get("exercise", "")
    return Clip(folder / row["file"], plain(row["label"]), row["grade"].upper(), view, detail)
