"""What an estimator of hands is, so that MediaPipe Hands can be replaced without touching anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from physio_core.params import Parameters, param
from physio_core.types import Frame, Hand


@dataclass(frozen=True)
class HandConfig(Parameters):
    """How hands are detected."""

    hand_model_complexity: int = param(1, "0 light, 1 full; both come with the package.", low=0, high=1)
    min_detection_confidence: float = param(0.5, "Least score at which a new hand is accepted.", low=0.0, high=1.0)
    min_tracking_confidence: float = param(0.5, "Below this presence hands are searched for again.", low=0.0, high=1.0)


class HandEstimator(Protocol):
    """Finds the hands in each image of a sequence."""

    def estimate(self, frame: Frame) -> Sequence[Hand]:
        """Every hand that is seen, at most two; none: there is none.

        Raises:
            EstimatorError: the estimator failed; the next image may be given as if nothing had happened.
        """
        ...

    def close(self) -> None:
        """Release what the estimator holds."""
        ...


def make_hand_estimator(config: HandConfig) -> HandEstimator:
    """The estimator of hands that the parameters ask for.

    Raises:
        ModelError: its model file is missing or cannot be used.
    """
    # Loading MediaPipe takes seconds: only those who estimate pay for it.
    from physio_core.pose.mediapipe_hands import MediaPipeHands

    return MediaPipeHands(config)
