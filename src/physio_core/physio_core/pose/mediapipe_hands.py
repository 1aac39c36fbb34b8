"""MediaPipe Hands (Zhang et al., MediaPipe Hands: on-device real-time hand tracking, 2020), from the model inside the package.

It names the side as if the image were mirrored, as a selfie is; the coach's images are not, so its left is the person's right.
Its presence score stays inside its graph, where a fall below ``min_tracking_confidence`` makes it detect again; what it tells is
how sure it is of the side, which falls on what is no hand, and is taken for presence here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import EstimatorError, ModelError
from physio_core.pose.hand_estimator import HandConfig, hand_in_image
from physio_core.pose.mediapipe import mp
from physio_core.types import Frame, Hand

MODELS = Path(mp.__file__).parent / "modules" / "hand_landmark"
MOST_HANDS = 2
_SIDES = {"Left": "right", "Right": "left"}


class MediaPipeHands:
    """See :class:`~physio_core.pose.hand_estimator.HandEstimator`."""

    def __init__(self, config: HandConfig | None = None) -> None:
        """Load the model and run it once, so that the first real image is not late.

        Raises:
            ModelError: no model for that complexity, or one that cannot be used.
        """
        self._config = config or HandConfig()
        self.name = "hands by MediaPipe"
        self._open()

    def estimate(self, frame: Frame) -> Sequence[Hand]:
        """See :class:`~physio_core.pose.hand_estimator.HandEstimator`."""
        try:
            result = self._hands.process(frame.rgb)
        except (RuntimeError, ValueError) as error:
            # One failure breaks the graph for good.
            self.close()
            self._open()
            raise EstimatorError(f"MediaPipe failed on a {frame.rgb.shape[1]}x{frame.rgb.shape[0]} image: {error}") from error
        if not result.multi_hand_landmarks:
            return ()
        found = zip(result.multi_hand_landmarks, result.multi_handedness, strict=True)
        return tuple(_hand(frame, marks.landmark, which.classification[0]) for marks, which in found)

    def close(self) -> None:
        """Release the graph."""
        with contextlib.suppress(RuntimeError, ValueError):  # a broken graph complains again
            self._hands.close()

    def _open(self) -> None:
        config = self._config
        path = MODELS / f"hand_landmark_{('lite', 'full')[config.hand_model_complexity]}.tflite"
        if not path.exists():  # MediaPipe would try to download it
            raise ModelError(f"no model for hand_model_complexity {config.hand_model_complexity}: {path} is missing")
        try:
            self._hands = mp.solutions.hands.Hands(
                max_num_hands=MOST_HANDS,
                model_complexity=config.hand_model_complexity,
                min_detection_confidence=config.min_detection_confidence,
                min_tracking_confidence=config.min_tracking_confidence,
            )
            self._hands.process(np.zeros((64, 64, 3), np.uint8))
        except (RuntimeError, OSError) as error:
            raise ModelError(f"MediaPipe cannot use {path}: {error}") from error


def _hand(frame: Frame, landmarks: Sequence[Any], which: Any) -> Hand:
    """MediaPipe's 21 landmarks, which are in the order of ``hand_21``; it has our axes."""
    points = np.array([[mark.x, mark.y, mark.z] for mark in landmarks], np.float32)
    if not np.isfinite(points).all():
        raise EstimatorError("MediaPipe gave coordinates that are not finite")
    return hand_in_image(frame, points, _SIDES[which.label], float(np.clip(which.score, 0.0, 1.0)))
