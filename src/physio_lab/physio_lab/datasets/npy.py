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

from physio_core.errors import InputError
from physio_core.files import writing
from physio_core.skeleton.layouts import layout_with
from physio_core.types import BoolArray, FloatArray
from physio_lab.datasets.files import (
    LABEL_INDEX,
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
from physio_lab.datasets.given import METRES, NOTHING, PIXELS, UNITS, Given, in_pixels, is_score, undecided
from physio_lab.datasets.kinetics import SIZE_PX
from physio_lab.datasets.pickles import load_pickle
from physio_lab.datasets.public import FROM_KINECT
from physio_lab.datasets.sequence import SkeletonSequence

FRAMES = 300
PEOPLE = 2
MIDDLE = np.float32(0.5)


def read_npy(path: Path, given: Given = NOTHING) -> Iterator[SkeletonSequence]:
    """Read a set sample by sample from the memory-mapped file; empty frames at the end are padding and left out.

    Args:
        path: ``set_data.npy``.
        given: what a person says about it. Left to the numbers, a third channel that cannot be a score is depth, as in the
            authors' arrays of NTU RGB+D: x, y, z [m] in the Kinect's frame, a joint at 0 is missing.

    Raises:
        InputError: a damaged file, or one that its labels do not fit.
        SkeletonError: joints of no known layout, or numbers that are not finite.
    """
    try:
        data = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    if data.ndim != 5 or data.shape[1] != 3:
        raise InputError(f"{path} has shape {data.shape}; need (samples, 3: x y score, or x y z, frames, joints, people)")
    names, indices = _read_index(beside(path, LABEL_INDEX), len(data))
    labels = labels_beside(path)
    for sample, name, index in zip(data, names, indices, strict=True):
        values = np.asarray(sample, np.float32).transpose(3, 1, 2, 0)  # (M, T, V, C)
        metres = _in_metres(values, given, f"{path}, {name}")
        layout = given.layout_for(data.shape[3], not metres, path).name
        there = values.any(axis=-1) if metres else values[..., 2] != 0
        people = max(np.flatnonzero(there.any(axis=(1, 2))), default=0) + 1
        frames = max(np.flatnonzero(there.any(axis=(0, 2))), default=0) + 1
        values, there = values[:people, :frames], there[:people, :frames]
        if metres:
            points, confidence, size = values * FROM_KINECT, there.astype(np.float32), (0, 0)
        else:
            points, size = _fractions(values[..., :2], there, given, f"{path}, {name}")
            confidence = np.clip(values[..., 2], 0, 1)
        yield SkeletonSequence(
            points.astype(np.float32), confidence, stamps(frames), layout, label_of(index, labels, path), name, "", name, *size
        )


def _in_metres(values: FloatArray, given: Given, what: str) -> bool:
    """Whether (M, T, V, 3) are x, y, z rather than x, y, score."""
    if given.units:
        return given.units == METRES
    if is_score(values[..., 2]):
        return False
    if not given.layout_for(values.shape[2], False, what).depth:
        raise undecided(what, "the third channel is no score from 0 to 1, and these are not the joints of a depth camera", *UNITS)
    return True


def _fractions(xy: FloatArray, there: BoolArray, given: Given, what: str) -> tuple[FloatArray, tuple[int, int]]:
    """Points as fractions of the picture, and its size [px]."""
    size = given.size_px if any(given.size_px) else SIZE_PX
    if given.units == PIXELS or (not given.units and in_pixels(xy, there)):
        if not (given.units and any(given.size_px)):
            raise InputError(
                f"{what} holds places up to {np.abs(xy).max():.0f}, which are no fractions of a picture; if they are pixels, say "
                "so and how large the picture is: --input-units pixels --input-size WIDTHxHEIGHT"
            )
        return xy / np.array(size, np.float32), size
    return np.where(there[..., None], xy + MIDDLE, 0), size


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
        if layout_with(one.points.shape[2]).name != one.layout:
            raise InputError(
                f"{path}: the joints of {one.layout} would be read as others; convert them first: --layout openpose_18"
            )
    if len(joints) > 1:
        raise InputError(f"{path}: the set mixes layouts of {sorted(joints)} joints; convert it to one first (--layout)")
    shape = (3, longest, joints.pop(), people)
    head = {"descr": "<f4", "fortran_order": False, "shape": (len(names), *shape)}
    companions = beside(path, LABEL_INDEX), beside(path, LABEL_NAMES)
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
