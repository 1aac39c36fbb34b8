"""Bodies without MediaPipe where it is hard: spoilt model files, tiny images, a body at the border, two that cross."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.image import read_image
from physio_core.errors import ModelError, RunnerUnavailable
from physio_core.pose import network
from physio_core.pose.blaze.body import BlazePose
from physio_core.pose.choice import BLAZE
from physio_core.pose.estimator import PoseConfig
from physio_core.pose.tracker import PoseTracker
from physio_core.runners.runner import ONNXRUNTIME, OPENVINO
from physio_core.share import shared_path
from physio_core.types import ByteImage, Frame, Tracking

IMAGE = read_image(Path(__file__).parents[4] / "docs/images/clinic_camera.png")
PERSON_LEFT_PX, PERSON_RIGHT_PX = 260, 405
CONFIG = PoseConfig(estimator=BLAZE, runner=ONNXRUNTIME)


@pytest.fixture(scope="module")
def opened() -> BlazePose:
    return BlazePose(CONFIG)


@pytest.fixture
def tracker(opened: BlazePose) -> PoseTracker:
    opened.estimate(Frame(0.0, np.zeros((240, 320, 3), np.uint8)))
    opened.searches = 0
    return PoseTracker(opened)


def moved(by_px: int) -> ByteImage:
    """The image moved to the left, its last column repeated."""
    return np.ascontiguousarray(np.take(IMAGE, np.clip(np.arange(IMAGE.shape[1]) + by_px, 0, IMAGE.shape[1] - 1), axis=1))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.unlink(), "is missing; restore models/mediapipe"),
        (lambda file: file.write_bytes(file.read_bytes()[:1000]), r"\(1000 bytes.*truncated or of another version"),
        (lambda file: shutil.copy(file.with_name("hand_landmark_full.onnx"), file), "truncated or of another version"),
    ],
)
def test_a_model_file_that_is_not_the_right_one_is_refused(
    spoil, reason, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SHA256SUMS", "pose_detection.onnx", "pose_landmark_full.onnx", "hand_landmark_full.onnx"):
        shutil.copy(shared_path("models", "mediapipe", name), tmp_path)
    spoil(tmp_path / "pose_landmark_full.onnx")
    monkeypatch.setattr(network, "shared_path", lambda *_: tmp_path)
    with pytest.raises(ModelError, match=rf"pose_landmark_full\.onnx.*{reason}"):
        BlazePose(CONFIG)


def test_a_runner_that_is_not_there_is_replaced_only_when_told_to_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for door in ("openvino_door", "litert_door"):
        monkeypatch.setitem(sys.modules, f"physio_core.runners.{door}", None)
    with pytest.raises(RunnerUnavailable, match="runner openvino is not installed"):
        BlazePose(PoseConfig(estimator=BLAZE, runner=OPENVINO))
    name = BlazePose(PoseConfig(estimator=BLAZE, runner=OPENVINO, runner_fallback=True)).name
    assert "onnxruntime cpu float32" in name and "because no runner for" in name and "openvino is not installed" in name


@pytest.mark.parametrize("size_px", [(16, 16), (16, 640)])
def test_an_image_of_hardly_any_pixels_holds_nobody(tracker: PoseTracker, size_px: tuple[int, int]) -> None:
    assert tracker.update(Frame(0.1, np.full((*size_px, 3), 90, np.uint8))).status is Tracking.NOBODY
    assert tracker.nobody == 1


def test_a_body_that_leaves_over_the_border_is_nobody_and_is_found_when_it_comes_back(tracker: PoseTracker) -> None:
    way_px = [0, 0, 0, 0, 60, 120, 180, 240, 300, 360, 420, 500, 500]
    seen = [tracker.update(Frame(index / 20.0, moved(by_px))) for index, by_px in enumerate(way_px)]
    assert seen[3].tracked and seen[-1].status is Tracking.NOBODY and tracker.failures == 0
    assert all(np.isfinite(one.points).all() and np.isfinite(one.world_m).all() for one in seen)
    before = tracker.searches
    back = [tracker.update(Frame(1.0 + index / 20.0, IMAGE)) for index in range(6)]
    assert back[-1].tracked and tracker.searches == before + 1


def test_two_who_cross_are_never_mixed_into_one(tracker: PoseTracker) -> None:
    """A second one walks by behind the person, from one border to the other."""
    walker, seen = IMAGE[195:440, PERSON_LEFT_PX:PERSON_RIGHT_PX][:, ::-1], []
    for index, at_px in enumerate([480] * 3 + list(range(480, 10, -40))):
        image = IMAGE.copy()
        image[195:440, at_px : at_px + walker.shape[1]] = walker
        if abs(at_px - PERSON_LEFT_PX) < walker.shape[1]:
            image[195:440, PERSON_LEFT_PX:PERSON_RIGHT_PX] = IMAGE[195:440, PERSON_LEFT_PX:PERSON_RIGHT_PX]
        seen.append(tracker.update(Frame(index / 15.0, image)))
    places_px = [float(one.points[[8, 11], 0].mean()) * 640 for one in seen if one.tracked]
    assert len({one.body_id for one in seen if one.tracked}) == 1 and len(places_px) > 6
    assert max(places_px) - min(places_px) < 40


def test_what_is_no_number_in_the_middle_of_a_film_is_counted_and_the_body_is_found_again(
    tracker: PoseTracker, opened: BlazePose, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = opened._network.runner._session
    nan = {"run": lambda names, feeds: [np.full_like(one, np.nan) for one in real.run(names, feeds)]}
    for index in range(4):
        tracker.update(Frame(index / 20.0, IMAGE))
    with monkeypatch.context() as broken:
        broken.setattr(opened._network.runner, "_session", type("Broken", (), {k: staticmethod(v) for k, v in nan.items()}))
        assert tracker.update(Frame(0.2, IMAGE)).status is Tracking.DETECTOR_FAILED
    assert (tracker.failures, tracker.searches) == (1, 1) and "NaN or infinity in Identity" in tracker.last_failure
    assert tracker.update(Frame(0.25, IMAGE)).tracked and tracker.searches == 2
