"""Recordings of the teaching device U30A (team U30A, Hanyang University, github.com/KDohoon/capstone_unity, MIT) as paths.

Read are the original text files, the packed set (``u30a_*.npz`` beside ``index_*.csv``) and plain CSV. What the recordings hold
against whoever reads them is undone here, once: rows of status, headers repeated inside, several repetitions in one file,
positions that were turned about the vertical axis against the arm's own kinematics, whole millimetres and degrees, two joints
told 90 degrees too high, and a clock that runs on from file to file.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.csv_table import read_table
from physio_core.errors import InputError
from physio_core.trajectories.arm import load_arm
from physio_core.trajectories.trajectory import SIDES, Side, Trajectory
from physio_core.types import FloatArray

FOLDER = "u30a_trajectories"
"""Where the packed set lies in the folder of all data."""
HEADER = ("r", "sequence", "timestamp", "deg", "deg/sec", "mA", "endpoint", "grip/rotation", "torque", "force", "ori", "#")
PLACE, JOINTS = ("x_mm", "y_mm", "z_mm"), ("deg1", "deg2", "deg3", "deg4")
LESS_DEG = np.array([0.0, 90.0, 0.0, 90.0])
"""What is taken from the device's joints, so that all zero is the arm stretched forward."""
TURNED_DEG = 20.0
"""Positions turned by more against the joints are turned back [deg]."""
SEVERAL_S = 25.0
"""Files that last longer hold several repetitions [s]."""
NEAR, FAR = 0.3, 0.6
"""Shares of the farthest way from the start: a repetition goes beyond the second and comes back below the first."""
CSV_TIME, CSV_PLACE = "time_s", ("x_m", "y_m", "z_m")
CSV_JOINTS = ("shoulder_yaw_rad", "shoulder_pitch_rad", "elbow_pitch_rad", "elbow_yaw_rad")


@dataclass(frozen=True)
class PathRecording:
    """One recorded path.

    Attributes:
        path: as the arm's shoulder sees it.
        kind: name of the type; empty: unknown.
        participant: who; ``unknown`` where nobody is named.
        name: of the file, with the number of the repetition where it holds several.
        yaw_deg: by how much the positions were turned [deg].
    """

    path: Trajectory
    kind: str
    participant: str
    name: str
    yaw_deg: float = 0.0

    @property
    def group(self) -> str:
        """Whose paths must not be torn apart: the participant; of those not named, all that were turned alike."""
        turned = abs(self.yaw_deg) > TURNED_DEG
        return self.participant if self.participant != "unknown" else f"unknown, {'turned' if turned else 'straight'}"

    @property
    def outward_m(self) -> FloatArray:
        """Positions (n, 3) with y in the sense in which the set names left and right, clockwise and counter [m].

        The left arm's names, and those of the recordings that were turned, are as whoever draws sees it; those of the right arm
        otherwise are as in a mirror.
        """
        mirrored = self.path.side == "right" and abs(self.yaw_deg) <= TURNED_DEG
        return (self.path.mirrored() if mirrored else self.path).positions_m


def packed_files(folder: Path) -> list[Path]:
    """The files of a packed set, there or in :data:`FOLDER` below: each ``u30a_NAME.npz``, each with ``index_NAME.csv``."""
    packed = sorted(folder.glob("u30a_*.npz")) or sorted((folder / FOLDER).glob("u30a_*.npz"))
    return [file for path in packed for file in (path, path.with_name(f"index_{path.stem.removeprefix('u30a_')}.csv"))]


def read_packed(folder: Path) -> tuple[list[PathRecording], list[str]]:
    """The packed set: every ``u30a_NAME.npz`` with its ``index_NAME.csv``; and why some are left out, one line for each.

    Raises:
        InputError: none is there, or one that is damaged or does not fit its index.
    """
    files = packed_files(folder)
    if not files:
        raise InputError(f"{folder} holds no u30a_*.npz with index_*.csv beside it; name the folder of the packed recordings")
    left_out: list[str] = []
    found = [one for path, index in zip(files[::2], files[1::2], strict=True) for one in _packed(path, index, left_out)]
    return found, left_out


