"""The parity of two estimators of hands: hand by hand, whatever order they are told in, and what one alone sees is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from physio_core.types import Frame, Hand
from physio_lab.estimators.compare_hands import HandComparison, compare_hands, palm_percent
from physio_testing.hands import hand_at, posed

FRAMES = [Frame(float(index), np.zeros((480, 640, 3), np.uint8)) for index in range(3)]
LEFT, RIGHT = (hand_at(0.0, posed(), side, (x, 0.7)) for side, x in (("left", 0.7), ("right", 0.2)))


class Told:
    """Sees what it is told, image by image."""

    name = "told"

    def __init__(self, *told: Sequence[Hand]) -> None:
        self._told = iter(told)

    def estimate(self, frame: Frame) -> Sequence[Hand]:
        return next(self._told)

    def close(self) -> None:
        """Nothing."""


def test_hands_are_paired_by_place_and_lost_ones_counted_on_either_side() -> None:
    nearly = hand_at(0.0, posed(), "left", (0.71, 0.7))
    made = compare_hands(
        "a", FRAMES, Told([nearly, RIGHT], [], [LEFT]), Told([RIGHT, LEFT], [LEFT], [replace(LEFT, side="right")])
    )
    assert (made.images, len(made.percent), made.lost_ours, made.lost_mediapipe, made.other_side) == (3, 3, 1, 0, 1)
    assert made.percent[0] == pytest.approx(0.0) and made.percent[1] == pytest.approx(palm_percent(nearly, LEFT))
    assert 1.0 < made.percent[1].mean() < 20.0
    far = compare_hands("b", FRAMES[:1], Told([LEFT]), Told([RIGHT]))
    assert (far.lost_ours, far.lost_mediapipe, far.figures()["median_percent"]) == (1, 1, None)
    whole = HandComparison("all")
    for part in (made, far):
        whole.add(part)
    assert (whole.figures()["n"], whole.figures()["hands"], whole.figures()["lost_ours"]) == (4, 3, 2)
