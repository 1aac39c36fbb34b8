"""What the estimators that follow a body by their own code have in common: found, followed, lost and found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.image import read_image
from physio_core.errors import EstimatorError, RunnerError
from physio_core.pose.blaze.body import BlazePose
from physio_core.pose.choice import BLAZE, MOVENET
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.movenet import MoveNet
from physio_core.runners.runner import ONNXRUNTIME, OPENVINO
from physio_core.types import Frame, Tracking

PERSON = Frame(1.0, read_image(Path(__file__).parents[4] / "docs/images/clinic_camera.png"))
BLACK = Frame(2.0, np.zeros((240, 320, 3), np.uint8))
Follower = BlazePose | MoveNet


@pytest.fixture(scope="module", params=[(BLAZE, ONNXRUNTIME), (BLAZE, OPENVINO), (MOVENET, ONNXRUNTIME)], ids="-".join)
def opened(request: pytest.FixtureRequest) -> Follower:
    estimator, runner = request.param
    if runner == OPENVINO:
        pytest.importorskip("openvino", reason="openvino is installed on x86 only")
    made = make_estimator(PoseConfig(estimator=estimator, runner=runner))
    assert isinstance(made, Follower)
    return made


@pytest.fixture
def follower(opened: Follower) -> Follower:
    opened.estimate(BLACK)
    opened.searches = 0
    return opened


def test_a_body_is_searched_for_once_then_followed_then_searched_for_again(follower: Follower) -> None:
    assert [follower.estimate(PERSON).status for _ in range(3)] == [Tracking.TRACKED] * 3 and follower.searches == 1
    lost = follower.estimate(BLACK)
    assert lost.status is Tracking.NOBODY and (lost.width_px, lost.height_px) == (320, 240) and follower.searches == 1
    assert follower.estimate(PERSON).tracked and follower.searches == 2


def test_an_image_of_hardly_any_pixels_holds_nobody(follower: Follower) -> None:
    assert follower.estimate(PERSON).tracked
    assert follower.estimate(Frame(3.0, PERSON.rgb[:16, :16])).status is Tracking.NOBODY


def test_a_network_that_fails_is_no_missing_person_and_the_next_image_is_searched(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower.estimate(PERSON)
    with monkeypatch.context() as broken:
        broken.setattr(follower._network.runner, "run", lambda _: (_ for _ in ()).throw(RunnerError("gave NaN in Identity")))
        with pytest.raises(EstimatorError, match="NaN in Identity, on a 640x480 image"):
            follower.estimate(PERSON)
    assert follower.estimate(PERSON).tracked and follower.searches == 2