def _packed(path: Path, index: Path, left_out: list[str]) -> Iterator[PathRecording]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            values, clock, offsets = (arrays[name] for name in ("values", "clock", "offsets"))
            columns = {str(name): place for place, name in enumerate(arrays["columns"])}
            times = {str(name): place for place, name in enumerate(arrays["clock_columns"])}
        with index.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if len(rows) != len(offsets) - 1:
            raise InputError(f"{index} describes {len(rows)} recordings, {path.name} holds {len(offsets) - 1}; restore both")
        for row, start, end in zip(rows, offsets[:-1], offsets[1:], strict=True):
            stamps_s = clock[start:end, times["timestamp_ms"]] / 1000.0
            table = values[start:end].astype(float)
            place_m = table[:, [columns[name] for name in PLACE]] / 1000.0
            angles_deg = table[:, [columns[name] for name in JOINTS]]
            side, yaw_deg = _side(row["side"], index), float(row["frame_yaw_deg"] or 0.0)
            try:
                whole = _recording(stamps_s, place_m, angles_deg, side, yaw_deg, row["file"])
            except InputError as error:
                left_out.append(str(error))
                continue
            known = replace(whole, kind=row["type"], participant=row["participant"])
            yield from repetitions(known)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} and {index.name} are no packed recordings: {type(error).__name__} {error}") from error


