"""What an estimator of hands is, so that MediaPipe Hands can be replaced without touching anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from physio_core.params import param
from physio_core.pose.choice import AUTO, BLAZE, MEDIAPIPE, chosen
from physio_core.pose.estimator import ESTIMATORS, check_mediapipe, with_runner
from physio_core.runners.runner import RunnerConfig
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray, Frame, Hand, Skeleton, Tracking

OWN = "own"
"""The networks of blaze with landmarks of our own, which rendered hands taught."""
PALM_M = 0.092
"""From the wrist to the knuckle of the middle finger of a mean hand [m]: an image does not tell how large a hand is."""
_WRIST, _KNUCKLE = HAND_21.index("wrist"), HAND_21.index("middle_mcp")


@dataclass(frozen=True)
class HandConfig(RunnerConfig):
    """How hands are detected."""

    hand_estimator: str = param(
        AUTO,
        "As estimator of pose; auto takes what was measured for bodies; own: blaze with landmarks that rendered hands taught.",
        choices=(*ESTIMATORS, OWN),
    )
    hand_model_complexity: int = param(1, "0 light, 1 full; both come with the package.", low=0, high=1)
    min_detection_confidence: float = param(0.5, "Least score at which a new hand is accepted.", low=0.0, high=1.0)
    min_tracking_confidence: float = param(0.5, "Below this presence hands are searched for again.", low=0.0, high=1.0)


class HandEstimator(Protocol):
    """Finds the hands in each image of a sequence.

    Attributes:
        name: what estimates, for logs: the networks and what runs them.
    """

    name: str

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
    """The estimator of hands that the parameters ask for; its name says why it is that one.

    Raises:
        ModelError: its model file is missing or cannot be used.
        RunnerUnavailable: it, or what runs it, is not installed, or this machine cannot do it.
        ConfigError: the file with what was measured cannot be read.
    """
    config, why = _settled(config)
    estimator = _make(config)
    if why:
        estimator.name += f" ({why})"
    return estimator


def _settled(config: HandConfig) -> tuple[HandConfig, str]:
    if config.hand_estimator != AUTO:
        return config, ""
    if config.hand_model_complexity != 1:
        return replace(config, hand_estimator=MEDIAPIPE), "it alone has that model"
    choice = chosen()
    return replace(with_runner(config, choice), hand_estimator=choice.estimator), choice.why


def _make(config: HandConfig) -> HandEstimator:
    if config.hand_estimator in (BLAZE, OWN):
        from physio_core.pose.blaze.hands import BlazeHands

        return BlazeHands(config)
    check_mediapipe()
    # Loading MediaPipe takes seconds: only those who estimate pay for it.
    from physio_core.pose.mediapipe_hands import MediaPipeHands

    return MediaPipeHands(config)


def hand_in_image(frame: Frame, points: FloatArray, side: str, presence: float) -> Hand:
    """A hand from its landmarks in the image.

    Joints in space are those of the image, depth included, brought to the size of a mean hand: what the network guesses in
    space itself has fingers of half the length where a hand points at the camera.

    Args:
        frame: the image.
        points: (21, 3) in the order of ``hand_21``, as :class:`~physio_core.types.Skeleton` has them.
        side: the person's own.
        presence: how sure it is that this is a hand [0..1].
    """
    height_px, width_px = frame.rgb.shape[:2]
    skeleton = Skeleton(
        frame.stamp_s, Tracking.TRACKED, HAND_21.name, points, np.full(len(points), presence, np.float32),
        width_px=width_px, height_px=height_px, world_m=_in_space(points, width_px, height_px),
    )  # fmt: skip
    return Hand(skeleton, side, presence)


def _in_space(points: FloatArray, width_px: int, height_px: int) -> FloatArray:
    """Landmarks (21, 3) of the image, from the wrist [m]; all 0 where the palm has no length."""
    from_wrist = (points - points[_WRIST]) * np.array([width_px, height_px, width_px], np.float32)
    palm_px = float(np.linalg.norm(from_wrist[_KNUCKLE]))
    return np.asarray(from_wrist * (PALM_M / palm_px if palm_px > 0.0 else 0.0), np.float32)
