"""From a video to its joints, once: the slow part of every measurement.

What the estimator says is kept raw (before the lock on one person and before smoothing), so that it can be played back at other
rates. A cache folder holds skeletons only, never pictures.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from physio_core.camera.video import read_video
from physio_core.errors import EstimatorError, InputError, SourceError
from physio_core.files import write_bytes
from physio_core.pose.choice import REFERENCE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.tracker import PoseTracker
from physio_core.skeleton.layouts import OPENPOSE_18, Layout
from physio_core.types import Frame, Skeleton, Tracking
from physio_lab.datasets.files import npz_bytes
from physio_lab.datasets.sequence import SkeletonSequence, sequence_of

FIELDS = ("points", "confidence", "stamps_s", "size_px", "notes")
MOST_FAILED = 0.1
"""Share of images on which the estimator may fail; they then count as nobody's. More, and nothing can be said of the clip."""
NO_DEPTH = np.float32(np.nan)
REFERENCE_POSE = PoseConfig(estimator=REFERENCE)


def thinned(frames: Iterable[Frame], fps: float) -> Iterator[Frame]:
    """Every frame, or as if a camera had given at most ``fps`` [Hz]; 0: every frame."""
    due_s = float("-inf")
    for frame in frames:
        if not fps:
            yield frame
        elif frame.stamp_s >= due_s - 1e-6:
            due_s = frame.stamp_s + 1.0 / fps if due_s == float("-inf") else max(due_s + 1.0 / fps, frame.stamp_s)
            yield frame


def estimate(
    path: Path, fps: float = 0.0, cache: Path | None = None, notes: list[str] | None = None, pose: PoseConfig = REFERENCE_POSE
) -> SkeletonSequence:
    """The joints in each image of a video, as the estimator gives them.

    Args:
        path: video.
        fps: as if the camera had given at most so many images a second [Hz]; 0: all.
        cache: folder in which skeletons are kept and looked for; None: nowhere.
        notes: takes what is odd about the file, such as an end that is missing.
        pose: the estimator.

    Raises:
        SourceError: not a video.
        EstimatorError: the estimator failed on more than a few images.
        ConfigError: the cache cannot be written.
    """
    notes = [] if notes is None else notes
    kept = cache / f"{path.stem}_{key_of(path, fps, pose)}.npz" if cache else None
    if kept and kept.is_file() and (found := _load(kept, path.stem, notes)):
        return found
    sequence = _estimate(path, fps, notes, pose)
    if kept:
        _save(kept, sequence, notes)
    return sequence


def tracked(sequence: SkeletonSequence) -> Iterator[Skeleton]:
    """The skeleton of each image as the live pipeline gives it: locked on one person, smoothed."""
    return followed(_skeletons(sequence, ""))


def followed(found: Iterable[Skeleton]) -> Iterator[Skeleton]:
    """What an estimator once said, as the live pipeline gives it: locked on one person, smoothed."""
    told = _Told()
    tracker = PoseTracker(told)
    for told.skeleton in found:
        picture = np.broadcast_to(np.zeros(3, np.uint8), (told.skeleton.height_px, told.skeleton.width_px, 3))
        yield tracker.update(Frame(told.skeleton.stamp_s, picture))


def annotated(sequence: SkeletonSequence) -> Iterator[Skeleton]:
    """The first person of a sequence as it stands: who it is is known, and people who mark joints need no smoothing."""
    yield from _skeletons(sequence)


class _Told:
    """An estimator that gives what it was told."""

    name, searches = "what people marked", 0
    skeleton: Skeleton

    def estimate(self, frame: Frame) -> Skeleton:
        """What was seen in the image."""
        return self.skeleton

    def close(self) -> None:
        """Nothing to release."""


def _skeletons(sequence: SkeletonSequence, body_id: str = "body_0000") -> Iterator[Skeleton]:
    width_px, height_px = sequence.width_px, sequence.height_px
    points = sequence.points[0]
    if points.shape[-1] == 2:
        points = np.concatenate([points, np.full_like(points[..., :1], NO_DEPTH)], axis=-1)
    for stamp_s, place, sure in zip(sequence.stamps_s, points, sequence.confidence[0], strict=True):
        if sure.any():
            yield Skeleton(float(stamp_s), Tracking.TRACKED, sequence.layout, place, sure, body_id, width_px, height_px)
        else:
            yield Skeleton(float(stamp_s), Tracking.NOBODY, sequence.layout, width_px=width_px, height_px=height_px)


def _estimate(path: Path, fps: float, notes: list[str], pose: PoseConfig) -> SkeletonSequence:
    found = estimate_images(path, thinned(read_video(path, notes), fps), OPENPOSE_18, pose)
    flat = any(np.isnan(one.points[:, 2]).any() for one in found)  # the estimator guesses no depth
    return replace(sequence_of(found, (found[0].width_px, found[0].height_px), dims=2 if flat else 3), name=path.stem)


def estimate_images(path: Path, frames: Iterable[Frame], layout: Layout, pose: PoseConfig = REFERENCE_POSE) -> list[Skeleton]:
    """What the estimator says of each image.

    Raises:
        EstimatorError: it failed on more than a few; ``path`` is named.
    """
    found: list[Skeleton] = []
    estimator, failure = None, ""
    try:
        for frame in frames:
            estimator = estimator or make_estimator(pose, layout)
            height_px, width_px = frame.rgb.shape[:2]
            try:
                found.append(estimator.estimate(frame))
            except EstimatorError as error:
                failure = str(error)
                found.append(Skeleton(frame.stamp_s, Tracking.DETECTOR_FAILED, width_px=width_px, height_px=height_px))
    finally:
        if estimator:
            estimator.close()
    failed = sum(skeleton.status is Tracking.DETECTOR_FAILED for skeleton in found)
    if failed > MOST_FAILED * len(found):
        raise EstimatorError(f"{path}: the pose estimator failed on {failed} of {len(found)} images: {failure}")
    return found


def key_of(path: Path, fps: float, pose: PoseConfig = REFERENCE_POSE) -> str:
    """Changes with the video, its decoder, the estimator's settings and the rate.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
    return hashlib.sha256(content + f"PyAV {pose.described()} {fps:g}".encode()).hexdigest()[:16]


def _load(path: Path, name: str, notes: list[str]) -> SkeletonSequence | None:
    """What was kept; None when it cannot be read, so that it is made again."""
    try:
        with path.open("rb") as file, np.load(file) as data:
            points, confidence, stamps_s, size_px, kept = (data[field] for field in FIELDS)
        width_px, height_px = (int(value) for value in size_px)
        notes += map(str, kept)
        return SkeletonSequence(points, confidence, stamps_s, OPENPOSE_18.name, name=name, width_px=width_px, height_px=height_px)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, InputError):
        return None


def _save(path: Path, sequence: SkeletonSequence, notes: list[str]) -> None:
    size_px = np.array([sequence.width_px, sequence.height_px])
    values = (sequence.points, sequence.confidence, sequence.stamps_s, size_px, np.array(notes, np.str_))
    write_bytes(path, npz_bytes(**dict(zip(FIELDS, values, strict=True))))
