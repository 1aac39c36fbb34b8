"""How often a hand opens and closes in a clip, played through the estimator and the lock on one hand that run live."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from physio_core.camera.video import read_video
from physio_core.hands.canonical import hand_points
from physio_core.hands.cycles import CycleCounter
from physio_core.pose.choice import REFERENCE
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.pose.hand_tracker import HandTracker
from physio_core.types import Hand


@dataclass(frozen=True)
class Cycles:
    """What was counted in a clip.

    Attributes:
        count: openings or closings; see :class:`~physio_core.hands.cycles.CycleCounter`.
        followed: share of the images with the hand.
    """

    count: int
    followed: float


def hands_of(path: Path) -> Iterator[Hand]:
    """The hand that is followed, image by image.

    Raises:
        InputError: the clip cannot be played.
    """
    tracker = HandTracker(make_hand_estimator(HandConfig(hand_estimator=REFERENCE)))
    try:
        for frame in read_video(path):
            yield tracker.update(frame)
    finally:
        tracker.close()


def count_cycles(path: Path) -> Cycles:
    """Openings or closings in a clip; errors as :func:`hands_of`."""
    counter, followed, images = CycleCounter(), 0, 0
    for hand in hands_of(path):
        images += 1
        followed += hand.tracked
        counter.update(hand.stamp_s, hand_points(hand.skeleton), hand.side == "left")
    return Cycles(counter.count, followed / max(images, 1))
