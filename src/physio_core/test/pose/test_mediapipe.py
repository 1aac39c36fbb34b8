"""The real estimator: nobody, a person, failures, missing models."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("mediapipe", reason="mediapipe is an option, and is not installed")

from physio_core.camera.video import read_video
from physio_core.errors import EstimatorError, ModelError
from physio_core.pose.choice import MEDIAPIPE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.types import Frame, Tracking

VIDEO = Path(os.environ.get("PHYSIO_DATA", Path(__file__).parents[5] / "shared" / "data")) / "videos" / "squat_side_darebee.mp4"
BLACK = Frame(0.0, np.zeros((240, 320, 3), np.uint8))


@pytest.fixture(scope="module")
def estimator():
    made = make_estimator(PoseConfig(estimator=MEDIAPIPE))
    yield made
    made.close()


@pytest.fixture(scope="module")
def person():
    if not VIDEO.exists():
        pytest.skip(f"real videos are not part of the product; none at {VIDEO} (set PHYSIO_DATA)")
    return next(read_video(VIDEO))


def test_a_black_image_holds_nobody(estimator):
    assert estimator.estimate(BLACK).status is Tracking.NOBODY


def test_a_person_has_eighteen_joints_the_right_way_up(estimator, person):
    skeleton = estimator.estimate(person)
    assert (skeleton.status, skeleton.layout, skeleton.points.shape) == (Tracking.TRACKED, "openpose_18", (18, 3))
    nose, hip, ankle = skeleton.points[[0, 8, 10], 1]
    assert 0.0 < nose < hip < ankle < 1.0
    assert skeleton.confidence.mean() > 0.8


def test_after_a_failure_the_next_good_image_works(estimator, person):
    """An empty image breaks MediaPipe's graph for good."""
    empty = SimpleNamespace(stamp_s=0.0, rgb=np.zeros((0, 0, 3), np.uint8))
    with pytest.raises(EstimatorError, match="0x0"):
        estimator.estimate(empty)
    assert estimator.estimate(person).tracked


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (PoseConfig(task_model_path="/no/pose.task"), "get a pose_landmarker .task file from https://"),
        (PoseConfig(task_model_path=__file__), "is not a MediaPipe pose_landmarker"),
        (PoseConfig(estimator=MEDIAPIPE, model_complexity=2), "1 comes with MediaPipe"),
    ],
)
def test_a_missing_or_wrong_model_is_refused_without_a_download(config, reason):
    with pytest.raises(ModelError, match=reason):
        make_estimator(config)
