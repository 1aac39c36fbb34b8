"""What goes wrong in pose estimation: joints that tremble, and joints, limbs or frames that are not found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.params import param
from physio_core.skeleton.layouts import Layout, bones_outward
from physio_core.types import FloatArray
from physio_lab.augment.transform import Pair, Transform, body_size, seen_only, slow_noise, spans, without


@dataclass(frozen=True)
class JointNoise(Transform):
    """Every joint trembles and drifts by itself."""

    jitter: float = param(0.02, "Middle error that differs from frame to frame, in mean bone lengths.", low=0.0, high=10.0)
    drift: float = param(0.04, "Middle error that changes slowly, in mean bone lengths.", low=0.0, high=10.0)
    slow_frames: float = param(8.0, "Frames over which the slow error changes.", unit="frames", low=1.0, high=1000.0)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        over_time = np.moveaxis(points, -3, 0).shape
        error = self.jitter * rng.normal(size=over_time) + self.drift * slow_noise(rng, over_time, self.slow_frames)
        moved = points + body_size(points, confidence, layout) * np.moveaxis(error, 0, -3)
        return seen_only(moved, points, confidence), confidence


@dataclass(frozen=True)
class DropJoints(Transform):
    """Some joints are missing for moments, each by itself."""

    joints: float = param(0.2, "Share of the joints that are hit.", low=0.0, high=1.0)
    time: float = param(0.3, "Share of the frames in which such a joint is missing.", low=0.0, high=1.0)
    longest_frames: int = param(15, "Longest time without a break.", unit="frames", low=1, high=100_000)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        frames, count = confidence.shape[-2:]
        hit = rng.random(count) < self.joints
        missing = np.stack([spans(rng, frames, self.time * joint, self.longest_frames) for joint in hit], axis=1)
        return without(points, confidence, missing)


@dataclass(frozen=True)
class DropLimbs(Transform):
    """A limb is missing: a joint with everything further out, for a part of the time or throughout."""

    limbs: int = param(1, "How many.", low=1, high=20)
    least_time: float = param(0.3, "Least share of the frames in which it is missing, without a break.", low=0.0, high=1.0)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        frames, count = confidence.shape[-2:]
        choices = limbs_of(layout)
        missing = np.zeros((frames, count), bool)
        for number in rng.integers(len(choices), size=self.limbs):
            length = max(1, round(frames * rng.uniform(self.least_time, 1.0)))
            start = int(rng.integers(frames - length + 1))
            missing[start : start + length, choices[number]] = True
        return without(points, confidence, missing)


@dataclass(frozen=True)
class DropFrames(Transform):
    """Nobody is found in some frames; they stay, empty, so that the tempo does not change."""

    share: float = param(0.15, "Share of the frames that are lost.", low=0.0, high=1.0)
    longest_frames: int = param(6, "Longest time without a break.", unit="frames", low=1, high=100_000)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        lost = spans(rng, points.shape[-3], self.share, self.longest_frames)
        return without(points, confidence, np.broadcast_to(lost[:, None], confidence.shape[-2:]))


def limbs_of(layout: Layout) -> list[list[int]]:
    """Joints of each limb or piece of one: a joint and all further out, at least two and at most a third of the body."""
    below: dict[int, list[int]] = {joint: [joint] for joint in range(len(layout.joints))}
    for joint, parent in reversed(bones_outward(layout)):
        below[parent] += below[joint]
    limbs = [sorted(joints) for joints in below.values() if 2 <= len(joints) <= len(layout.joints) / 3]
    return limbs or [[joint] for joint in range(len(layout.joints))]
