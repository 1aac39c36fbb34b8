"""What MediaPipe sees of a rendered person: every place that compares it with the truth looks the same way."""

from __future__ import annotations

import numpy as np

from physio_core.skeleton.layouts import BODY_25
from physio_core.types import FloatArray, Frame
from physio_lab.synthetic.shots import ShotSpec


def seen_by_mediapipe(shot: ShotSpec, rate_hz: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Render a shot and look at each image.

    Args:
        shot: whom it shows.
        rate_hz: images a second [Hz].

    Returns:
        Points (T, 25, 3) as :class:`~physio_core.types.Skeleton` has them, confidence (T, 25), joints in space (T, 25, 3) [m];
        zeros where nobody was tracked.

    Raises:
        RunnerUnavailable: MediaPipe is not installed.
    """
    from physio_core.pose.choice import MEDIAPIPE
    from physio_core.pose.estimator import PoseConfig, make_estimator
    from physio_lab.synthetic.shot_renderer import ShotRenderer

    points, world_m = (np.zeros((len(shot.points), len(BODY_25.joints), 3), np.float32) for _ in range(2))
    confidence = np.zeros(points.shape[:2], np.float32)
    renderer, estimator = ShotRenderer(shot), make_estimator(PoseConfig(estimator=MEDIAPIPE), BODY_25)
    try:
        for index, rgb in enumerate(renderer.images()):
            found = estimator.estimate(Frame(index / rate_hz, rgb))
            if found.tracked:
                points[index], confidence[index], world_m[index] = found.points, found.confidence, found.world_m
    finally:
        renderer.close()
        estimator.close()
    return points, confidence, world_m
