"""How far our own estimator of hands is from MediaPipe's: on the same images, hand by hand."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from physio_core.pose.hand_estimator import HandEstimator
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray, Frame, Hand

WRIST, KNUCKLE = HAND_21.index("wrist"), HAND_21.index("middle_mcp")
SAME_PERCENT = 100.0
"""Two hands whose landmarks are nearer than this in the mean are one hand [% of the palm]."""


@dataclass
class HandComparison:
    """Of one clip, or of several together.

    Attributes:
        name: of the clip.
        images: how many were looked at.
        percent: (21,) distances of a hand that both saw, in the image, in % of the palm from wrist to middle knuckle; one each.
        lost_ours: hands that MediaPipe alone saw.
        lost_mediapipe: hands that ours alone saw.
        other_side: hands that both saw and called by different sides.
        ours_ms: time of each image.
        mediapipe_ms: likewise.
    """

    name: str
    images: int = 0
    percent: list[FloatArray] = field(default_factory=list)
    lost_ours: int = 0
    lost_mediapipe: int = 0
    other_side: int = 0
    ours_ms: list[float] = field(default_factory=list)
    mediapipe_ms: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """As `physio pose compare --hands --json` writes them."""
        whole = np.concatenate(self.percent) if self.percent else np.zeros(0)
        return {
            "n": self.images,
            "hands": len(self.percent),
            "median_percent": float(np.median(whole)) if len(whole) else None,
            "p95_percent": float(np.quantile(whole, 0.95)) if len(whole) else None,
            "lost_ours": self.lost_ours,
            "lost_mediapipe": self.lost_mediapipe,
            "other_side": self.other_side,
            "ours_ms": float(np.median(self.ours_ms)) if self.ours_ms else None,
            "mediapipe_ms": float(np.median(self.mediapipe_ms)) if self.mediapipe_ms else None,
        }

    def add(self, other: HandComparison) -> None:
        """Take another clip in."""
        for name in ("images", "percent", "lost_ours", "lost_mediapipe", "other_side", "ours_ms", "mediapipe_ms"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def compare_hands(name: str, frames: Iterable[Frame], ours: HandEstimator, mediapipe: HandEstimator) -> HandComparison:
    """Give both the same images, in turn, and see what they say; arguments as :func:`~physio_lab.estimators.compare.compare`."""
    made = HandComparison(name)
    for frame in frames:
        made.images += 1
        mine, its = (_look(one, frame, ms) for one, ms in ((ours, made.ours_ms), (mediapipe, made.mediapipe_ms)))
        left = list(mine)
        for wanted in its:
            away = [palm_percent(one, wanted) for one in left]
            best = min(range(len(left)), key=lambda index: float(away[index].mean()), default=None)
            if best is None or away[best].mean() > SAME_PERCENT:
                made.lost_ours += 1
                continue
            made.percent.append(away[best])
            made.other_side += left.pop(best).side != wanted.side
        made.lost_mediapipe += len(left)
    return made


def palm_percent(given: Hand, wanted: Hand) -> FloatArray:
    """Distance (21,) of landmarks in the image, in % of the wanted palm from the wrist to the knuckle of the middle finger."""
    size_px = np.array([wanted.skeleton.width_px, wanted.skeleton.height_px])
    places = wanted.skeleton.points[:, :2] * size_px
    palm_px = max(float(np.linalg.norm(places[KNUCKLE] - places[WRIST])), 1.0)
    return np.asarray(np.linalg.norm(given.skeleton.points[:, :2] * size_px - places, axis=1) / palm_px * 100.0)


def _look(estimator: HandEstimator, frame: Frame, times_ms: list[float]) -> Sequence[Hand]:
    begun_s = time.perf_counter()
    hands = estimator.estimate(frame)
    times_ms.append((time.perf_counter() - begun_s) * 1e3)
    return hands
