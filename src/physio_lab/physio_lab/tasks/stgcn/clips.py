"""Skeletons (never pictures) of the movements that a model was taught, kept in its folder to be rehearsed."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import ModelError
from physio_lab.tasks.stgcn.recorded import Recorded

CLIPS = "clips.npz"


def write_clips(folder: Path, clips: Sequence[Recorded], labels: Sequence[str]) -> None:
    """Write them into a new folder, see :func:`~physio_core.files.writing_into`."""
    content: dict[str, npt.NDArray[Any]] = {"labels": np.array([labels[one.label] for one in clips])}
    for index, one in enumerate(clips):
        content[f"points_{index}"], content[f"confidence_{index}"] = one.points, one.confidence
    np.savez_compressed(folder / CLIPS, **content)


def digest(clips: Iterable[Recorded]) -> str:
    """A short name of exactly these clips."""
    found = hashlib.sha256()
    for one in clips:
        for part in (one.points, one.confidence):
            found.update(repr((one.label, part.shape)).encode() + part.tobytes())
    return found.hexdigest()[:12]


def read_clips(folder: Path, labels: Sequence[str]) -> list[Recorded]:
    """Skeletons of movements that a model was taught before; none where it has only seen synthetic motion.

    Raises:
        ModelError: the file is damaged or names a class that the model does not have.
    """
    path = folder / CLIPS
    if not path.exists():
        return []
    try:
        with np.load(path) as content:
            return [
                Recorded(content[f"points_{i}"], content[f"confidence_{i}"], list(labels).index(str(label)), f"{path.name}_{i}")
                for i, label in enumerate(content["labels"])
            ]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"{path} is damaged or not of this model: {error}; restore it, or delete it to rehearse without"
        ) from error
