"""Labelled sets of skeletons as cases, in place of camera and pose estimator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from physio_core.action.recogniser import RecogniserConfig
from physio_core.errors import InputError
from physio_core.skeleton.layouts import layout_named
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.datasets.formats import SequenceSet
from physio_lab.datasets.sequence import SkeletonSequence, back_and_forth, in_layout
from physio_lab.evaluation.clip_label import ClipConfig
from physio_lab.evaluation.evaluate import Case, Setup
from physio_lab.evaluation.index import Clip
from physio_lab.reports.confusion import Confusion

SETS = ("penn",)
"""Sets whose joints were marked by people: a joint that is hidden is given as missing."""
SPLITS = ("train", "test", "all")

GUESSED = 0.4
"""Confidence of a joint that people marked as hidden: visible but not reliable, as MediaPipe calls the far side of a push-up."""

TRIMMED = Setup(
    "",
    RecogniserConfig(min_time_s=0.3, smooth_s=0.1, name_above=0.4, keep_above=0.3, needs=()),
    ClipConfig(least_s=0.0, least_share=0.5),
)
"""For clips cut to one action, half of them shorter than two seconds and all jumping jacks about one: speak early, smooth little;
the exercise named for at least half of what was said counts. People mark a joint as hidden that is in the picture, so none is
needed. Chosen on a fifth of Penn Action's training split."""

SENSOR_PX, SENSOR_FOCAL_PX = (512, 424), 365.0
"""Size and focal length of the depth image of a Kinect v2 [px]."""
NEAREST_M = 0.1

REPEAT_S = 8.0
"""Such clips are played back and forth for so long, because one repetition of a second is no stream [s]."""


def folded(confusion: Confusion) -> dict[str, float]:
    """Accuracy and balanced accuracy when exercises that the set does not have count as unknown."""
    other = confusion.folded(UNKNOWN)
    return {"accuracy": other.accuracy, "balanced_accuracy": other.balanced_accuracy}


def cases_of(
    opened: SequenceSet, sequences: Iterable[SkeletonSequence], layout: str, classes: Mapping[str, str], repeat_s: float = 0.0
) -> list[Case]:
    """The sequences of a set as a model sees them: the person seen best, in the model's joints and in a picture.

    Args:
        opened: the set.
        sequences: those of it that are wanted.
        layout: joint order of the model.
        classes: other names for classes of the set.
        repeat_s: what is shorter is played back and forth until it lasts so long [s]; 0: it is not.

    Raises:
        InputError: there is none.
        ConfigError: the set cannot be given in that joint order.
    """
    cases = []
    for sequence in sequences:
        label, known = classes.get(sequence.label, sequence.label), sequence.annotations
        path = opened.path / f"{sequence.name}.mat" if opened.format.name in SETS else Path(sequence.name)
        clip = Clip(path, label, "", known.view, sequence.label, sequence.subject, sequence.source, known)
        seen = projected(one_person(sequence))
        seen = guessed(seen) if opened.format.name in SETS else seen
        cases.append(Case(clip, back_and_forth(in_layout(seen, layout), repeat_s), marked=True))
    if not cases:
        part = f" in the part {opened.part!r}" if opened.part else ""
        raise InputError(f"{opened.path} holds no such sequence{part}; `physio dataset stats` shows what it has")
    return cases


def of_subjects(sequences: Iterable[SkeletonSequence], patterns: Sequence[str]) -> Iterator[SkeletonSequence]:
    """The sequences of some subjects; patterns as of file names (``s09``, ``2*``), none: of all."""
    return (one for one in sequences if not patterns or any(fnmatchcase(one.subject, pattern) for pattern in patterns))


def one_person(sequence: SkeletonSequence) -> SkeletonSequence:
    """The person who is seen best."""
    best = int(sequence.confidence.sum((1, 2)).argmax())
    return replace(sequence, points=sequence.points[[best]], confidence=sequence.confidence[[best]])


def projected(sequence: SkeletonSequence) -> SkeletonSequence:
    """What is in metres as the depth camera saw it, by a pinhole; what is in a picture as it is."""
    if sequence.width_px or sequence.points.shape[-1] == 2:
        return sequence
    depth_m = sequence.points[..., 2:]
    before = depth_m > NEAREST_M
    width_px, height_px = SENSOR_PX
    pixels = SENSOR_FOCAL_PX * sequence.points[..., :2] / np.where(before, depth_m, 1.0)
    points = np.where(before, pixels / SENSOR_PX + 0.5, 0.0).astype(np.float32)
    confidence = np.where(before[..., 0], sequence.confidence, 0.0).astype(np.float32)
    return replace(sequence, points=points, confidence=confidence, width_px=width_px, height_px=height_px)


def guessed(sequence: SkeletonSequence, confidence: float = GUESSED) -> SkeletonSequence:
    """Hidden joints where an estimator would guess them: moving along with the same joint of the other side.

    Only what came before is used: the joint is held as far from its partner as it last was, or at its last place while the
    partner is hidden too; one that was never seen is taken to be behind its partner. Else it stays missing.
    """
    mirror = layout_named(sequence.layout).mirror
    points, sure = sequence.points.copy(), sequence.confidence.copy()
    apart: FloatArray = np.zeros_like(points[:, 0])
    last: FloatArray = np.full_like(points[:, 0], np.nan)
    for now in range(points.shape[1]):
        seen = sequence.confidence[:, now] > 0
        both = seen & seen[:, mirror]
        place = points[:, now].copy()
        apart[both] = (place - place[:, mirror])[both]
        last[seen] = place[seen]
        guess = np.where(seen[:, mirror, None], place[:, mirror] + apart, last)
        known = ~seen & np.isfinite(guess).all(-1)
        points[:, now][known], sure[:, now][known] = guess[known], confidence
        last[known] = guess[known]
    return replace(sequence, points=points, confidence=sure)
