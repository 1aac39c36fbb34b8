"""Kinetics-skeleton, the form of ST-GCN's authors: a folder with one JSON file per clip, a summary and a label file beside it.

::

    set/clip.json        {"data": [{"frame_index": 1, "skeleton": [{"pose": [x, y, ...], "score": [...]}]}],
                          "label": "squat", "label_index": 3}
    set_label.json       {"clip": {"has_skeleton": true, "label": "squat", "label_index": 3}}
    set_label_name.txt   one label per line

Places are fractions of the picture, a missing joint is 0 with score 0. The form stores no layout (told by the number of joints),
no times and no picture size: its videos had 30 frames a second and 340x256 px. Where ours differ, ``fps``, ``width``,
``height`` and ``layout`` stand beside ``label``, which other readers ignore.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError, SkeletonError
from physio_core.files import writing
from physio_core.skeleton.layouts import OPENPOSE_18, layout_with
from physio_core.types import BoolArray, FloatArray
from physio_lab.datasets.files import (
    LABEL_NAMES,
    RATE_HZ,
    beside,
    checked,
    in_picture,
    index_of,
    labels_beside,
    rate_of,
    read_text,
    stamps,
    write_labels,
)  # fmt: skip
from physio_lab.datasets.given import FRACTIONS, METRES, NOTHING, Given, checked_size, in_pixels
from physio_lab.datasets.sequence import SkeletonSequence

SIZE_PX = (340, 256)
MOST_FRAMES = 1_000_000
"""Nine hours; a number beyond is a damaged file, not a clip to make room for."""
SUMMARY = "_label.json"
CLIP = "{data: [{frame_index, skeleton: [{pose, score}]}], label, label_index}"


def read_kinetics(folder: Path, given: Given = NOTHING) -> Iterator[SkeletonSequence]:
    """Read a folder, clip by clip in order of names; clips that the summary says hold no skeleton are left out, as ST-GCN does.

    Args:
        folder: holds the clips.
        given: what a person says about them.

    Raises:
        InputError: no clips, one of the summary is missing, a damaged file, or labels that the summary or label file contradict.
        SkeletonError: joints of no known layout, or numbers that are not finite.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise InputError(f"{folder} holds no clips (*.json)")
    labels = labels_beside(folder)
    summary = _json(beside(folder, SUMMARY)) if beside(folder, SUMMARY).exists() else {}
    if not isinstance(summary, dict) or not all(isinstance(told, dict) for told in summary.values()):
        raise InputError(f"{beside(folder, SUMMARY)} is no summary; need {{clip: {{has_skeleton, label, label_index}}}}")
    stems = {path.stem for path in paths}
    if lost := [name for name, told in summary.items() if told.get("has_skeleton") and name not in stems]:
        named = f"{', '.join(lost[:5])}{' ...' if len(lost) > 5 else ''}"
        raise InputError(f"{folder} lacks clips that {beside(folder, SUMMARY)} names: {named}; add them or correct the summary")
    for path in paths:
        told = summary.get(path.stem, {})
        if told.get("has_skeleton") is False:
            continue
        sequence, index = _read(path, given)
        if told and (told.get("label"), told.get("label_index")) != (sequence.label, index):
            raise InputError(f"{path}: label {sequence.label!r} ({index}), but {beside(folder, SUMMARY)} says {told}")
        if labels and sequence.label and (sequence.label not in labels or labels.index(sequence.label) != index):
            raise InputError(f"{path}: label {sequence.label!r} ({index}) is not that of the label file: {', '.join(labels)}")
        yield sequence


def write_kinetics(folder: Path, sequences: Iterable[SkeletonSequence], labels: Sequence[str]) -> int:
    """Write a folder with its summary and label file, streaming.

    Args:
        folder: made from scratch; appears once all is written.
        sequences: their points are fractions of a picture; depth (a third coordinate) is left out.
        labels: every class in its order.

    Returns:
        How many clips were written.

    Raises:
        InputError: an empty set, a label that is not in ``labels``, or metres instead of a picture.
        OutputError: no place to write.
    """
    summary = {}
    with writing(folder) as part, writing(beside(folder, SUMMARY)) as told, writing(beside(folder, LABEL_NAMES)) as names:
        part.mkdir()
        for sequence in checked(sequences, labels, folder):
            if Path(sequence.name).name != sequence.name:
                raise InputError(f"{folder}: {sequence.name!r} cannot be the name of a file")
            index = index_of(sequence.label, labels)
            write_clip(part / f"{sequence.name}.json", sequence, index)
            seen = bool((sequence.confidence > 0).any())
            summary[sequence.name] = {"has_skeleton": seen, "label": sequence.label, "label_index": index}
        told.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
        write_labels(names, labels)
    return len(summary)


def read_clip(path: Path) -> SkeletonSequence:
    """Read one clip.

    Raises:
        InputError: a damaged file.
        SkeletonError: joints of no known layout, or numbers that are not finite.
    """
    return _read(path, NOTHING)[0]


