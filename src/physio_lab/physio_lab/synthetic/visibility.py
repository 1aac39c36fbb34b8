"""How well the pose estimator sees the simulated patient: the check that the simulation is fit to test a coach with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from physio_core.pose.choice import MEDIAPIPE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.types import Frame
from physio_sim.clinic import Clinic
from physio_sim.params import ClinicConfig

PICTURE_HZ = 10.0


@dataclass(frozen=True)
class Visibility:
    """One exercise through the estimator.

    Attributes:
        exercise: what the patient does.
        images: how many were looked at.
        detected: share of them in which a person was found [0..1].
        confidence: mean over joints and images with a person [0..1]; NaN without any.
        error_px: median over those images of the median distance between joints found and true joints [px].
        worst_px: 90th percentile of the same.
    """

    exercise: str
    images: int
    detected: float
    confidence: float
    error_px: float
    worst_px: float


def measure(exercises: Sequence[str], config: ClinicConfig, seeds: int, seconds: float) -> Iterator[Visibility]:
    """Look at each exercise from where the robot stands.

    Args:
        exercises: their names.
        config: of the first clinic; the others have the seeds after its own.
        seeds: how many different patients.
        seconds: how long each is watched, from the start of the exercise [s].

    Raises:
        UnknownExercise: nobody can do one of them.
    """
    for exercise in exercises:
        seen = [
            measurement
            for seed in range(seeds)
            for measurement in _watch(exercise, replace(config, seed=config.seed + seed), seconds)
        ]
        found = np.array([measurement for measurement in seen if measurement is not None]).reshape(-1, 2)
        confidence, error_px = found.T if len(found) else np.full((2, 1), np.nan)
        median_px, worst_px = np.percentile(error_px, [50, 90])
        yield Visibility(exercise, len(seen), len(found) / len(seen), float(confidence.mean()), float(median_px), float(worst_px))


def _watch(exercise: str, config: ClinicConfig, seconds: float) -> Iterator[tuple[float, float] | None]:
    """Confidence and error [px] of each image; None where nobody was found."""
    clinic, estimator = Clinic(config), make_estimator(PoseConfig(estimator=MEDIAPIPE))
    try:
        clinic.ask(exercise)
        clinic.wait_for_start()
        start_s = clinic.now_s
        for index in range(round(seconds * PICTURE_HZ)):
            now_s = start_s + index / PICTURE_HZ
            clinic.advance(now_s)
            clinic.pose_people()
            skeleton = estimator.estimate(Frame(now_s, clinic.image()))
            if not skeleton.tracked:
                yield None
                continue
            off_px = (skeleton.points[:, :2] - clinic.skeleton()) * [config.width_px, config.height_px]
            yield float(skeleton.confidence.mean()), float(np.median(np.linalg.norm(off_px, axis=1)))
    finally:
        clinic.close()
        estimator.close()
