"""Image in, one smoothed hand out: the same for the live node and for recorded videos."""

from __future__ import annotations

from dataclasses import replace

from physio_core.errors import EstimatorError
from physio_core.pose.hand_estimator import HandEstimator
from physio_core.pose.hand_lock import HandLock, HandLockConfig
from physio_core.skeleton.layouts import HAND_21
from physio_core.skeleton.smooth import SkeletonSmoother, SmoothConfig
from physio_core.types import Frame, Hand, Reason, Skeleton, Tracking

IMAGE_WIDTH_M = 0.6
"""About what an image shows at the distance of a hand that fills a third of it."""
DARK_BELOW = 24.0
"""An image whose brightest tenth is below this [0..255] shows no hand, whatever is in it."""
_EVERY_PX = 16


class HandTracker:
    """Estimates, follows one hand and smooths, and counts what happened.

    Attributes:
        frames: images given.
        failures: images on which the estimator failed.
        refused: images without the hand that is asked for, by why.
        last_failure: why it failed last; empty: never.
        lock: the lock on one hand.
    """

    def __init__(self, estimator: HandEstimator, lock: HandLockConfig | None = None, smooth: SmoothConfig | None = None) -> None:
        """Take over the estimator; :meth:`close` closes it."""
        self._estimator = estimator
        self._smoother = SkeletonSmoother(smooth, IMAGE_WIDTH_M)
        self.lock = HandLock(lock)
        self.frames = self.failures = 0
        self.refused: dict[Reason, int] = {}
        self.last_failure = ""

    def update(self, frame: Frame) -> Hand:
        """The hand in the next image; a failing estimator gives DETECTOR_FAILED, never an exception."""
        self.frames += 1
        height_px, width_px = frame.rgb.shape[:2]
        nothing = Skeleton(frame.stamp_s, Tracking.NOBODY, HAND_21.name, width_px=width_px, height_px=height_px)
        try:
            found = self._estimator.estimate(frame)
        except EstimatorError as error:
            self.failures += 1
            self.last_failure = str(error)
            return Hand(replace(nothing, status=Tracking.DETECTOR_FAILED), objection=Reason.DETECTOR_FAILED)
        hand = self.lock.update(found, nothing)
        if hand.objection is Reason.NO_HAND and not found and _dark(frame):
            hand = replace(hand, objection=Reason.DARK)
        if not hand.tracked:
            self.refused[hand.objection] = self.refused.get(hand.objection, 0) + 1
            return hand
        return replace(hand, skeleton=self._smoother.update(hand.skeleton))

    def close(self) -> None:
        """Release the estimator."""
        self._estimator.close()


def _dark(frame: Frame) -> bool:
    part = frame.rgb[::_EVERY_PX, ::_EVERY_PX].max(axis=2).ravel()
    part.sort()
    return bool(part[int(0.9 * len(part))] < DARK_BELOW)
