"""From one row of a list to its skeleton sequence: fetched, cut, cleaned and seen by the coach's own pose tracker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from physio_core.errors import PhysioError, SourceError
from physio_core.params import Parameters, param
from physio_core.pose.choice import REFERENCE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.tracker import PoseTracker
from physio_core.types import Skeleton, Tracking
from physio_lab.datasets.clean import CleanConfig, clean_pictures
from physio_lab.datasets.fetch import fetch
from physio_lab.datasets.manifest import ManifestRow
from physio_lab.datasets.sequence import SkeletonSequence, sequence_of, taken


@dataclass(frozen=True)
class ExtractConfig(Parameters):
    """What makes a row a sequence."""

    least_seen: float = param(0.1, "Least share of the pictures in which someone is found.", low=0.0, high=1.0)
    model_complexity: int = param(1, "As of the live pose estimator.", low=0, high=2)


@dataclass(frozen=True)
class Job:
    """Rows that one worker does one after the other: one row, or all that are cut from one download."""

    rows: tuple[ManifestRow, ...]
    clean: CleanConfig
    config: ExtractConfig


@dataclass(frozen=True)
class Outcome:
    """What became of a row: a sequence, or the reason why there is none.

    Attributes:
        row: the row.
        sequence: its skeletons; None: failed.
        reason: why it failed; empty: it did not.
        note: what is odd about it although it did not fail.
    """

    row: ManifestRow
    sequence: SkeletonSequence | None = None
    reason: str = ""
    note: str = ""


def do_job(job: Job) -> list[Outcome]:
    """An outcome for each row of the job; whatever is wrong with a source becomes a reason."""
    first = job.rows[0]
    if not first.is_url:
        return [_outcome(row, row.path, job) for row in job.rows]
    with TemporaryDirectory(prefix="physio_fetch_") as folder:
        try:
            path = fetch(first.source, Path(folder))
        except PhysioError as error:
            return [Outcome(row, reason=str(error)) for row in job.rows]
        return [_outcome(row, path, job) for row in job.rows]


def _outcome(row: ManifestRow, path: Path, job: Job) -> Outcome:
    notes: list[str] = []
    try:
        sequence = extract(row, path, job.clean, job.config, notes)
    except (PhysioError, OSError) as error:
        return Outcome(row, reason=str(error), note="; ".join(notes))
    return Outcome(row, sequence, note="; ".join(notes))


def extract(
    row: ManifestRow, path: Path, clean: CleanConfig, config: ExtractConfig, notes: list[str] | None = None
) -> SkeletonSequence:
    """The skeletons of a row whose recording lies at ``path``; ``notes`` takes what is odd but no failure.

    Raises:
        SourceError: it cannot be decoded, holds no pictures in the stretch, nobody was found, or the estimator failed.
        ModelError: no pose model.
    """
    if not path.exists():
        raise SourceError(f"no such video or folder: {path}")
    notes = [] if notes is None else notes
    tracker = PoseTracker(make_estimator(PoseConfig(estimator=REFERENCE, model_complexity=config.model_complexity)))
    try:
        pictures = enumerate(clean_pictures(path, row.start_s, row.end_s, clean, notes))
        skeletons = [tracker.update(frame) if frame else Skeleton(i / clean.fps, Tracking.NOBODY) for i, frame in pictures]
    finally:
        tracker.close()
    if not skeletons:
        raise SourceError(f"{path} holds no pictures from {row.start_s:g} s on; is it shorter than that?")
    _check_seen(skeletons, tracker, config)
    return _sequence(row, skeletons, clean)


def _check_seen(skeletons: Sequence[Skeleton], tracker: PoseTracker, config: ExtractConfig) -> None:
    """Nobody there and a detector that fails are different reasons."""
    if tracker.failures > len(skeletons) // 2:
        raise SourceError(f"the pose estimator failed on {tracker.failures} of {len(skeletons)} pictures: {tracker.last_failure}")
    too_few = too_few_seen(sum(one.status is Tracking.TRACKED for one in skeletons), len(skeletons), config.least_seen)
    if too_few:
        raise SourceError(too_few)


def too_few_seen(seen: int, pictures: int, least_share: float) -> str:
    """Why a recording in which someone is seen in so few pictures is not used; empty: it is."""
    if seen and seen >= least_share * pictures:
        return ""
    return f"nobody found: a person in {seen} of {pictures} pictures, least_seen = {least_share:g}"


def _sequence(row: ManifestRow, skeletons: Sequence[Skeleton], clean: CleanConfig) -> SkeletonSequence:
    sequence = sequence_of(skeletons, (clean.width, clean.height), stamps_s=np.arange(len(skeletons)) / clean.fps)
    return replace(sequence, label=row.label, name=row.name, subject=row.subject, source=row.source)


def padded(sequence: SkeletonSequence, frames: int) -> SkeletonSequence:
    """The sequence with its first frames repeated, round and round, until it is ``frames`` long; longer ones stay.

    Frames before someone is first seen, such as those in which the tracker is not sure of a person yet, are not repeated.
    """
    have = len(sequence.stamps_s)
    if not 0 < have < frames:
        return sequence
    seen = np.flatnonzero((sequence.confidence > 0).any(axis=(0, 2)))
    again = np.arange(seen[0] if len(seen) else 0, have)
    order = np.concatenate([np.arange(have), np.resize(again, frames - have)])
    step_s = float(np.median(np.diff(sequence.stamps_s))) if have > 1 else 1.0 / 30.0
    more_s = sequence.stamps_s[-1] + step_s * np.arange(1, frames - have + 1)
    return taken(sequence, order, np.concatenate([sequence.stamps_s, more_s]))
