"""Tries of hand items as the coach sees them: a patient's hand is drawn, and followed from image to image by its own tracker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from physio_core.motion.hand import HandMotion
from physio_core.pose.choice import REFERENCE
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.pose.hand_tracker import HandTracker
from physio_core.types import Frame, Skeleton
from physio_lab.synthetic.hand_renderer import HandRenderer
from physio_lab.synthetic.hand_scenes import HandScene
from physio_lab.synthetic.hand_trials import HandTrial

EVERY = 2
"""Images of a performance from one that is drawn to the next: 15 a second."""
VIEW = "palm"
"""What the exercises of items ask to be shown."""


@dataclass(frozen=True, eq=False)
class SeenTrial(HandTrial):
    """A try with what the coach's tracker said of each image.

    Attributes:
        seen: by image.
    """

    seen: tuple[Skeleton, ...] = ()

    def skeletons(self) -> Iterator[Skeleton]:
        """What the tracker said."""
        return iter(self.seen)


def seen(made: HandTrial, number: int) -> SeenTrial:
    """A try drawn and looked at; the number is the seed of room, light, skin and how the hand is held.

    Raises:
        SourceError: there is nothing to draw with.
    """
    drawn = HandScene.random(np.random.default_rng((number, 59)), view=VIEW)
    shape, motion = made.patient.shape, made.performance.motion
    away_m = drawn.at_m[2] * shape.length_m / drawn.shape.length_m
    scene = replace(drawn, shape=shape, side=made.side, at_m=(*drawn.at_m[:2], away_m))
    stamps_s, angles_rad = made.stamps_s[::EVERY], motion.angles_rad[::EVERY]
    still = np.zeros((len(stamps_s), 3))
    tracker = HandTracker(make_hand_estimator(HandConfig(hand_estimator=REFERENCE)))
    tracker.lock.ask(made.side)
    renderer = HandRenderer(scene)
    try:
        pictures = renderer.pictures(HandMotion(angles_rad, still, still.copy(), made.side))
        found = tuple(tracker.update(Frame(float(at), one.rgb)).skeleton for at, one in zip(stamps_s, pictures, strict=True))
    finally:
        renderer.close()
        tracker.close()
    return SeenTrial(**{one.name: getattr(made, one.name) for one in fields(HandTrial)}, seen=found)
