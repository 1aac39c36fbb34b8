"""Hands of a video: detected in each image, followed from image to image in both directions, without any judgement yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from physio_core.errors import EstimatorError, RunnerError
from physio_core.params import Parameters, param
from physio_core.pose.blaze.hands import hand_region
from physio_core.pose.blaze.regions import Region, overlap
from physio_core.types import BoolArray, ByteImage, FloatArray, Frame
from physio_lab.refining.filters import Candidates
from physio_lab.refining.heads import Heads
from physio_lab.refining.networks import HandNetworks, in_image

CHUNK = 96
"""Images that are held at a time."""
LIKE = 0.5
"""Overlap from which two regions are one."""
SURE = 0.8
"""Presence of a followed hand from which no other is searched for in its place."""
NO, FORWARD, BOTH = "no", "forward", "both"


@dataclass(frozen=True)
class SeeConfig(Parameters):
    """How hands are looked for."""

    min_score: float = param(0.5, "How sure the detector must be of a palm.", low=0.01, high=1.0)
    min_presence: float = param(0.5, "How sure the landmark network must be of a hand that is followed.", low=0.0, high=1.0)
    most_hands: int = param(2, "Hands that can be in view; one more is looked at, which the filters may choose.", low=1, high=8)
    follow: str = param(BOTH, "Hands are followed from image to image: not, forwards, or both ways.", choices=(NO, FORWARD, BOTH))


@dataclass(frozen=True)
class SeenHand:
    """One hand of one image.

    Attributes:
        points: (21, 3) depth too [px].
        presence: how sure the network is of it [0..1].
        left: how sure of a left one [0..1].
    """

    points: FloatArray
    presence: float
    left: float

    @property
    def region(self) -> Region:
        """Around it."""
        return hand_region(self.points[:, :2])


class HandSeer:
    """Networks with their last layers."""

    def __init__(self, networks: HandNetworks, heads: Heads | None = None, config: SeeConfig | None = None) -> None:
        """Take them over."""
        self.networks, self.heads, self.config = networks, heads or Heads(), config or SeeConfig()

    def see(self, frames: Iterable[Frame], detect: BoolArray | None = None) -> Candidates:
        """All hands of a video.

        Args:
            frames: its images.
            detect: (T,) images in which the detector may be used, to try what becomes of a poor one; None: all.

        Raises:
            EstimatorError: a network failed.
        """
        stamps: list[float] = []
        hands: list[list[SeenHand]] = []
        images, height_px = iter(frames), 0
        try:
            while chunk := list(islice(images, CHUNK)):
                height_px = chunk[0].rgb.shape[0]
                allowed = None if detect is None else detect[len(stamps) : len(stamps) + len(chunk)]
                hands += self._chunk([frame.rgb for frame in chunk], hands[-1] if hands else [], allowed)
                stamps += [frame.stamp_s for frame in chunk]
        except RunnerError as error:
            raise EstimatorError(f"{error}, at {stamps[-1] if stamps else 0.0:.2f} s") from error
        return candidates(stamps, hands, self.config.most_hands + 1, height_px)

    def look(self, rgb: ByteImage, region: Region) -> SeenHand | None:
        """The hand of a region, looked at again where it was found to be; None: there is nothing to look at."""
        first = self._look(rgb, region)
        return self._look(rgb, first.region) if first and first.region.usable else first

    def _look(self, rgb: ByteImage, region: Region) -> SeenHand | None:
        if not region.usable:
            return None
        seen = self.heads.look(self.networks, rgb, region)
        return SeenHand(in_image(region, seen.marks), seen.presence, seen.left)

    def _chunk(self, images: Sequence[ByteImage], before: list[SeenHand], detect: BoolArray | None) -> list[list[SeenHand]]:
        made: list[list[SeenHand]] = []
        for number, rgb in enumerate(images):
            hands = list(self._followed(rgb, before)) if self.config.follow != NO else []
            sure = [hand for hand in hands if hand.presence >= SURE]
            if len(sure) < self.config.most_hands and (detect is None or detect[number]):
                for region in self.heads.regions(self.networks, rgb, self.config.most_hands + 1, self.config.min_score):
                    hand = self.look(rgb, region)
                    hands += [hand] if hand else []
            before = self._best(hands)
            made.append(before)
        if self.config.follow == BOTH:
            for number in range(len(images) - 2, -1, -1):
                if sum(hand.presence >= self.config.min_presence for hand in made[number]) < self.config.most_hands:
                    made[number] = self._best([*made[number], *self._followed(images[number], made[number + 1])])
        return made

    def _followed(self, rgb: ByteImage, before: Iterable[SeenHand]) -> Iterator[SeenHand]:
        for hand in before:
            if hand.presence >= self.config.min_presence:
                seen = self._look(rgb, hand.region)
                if seen and seen.presence >= self.config.min_presence:
                    yield seen

    def _best(self, hands: Iterable[SeenHand]) -> list[SeenHand]:
        best: list[SeenHand] = []
        for hand in sorted(hands, key=lambda hand: -hand.presence):
            if hand.region.usable and all(overlap(hand.region, other.region) < LIKE for other in best):
                best.append(hand)
        return best[: self.config.most_hands + 1]


def candidates(stamps_s: Sequence[float], hands: Sequence[Sequence[SeenHand]], most: int, height_px: int) -> Candidates:
    """Hands of T images as arrays of at most ``most`` each."""
    points = np.full((len(hands), most, 21, 3), np.nan)
    presence, left = np.zeros((2, len(hands), most))
    for number, some in enumerate(hands):
        for column, hand in enumerate(some):
            points[number, column], presence[number, column], left[number, column] = hand.points, hand.presence, hand.left
    return Candidates(np.array(stamps_s, float), points, presence, left, height_px)
