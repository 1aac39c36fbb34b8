"""Estimators on the same images, side by side, with times: how far that of our own is from MediaPipe, its yardstick."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from physio_core.pose.estimator import PoseEstimator
from physio_core.pose.parity import torso_percent, world_mm
from physio_core.skeleton.layouts import BLAZEPOSE_33
from physio_core.types import FloatArray, Frame, Skeleton


@dataclass
class Side:
    """What one of them did on a clip.

    Attributes:
        lost: images in which it saw nobody while another saw a person.
        found_again: how often it saw a person after an image in which it did not.
        times_ms: of each image.
        cpu_ms: processor time of each image, on all cores together, which other work on the machine changes less.
        seen: whether it saw a person in the last image.
    """

    lost: int = 0
    found_again: int = 0
    times_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    seen: bool = True


@dataclass
class Comparison:
    """Of one clip, or of several together.

    Attributes:
        name: of the clip.
        percent: (N, 33) distance of each landmark in the image, in % of the torso, of images in which both saw a person.
        world_mm: (N, 33) likewise in space [mm].
        ours: our side.
        mediapipe: the other.
    """

    name: str
    percent: FloatArray
    world_mm: FloatArray
    ours: Side
    mediapipe: Side

    def figures(self) -> dict[str, Any]:
        """As `physio pose compare --json` writes them."""
        whole = self.percent.reshape(-1)
        ours, theirs = self.ours, self.mediapipe
        ours_ms, theirs_ms = _median(ours.times_ms), _median(theirs.times_ms)
        return {
            "n": len(self.percent),
            "median_percent": _median(whole),
            "p95_percent": float(np.quantile(whole, 0.95)) if len(whole) else None,
            "world_median_mm": _median(self.world_mm.reshape(-1)),
            "lost_ours": ours.lost,
            "lost_mediapipe": theirs.lost,
            "found_again_ours": ours.found_again,
            "found_again_mediapipe": theirs.found_again,
            "ours_ms": ours_ms,
            "mediapipe_ms": theirs_ms,
            "ours_over_mediapipe": None if ours_ms is None or theirs_ms is None else ours_ms / theirs_ms,
            "ours_cpu_ms": _median(ours.cpu_ms),
            "mediapipe_cpu_ms": _median(theirs.cpu_ms),
            "ours_p99_ms": float(np.quantile(ours.times_ms, 0.99)) if ours.times_ms else None,
            "mediapipe_p99_ms": float(np.quantile(theirs.times_ms, 0.99)) if theirs.times_ms else None,
        }


def compare(name: str, frames: Iterable[Frame], ours: PoseEstimator, mediapipe: PoseEstimator) -> Comparison:
    """Give both the same images, in turn, and see what they say.

    Args:
        name: of the clip.
        frames: in their order.
        ours: gives the layout of 33 landmarks, as the other does; it starts over.
        mediapipe: the yardstick.
    """
    sides, percent, space_mm = (Side(), Side()), [], []
    for seen in beside(frames, (ours, mediapipe), sides):
        if all(skeleton.tracked for skeleton in seen):
            percent.append(torso_percent(*seen))
            space_mm.append(world_mm(*seen))
    shape = (len(percent), len(BLAZEPOSE_33.joints))
    return Comparison(name, np.reshape(percent, shape), np.reshape(space_mm, shape), *sides)


def beside(
    frames: Iterable[Frame], estimators: Sequence[PoseEstimator], sides: Sequence[Side], there: bool = False
) -> Iterator[list[Skeleton]]:
    """Give all the same images, in turn.

    Args:
        frames: in their order.
        estimators: they start over.
        sides: what each of them did; counted on.
        there: whether a person is in every image, whoever sees it.

    Yields:
        What they see of each image, in their order.
    """
    for frame in frames:
        seen = [_look(one, side, frame) for one, side in zip(estimators, sides, strict=True)]
        anybody = there or any(skeleton.tracked for skeleton in seen)
        for side, skeleton in zip(sides, seen, strict=True):
            side.lost += anybody and not skeleton.tracked
            side.found_again += skeleton.tracked and not side.seen
            side.seen = skeleton.tracked
        yield seen


def together(parts: list[Comparison]) -> Comparison:
    """All clips as one; medians are then over all landmarks of all images."""
    percent, space_mm = (np.concatenate([getattr(part, name) for part in parts]) for name in ("percent", "world_mm"))
    return Comparison(
        "all", percent, space_mm, *(_added([getattr(part, name) for part in parts]) for name in ("ours", "mediapipe"))
    )


def _look(estimator: PoseEstimator, side: Side, frame: Frame) -> Skeleton:
    begun_s, spent_s = time.perf_counter(), time.process_time()
    skeleton = estimator.estimate(frame)
    side.times_ms.append((time.perf_counter() - begun_s) * 1e3)
    side.cpu_ms.append((time.process_time() - spent_s) * 1e3)
    return skeleton


def _added(sides: list[Side]) -> Side:
    times_ms, cpu_ms = ([one for side in sides for one in getattr(side, name)] for name in ("times_ms", "cpu_ms"))
    return Side(sum(side.lost for side in sides), sum(side.found_again for side in sides), times_ms, cpu_ms)


def _median(values: Any) -> float | None:
    return float(np.median(values)) if len(values) else None
