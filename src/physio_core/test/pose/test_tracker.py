"""Estimate, lock and smooth together, with an estimator that does as it is told."""

from __future__ import annotations

import numpy as np

from physio_core.errors import EstimatorError
from physio_core.pose.tracker import PoseTracker
from physio_core.skeleton.smooth import SmoothConfig
from physio_core.types import Frame, Skeleton, Tracking

RGB = np.zeros((480, 640, 3), np.uint8)
POSE = np.array([
    [0.5, 0.2], [0.5, 0.28], [0.44, 0.28], [0.43, 0.41], [0.43, 0.52], [0.56, 0.28], [0.57, 0.41], [0.57, 0.52],
    [0.47, 0.5], [0.47, 0.68], [0.47, 0.86], [0.53, 0.5], [0.53, 0.68], [0.53, 0.86],
    [0.49, 0.18], [0.51, 0.18], [0.48, 0.19], [0.52, 0.19],
], np.float32)  # fmt: skip


class Scripted:
    """Sees what the script says: an offset of the person, None for nobody, or an error."""

    def __init__(self, script):
        self._script = iter(script)
        self.closed = False

    def estimate(self, frame):
        told = next(self._script)
        if isinstance(told, Exception):
            raise told
        size = {"width_px": 640, "height_px": 480}
        if told is None:
            return Skeleton(frame.stamp_s, Tracking.NOBODY, **size)
        points = np.column_stack([POSE + told, np.zeros(18, np.float32)]).astype(np.float32)
        sure, world_m = np.full(18, 0.9, np.float32), np.full((18, 3), told, np.float32)
        return Skeleton(frame.stamp_s, Tracking.TRACKED, "openpose_18", points, sure, world_m=world_m, **size)

    def close(self):
        self.closed = True


def track(script, fps=30.0, **smooth):
    tracker = PoseTracker(Scripted(script), smooth=SmoothConfig(**smooth))
    return tracker, [tracker.update(Frame(index / fps, RGB)) for index in range(len(script))]


def test_a_failing_estimator_is_counted_and_the_next_image_works():
    tracker, seen = track([0.0] * 10 + [EstimatorError("broken")] + [0.0] * 10)
    assert seen[10].status is Tracking.DETECTOR_FAILED
    assert seen[11].tracked
    assert seen[11].body_id == seen[9].body_id
    assert (tracker.frames, tracker.failures, tracker.last_failure) == (21, 1, "broken")


def test_nobody_is_counted_apart_from_failures():
    tracker, seen = track([None] * 5)
    assert {skeleton.status for skeleton in seen} == {Tracking.NOBODY}
    assert (tracker.nobody, tracker.failures) == (5, 0)


def test_jitter_is_smoothed_and_confidence_left_alone():
    jitter = np.random.default_rng(0).normal(0.0, 0.001, 90)
    _, seen = track(list(jitter))
    nose_x = np.array([skeleton.points[0, 0] for skeleton in seen[30:]])
    assert nose_x.std() < 0.6 * jitter[30:].std()
    assert np.std([skeleton.world_m[0, 0] for skeleton in seen[30:]]) < 0.6 * jitter[30:].std()
    assert seen[-1].confidence[0] == np.float32(0.9)


def test_another_person_is_not_smoothed_into_the_first():
    _, seen = track([0.0] * 10 + [None] * 20 + [0.3] * 10)
    newcomer = next(skeleton for skeleton in seen[30:] if skeleton.tracked)
    assert newcomer.body_id != seen[9].body_id
    assert np.allclose(newcomer.points[:, :2], POSE + 0.3, atol=1e-6)


def test_closing_closes_the_estimator():
    estimator = Scripted([])
    PoseTracker(estimator).close()
    assert estimator.closed
