"""What every format shares: label files, times, and sets that are checked while they stream past."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_lab.datasets.sequence import SkeletonSequence

RATE_HZ = 30.0
"""Of files that store no times: what the field cuts its videos to."""


def checked(sequences: Iterable[SkeletonSequence], labels: Collection[str] | None, what: Path) -> Iterator[SkeletonSequence]:
    """Pass sequences on while making sure that they are a set. An empty label (not known) is always allowed.

    Args:
        sequences: to pass on.
        labels: those allowed; None: any.
        what: the file being written, for messages.

    Raises:
        InputError: a label that is not among ``labels``, a missing or repeated name, or no sequence at all.
    """
    names: set[str] = set()
    for sequence in sequences:
        if not sequence.name or sequence.name in names:
            raise InputError(f"{what}: the name {sequence.name!r} is empty or used twice; names tell sequences of a set apart")
        if labels is not None and sequence.label and sequence.label not in labels:
            known = ", ".join(labels) or "none"
            raise InputError(f"{what}: {sequence.name} has label {sequence.label!r}, which is not in the list of labels: {known}")
        names.add(sequence.name)
        yield sequence
    if not names:
        raise InputError(f"{what}: the set is empty; nothing was written")


def labels_in(sequences: Iterable[SkeletonSequence]) -> tuple[str, ...]:
    """The labels that occur, sorted."""
    return tuple(sorted({sequence.label for sequence in sequences} - {""}))


def read_labels(path: Path) -> tuple[str, ...]:
    """The label file (TXT) of the field: one label per line, a line's number from 0 is the label's index.

    Raises:
        InputError: it cannot be read, is empty or names a label twice.
    """
    labels = tuple(line.strip() for line in read_text(path).splitlines() if line.strip())
    if not labels or len(set(labels)) != len(labels):
        raise InputError(f"{path} holds {len(labels)} labels, {len(set(labels))} different; need one per line, each once")
    return labels


def write_labels(path: Path, labels: Sequence[str]) -> None:
    """Write the label file (TXT) at once, to be used inside :func:`~physio_core.files.writing`."""
    path.write_text("".join(f"{label}\n" for label in labels), encoding="utf-8")


def label_of(index: int, labels: Sequence[str], what: Path | str) -> str:
    """The label of an index; empty for a negative one, the number itself where no label file exists.

    Raises:
        InputError: the label file is too short.
    """
    if index < 0:
        return ""
    if labels and index >= len(labels):
        raise InputError(f"{what}: label index {index}, but the label file has only {len(labels)} labels")
    return labels[index] if labels else str(index)


def index_of(label: str, labels: Sequence[str]) -> int:
    """The index of a label; -1 for none."""
    return labels.index(label) if label else -1


LABEL_NAMES = "_label_name.txt"
LABEL_INDEX = "_label.pkl"
"""Of ST-GCN's arrays: names and label indices."""


def beside(path: Path, ending: str) -> Path:
    """What stands beside a file or folder: ``set`` + ending for ``set_data.npy``, ``set.pkl`` and the folder ``set`` alike."""
    return path.with_name(path.name.removesuffix(".npy").removesuffix(".pkl").removesuffix("_data") + ending)


def label_file(path: Path) -> Path | None:
    """The label file of a set: its own, or ``label_name.txt`` in the folder as ST-GCN has it; None: there is none."""
    return next((file for file in (beside(path, LABEL_NAMES), path.with_name("label_name.txt")) if file.exists()), None)


def labels_beside(path: Path) -> tuple[str, ...]:
    """The labels of the label file that belongs to a set; none: there is no such file."""
    file = label_file(path)
    return read_labels(file) if file else ()


def read_text(path: Path) -> str:
    """A text file whole, with or without the byte order mark that Windows writes before it.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def npz_bytes(**arrays: Any) -> bytes:
    """Arrays as a compressed NPZ, to be written at once: zipfile that met a full disk fails again, aloud, when it is freed."""
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    return packed.getvalue()


def read_npz(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of an NPZ, all of them read.

    Raises:
        InputError: it cannot be read or is damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as packed:
            return dict(packed)
    # Neither says what a damaged file raises; these are what numpy, zipfile and zlib have been seen to.
    except (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, MemoryError,
            zipfile.BadZipFile, zlib.error) as error:  # fmt: skip
        raise InputError(f"{path} cannot be read: {error}") from error


def rate_of(sequence: SkeletonSequence) -> float:
    """Frames per second; that of the field for a single frame [Hz]."""
    frames = len(sequence.stamps_s)
    if frames < 2:
        return RATE_HZ
    # Nine digits hide what sums of floats leave behind.
    return float(f"{(frames - 1) / (sequence.stamps_s[-1] - sequence.stamps_s[0]):.9g}")


def stamps(frames: int, rate_hz: float = RATE_HZ) -> npt.NDArray[np.float64]:
    """Times (T,) of evenly spaced frames from 0 [s].

    Raises:
        InputError: a rate that is not a positive number.
    """
    if not 0 < rate_hz < float("inf"):
        raise InputError(f"{rate_hz:g} fps; the rate of frames must be more than 0")
    return np.arange(frames) / rate_hz


def in_picture(sequence: SkeletonSequence, what: Path) -> SkeletonSequence:
    """The sequence, if its points are fractions of a picture.

    Raises:
        InputError: they are metres of a depth camera, which formats of pictures cannot hold.
    """
    if sequence.width_px == 0:
        raise InputError(
            f"{what}: {sequence.name} holds metres from a depth camera; this format holds pictures only. Write .parquet instead"
        )
    return sequence
