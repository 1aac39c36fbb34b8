"""The list that a set is built from: a CSV whose every line ends up as a sequence or in the report, never nowhere."""

from __future__ import annotations

import hashlib
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from physio_core.csv_table import read_table
from physio_core.errors import InputError
from physio_lab.datasets.annotations import NOTHING_KNOWN, Annotations, annotations_in

COLUMNS = ("label", "source", "start_s", "end_s", "subject")
KINETICS = ("label", "youtube_id", "time_start", "time_end")
"""Columns of Kinetics' own lists."""
VIDEOS = (".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp", ".ts", ".gif")
IMAGES = (".png", ".jpg", ".jpeg", ".bmp")
URL = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True)
class ManifestRow:
    """One stretch of one recording.

    Attributes:
        line: line in the CSV, counted from 1.
        label: what is done.
        source: a video, a folder of images or a URL, as the list names it; does not change when all is moved elsewhere.
        start_s: beginning [s].
        end_s: end [s]; infinite: to the end of the recording.
        subject: who; empty: not known.
        path: where the source lies on this machine; of no use for a URL.
        problem: why the row cannot be used; empty: it can.
        absent: the problem is only that the recording cannot be reached now; what was made of it before stays good.
        annotations: what the list says besides the label.
    """

    line: int
    label: str
    source: str
    start_s: float = 0.0
    end_s: float = math.inf
    subject: str = ""
    path: Path = Path()
    problem: str = ""
    absent: bool = False
    annotations: Annotations = NOTHING_KNOWN

    @property
    def is_url(self) -> bool:
        """Whether the source must be fetched."""
        return bool(URL.match(self.source))

    @property
    def name(self) -> str:
        """Unique and the same in each run: readable, and told apart by place and times, not by label or line."""
        stem = self.source.rstrip("/").rsplit("/", 1)[-1] if self.is_url else Path(self.source).stem
        key = f"{self.source}|{self.start_s:.3f}|{self.end_s:.3f}"
        readable = re.sub(r"[^A-Za-z0-9]+", "_", stem).strip("_")[:40] or "row"
        return f"{readable}_{hashlib.sha256(key.encode()).hexdigest()[:10]}"


def read_manifest(path: Path, labels: Sequence[str] = ()) -> list[ManifestRow]:
    """Every row of a list, folders of videos unfolded into their videos; rows that cannot be used carry their ``problem``.

    Args:
        path: CSV with the columns ``label`` and ``source``; ``start_s``, ``end_s``, ``subject`` and those of
            :data:`physio_lab.datasets.annotations.COLUMNS` may be missing or empty. A relative source is looked for beside the
            CSV. Or Kinetics' own list, ``label,youtube_id,time_start,time_end``; its column ``split`` chooses nothing.
        labels: those allowed; empty: any.

    Raises:
        InputError: no such file, not a CSV, no rows, or a column missing.
    """
    kinetics = set(KINETICS) <= set(read_table(path, ()).names)
    table = read_table(path, KINETICS if kinetics else COLUMNS[:2], "the list of recordings")
    if not table.rows:
        raise InputError(f"{path} holds no rows; below the line {','.join(COLUMNS)} each line is one stretch of a recording")
    cells = [(row, _of_kinetics(row.cells, path.parent) if kinetics else row.cells) for row in table.rows]
    rows = [_read(row.line, of, row.surplus, path.parent, labels) for row, of in cells]
    return without_doubles([one for row in rows for one in _unfolded(row)])


def _of_kinetics(cells: Mapping[str, str], beside: Path) -> dict[str, str]:
    """A row of Kinetics' own list as one of ours: the clip that its tools cut, where it lies beside the list, else the page."""
    label, video, start_s, end_s = (cells[name] for name in KINETICS)
    row = {"label": label, "source": f"https://www.youtube.com/watch?v={video}", "start_s": start_s, "end_s": end_s}
    try:
        name = f"{video}_{int(float(start_s)):06d}_{int(float(end_s)):06d}.mp4"
    except (ValueError, OverflowError):
        return row if video else row | {"source": ""}
    folders = ("", label, label.replace(" ", "_"), cells.get("split", ""))
    cut = next((Path(folder, name) for folder in folders if (beside / folder / name).is_file()), None)
    if cut:
        return {"label": label, "source": str(cut)}
    return row if video else row | {"source": ""}


def _read(line: int, cells: Mapping[str, str], surplus: bool, beside: Path, labels: Sequence[str]) -> ManifestRow:
    text = {name: cells.get(name, "") for name in COLUMNS}
    problems = ["the line has more cells than the first; quote a text that holds a comma"] if surplus else []
    times = {}
    for name, empty in (("start_s", 0.0), ("end_s", math.inf)):
        try:
            times[name] = float(text[name].replace(",", ".") or empty)  # some countries' spreadsheets write 1,5
        except ValueError:
            times[name] = math.nan
        if math.isnan(times[name]) or (name == "start_s" and math.isinf(times[name])):
            problems.append(f"{name} = {text[name]!r} is not a time in seconds")
            times[name] = empty
    if times["start_s"] < 0.0:
        problems.append(f"start_s = {times['start_s']:g} lies before the recording")
    elif times["end_s"] <= times["start_s"]:
        problems.append(f"end_s = {times['end_s']:g} is not after start_s = {times['start_s']:g}")
    if not text["label"]:
        problems.append("no label")
    elif labels and text["label"] not in labels:
        problems.append(f"unknown label {text['label']!r}; the label file has: {', '.join(labels)}")
    source, path = text["source"], Path()
    if not source:
        problems.append("no source")
    elif not URL.match(source):
        source = os.path.normpath(source)
        try:
            path = (beside / Path(source).expanduser()).absolute()
        except RuntimeError:
            problems.append(f"source {source!r}: there is no such user here; write the path in full")
    known, unread = annotations_in(cells)
    why = "; ".join([*problems, *unread])
    return ManifestRow(
        line, text["label"], source, times["start_s"], times["end_s"], text["subject"], path, why, annotations=known
    )


def _unfolded(row: ManifestRow) -> list[ManifestRow]:
    """A folder of videos as one row for each; anything else as it is."""
    if row.problem or row.is_url:
        return [row]
    try:
        if not row.path.exists():
            return [replace(row, problem=f"no such video or folder: {row.path}", absent=True)]
        if not row.path.is_dir():
            return [row]
        files = sorted(row.path.iterdir())
    except OSError as error:
        return [replace(row, problem=f"cannot look at {row.path}: {error.strerror}", absent=True)]
    videos = [file for file in files if file.suffix.lower() in VIDEOS]
    if not videos and not any(file.suffix.lower() in IMAGES for file in files):
        return [replace(row, problem=f"{row.path} holds neither videos nor images")]
    return [replace(row, source=f"{row.source}/{file.name}", path=file) for file in videos] or [row]


def without_doubles(rows: Sequence[ManifestRow]) -> list[ManifestRow]:
    """Mark a row that asks for the same stretch as one before it, which two labels would make a contradiction."""
    first: dict[str, ManifestRow] = {}
    out = []
    for row in rows:
        known = None if row.problem and not row.absent else first.setdefault(row.name, row)
        double = known is not None and known is not row
        out.append(replace(row, problem=f"the same stretch as line {known.line}", absent=False) if double and known else row)
    return out
