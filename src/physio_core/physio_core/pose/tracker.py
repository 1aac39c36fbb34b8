"""Image in, smoothed skeleton of one person out: the same for the live node and for evaluating recorded videos."""

from __future__ import annotations

from dataclasses import replace

from physio_core.errors import EstimatorError
from physio_core.pose.estimator import PoseEstimator
from physio_core.pose.target_lock import LockConfig, TargetLock
from physio_core.skeleton.smooth import OneEuro, SmoothConfig
from physio_core.types import Frame, Skeleton, Tracking

IMAGE_WIDTH_M = 3.0
"""About what an image shows at the distance of a person who fills it: joints in space are smoothed like those in the image."""


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
        smooth = smooth or SmoothConfig()
        self._in_image = OneEuro(smooth)
        self._in_space = OneEuro(replace(smooth, smooth_beta=smooth.smooth_beta / IMAGE_WIDTH_M))
        self._body_id = ""
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
        if not skeleton.tracked:
            return skeleton
        if skeleton.body_id != self._body_id:
            self._in_image.reset()
            self._in_space.reset()
            self._body_id = skeleton.body_id
        points = self._in_image.update(skeleton.points, skeleton.stamp_s)
        return replace(skeleton, points=points, world_m=self._in_space.update(skeleton.world_m, skeleton.stamp_s))

    def close(self) -> None:
        """Release the estimator."""
        self._estimator.close()
