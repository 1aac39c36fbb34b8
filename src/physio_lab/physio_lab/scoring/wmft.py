"""Recordings of the modified Wolf Motor Function Test in three severities, seen by a depth camera.

A. Barachant et al.: "Using data from the Microsoft Kinect 2 to quantify upper limb behavior: a feasibility study", IEEE JBHI
2016, from which the published figures are. Each person did each of 15 tasks three times: as usual, and mildly and moderately
impaired.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from physio_core.csv_table import TableRow, read_table
from physio_core.errors import InputError
from physio_core.skeleton.layouts import KINECT_25
from physio_core.types import FloatArray
from physio_lab.datasets.public import WMFT_CONDITIONS, WMFT_INDEX, WMFT_PACKED, WMFT_RATE_HZ, WMFT_TASKS
from physio_lab.scoring.upper_body import JOINTS

SEVERITIES = WMFT_CONDITIONS
TASKS = tuple(name.replace("_", " ") for name in WMFT_TASKS)
PACKED, INDEX = WMFT_PACKED, WMFT_INDEX
FEWEST_FRAMES = 8
PUBLISHED = {"single task": "0.56 to 0.83, mean 0.67 to 0.70", "all tasks together": "0.82 to 0.94, tasks chosen on the test"}

_FIELDS = ("frames", "offsets", "scale_m", "joints")


@dataclass(frozen=True, eq=False)
class Recording:
    """One task, once. T frames, J joints of :data:`~physio_lab.scoring.upper_body.JOINTS`.

    Attributes:
        subject: who.
        task: name of the task.
        severity: index into :data:`SEVERITIES`.
        joints_m: (T, J, 3) in the camera's frame, y up [m].
        rate_hz: frames a second [Hz].
    """

    subject: str
    task: str
    severity: int
    joints_m: FloatArray
    rate_hz: float = WMFT_RATE_HZ


def read_wmft(folder: Path) -> list[Recording]:
    """All recordings of a folder.

    Args:
        folder: holds :data:`INDEX` (``subject,condition,task``, row *i* is recording *i*) and :data:`PACKED`.

    Raises:
        InputError: a file that cannot be read, lacks something or does not fit the other.
    """
    table = read_table(folder / INDEX, ("subject", "condition", "task"), "an index of recordings")
    path = folder / PACKED
    try:
        with path.open("rb") as file, np.load(file) as data:
            frames, offsets, scale_m, numbers = (data[field] for field in _FIELDS)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: is no packed set with {', '.join(_FIELDS)}: {error}") from error
    if len(offsets) != len(table.rows) + 1 or frames.ndim != 3 or offsets[-1] > len(frames):
        raise InputError(f"{table.path} has {len(table.rows)} rows, {path} {len(offsets) - 1} recordings; take files of one set")
    own = _columns(numbers, path)
    return [
        _recording(table.path, row, frames[start:end, own].astype(np.float32) * np.float32(scale_m))
        for row, start, end in zip(table.rows, offsets[:-1], offsets[1:], strict=True)
    ]


def _columns(numbers: npt.NDArray[np.int64], path: Path) -> list[int]:
    """Where our joints stand among those that the file has, which says them by their numbers in the depth camera's layout."""
    there = [KINECT_25.joints[number] if 0 <= number < len(KINECT_25.joints) else "" for number in numbers.tolist()]
    if missing := [joint for joint in JOINTS if joint not in there]:
        raise InputError(f"{path} has no joint {', '.join(missing)}; its joints are {', '.join(there)}")
    return [there.index(joint) for joint in JOINTS]


def _recording(path: Path, row: TableRow, joints_m: FloatArray) -> Recording:
    subject, condition, task = (row.cells[name] for name in ("subject", "condition", "task"))
    if condition not in SEVERITIES:
        raise InputError(f"{path}, line {row.line}: condition {condition!r}; known are {', '.join(SEVERITIES)}")
    if not subject:
        raise InputError(f"{path}, line {row.line}: no subject; whom a recording is of decides who may teach")
    if len(joints_m) < FEWEST_FRAMES or not np.isfinite(joints_m).all():
        raise InputError(f"{path}, line {row.line}: {len(joints_m)} frames; a recording has {FEWEST_FRAMES} or more, all finite")
    known = task.isdecimal() and 1 <= int(task) <= len(TASKS)
    return Recording(subject, TASKS[int(task) - 1] if known else task, SEVERITIES.index(condition), joints_m)


def people_of(recordings: Sequence[Recording]) -> list[str]:
    """Who is in the recordings, in order."""
    return sorted({one.subject for one in recordings})
