"""The parity of two estimators: distances in torsos, who lost whom, and one clip that is all clips."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from physio_core.skeleton.layouts import BLAZEPOSE_33
from physio_core.types import Frame, Skeleton, Tracking
from physio_lab.estimators.compare import compare, together

FRAMES = [Frame(float(index), np.zeros((100, 200, 3), np.uint8)) for index in range(4)]


def body(off_px: float = 0.0) -> Skeleton:
    """Shoulders 50 px above hips; every landmark moved to the right."""
    points = np.full((33, 3), 0.5)
    points[[BLAZEPOSE_33.index("left_shoulder"), BLAZEPOSE_33.index("right_shoulder")], 1] = 0.0
    points[:, 0] += off_px / 200.0
    return Skeleton(0.0, Tracking.TRACKED, BLAZEPOSE_33.name, points, np.ones(33), "", 200, 100, np.full((33, 3), off_px / 1e3))


class Told:
    """Sees what it is told; None: nobody."""

    name = "told"

    def __init__(self, told: Sequence[Skeleton | None]) -> None:
        self._told: Iterator[Skeleton | None] = iter(told)

    def estimate(self, frame: Frame) -> Skeleton:
        return next(self._told) or Skeleton(frame.stamp_s, Tracking.NOBODY, BLAZEPOSE_33.name, width_px=200, height_px=100)

    def close(self) -> None:
        """Nothing."""


def test_distances_are_in_torsos_and_only_where_both_see_somebody() -> None:
    made = compare("a", FRAMES, Told([body(1.0), None, body(2.0), None]), Told([body(), body(), body(), None]))
    figures = made.figures()
    assert figures["n"] == 2 and figures["median_percent"] == pytest.approx(3.0) and figures["p95_percent"] == pytest.approx(4.0)
    assert figures["world_median_mm"] == pytest.approx(np.sqrt(3.0) * 1.5)
    assert (figures["lost_ours"], figures["lost_mediapipe"]) == (1, 0)
    assert (figures["found_again_ours"], figures["found_again_mediapipe"]) == (1, 0)
    assert figures["ours_ms"] > 0.0 and figures["mediapipe_ms"] > 0.0


def test_several_clips_are_one() -> None:
    parts = [compare(name, FRAMES[:1], Told([body(off)]), Told([body()])) for name, off in (("a", 1.0), ("b", 5.0))]
    nothing = compare("c", FRAMES[:1], Told([None]), Told([None]))
    figures = together([*parts, nothing]).figures()
    assert figures["n"] == 2 and figures["median_percent"] == pytest.approx(6.0)
    assert dataclasses.replace(nothing).figures()["median_percent"] is None
