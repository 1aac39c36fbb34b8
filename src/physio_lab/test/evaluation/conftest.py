"""Movements filmed without a camera, and what a recogniser might have said of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from physio_core.action.model import Model
from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import EXERCISES, preferred_heading_rad
from physio_core.motion.projection import Camera, project, to_openpose_18
from physio_core.motion.style import Style
from physio_core.types import UNKNOWN, Prediction
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.evaluation.clip_label import summarise
from physio_lab.evaluation.evaluate import Case, Outcome
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.stream import Heard, Run

LABELS = ("squat", "lunge", UNKNOWN)


def film(name: str, seconds: float = 6.0, fps: float = 30.0) -> SkeletonSequence:
    """Someone exercising, as an estimator would see it."""
    movement, stamps_s = EXERCISES[name], np.arange(0.0, seconds, 1.0 / fps)
    phase = stamps_s / np.mean(movement.period_s)
    motion = movement.motion(phase, Style(), BodyShape()).placed(yaw_rad=preferred_heading_rad(name))
    body = to_openpose_18(positions(BodyShape(), motion))
    points, _ = project(body, Camera.looking_at(3.4, 0.0, 1.0, (body.max((0, 1)) + body.min((0, 1))) / 2, 62.0, 4 / 3))
    confidence = np.full(points.shape[:2], 0.97, np.float32)
    return SkeletonSequence(
        points[None].astype(np.float32), confidence[None], stamps_s, "openpose_18", name, name, width_px=640, height_px=480
    )


@pytest.fixture(scope="session", name="film")
def film_fixture() -> Callable[..., SkeletonSequence]:
    return film


@pytest.fixture(scope="session")
def squat() -> Case:
    return Case(Clip(Path("squat.mp4"), "squat", "A", "side"), film("squat"))


@pytest.fixture
def outcome() -> Callable[..., Outcome]:
    """What came of a clip of which at each tenth of a second one label was said, with a confidence."""

    def make(truth: str, said: list[tuple[str, float]], speed: float = 1.0) -> Outcome:
        predictions = []
        for index, (label, confidence) in enumerate(said):
            scores = np.full(len(LABELS), (1.0 - confidence) / (len(LABELS) - 1), np.float32)
            scores[LABELS.index(label)] = confidence
            predictions.append(Prediction(index / 10, label, confidence, LABELS, scores))
        logits = np.log(np.stack([one.scores for one in predictions])) if said else np.zeros((0, len(LABELS)), np.float32)
        every = np.ones(len(said), bool)
        nothing = np.zeros((len(said), len(LABELS)), bool)
        heard = Heard(np.arange(len(said)), logits, every, nothing, np.arange(len(said)) == 0, 10.0)
        run = Run(tuple(predictions), logits, np.full(len(said), speed, np.float32), Model.energy(logits), heard)
        return Outcome(Clip(Path(f"{truth}.mp4"), truth, "A", "front"), truth, summarise(predictions), "", run)

    return make
