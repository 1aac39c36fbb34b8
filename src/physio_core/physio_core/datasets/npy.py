"""The arrays that ST-GCN trains on: ``set_data.npy`` (N, C, T, V, M), C = x, y, score, with ``set_label.pkl`` (names, labels).

As its public tool writes them: places moved by -0.5 so that the middle of the picture is 0, joints with score 0 at 0, the surer
people first in each frame, short clips followed by empty frames. The form stores no layout (told by V), times, sizes or class
names; the latter stand in ``set_label_name.txt``. One difference: the first frame is at 0, while that tool leaves 0 empty for
clips that count from 1.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from physio_core.datasets.files import (
    LABEL_NAMES,
    beside,
    checked,
    in_picture,
    index_of,
    label_of,
    labels_beside,
    stamps,
    write_labels,
)
from physio_core.datasets.kinetics import SIZE_PX
from physio_core.datasets.pickles import load_pickle
from physio_core.datasets.sequence import SkeletonSequence
from physio_core.errors import InputError
from physio_core.files import writing
from physio_core.skeleton.layouts import layout_with

FRAMES = 300
PEOPLE = 2
MIDDLE = np.float32(0.5)


def read_npy(path: Path) -> Iterator[SkeletonSequence]:
    """Read a set sample by sample from the memory-mapped file; empty frames at the end are padding and left out.

    Raises:
        InputError: a damaged file, or one that its labels do not fit.
        SkeletonError: joints of no known layout, or numbers that are not finite.
    """
    try:
        data = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    if data.ndim != 5 or data.shape[1] != 3:
        raise InputError(f"{path} has shape {data.shape}; need (samples, 3: x y score, frames, joints, people)")
    layout = layout_with(data.shape[3], path).name
    names, indices = _read_index(beside(path, "_label.pkl"), len(data))
    labels = labels_beside(path)
    for sample, name, index in zip(data, names, indices, strict=True):
        x, y, score = np.asarray(sample, np.float32).transpose(0, 3, 1, 2)
        people = max(np.flatnonzero(score.any(axis=(1, 2))), default=0) + 1
        frames = max(np.flatnonzero(score.any(axis=(0, 2))), default=0) + 1
        points = np.where(score[..., None] != 0, np.stack([x, y], axis=-1) + MIDDLE, 0)[:people, :frames]
        confidence = np.clip(score[:people, :frames], 0, 1)
        yield SkeletonSequence(
            points.astype(np.float32), confidence, stamps(frames), layout, label_of(index, labels, path), name, "", name, *SIZE_PX
        )


def _read_index(path: Path, samples: int) -> tuple[list[str], list[int]]:
    try:
        names, labels = load_pickle(path)
        # Published names end in .json.
        found = [str(name).removesuffix(".json") for name in names], [int(label) for label in labels]
    except (TypeError, ValueError) as error:
        raise InputError(f"{path} does not hold (names, labels): {error}") from error
    if len(found[0]) != samples or len(found[1]) != samples:
        raise InputError(f"{path} has {len(found[0])} names and {len(found[1])} labels for {samples} samples")
    return found


def write_npy(path: Path, sequences: Iterable[SkeletonSequence], labels: Sequence[str], people: int = PEOPLE) -> int:
    """Write a set, streaming, in two passes: one to count, one to write.

    Args:
        path: ``set_data.npy``; ``set_label.pkl`` and ``set_label_name.txt`` go beside it.
        sequences: can be gone through twice (a list, an opened set); an iterator is held in memory. 300 frames, or as many as the
            longest has. Depth is left out.
        labels: every class in its order.
        people: how many to keep of each frame, the surest.

    Returns:
        How many samples were written.

    Raises:
        InputError: an empty set, mixed layouts, a label that is not in ``labels``, or metres instead of a picture.
        OutputError: no place to write.
    """
    if isinstance(sequences, Iterator):
        sequences = list(sequences)
    names, indices, longest, joints = [], [], FRAMES, set()
    for one in checked(sequences, labels, path):
        names.append(f"{in_picture(one, path).name}.json")
        indices.append(index_of(one.label, labels))
        longest = max(longest, len(one.stamps_s))
        joints.add(one.points.shape[2])
    if len(joints) > 1:
        raise InputError(f"{path}: the set mixes layouts of {sorted(joints)} joints; convert it to one first (--layout)")
    shape = (3, longest, joints.pop(), people)
    head = {"descr": "<f4", "fortran_order": False, "shape": (len(names), *shape)}
    companions = beside(path, "_label.pkl"), beside(path, LABEL_NAMES)
    with writing(path) as part, writing(companions[0]) as index, writing(companions[1]) as classes:
        with part.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, head)  # type: ignore[no-untyped-call]
            for one in sequences:
                file.write(_sample(one, shape).tobytes())
        index.write_bytes(pickle.dumps((names, indices), protocol=4))
        write_labels(classes, labels)
    return len(names)


def _sample(sequence: SkeletonSequence, shape: tuple[int, int, int, int]) -> npt.NDArray[np.float32]:
    """(3, T, V, M)."""
    confidence = sequence.confidence.astype(np.float32)
    points = np.where(confidence[..., None] > 0, sequence.points[..., :2].astype(np.float32) - MIDDLE, 0)
    order = np.argsort(-confidence.sum(axis=2), axis=0, kind="stable")[: shape[3]]  # (M, T)
    surest = np.take_along_axis(np.concatenate([points, confidence[..., None]], axis=-1), order[..., None, None], axis=0)
    out = np.zeros(shape, np.float32)
    out[:, : surest.shape[1], :, : len(surest)] = surest.transpose(3, 1, 2, 0)
    return out
