"""How long the coach takes for one image of a hand, by the networks that may look at it, and for the score of a try."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from physio_core.errors import EstimatorError
from physio_core.hands.scoring import FmaScorer
from physio_core.hands.trial import Trial
from physio_core.motion.hand import HandMotion
from physio_core.motion.hand_postures import hand_posture_rad
from physio_core.pose.choice import REFERENCE, chosen
from physio_core.pose.estimator import with_runner
from physio_core.pose.hand_estimator import OWN, HandConfig, make_hand_estimator
from physio_core.pose.hand_tracker import HandTracker
from physio_core.types import FloatArray, Frame
from physio_lab.synthetic.hand_renderer import HandRenderer
from physio_lab.synthetic.hand_scenes import HandScene
from physio_lab.synthetic.hand_trials import patient_of, trial_of

IMAGES, RATE_HZ = 90, 30.0
ITEM, CALLS = "mass_flexion", 20


def measure_hands() -> dict[str, float]:
    """Means over :data:`IMAGES` images of a rendered hand that closes and opens, and the median of :data:`CALLS` scores.

    Returns:
        ``hand_image_ms``: what the hand node does with an image, by the estimator that is taken here;
        ``hand_mediapipe_ms``: the same by MediaPipe Hands, or by its networks where that is not installed;
        ``hand_own_ms``: the same with landmarks of our own, by the runner of the first;
        ``hand_own_over_mediapipe``, ``hand_own_over_taken``: this over the one before, and over the first;
        ``hand_score_ms``: a try of a Fugl-Meyer item, from its landmarks to its score.

    Raises:
        EstimatorError: the hand is not seen.
        ModelError: a model does not ship here.
        SourceError: there is nothing to draw with.
    """
    image_ms = _images_ms(
        _frames(HandScene()),
        {
            "image": HandConfig(),
            "mediapipe": HandConfig(hand_estimator=REFERENCE),
            "own": with_runner(HandConfig(hand_estimator=OWN), chosen()),
        },
    )
    trial = Trial.of(trial_of(patient_of(0), ITEM, (0,)).skeletons())
    scorer = FmaScorer()
    return {
        **{f"hand_{name}_ms": found for name, found in image_ms.items()},
        "hand_own_over_mediapipe": image_ms["own"] / image_ms["mediapipe"],
        "hand_own_over_taken": image_ms["own"] / image_ms["image"],
        "hand_score_ms": float(np.median([_timed_ms(lambda: scorer.score(trial, ITEM)) for _ in range(CALLS)])),
    }


def _frames(scene: HandScene) -> list[Frame]:
    """A hand that closes and opens."""
    opened, closed = (hand_posture_rad(name) for name in ("open", "fist"))
    share = 0.5 - 0.5 * np.cos(np.linspace(0.0, 2.0 * np.pi, IMAGES))
    still: FloatArray = np.zeros((IMAGES, 3))
    renderer = HandRenderer(scene)
    try:
        motion = HandMotion(opened + share[:, None] * (closed - opened), still, still.copy(), scene.side)
        return [Frame(number / RATE_HZ, picture.rgb) for number, picture in enumerate(renderer.pictures(motion))]
    finally:
        renderer.close()


def _images_ms(frames: list[Frame], configs: Mapping[str, HandConfig]) -> dict[str, float]:
    """Mean time of an image by each estimator, as not every image is searched; in turn, so that what else runs slows all."""
    trackers = {name: HandTracker(make_hand_estimator(config)) for name, config in configs.items()}
    took_ms: dict[str, list[float]] = {name: [] for name in trackers}
    try:
        for frame in frames:
            for name, tracker in trackers.items():
                took_ms[name].append(_timed_ms(partial(tracker.update, frame)))
    finally:
        for tracker in trackers.values():
            tracker.close()
    for name, tracker in trackers.items():
        if 2 * sum(tracker.refused.values()) > len(frames):
            raise EstimatorError(
                f"hand_estimator {configs[name].hand_estimator} sees the rendered hand in fewer than half of the images"
            )
    return {name: float(np.mean(times)) for name, times in took_ms.items()}


def _timed_ms(call: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    call()
    return (time.perf_counter() - started_s) * 1e3
