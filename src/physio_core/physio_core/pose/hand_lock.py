"""Follows one hand: the side that is asked for, and always the same person's.

Which hand it is, the estimator says for each image, and errs on some: a fist, or a palm seen from its edge. So a hand that moves
on without a jump keeps the side that most of its last images gave it, and only one that appears must be of the right side at
once.
Whether it is the same hand is :class:`~physio_core.pose.target_lock.TargetLock`'s question, with lengths in hand lengths.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from physio_core.params import Parameters, param
from physio_core.pose.target_lock import Body, LockConfig, TargetLock
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray, Hand, Reason, Skeleton, Tracking

PALM = tuple(HAND_21.index(joint) for joint in ("wrist", "index_mcp", "middle_mcp", "ring_mcp", "pinky_mcp"))
LENGTH_PER_PALM = 1.9
"""Wrist to the tip of the middle finger over wrist to its knuckle (Buryanov and Kotiuk, Proportions of hand segments, 2010)."""
VOTES = 15
"""Images that say which side a hand is: half a second of a usual camera."""
APART = 0.6
"""Two hands nearer than this are one hand that was found twice [hand lengths]."""


@dataclass(frozen=True)
class HandLockConfig(Parameters):
    """Which hand counts, and as the same one."""

    min_presence: float = param(0.6, "Least score of what counts as a hand.", low=0.0, high=1.0)
    min_hand_length: float = param(0.15, "Least length of a hand, as a share of the image's height.", low=0.0, high=1.0)
    max_hand_speed: float = param(12.0, "Fastest movement of the palm.", unit="hand lengths/s", low=1.0, high=50.0)
    max_hand_move: float = param(
        1.5, "Largest movement between two images, however far apart in time.", unit="hand lengths", low=0.2, high=5.0
    )
    hand_confirm_s: float = param(0.15, "A hand must be seen this long to be locked on.", unit="s", low=0.0, high=5.0)
    hand_lost_s: float = param(0.6, "No hand seen for this long: the lock is released.", unit="s", low=0.05, high=10.0)
    hand_relock_s: float = param(1.5, "Another hand seen for this long becomes the patient's.", unit="s", low=0.1, high=30.0)


class HandLock:
    """Decides for each image which hand is the patient's, and why none is.

    Attributes:
        side: which is asked for, ``left`` or ``right``; empty: whichever comes, but one.
    """

    def __init__(self, config: HandLockConfig | None = None) -> None:
        """Start without a hand."""
        self._config = config = config or HandLockConfig()
        self.side = ""
        self._same = LockConfig(
            max_body_speed=config.max_hand_speed, body_margin=0.35, max_body_move=config.max_hand_move,
            confirm_s=config.hand_confirm_s, lost_s=config.hand_lost_s, relock_s=config.hand_relock_s,
        )  # fmt: skip
        self._target = TargetLock(self._same, self._measure)
        self._votes: deque[str] = deque(maxlen=VOTES)
        self._body_id = ""
        self._centre_px: FloatArray | None = None

    @property
    def jumps(self) -> int:
        """How often what was found could not be the hand before."""
        return self._target.jumps

    def ask(self, side: str) -> None:
        """Follow this side from now on; another than before is another hand."""
        if side != self.side:
            self.side = side
            self.reset()

    def reset(self) -> None:
        """Forget the hand."""
        self._target = TargetLock(self._same, self._measure)
        self._votes.clear()
        self._body_id, self._centre_px = "", None

    def update(self, hands: Sequence[Hand], nothing: Skeleton) -> Hand:
        """The patient's hand, with its ``body_id``; else one without joints that says why not.

        Args:
            hands: all that were found in the image.
            nothing: the skeleton of an image without any.
        """
        seen = _apart([hand for hand in hands if self._counts(hand)])
        if not seen:
            self._target.update(nothing)
            return Hand(nothing, objection=Reason.NO_HAND)
        chosen, why = self._choose(seen)
        if chosen is None:
            self._target.update(nothing)
            return Hand(replace(nothing, status=Tracking.SOMEBODY_ELSE), objection=why)
        return self._followed(chosen)

    def _counts(self, hand: Hand) -> bool:
        return hand.presence >= self._config.min_presence and self._measure(hand.skeleton, self._same) is not None

    def _choose(self, seen: Sequence[Hand]) -> tuple[Hand | None, Reason]:
        """The hand that is followed already, or else the only one of the side that is asked for."""
        if self._centre_px is not None and self._body_id:
            nearest = min(seen, key=self._away)
            if self._away(nearest) <= self._config.max_hand_move:
                return nearest, Reason.NONE
        fitting = [hand for hand in seen if self.side in ("", hand.side)]
        if len(fitting) == 1:
            return fitting[0], Reason.NONE
        return None, Reason.TWO_HANDS if len(seen) > 1 else Reason.WRONG_HAND

    def _followed(self, hand: Hand) -> Hand:
        """The hand if it is the same as before for long enough; with the side that most of its images gave it."""
        skeleton = self._target.update(hand.skeleton)
        if not skeleton.tracked:
            why = Reason.SOMEBODY_ELSE if skeleton.status is Tracking.SOMEBODY_ELSE else Reason.NO_HAND
            return Hand(skeleton, objection=why)
        if skeleton.body_id != self._body_id:
            self._votes.clear()
            self._body_id = skeleton.body_id
        self._centre_px = _centre_px(skeleton)
        self._votes.append(hand.side)
        side = max(("left", "right"), key=lambda one: (self._votes.count(one), one == hand.side))
        if self.side not in ("", side):
            self.reset()
            return Hand(_without_joints(skeleton), objection=Reason.WRONG_HAND)
        return Hand(skeleton, side, hand.presence)

    def _away(self, hand: Hand) -> float:
        """How far a hand is from where the last one was [hand lengths]."""
        body = self._measure(hand.skeleton, self._same)
        if body is None or self._centre_px is None:
            return float("inf")
        return float(np.linalg.norm(body.centre_px - self._centre_px)) / body.height_px

    def _measure(self, skeleton: Skeleton, _: LockConfig) -> Body | None:
        """Place and length of a hand; None when it is too small, or its palm has no size at all.

        The palm's longest side tells the length: however a palm is turned, not all of its sides point at the camera.
        """
        if len(skeleton.points) != len(HAND_21.joints):
            return None
        pixels = skeleton.points[list(PALM), :2].astype(np.float64) * (skeleton.width_px, skeleton.height_px)
        palm_px = max(float(np.linalg.norm(pixels[2] - pixels[0])), 1.3 * float(np.linalg.norm(pixels[4] - pixels[1])))
        length_px = LENGTH_PER_PALM * palm_px
        if length_px < self._config.min_hand_length * skeleton.height_px or length_px <= 1.0:
            return None
        return Body(skeleton.stamp_s, pixels.mean(axis=0), length_px)


def _apart(hands: Sequence[Hand]) -> list[Hand]:
    """The hands without those that were found twice; the surer one stays."""
    kept: list[Hand] = []
    for hand in sorted(hands, key=lambda one: one.presence, reverse=True):
        centre_px = _centre_px(hand.skeleton)
        if all(float(np.linalg.norm(centre_px - _centre_px(one.skeleton))) > APART * _length_px(one.skeleton) for one in kept):
            kept.append(hand)
    return kept


def _centre_px(skeleton: Skeleton) -> FloatArray:
    centre: FloatArray = skeleton.points[list(PALM), :2].astype(np.float64).mean(axis=0)
    return centre * (skeleton.width_px, skeleton.height_px)


def _length_px(skeleton: Skeleton) -> float:
    pixels = skeleton.points[[PALM[0], PALM[2]], :2].astype(np.float64) * (skeleton.width_px, skeleton.height_px)
    return LENGTH_PER_PALM * float(np.linalg.norm(pixels[1] - pixels[0]))


def _without_joints(skeleton: Skeleton) -> Skeleton:
    return Skeleton(
        skeleton.stamp_s, Tracking.SOMEBODY_ELSE, skeleton.layout, width_px=skeleton.width_px, height_px=skeleton.height_px
    )
