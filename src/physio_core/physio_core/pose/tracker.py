"""Image in, smoothed skeleton of one person out: the same for the live node and for evaluating recorded videos."""

from __future__ import annotations

from physio_core.errors import EstimatorError
from physio_core.pose.estimator import PoseEstimator
from physio_core.pose.target_lock import LockConfig, TargetLock
from physio_core.skeleton.smooth import SkeletonSmoother, SmoothConfig
from physio_core.types import Frame, Skeleton, Tracking

IMAGE_WIDTH_M = 3.0
"""About what an image shows at the distance of a person who fills it."""


class PoseTracker:
    """Estimates, tracks one person and smooths, and counts what happened.

    Attributes:
        frames: images given.
        failures: images on which the estimator failed.
        nobody: images without a person.
        last_failure: why it failed last; empty: never.
        lock: the lock on one person, with its own counters.
    """

    def __init__(self, estimator: PoseEstimator, lock: LockConfig | None = None, smooth: SmoothConfig | None = None) -> None:
        """Take over the estimator; :meth:`close` closes it."""
        self._estimator = estimator
        self._smoother = SkeletonSmoother(smooth, IMAGE_WIDTH_M)
        self.lock = TargetLock(lock)
        self.frames = self.failures = self.nobody = 0
        self.last_failure = ""

    @property
    def searches(self) -> int:
        """How often the estimator looked for a body anywhere in the image."""
        return self._estimator.searches

    def update(self, frame: Frame) -> Skeleton:
        """The person in the next image; a failing estimator gives DETECTOR_FAILED, never an exception."""
        self.frames += 1
        height_px, width_px = frame.rgb.shape[:2]
        try:
            found = self._estimator.estimate(frame)
        except EstimatorError as error:
            self.failures += 1
            self.last_failure = str(error)
            found = Skeleton(frame.stamp_s, Tracking.DETECTOR_FAILED, width_px=width_px, height_px=height_px)
        skeleton = self.lock.update(found)
        self.nobody += skeleton.status is Tracking.NOBODY
        return self._smoother.update(skeleton) if skeleton.tracked else skeleton

    def close(self) -> None:
        """Release the estimator."""
        self._estimator.close()
