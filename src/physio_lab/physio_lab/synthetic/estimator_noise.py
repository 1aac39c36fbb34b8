"""Compares the noise that training adds with that of the real estimator on rendered images, joint by joint.

Both start from the same true points, so what differs is the noise alone. Left and right count as one joint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.skeleton.confidence import MISSING_BELOW, RELIABLE, VISIBLE
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.stream import to_isotropic
from physio_core.types import FloatArray
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.synthetic.noise import NoiseConfig, estimator_like
from physio_lab.synthetic.rendered_set import Recording

JOINTS = tuple(dict.fromkeys(joint.removeprefix("left_").removeprefix("right_") for joint in OPENPOSE_18.joints))
"""Joints without their side."""

BANDS = ((MISSING_BELOW, VISIBLE), (VISIBLE, RELIABLE), (RELIABLE, 0.9), (0.9, 1.0))
"""Confidences for which the error is given; joint angles take theirs from it (:mod:`physio_core.skeleton.angles`)."""

_SHOULDERS, _HIPS, _KNEES = (
    [OPENPOSE_18.index(f"{side}_{joint}") for side in ("left", "right")] for joint in ("shoulder", "hip", "knee")
)
_APART = 0.25
"""Trunk lengths between left and right from which an exchange of the two can be told."""
_LEAST_TOLD = 0.02
"""Share of the images in which it must be tellable for a figure; eyes hardly ever lie so far apart."""


@dataclass(frozen=True)
class JointNoise:
    """How wrong and how sure an estimate of one kind of joint is; lengths in trunk lengths.

    Attributes:
        joint: name without side.
        error: median distance from the truth, of the joints that are not missing, as all that follows.
        error_p90: 90th percentile of it.
        bias: median over clips of the error that stays.
        jitter: median over clips of what differs from frame to frame, per axis.
        confidence: 10th, 50th and 90th percentile.
        unsure: share below 0.5.
        missing: share without a place, confidence 0, of the images with a person.
        swapped: share nearer to the other side's true place, where both sides lie apart.
    """

    joint: str
    error: float
    error_p90: float
    bias: float
    jitter: float
    confidence: tuple[float, float, float]
    unsure: float
    missing: float
    swapped: float


@dataclass(frozen=True)
class Comparison:
    """The real estimator and the noise of training on the same clips.

    Attributes:
        real: by joint in the order of :data:`JOINTS`.
        made: the same of :func:`estimator_like`.
        nobody: share of images in which the estimator found nobody.
        swapped_front: share of joints that the estimator takes for those of the other side, seen from the front.
        swapped_behind: the same seen from behind.
        spread: for each of :data:`BANDS` the error along each axis that 68 % of the joints of that confidence stay below, as of
            a standard deviation, of the real estimator and of the noise of training [trunk lengths]; None: no joint.
    """

    real: list[JointNoise]
    made: list[JointNoise]
    nobody: float
    swapped_front: float
    swapped_behind: float
    spread: list[tuple[float | None, float | None]]


@dataclass(frozen=True)
class _Clip:
    """Of the frames with a person: errors (T, 18, 2), NaN where missing; confidence (T, 18); swaps (T, 18), NaN if untold.

    ``behind`` (T,) says whether the body is seen from behind.
    """

    error: FloatArray
    confidence: FloatArray
    swapped: FloatArray
    behind: npt.NDArray[np.bool_]


def compare(recordings: Iterable[Recording], config: NoiseConfig) -> Comparison:
    """Put the noise of training on the true points of rendered clips, and compare it with what the estimator made of them."""
    real, made, there_of = [], [], []
    for number, recording in enumerate(recordings):
        there = recording.confidence.max(1) > 0
        there_of.append(there)
        true, found = (
            to_isotropic(points, recording.width_px, recording.height_px) for points in (recording.true, recording.found)
        )
        rng = np.random.default_rng((number, 7))
        like, sure = estimator_like(true, recording.depth_m, recording.width_px / recording.height_px, rng, config)
        if there.sum() > 1:
            real.append(_clip(true, found, recording.confidence, there))
        made.append(_clip(true, like, sure, np.ones_like(there)))
    nobody = 1.0 - float(np.concatenate(there_of).mean()) if there_of else 0.0
    front, behind = (_mean(_all([clip.swapped[clip.behind == way] for clip in real])) for way in (False, True))
    spread = [(_spread(real, *band), _spread(made, *band)) for band in BANDS]
    return Comparison(_statistics(real), _statistics(made), nobody, front, behind, spread)


def confidence_of(sequences: Iterable[SkeletonSequence]) -> list[tuple[float, float, float]]:
    """How sure an estimator is of recordings whose truth nobody knows, such as real ones in ``openpose_18``.

    Returns:
        10th and 50th percentile of the confidence and the share below 0.5, by joint in the order of :data:`JOINTS`; missing
        joints do not count.
    """
    sure = [sequence.confidence.reshape(-1, len(OPENPOSE_18.joints)) for sequence in sequences]
    every = np.concatenate(sure) if sure else np.zeros((1, len(OPENPOSE_18.joints)))
    placed = [every[:, _sides(joint)][every[:, _sides(joint)] > 0] for joint in JOINTS]
    return [
        (float(np.quantile(values, 0.1)), float(np.quantile(values, 0.5)), float(np.mean(values < 0.5)))
        if len(values)
        else (0.0, 0.0, 1.0)
        for values in placed
    ]


def _sides(joint: str) -> list[int]:
    return [index for index, name in enumerate(OPENPOSE_18.joints) if name in (joint, f"left_{joint}", f"right_{joint}")]


def _clip(true: FloatArray, found: FloatArray, confidence: FloatArray, there: npt.NDArray[np.bool_]) -> _Clip:
    size = body_length(true)
    mirrored = true[:, OPENPOSE_18.mirror]
    off, off_other = (np.linalg.norm(found - place, axis=-1) for place in (true, mirrored))
    tellable = np.linalg.norm(true - mirrored, axis=-1) > _APART * size
    placed = confidence > 0
    swapped = np.where(tellable & placed, off_other < off, np.nan)
    error = np.where(placed[..., None], (found - true) / size, np.nan)
    behind = true[:, _SHOULDERS[0], 0] < true[:, _SHOULDERS[1], 0]
    return _Clip(error[there], confidence[there], swapped[there], behind[there])


def body_length(true: FloatArray) -> float:
    """Trunk, or thigh where the trunk is foreshortened, as long as it is seen at its longest; points (T, 18, 2)."""
    trunk = np.linalg.norm(true[:, _SHOULDERS].mean(1) - true[:, _HIPS].mean(1), axis=-1)
    thighs = np.linalg.norm(true[:, _HIPS] - true[:, _KNEES], axis=-1).max(1)
    return max(float(np.quantile(np.maximum(trunk, thighs), 0.8)), 1e-3)


def _spread(clips: list[_Clip], low: float, high: float) -> float | None:
    """Error along each axis, of joints with a confidence from ``low`` to below ``high``, or 1."""
    within = [(clip.confidence >= low) & ((clip.confidence < high) | (high == 1.0)) for clip in clips]
    errors = [np.abs(clip.error[chosen]).ravel() for clip, chosen in zip(clips, within, strict=True)]
    return float(np.nanquantile(np.concatenate(errors), 0.683)) if any(len(one) for one in errors) else None


def _statistics(clips: list[_Clip]) -> list[JointNoise]:
    return [_of_joint(joint, clips) for joint in JOINTS]


def _of_joint(joint: str, clips: list[_Clip]) -> JointNoise:
    which = _sides(joint)
    tracks = [clip.error[:, index] for clip in clips for index in which]
    tracks = [track for track in tracks if np.isfinite(track).sum() > 2]
    off = np.linalg.norm(_all(tracks), axis=-1)
    bias = [float(np.linalg.norm(np.nanmedian(track, axis=0))) for track in tracks]
    # The middle absolute difference is not fooled by jumps; 0.6745 makes it a standard deviation, the root undoes the difference.
    steps = [np.abs(np.diff(track[np.isfinite(track[:, 0])], axis=0)) for track in tracks]
    jitter = [float(np.median(step)) / (0.6745 * np.sqrt(2)) for step in steps]
    sure, swapped = _all([clip.confidence[:, which] for clip in clips]), _all([clip.swapped[:, which] for clip in clips])
    placed = sure[sure > 0]
    low, middle, high = (float(value) for value in np.quantile(placed, [0.1, 0.5, 0.9])) if len(placed) else [np.nan] * 3
    return JointNoise(
        joint, float(np.nanquantile(off, 0.5)), float(np.nanquantile(off, 0.9)), float(np.median(bias)),
        float(np.median(jitter)), (low, middle, high), float(np.mean(placed < 0.5)), float(np.mean(sure == 0)),
        _mean(swapped) if np.isfinite(swapped).mean() > _LEAST_TOLD else 0.0,
    )  # fmt: skip


def _mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def _all(parts: list[FloatArray]) -> FloatArray:
    """Parts (T, ...) one after the other; a single NaN where there are none."""
    return np.concatenate(parts) if parts else np.full((1, 2), np.nan)