def write_clip(path: Path, sequence: SkeletonSequence, label_index: int) -> None:
    """Write one clip.

    Raises:
        InputError: metres instead of a picture.
    """
    in_picture(sequence, path)
    data = [
        {"frame_index": frame + 1, "skeleton": _people(sequence.points[:, frame, :, :2], sequence.confidence[:, frame])}
        for frame in range(len(sequence.stamps_s))
    ]
    clip: dict[str, Any] = {"data": data, "label": sequence.label, "label_index": label_index}
    if (rate_hz := rate_of(sequence)) != RATE_HZ:
        clip["fps"] = rate_hz
    if (sequence.width_px, sequence.height_px) != SIZE_PX:
        clip |= {"width": sequence.width_px, "height": sequence.height_px}
    if layout_with(sequence.points.shape[2]).name != sequence.layout:
        clip["layout"] = sequence.layout
    path.write_text(json.dumps(clip), encoding="utf-8")


def _people(points: FloatArray, confidence: FloatArray) -> list[dict[str, list[float]]]:
    # Someone absent keeps a place while others follow, so that each person stays the same one.
    count = max(np.flatnonzero(confidence.any(axis=1)), default=-1) + 1
    known = np.where(confidence[..., None] > 0, points, 0)
    return [{"pose": _numbers(known[m]), "score": _numbers(confidence[m])} for m in range(count)]


def _numbers(values: FloatArray) -> list[float]:
    # Numpy writes the fewest digits that bring a 32-bit float back: 0.1, not 0.10000000149011612.
    return [float(text) for text in values.astype(np.float32).ravel().astype(str)]


def _json(path: Path) -> Any:
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path} is not whole JSON: {error}") from error
    except RecursionError:
        raise InputError(f"{path} is no JSON of a clip: it is nested too deep") from None


def _read(path: Path, given: Given) -> tuple[SkeletonSequence, int]:
    clip = _json(path)
    try:
        frames = {int(frame["frame_index"]): [_person(person) for person in frame["skeleton"]] for frame in clip["data"]}
        label, index = str(clip["label"]), int(clip["label_index"])
        rate_hz = float(clip.get("fps", RATE_HZ))
        told = Given(given.layout or str(clip.get("layout", "")), given.units, given.size_px)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        lacks, infinite = isinstance(error, KeyError), isinstance(error, OverflowError)
        why = f"it lacks {error}" if lacks else "one of its whole numbers is infinite" if infinite else str(error)
        raise InputError(f"{path} is no Kinetics-skeleton clip: {why}; need {CLIP}") from error
    if len(frames) != len(clip["data"]) or not frames or not 0 <= min(frames) <= max(frames) < MOST_FRAMES:
        raise InputError(
            f"{path}: {len(clip['data'])} frames, {len(frames)} different numbers; need some, from 0 or 1, each once"
        )
    points, confidence = _arrays(frames, path)
    size = checked_size(clip.get("width", SIZE_PX[0]), clip.get("height", SIZE_PX[1]), path)
    points, size = _fractions(points, confidence > 0, told, size, "width" in clip, path)
    layout = told.layout_for(points.shape[2], True, path).name
    if not 0 < rate_hz < float("inf"):
        raise InputError(f"{path}: {rate_hz:g} fps; the rate of frames must be more than 0")
    times = stamps(points.shape[1], rate_hz)
    return SkeletonSequence(points, confidence, times, layout, label, path.stem, "", path.stem, *size), index


def _fractions(
    points: FloatArray, seen: BoolArray, given: Given, size: tuple[int, int], told: bool, path: Path
) -> tuple[FloatArray, tuple[int, int]]:
    """Points as fractions of the picture, and its size; ``told``: the file says the size."""
    if given.units == METRES:
        raise InputError(f"{path}: Kinetics-skeleton holds places in a picture; metres of a depth camera go into npy or pyskl")
    size = given.size_px if any(given.size_px) else size
    if given.units == FRACTIONS or (not given.units and not in_pixels(points, seen)):
        return points, size
    if not (given.units and (told or any(given.size_px))):
        raise InputError(
            f"{path} holds places up to {np.abs(points[seen]).max():.0f}, which are no fractions of a picture; if they are "
            "pixels, say so and how large the picture is: --input-units pixels --input-size WIDTHxHEIGHT"
        )
    return (points / np.array(size, np.float32)).astype(np.float32), size


def _person(person: dict[str, Any]) -> npt.NDArray[np.float32]:
    """(V, 3): x, y, score."""
    score = np.asarray(person["score"], np.float32)
    return np.column_stack([np.asarray(person["pose"], np.float32).reshape(len(score), 2), score])


def _arrays(frames: dict[int, list[npt.NDArray[np.float32]]], path: Path) -> tuple[FloatArray, FloatArray]:
    joints = {len(person) for people in frames.values() for person in people} or {len(OPENPOSE_18.joints)}
    if len(joints) > 1:
        raise SkeletonError(f"{path}: people of {sorted(joints)} joints in one clip")
    first = min(frames) if min(frames) == 0 else 1
    most = max(len(people) for people in frames.values())
    found = np.zeros((max(most, 1), max(frames) - first + 1, joints.pop(), 3), np.float32)
    for number, people in frames.items():
        for m, person in enumerate(people):
            found[m, number - first] = person
    # Estimators that read peaks of heat maps give scores a little above 1.
    return found[..., :2], np.clip(found[..., 2], 0, 1)
