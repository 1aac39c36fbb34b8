"""Makes perfect image points look like what a pose estimator gives, confidence included.

A network trained on a constant confidence takes everything real for unknown; one trained on perfect points knows no far arm.
What is modelled was seen in MediaPipe's output: trunk and face near 1 always, far limbs anywhere between 0.02 and 0.8 and drawn
towards the near side, joints outside the image near 0 and guessed, short exchanges of left and right, limbs that jump for a
few images, images without a person. Sizes are drawn again for each sequence. T frames, V joints in ``openpose_18`` order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.params import Parameters, param
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray

_LIMBS = np.array([any(part in joint for part in ("elbow", "wrist", "knee", "ankle")) for joint in OPENPOSE_18.joints])
_LEGS = np.array([any(part in joint for part in ("hip", "knee", "ankle")) for joint in OPENPOSE_18.joints])
_FACE = np.array([any(part in joint for part in ("nose", "eye", "ear")) for joint in OPENPOSE_18.joints])
_FACE_SIDES = np.array([any(part in joint for part in ("eye", "ear")) for joint in OPENPOSE_18.joints])
_NECK = OPENPOSE_18.index("neck")
_HIPS = [OPENPOSE_18.index("left_hip"), OPENPOSE_18.index("right_hip")]
_SHOULDERS = [OPENPOSE_18.index("left_shoulder"), OPENPOSE_18.index("right_shoulder")]
_KNEES = [OPENPOSE_18.index("left_knee"), OPENPOSE_18.index("right_knee")]
_WRISTS = [OPENPOSE_18.index("left_wrist"), OPENPOSE_18.index("right_wrist")]
_MIRROR = OPENPOSE_18.mirror
_JITTER = np.where(_FACE, 0.5, np.where(_LIMBS, 1.2, 0.8))[:, None]


@dataclass(frozen=True)
class NoiseConfig(Parameters):
    """How often a sequence suffers from what, and how much; lengths in trunk lengths."""

    jitter: float = param(0.012, "Middle size of the error from one frame to the next.", low=0.0, high=0.5)
    drift: float = param(0.025, "Middle size of the slow error.", low=0.0, high=0.5)
    bias: float = param(0.04, "Error that stays, by joint.", low=0.0, high=0.5)
    hidden: float = param(0.2, "Slow error of a joint that is hidden or outside the image.", low=0.0, high=1.0)
    fickle: float = param(0.35, "Share of sequences in which some limbs look unsure for no reason.", low=0.0, high=1.0)
    unsure_joints: float = param(0.3, "Share of the joints of limbs that are unsure then.", low=0.0, high=1.0)
    unsure_least: float = param(0.3, "How unsure they are at least: 0 not, 1 as if hidden.", low=0.0, high=1.0)
    swaps: float = param(0.2, "Share of sequences with exchanges of left and right.", low=0.0, high=1.0)
    jumps: float = param(0.25, "Share of sequences with joints that jump away for a moment.", low=0.0, high=1.0)
    gaps: float = param(0.15, "Share of sequences with images in which nobody was found.", low=0.0, high=1.0)
    slow_camera: float = param(0.3, "Share of sequences from a camera slower than the model.", low=0.0, high=1.0)
    annotated: float = param(
        0.08, "Share of sequences as from another source: no eyes and ears, joints either there or not.", low=0.0, high=1.0
    )
    missing: float = param(
        0.1, "Share of sequences in which some joints are not there at all (zero, confidence 0).", low=0.0, high=1.0
    )
    objects: float = param(
        0.0, "Share of sequences in which something hides joints: a weight in the hands, a bench or a table.", low=0.0, high=1.0
    )


def wandering(rng: np.random.Generator, shape: tuple[int, ...], smooth_frames: float) -> FloatArray:
    """Slowly changing noise of unit size, (T, ...): a first-order autoregression."""
    keep = np.exp(-1.0 / smooth_frames)
    noise = rng.normal(size=shape)
    noise[1:] *= np.sqrt(1.0 - keep**2)
    for frame in range(1, shape[0]):
        noise[frame] += keep * noise[frame - 1]
    return noise


def estimator_like(
    points: FloatArray, depth: FloatArray, aspect: float, rng: np.random.Generator, config: NoiseConfig
) -> tuple[FloatArray, FloatArray]:
    """What an estimator would say of perfect points.

    Args:
        points: (T, V, 2) in image heights, the image being ``aspect`` wide and 1 high.
        depth: (T, V) along the line of sight [m].
        aspect: width over height.
        rng: source of chance.
        config: sizes.

    Returns:
        points (T, V, 2) and confidence (T, V).
    """
    trunk = np.linalg.norm(points[:, _SHOULDERS].mean(1) - points[:, _HIPS].mean(1), axis=-1)
    limbs = np.linalg.norm(points[:, _HIPS] - points[:, _KNEES], axis=-1).max(1)
    size = max(float(np.quantile(np.maximum(trunk, limbs), 0.8)), 1e-3)
    hidden = _hidden(points, depth, size)
    if config.objects and rng.random() < config.objects:
        hidden = np.maximum(hidden, _covered(points, size, rng))
    outside = np.max(np.maximum(-points, points - [aspect, 1.0]), axis=-1)
    away = np.clip(outside / 0.04, 0.0, 1.0)
    confidence = _confidence(hidden, away, rng, config)
    noisy = _shaken(points, np.maximum(hidden, away), size, rng, config)
    if rng.random() < config.swaps:
        _swap(noisy, confidence, rng)
    if rng.random() < config.jumps:
        _jump(noisy, confidence, size, rng)
    noisy[:, _NECK] = noisy[:, _SHOULDERS].mean(1)
    if rng.random() < config.gaps:
        _bridge(noisy, confidence, rng)
    if rng.random() < config.slow_camera:
        noisy, confidence = _slow(noisy, confidence, rng)
    if rng.random() < config.annotated:
        _annotate(noisy, confidence, points, np.maximum(hidden, away), size, rng)
    elif rng.random() < config.missing:
        missing = rng.random(points.shape[1]) < rng.choice([0.06, 0.15, 0.3])
        when = np.broadcast_to((wandering(rng, (len(points), 1), 10.0) > rng.uniform(-2.0, 1.5)), confidence.shape) & missing
        noisy[when], confidence[when] = 0.0, 0.0
    return noisy.astype(np.float32), confidence.astype(np.float32)


def _hidden(points: FloatArray, depth: FloatArray, size: float) -> FloatArray:
    """How much each limb joint is covered by the trunk or by the same joint of the other side (T, V) [0..1]."""
    behind = depth - depth[:, _MIRROR]
    apart = np.linalg.norm(points - points[:, _MIRROR], axis=-1) / size
    by_other = np.clip(behind / 0.12, 0, 1) * np.clip(1.4 - apart / 0.35, 0, 1)
    top, low = points[:, [_NECK]], points[:, _HIPS].mean(1, keepdims=True)
    line = low - top
    share = np.clip(((points - top) * line).sum(-1) / np.maximum((line**2).sum(-1), 1e-9), 0.0, 1.0)[..., None]
    to_trunk = np.linalg.norm(points - (top + share * line), axis=-1) / size
    trunk_depth = depth[:, [_NECK]] * (1 - share[..., 0]) + depth[:, _HIPS].mean(1, keepdims=True) * share[..., 0]
    by_trunk = np.clip((depth - trunk_depth) / 0.12, 0, 1) * np.clip(1.5 - to_trunk / 0.22, 0, 1)
    return np.where(_LIMBS, np.maximum(by_other, by_trunk), 0.0)


def _covered(points: FloatArray, size: float, rng: np.random.Generator) -> FloatArray:
    """How much each joint (T, V) is behind a thing [0..1]: a disc that the hands hold, or a box that stands before the body."""
    if rng.random() < 0.5:
        middle = points[:, _WRISTS].mean(1, keepdims=True) + size * rng.normal(0.0, 0.1, 2)
        away = np.linalg.norm(points - middle, axis=-1) / (size * rng.uniform(0.25, 0.6))
        return np.asarray(np.clip(3.0 - 2.0 * away, 0.0, 1.0))
    low, high = points[..., 0].min(), points[..., 0].max()
    middle_x, half = rng.uniform(low, high), 0.5 * size * rng.uniform(0.3, 2.0)
    floor = float(np.quantile(points[..., 1].max(1), 0.9))
    top = floor - size * rng.uniform(0.3, 1.4)
    inside = (np.abs(points[..., 0] - middle_x) < half) & (points[..., 1] > top)
    return np.asarray(inside, float)


def _confidence(hidden: FloatArray, away: FloatArray, rng: np.random.Generator, config: NoiseConfig) -> FloatArray:
    frames, joints = hidden.shape
    seen = np.where(
        _LIMBS, 1.0 - np.minimum(rng.exponential(0.03, joints), 0.3), 1.0 - np.minimum(rng.exponential(0.003, joints), 0.02)
    )
    covered = rng.uniform(0.02, 0.85, joints)
    if rng.random() < config.fickle:
        unsure = (rng.random(joints) < config.unsure_joints) * _LIMBS
        hidden = np.maximum(hidden, unsure * rng.uniform(config.unsure_least, 1.0, joints))
    certain = seen + (covered - seen) * hidden
    shaky = rng.uniform(0.2, 1.2)
    logit = (
        np.log(certain + 1e-3)
        - np.log(1.0 - certain + 1e-3)
        + shaky * np.where(_LIMBS, 1.0, 0.3) * wandering(rng, (frames, joints), 6.0)
    )
    sure = 1.0 / (1.0 + np.exp(-logit))
    out = rng.uniform(0.0, 0.06, joints) * np.where(_FACE | ~_LIMBS, rng.choice([1.0, 8.0]), 1.0)
    return np.asarray(np.clip(sure + (np.minimum(out, sure) - sure) * away, 0.0, 1.0))


def _shaken(points: FloatArray, hidden: FloatArray, size: float, rng: np.random.Generator, config: NoiseConfig) -> FloatArray:
    shape = points.shape
    jitter = config.jitter * float(np.exp(rng.normal(-0.5, 0.7)))
    drift = config.drift * float(np.exp(rng.normal(-0.3, 0.6)))
    copied = rng.uniform(0.0, 0.5, shape[1]) * hidden
    guessed = points + (points[:, _MIRROR] - points) * copied[..., None] * _LIMBS[:, None]
    error = jitter * rng.normal(size=shape) + drift * wandering(rng, shape, rng.uniform(2.0, 10.0))
    error = error * _JITTER + config.bias * rng.normal(size=shape[1:])
    lost = config.hidden * rng.uniform(0.3, 1.5) * wandering(rng, shape, rng.uniform(3.0, 20.0)) * hidden[..., None]
    return np.asarray(guessed + size * (error + lost))


def _annotate(
    noisy: FloatArray, confidence: FloatArray, points: FloatArray, hidden: FloatArray, size: float, rng: np.random.Generator
) -> None:
    """As another source marks joints: near their place and sure, or missing (zero, confidence 0); no eyes, no ears."""
    noisy[:] = points + size * (0.04 * rng.normal(size=points.shape[1:]) + 0.02 * wandering(rng, points.shape, 4.0))
    noisy[:, _NECK] = noisy[:, _SHOULDERS].mean(1)
    unseen = hidden > rng.uniform(0.2, 0.9)
    limb = rng.random(points.shape[1]) < rng.choice([0.0, 0.05, 0.15])
    unseen |= limb & (wandering(rng, (len(points), 1), 20.0) > rng.uniform(-2.0, 1.5))
    unseen[:, _FACE_SIDES] = True
    unseen[:, _NECK] = unseen[:, _SHOULDERS].any(1)
    confidence[:] = np.where(unseen, 0.0, rng.choice([1.0, rng.uniform(0.7, 1.0)]))
    noisy[unseen] = 0.0


def _spans(frames: int, rng: np.random.Generator, longest: int) -> list[slice]:
    return [slice(start, start + int(rng.integers(1, longest))) for start in rng.integers(0, frames, rng.integers(1, 5))]


def _swap(points: FloatArray, confidence: FloatArray, rng: np.random.Generator) -> None:
    """Exchange the sides of legs, arms or all, for moments or throughout."""
    which = [_LEGS, ~_LEGS & _LIMBS, np.ones_like(_LEGS)][int(rng.integers(3))]
    order = np.where(which, _MIRROR, np.arange(len(which)))
    spans = [slice(None)] if rng.random() < 0.15 else _spans(len(points), rng, 15)
    for span in spans:
        points[span], confidence[span] = points[span][:, order], confidence[span][:, order]


def _jump(points: FloatArray, confidence: FloatArray, size: float, rng: np.random.Generator) -> None:
    """Let some limb joints go astray for a few frames, sure or unsure of themselves."""
    for span in _spans(len(points), rng, 8):
        for joint in rng.choice(np.flatnonzero(_LIMBS), int(rng.integers(1, 4)), replace=False):
            points[span, joint] += rng.normal(0.0, 0.6 * size, 2)
            confidence[span, joint] *= rng.uniform(0.1, 1.0)


def _bridge(points: FloatArray, confidence: FloatArray, rng: np.random.Generator) -> None:
    """Straight lines across images without a person, as resampling draws them."""
    for span in _spans(len(points), rng, 12):
        first, last = span.start, min(span.stop, len(points) - 1)
        share = np.linspace(0.0, 1.0, last - first + 1)[:, None]
        points[first : last + 1] = points[first] + share[..., None] * (points[last] - points[first])
        confidence[first : last + 1] = confidence[first] + share * (confidence[last] - confidence[first])


def _slow(points: FloatArray, confidence: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Only every second or third frame, more or less, and straight lines between."""
    frames = len(points)
    stamps = np.cumsum(rng.uniform(1.05, 2.2) * rng.uniform(0.8, 1.2, frames))
    taken = np.unique(np.round(stamps[stamps < frames - 1]).astype(int))
    taken = np.concatenate([[0], taken[taken > 0], [frames - 1]])
    after = np.clip(np.searchsorted(taken, np.arange(frames)), 1, len(taken) - 1)
    before = after - 1
    share = ((np.arange(frames) - taken[before]) / (taken[after] - taken[before]))[:, None]
    confidence = confidence[taken[before]] * (1 - share) + confidence[taken[after]] * share
    return points[taken[before]] * (1 - share[..., None]) + points[taken[after]] * share[..., None], confidence
