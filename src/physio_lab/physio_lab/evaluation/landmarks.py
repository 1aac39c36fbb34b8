"""Repetitions in packed landmarks of public sets: periodicity only, since such sets say nothing of what a repetition is.

Packed as in RepCount-pose and Countix-Fitness-pose: ``frames`` (N, V, 3) times ``scale``, clip ``i`` from ``offsets[i]`` to
``offsets[i + 1]``, each frame brought to 0..1 along each axis; a frame without a person is zero. Row ``i`` of the index describes
clip ``i``.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from physio_core.assessment.periodic import PeriodicCounter
from physio_core.csv_table import read_table
from physio_core.errors import InputError
from physio_core.types import FloatArray

USUAL_HZ = 30.0
"""Taken where the index does not know a clip's rate [Hz]."""
_FIELDS = ("frames", "offsets", "scale")


@dataclass(frozen=True)
class LandmarkClip:
    """One clip of a packed set.

    Attributes:
        name: of its file.
        label: what is done.
        true: repetitions by eye.
        rate_hz: images per second [Hz].
        joints: (T, V, 3), 0..1; a frame without a person is zero.
    """

    name: str
    label: str
    true: int
    rate_hz: float
    joints: FloatArray


def read_landmarks(packed: Path, index: Path) -> Iterator[LandmarkClip]:
    """The clips of a packed set that have a number of repetitions.

    Raises:
        InputError: a file that cannot be read, lacks something or does not fit the other.
    """
    table = read_table(index, ("file", "reps"), "an index of packed landmarks")
    try:
        with packed.open("rb") as file, np.load(file) as data:
            frames, offsets, scale = (data[field] for field in _FIELDS)
    except OSError as error:
        raise InputError(f"cannot read {packed}: {error.strerror or error}") from error
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{packed}: is no packed set with {', '.join(_FIELDS)}: {error}") from error
    if len(offsets) != len(table.rows) + 1 or frames.ndim != 3 or offsets[-1] > len(frames):
        raise InputError(f"{index} describes {len(table.rows)} clips, {packed} holds {len(offsets) - 1}; take files of one set")
    for row, start, end in zip(table.rows, offsets[:-1], offsets[1:], strict=True):
        if (true := _number(row.cells["reps"])) is None:
            continue
        rate_hz = _number(row.cells.get("fps", "")) or USUAL_HZ
        joints = frames[start:end].astype(np.float32) * np.float32(scale)
        yield LandmarkClip(row.cells["file"], row.cells.get("label", ""), round(true), rate_hz, joints)


def count_landmarks(clip: LandmarkClip) -> int:
    """Repetitions of whatever comes back, image by image."""
    counter = PeriodicCounter(clip.rate_hz)
    there = clip.joints.reshape(len(clip.joints), -1).any(1)
    flat = clip.joints[..., :2].reshape(len(clip.joints), -1).astype(float)
    for joints, seen in zip(flat, there, strict=True):
        counter.update(joints if seen else np.full(len(joints), math.nan))
    return counter.close()


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0.0 else None
