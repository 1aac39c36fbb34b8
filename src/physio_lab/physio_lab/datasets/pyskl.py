"""The pickle of MMAction2 and PYSKL: ``{"split": {name: [frame_dir]}, "annotations": [{frame_dir, label, keypoint, ...}]}``.

In a picture ``keypoint`` (M, T, V, 2) is in pixels with ``keypoint_score`` and ``img_shape`` (height, width); from a depth camera
it is (M, T, V, 3) metres in Kinect's frame, without them, and a joint at 0 is missing. The form stores no layout (told by V), no
times and no class names; those stand in ``set_label_name.txt``. If frames are not 30 a second, ``fps`` stands beside ``label``,
and so does ``layout`` where V does not tell it.
How sure joints in metres are stands in ``confidence``, since PYSKL refuses a ``keypoint_score`` beside three coordinates.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.files import writing
from physio_core.skeleton.layouts import layout_with
from physio_core.types import FloatArray
from physio_lab.datasets.files import (
    LABEL_NAMES,
    RATE_HZ,
    beside,
    checked,
    index_of,
    label_of,
    labels_beside,
    rate_of,
    stamps,
    write_labels,
)  # fmt: skip
from physio_lab.datasets.given import FRACTIONS, METRES, NOTHING, PIXELS, Given, checked_size, in_pixels, is_score, undecided
from physio_lab.datasets.pickles import load_pickle
from physio_lab.datasets.public import FROM_KINECT
from physio_lab.datasets.sequence import SkeletonSequence


def read_pyskl(path: Path, split: str = "", given: Given = NOTHING) -> Iterator[SkeletonSequence]:
    """Read a set; the pickle is held in memory whole, and nothing in it is run.

    Args:
        path: the pickle.
        split: only the clips of that split; empty: all.
        given: what a person says about it. Left to the numbers, a third coordinate beside ``img_shape`` is a score.

    Raises:
        ConfigError: no such split.
        InputError: a damaged file, one of another kind, or labels that are not in the label file.
        SkeletonError: joints of no known layout, shapes that disagree, or numbers that are not finite.
    """
    content = load_pickle(path)
    if not isinstance(content, dict) or not isinstance(content.get("annotations"), list):
        raise InputError(f"{path} holds no 'annotations' and 'split'; is it a PYSKL set?")
    splits = content.get("split") or {}
    if split and split not in splits:
        raise ConfigError(f"{path} has no split {split!r}; valid: {', '.join(splits) or 'none'}")
    labels = labels_beside(path)
    chosen = set(splits[split]) if split else None
    for number, one in enumerate(content["annotations"]):
        what = f"{path}, annotation {number}"
        if not isinstance(one, dict) or not {"frame_dir", "label", "keypoint"} <= set(one):
            raise InputError(f"{what} lacks frame_dir, label or keypoint (kept in files of their own for PYSKL's Kinetics)")
        if chosen is None or one["frame_dir"] in chosen:
            try:
                yield _sequence(one, labels, what, given)
            except InputError:
                raise
            except (TypeError, ValueError, OverflowError) as error:
                raise InputError(f"{what} cannot be understood: {error}") from error


def _sequence(one: dict[str, Any], labels: Sequence[str], what: str, given: Given) -> SkeletonSequence:
    points = np.asarray(one["keypoint"], np.float32)
    if points.ndim != 4 or points.shape[3] not in (2, 3):
        raise InputError(f"{what}: keypoint {points.shape}; need (people, frames, joints, 2 or 3)")
    missing = ~points.any(axis=-1)
    score = one.get("keypoint_score", one.get("confidence"))
    width, height = _size(one, given, what)
    units = given.units or _units(points, bool(width), what)
    if units == METRES:
        width, height, points = 0, 0, points * FROM_KINECT[: points.shape[3]]
    elif points.shape[3] == 3:
        score, points = points[..., 2] if score is None else score, points[..., :2]
    confidence = np.where(missing, 0, 1) if score is None else np.clip(score, 0, 1)
    if units != METRES and not width:
        raise InputError(f"{what} is in {units}, but lacks img_shape (height, width); say it: --input-size WIDTHxHEIGHT")
    if units == PIXELS:
        points = points / np.array([width, height], np.float32)
    label = label_of(int(one["label"]), labels, what)
    name = str(one["frame_dir"])
    times = stamps(points.shape[1], float(one.get("fps", RATE_HZ)))
    told = Given(given.layout or str(one.get("layout", "")))
    layout = told.layout_for(points.shape[2], units != METRES, what).name
    return SkeletonSequence(
        points.astype(np.float32), confidence.astype(np.float32), times, layout, label, name, "", name, width, height
    )


def _size(one: dict[str, Any], given: Given, what: str) -> tuple[int, int]:
    """Width and height [px]; 0: not told."""
    if any(given.size_px) or "img_shape" not in one:
        return given.size_px
    height, width = one["img_shape"]
    return checked_size(width, height, what)


def _units(points: FloatArray, picture: bool, what: str) -> str:
    """What the numbers of (M, T, V, 2 or 3) are; ``picture``: the size of one is told."""
    seen = points.any(axis=-1)
    if points.shape[3] == 3:
        if not picture:
            if in_pixels(points[..., :2], seen):
                raise undecided(what, "three numbers per joint, too large for metres, but no img_shape", PIXELS, METRES)
            return METRES
        if not is_score(points[..., 2]):
            raise undecided(what, "img_shape says pixels, but the third number per joint is no score", PIXELS, METRES)
    return PIXELS if not picture or in_pixels(points[..., :2], seen) or not seen.any() else FRACTIONS


def write_pyskl(path: Path, sequences: Iterable[SkeletonSequence], labels: Sequence[str]) -> int:
    """Write a set; held in memory whole, as a pickle is. All clips form one split, called like the file.

    Returns:
        How many clips were written.

    Raises:
        InputError: an empty set, or a label that is not in ``labels``.
        OutputError: no place to write.
    """
    annotations = [_annotation(one, labels) for one in checked(sequences, labels, path)]
    split = {path.stem: [one["frame_dir"] for one in annotations]}
    with writing(path) as part, writing(beside(path, LABEL_NAMES)) as names:
        part.write_bytes(pickle.dumps({"split": split, "annotations": annotations}, protocol=4))
        write_labels(names, labels)
    return len(annotations)


def _annotation(one: SkeletonSequence, labels: Sequence[str]) -> dict[str, Any]:
    points = np.where(one.confidence[..., None] > 0, one.points, 0).astype(np.float32)
    found = {"frame_dir": one.name, "label": index_of(one.label, labels), "total_frames": len(one.stamps_s)}
    if one.width_px:
        size = (one.height_px, one.width_px)
        found |= {"img_shape": size, "original_shape": size, "keypoint_score": one.confidence.astype(np.float32)}
        found["keypoint"] = points[..., :2] * np.array([one.width_px, one.height_px], np.float32)
    else:
        found |= {"keypoint": points * FROM_KINECT[: points.shape[3]], "confidence": one.confidence.astype(np.float32)}
    if layout_with(points.shape[2], one.name, bool(one.width_px)).name != one.layout:
        found["layout"] = one.layout
    if (rate_hz := rate_of(one)) != RATE_HZ:
        found["fps"] = rate_hz
    return found
