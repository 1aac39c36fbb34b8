"""Makes perfect hand joints look like what a hand estimator gives, without drawing.

What is modelled is what MediaPipe Hands does with rendered hands (`physio hand see` measures it): a hand of its own
proportions, depth worse than the image, bent fingers taken for straighter ones, a slow and a quick error that grow where fingers
hide each other, images without a hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio_core.motion.hand import FINGERS, HandFrames
from physio_core.motion.kinematics import apply
from physio_core.params import Parameters, param
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import BoolArray, FloatArray
from physio_lab.synthetic.noise import wandering

_WRIST, _MIDDLE = HAND_21.index("wrist"), HAND_21.index("middle_mcp")
_TIPS, _KNUCKLES = ([HAND_21.index(f"{finger}_{part}") for finger in FINGERS] for part in ("tip", "mcp"))
_OUTWARD = np.array([0.3] + [0.5, 0.8, 1.0, 1.3] + [0.5, 0.8, 1.0, 1.3] * 4)
"""How much more than another joint errs one that is further out."""


@dataclass(frozen=True)
class HandNoise(Parameters):
    """Errors of an estimator of hands; lengths as shares of the way from the wrist to the middle knuckle, standard deviations."""

    stays: float = param(0.05, "Error of each joint that stays and turns with the hand.", low=0.0, high=0.5)
    wanders: float = param(0.03, "Slow error of each joint, across the line of sight.", low=0.0, high=0.5)
    jitter: float = param(0.012, "Error from one image to the next.", low=0.0, high=0.5)
    depth: float = param(2.0, "How many times larger errors along the line of sight are.", low=1.0, high=10.0)
    hidden: float = param(1.5, "How many times larger still slow errors of a hand are that is wholly bent.", low=1.0, high=10.0)
    straighter: float = param(0.12, "Share by which bent fingers are drawn to straight ones, at most.", low=0.0, high=0.8)
    gaps: float = param(0.25, "Share of hands that are missed for some images.", low=0.0, high=1.0)
    missed_bent: float = param(0.05, "Share of images without a hand, of a wholly bent one.", low=0.0, high=1.0)

    def steadier(self, share: float) -> HandNoise:
        """With so large a share of the errors of joints; bent fingers are drawn as straight, and a hand is missed as often."""
        return replace(self, stays=share * self.stays, wanders=share * self.wanders, jitter=share * self.jitter)


EXACT_HANDS = HandNoise(
    stays=0.0, wanders=0.0, jitter=0.0, depth=1.0, hidden=1.0, straighter=0.0, gaps=0.0, missed_bent=0.0
)  # fmt: skip
"""Joints where they are."""


def bent(points_m: FloatArray) -> FloatArray:
    """How far the fingers are closed (T,) 0..1, of points (T, 21, 3): tips against knuckles as seen from the wrist."""
    reach = np.linalg.norm(points_m - points_m[:, [_WRIST]], axis=-1)
    closed: FloatArray = np.clip(2.0 - 1.15 * (reach[:, _TIPS] / reach[:, _KNUCKLES]).mean(1), 0.0, 1.0)
    return closed


def hands_like(
    frames: HandFrames, fps: float, rng: np.random.Generator, noise: HandNoise | None = None
) -> tuple[FloatArray, BoolArray]:
    """What an estimator would say of a hand in the axes of the camera.

    Args:
        frames: the true hand; T images.
        fps: images per second [Hz].
        rng: source of chance.
        noise: sizes; None: usual.

    Returns:
        points (T, 21, 3) from the wrist, as long as an estimator guesses the hand to be [m], and whether there is a hand (T,);
        points are 0 where there is none.
    """
    noise = noise or HandNoise()
    true = frames.points_m - frames.points_m[:, [_WRIST]]
    size = float(np.median(np.linalg.norm(true[:, _MIDDLE], axis=-1)))
    closed = bent(true)
    along = np.array([1.0, 1.0, noise.depth])
    found = _straighter(true, noise.straighter * rng.uniform(0.3, 1.0), closed)
    found = found + apply(frames.turned[:, [_WRIST]], rng.normal(size=(21, 3)) * _OUTWARD[:, None]) * size * noise.stays
    grows = 1.0 + (noise.hidden - 1.0) * closed[:, None, None]
    slow = wandering(rng, true.shape, smooth_frames=0.7 * fps)
    quick = wandering(rng, true.shape, smooth_frames=0.03 * fps)
    found = found + size * along * _OUTWARD[:, None] * (noise.wanders * grows * slow + noise.jitter * quick)
    there = _there(closed, fps, rng, noise)
    scale = 1.0 + 0.07 * rng.normal() * (noise.stays > 0)
    return np.where(there[:, None, None], (found - found[:, [_WRIST]]) * scale, 0.0), there


def _straighter(true: FloatArray, share: float, closed: FloatArray) -> FloatArray:
    """Fingers (T, 21, 3) whose outer joints are drawn towards where straight fingers would have them."""
    out = true.copy()
    for tip, knuckle in zip(_TIPS, _KNUCKLES, strict=True):
        straight = true[:, [knuckle]] / np.linalg.norm(true[:, [knuckle]], axis=-1, keepdims=True)
        bones = np.linalg.norm(np.diff(true[:, knuckle : tip + 1], axis=1), axis=-1).cumsum(1)
        there = true[:, [knuckle]] + straight * bones[..., None]
        out[:, knuckle + 1 : tip + 1] += share * closed[:, None, None] * (there - true[:, knuckle + 1 : tip + 1])
    return out


def _there(closed: FloatArray, fps: float, rng: np.random.Generator, noise: HandNoise) -> BoolArray:
    there = np.ones(len(closed), bool)
    if rng.random() < noise.gaps:
        for _ in range(int(rng.integers(1, 4))):
            start, length = int(rng.integers(len(there))), int(rng.integers(1, max(2, round(0.3 * fps))))
            there[start : start + length] = False
    spells = wandering(rng, closed.shape, smooth_frames=0.2 * fps)
    rare = np.array([_threshold(share) for share in noise.missed_bent * closed])
    return np.asarray(there & (spells < rare))


def _threshold(share: float) -> float:
    """The value that a normal variable exceeds with this probability."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(1.0 - share) if share > 0 else np.inf