def read_text(path: Path, kind: str = "", side: Side | None = None) -> list[PathRecording]:
    """An original text file: its repetitions, each a path.

    Rows of status (``s``) are left out; a header that is repeated inside begins another repetition. The arm is the left one
    where the tag begins with ``l_``, the right one where it is two letters. Positions that are turned against the joints are
    turned back.

    Args:
        path: of the file.
        kind: name of the type; by default what the file's name begins with.
        side: of the arm, where the tag does not say it.

    Raises:
        InputError: the arm is not said, or said otherwise; another format, columns in another order, or a row that cannot be
            read: it names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"cannot read {path}: it is no text in UTF-8; save it so") from error
    parts: list[list[list[str]]] = []
    for number, cells in enumerate(csv.reader(io.StringIO("\n".join(lines))), start=1):
        if not cells or cells[0] == "s":
            continue
        if cells[0] == "r" and len(cells) > 1 and cells[1] == "sequence":
            if tuple(cells) != HEADER:
                raise InputError(
                    f"{path} line {number}: columns {','.join(cells)}; a recording has {','.join(HEADER)}, in this order"
                )
            parts.append([])
        elif not parts:
            raise InputError(f"{path} line {number}: a recording begins with the header {','.join(HEADER)}")
        else:
            parts[-1].append([str(number), *cells])
    named = kind or path.stem.rsplit("_", 1)[0]
    found = [_text_part(path, rows, named, side) for rows in parts if rows]
    if not found:
        raise InputError(f"{path} holds no rows of measurements")
    several = [one for part in found for one in repetitions(part)]
    return several if len(several) == 1 else [replace(one, name=f"{path.name} {i}") for i, one in enumerate(several, start=1)]


def _text_part(path: Path, rows: Sequence[Sequence[str]], kind: str, given: Side | None) -> PathRecording:
    stamps, places, angles = [], [], []
    for number, *cells in rows:
        try:
            if len(cells) != len(HEADER):
                raise ValueError(f"{len(cells)} cells instead of {len(HEADER)}")
            stamps.append(float(cells[2]) / 1000.0)
            angles.append([float(one) for one in cells[3].split("/")])
            places.append([float(one) / 1000.0 for one in cells[6].split("/")])
            if len(angles[-1]) != len(JOINTS) or len(places[-1]) != len(PLACE):
                raise ValueError(f"deg {cells[3]!r} and endpoint {cells[6]!r} must hold 4 and 3 numbers")
        except ValueError as error:
            raise InputError(f"{path} line {number}: {error}") from error
    tag = rows[0][-1].lstrip("#").strip()
    side = _arm(path, tag, given)
    return replace(
        _recording(np.array(stamps), np.array(places), np.array(angles), side, None, path.name),
        kind=kind,
        participant=tag or "unknown",
    )


def _arm(path: Path, tag: str, given: Side | None) -> Side:
    said: Side | None = "left" if re.fullmatch("l_[a-z]+", tag) else "right" if re.fullmatch("[a-z]{2}", tag) else None
    if said is None and given is None:
        raise InputError(f"{path}: its tag {tag!r} does not say which arm drew; say it: --side left or --side right")
    if said and given and said != given:
        raise InputError(f"{path}: its tag {tag!r} says the {said} arm; leave --side out")
    return said or given or "left"


def read_csv(path: Path, side: Side = "left") -> PathRecording:
    """A plain table with the columns ``time_s, x_m, y_m, z_m`` and, where they are known, four of joints.

    Args:
        path: of the file; the order of its columns is free, since each is named.
        side: of the arm.

    Raises:
        InputError: a column is missing, a cell is no number, or what is read is no path.
    """
    needed = (CSV_TIME, *CSV_PLACE)
    table = read_table(path, needed, "a path")
    joints = CSV_JOINTS if all(name in table.names for name in CSV_JOINTS) else ()
    values = np.empty((len(table.rows), len(needed) + len(joints)))
    for place, row in enumerate(table.rows):
        for column, name in enumerate((*needed, *joints)):
            try:
                values[place, column] = float(row.cells.get(name, ""))
            except ValueError as error:
                raise InputError(f"{path} line {row.line}: {name} {row.cells.get(name, '')!r} is not a number") from error
    try:
        trajectory = Trajectory(values[:, 0], values[:, 1:4], values[:, 4:] if joints else None, side)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return PathRecording(trajectory, "", "unknown", path.name)


def read_paths(path: Path, side: Side | None = None) -> list[PathRecording]:
    """A file of paths of any format: an original recording (``.txt``) or a table (anything else).

    Args:
        path: of the file.
        side: of the arm; None: what a recording says, the left one of a table.

    Raises:
        InputError: see :func:`read_text` and :func:`read_csv`.
    """
    return read_text(path, side=side) if path.suffix == ".txt" else [read_csv(path, side or "left")]


def repetitions(one: PathRecording) -> list[PathRecording]:
    """A recording cut where the hand is back at its start, if it lasts so long that it holds several repetitions."""
    path = one.path
    if path.duration_s <= SEVERAL_S:
        return [one]
    away = np.linalg.norm(path.positions_m - path.positions_m[0], axis=1)
    cuts, been, best = [path.stamps_s[0]], False, -1
    for place, far in enumerate(away / away.max()):
        if far > FAR:
            if best >= 0:
                cuts.append(path.stamps_s[best])
            been, best = True, -1
        elif been and far < NEAR and (best < 0 or away[place] < away[best]):
            best = place
    cuts.append(path.stamps_s[best] if best >= 0 else path.stamps_s[-1])
    parts = [path.between(start, end) for start, end in pairwise(cuts)]
    return [replace(one, path=part, name=f"{one.name} {number}") for number, part in enumerate(parts, start=1)]


def _recording(
    stamps_s: FloatArray, place_m: FloatArray, angles_deg: FloatArray, side: Side, yaw_deg: float | None, name: str
) -> PathRecording:
    """Raises InputError, naming the file, where it is no path; ``yaw_deg`` None: told by the joints."""
    angles = np.radians(angles_deg - LESS_DEG)
    try:
        yaw = turned_by_deg(place_m, angles, side) if yaw_deg is None else yaw_deg
        turned = abs(yaw) > TURNED_DEG
        straight = place_m @ _yaw(-np.radians(yaw)).T if turned else place_m
        return PathRecording(
            Trajectory(stamps_s - stamps_s[0], straight, angles, side), "", "unknown", name, yaw if turned else 0.0
        )
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def turned_by_deg(place_m: FloatArray, angles_rad: FloatArray, side: Side) -> float:
    """By how much places (n, 3) are turned about the vertical axis against where angles (n, 4) put the hand [deg]."""
    said = load_arm("device", side).forward(angles_rad)
    turn = np.arctan2(place_m[:, 1], place_m[:, 0]) - np.arctan2(said[:, 1], said[:, 0])
    return float(np.degrees(np.median(np.angle(np.exp(1j * turn)))))


def _yaw(angle: float) -> FloatArray:
    return np.array([[np.cos(angle), -np.sin(angle), 0.0], [np.sin(angle), np.cos(angle), 0.0], [0.0, 0.0, 1.0]])


def _side(text: str, where: Any) -> Side:
    if text not in SIDES:
        raise InputError(f"{where}: side {text!r} is not one of: {', '.join(SIDES)}")
    return text


def counted(recordings: Sequence[PathRecording]) -> Mapping[str, int]:
    """How many paths of each participant."""
    names = sorted({one.participant for one in recordings})
    return {name: sum(one.participant == name for one in recordings) for name in names}
