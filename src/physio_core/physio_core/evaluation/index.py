"""A folder of labelled clips: its ``INDEX.csv``, row by row."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from physio_core.errors import InputError

INDEX = "INDEX.csv"
COLUMNS = ("file", "label", "reps", "grade")


@dataclass(frozen=True)
class Clip:
    """A row of the index.

    Attributes:
        path: video or label file.
        label: what is done.
        grade: how hard; one letter, see the index's own description.
        view: from where it is seen; empty: not told.
        detail: what is done, in the set's own words.
    """

    path: Path
    label: str
    grade: str = ""
    view: str = ""
    detail: str = ""


def read_index(folder: Path, grades: str = "") -> list[Clip]:
    """The clips of a folder.

    Args:
        folder: holds ``INDEX.csv`` (``file,label,reps,grade``, ``view`` if known) and the clips.
        grades: letters to keep; empty: all.

    Raises:
        InputError: no index, columns missing, a row without a file or label, rows of a file that contradict each other, or no
            clip left.
    """
    path = folder / INDEX
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot read {path}: {error}; the folder needs an {INDEX} with {', '.join(COLUMNS)}") from error
    if not rows:
        raise InputError(f"{path} holds no clips")
    missing = [column for column in COLUMNS if column not in rows[0]]
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}; it has {', '.join(str(name) for name in rows[0])}")
    for line, row in enumerate(rows, 2):
        if not row["file"] or not row["label"]:
            raise InputError(f"{path} row {line}: file {row['file']!r}, label {row['label']!r}; both are needed")
    clips = [
        Clip(folder / row["file"], row["label"], row["grade"] or "", row.get("view") or "", row.get("exercise") or "")
        for row in rows
    ]
    clips = list(dict.fromkeys(clips))
    twice = sorted({clip.path.name for clip in clips if sum(one.path == clip.path for one in clips) > 1})
    if twice:
        raise InputError(f"{path} has rows for {', '.join(twice)} that contradict each other; keep one of each")
    chosen = [clip for clip in clips if not grades or (clip.grade and clip.grade in grades)]
    if not chosen:
        raise InputError(f"{path} holds no clip of grade {grades}; it has {', '.join(sorted({clip.grade for clip in clips}))}")
    return chosen
