"""MoveNet behind the protocol of estimators: what its makers' own library gives, followed by their rule, and nothing invented."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.crop import crop
from physio_core.camera.image import read_image
from physio_core.camera.video import read_video
from physio_core.errors import ModelError
from physio_core.pose import network
from physio_core.pose.blaze.regions import Region, whole
from physio_core.pose.choice import BLAZE, MOVENET
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.movenet import FILE, FOLDER, OUTPUT, MoveNet, next_region, steadier
from physio_core.pose.network import Network
from physio_core.pose.tracker import PoseTracker
from physio_core.runners.runner import ONNXRUNTIME, OPENVINO, RunnerConfig
from physio_core.share import shared_path
from physio_core.skeleton.layouts import BODY_25, COCO_17
from physio_core.types import Frame

PERSON = Frame(1.0, read_image(Path(__file__).parents[4] / "docs/images/clinic_camera.png"))
GIVEN_BY_TENSORFLOW_JS = [
    [0.5108, 0.5583, 0.3771], [0.4985, 0.5540, 0.3228], [0.5038, 0.5660, 0.3668], [0.4916, 0.5386, 0.4779],
    [0.4957, 0.5700, 0.6083], [0.5079, 0.5048, 0.5504], [0.5331, 0.5747, 0.6506], [0.5336, 0.4471, 0.5569],
    [0.5545, 0.5781, 0.3265], [0.5664, 0.4638, 0.2125], [0.5667, 0.5535, 0.1597], [0.6230, 0.4510, 0.5507],
    [0.6328, 0.5192, 0.4917], [0.6579, 0.4447, 0.4100], [0.6646, 0.5610, 0.4228], [0.7617, 0.4755, 0.3349],
    [0.7510, 0.5311, 0.2920],
]  # fmt: skip
"""y, x and score of each joint for :data:`PERSON`, by version 4.22 from the file that ours was converted from."""
LEFT_HIP, RIGHT_HIP, LEFT_SHOULDER, NOSE = map(COCO_17.index, ("left_hip", "right_hip", "left_shoulder", "nose"))


@pytest.fixture
def movenet() -> MoveNet:
    return MoveNet(PoseConfig(estimator=MOVENET), BODY_25)


@pytest.mark.parametrize("runner", [ONNXRUNTIME, OPENVINO])
def test_the_shipped_file_gives_what_its_makers_library_gives(runner: str) -> None:
    if runner == OPENVINO:
        pytest.importorskip("openvino", reason="openvino is installed on x86 only")
    opened = Network(FILE, RunnerConfig(runner=runner), (OUTPUT,), highest=255.0, folder=FOLDER)
    square = crop(PERSON.rgb, whole(640, 480).to_image(opened.size_px), opened.size_px, black_outside=True)
    np.testing.assert_allclose(opened.run(square)[OUTPUT][0, 0], GIVEN_BY_TENSORFLOW_JS, atol=0.004)


def test_a_person_is_followed_as_the_other_estimators_follow_him_without_feet_or_depth(movenet: MoveNet) -> None:
    frames = list(read_video(shared_path("config", "pose", "squat.mp4")))[:40]
    tracker, other = PoseTracker(movenet), make_estimator(PoseConfig(estimator=BLAZE), BODY_25)
    seen = [(tracker.update(frame), other.estimate(frame)) for frame in frames]
    given, wanted = seen[-1]
    assert movenet.searches == 1 and all(one.tracked for one, _ in seen[20:])
    feet = [BODY_25.index(f"{side}_{part}") for side in ("left", "right") for part in ("foot_index", "small_toe", "heel")]
    limbs = [BODY_25.index(f"{side}_{part}") for side in ("left", "right") for part in ("shoulder", "hip", "knee", "ankle")]
    assert (given.confidence[feet] == 0.0).all() and (given.confidence[limbs] > 0.2).all()
    assert given.world_m.shape == (0, 3) and np.isnan(given.points[limbs, 2]).all()
    size_px = [given.width_px, given.height_px]
    away_px = np.linalg.norm((given.points - wanted.points)[limbs, :2] * size_px, axis=1)
    trunk_px = np.linalg.norm((wanted.points[1] - wanted.points[8])[:2] * size_px)
    assert np.median(away_px) < 0.2 * trunk_px


def standing() -> tuple[np.ndarray, np.ndarray]:
    """Joints at (300, 200) px, shoulders 100 px higher, the nose 150; all of them seen."""
    places = np.tile([300.0, 200.0], (17, 1))
    places[[LEFT_SHOULDER, LEFT_SHOULDER + 1], 1] = 100.0
    places[NOSE, 1] = 50.0
    return places, np.full(17, 0.5)


def test_the_next_square_is_around_the_hips_as_far_as_trunk_or_body_reaches() -> None:
    places, sure = standing()
    assert next_region(places, sure, 800, 600) == Region(300.0, 200.0, 2 * 190.0)
    places[NOSE, 1] = 30.0
    assert next_region(places, sure, 800, 600).side_px == pytest.approx(2 * 1.2 * 170.0)
    sure[NOSE] = 0.1
    assert next_region(places, sure, 800, 600).side_px == pytest.approx(2 * 190.0)


def test_the_next_square_is_all_of_the_image_where_the_body_fills_it() -> None:
    places, sure = standing()
    assert next_region(places, sure, 320, 240) == whole(320, 240)


def test_a_square_follows_its_predecessor_smoothly() -> None:
    assert steadier(Region(10.0, 0.0, 100.0), None) == Region(10.0, 0.0, 100.0)
    assert steadier(Region(20.0, 0.0, 200.0), Region(10.0, 0.0, 100.0)) == Region(19.0, 0.0, 190.0)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.unlink(), "is missing; restore its folder"),
        (lambda file: file.write_bytes(file.read_bytes()[:1000]), r"\(1000 bytes.*truncated or of another version"),
    ],
)
def test_a_model_file_that_is_not_the_right_one_is_refused(
    spoil, reason, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SHA256SUMS", f"{FILE}.onnx"):
        shutil.copy(shared_path("models", FOLDER, name), tmp_path)
    spoil(tmp_path / f"{FILE}.onnx")
    monkeypatch.setattr(network, "shared_path", lambda *_: tmp_path)
    with pytest.raises(ModelError, match=rf"{FILE}\.onnx.*{reason}"):
        MoveNet(PoseConfig(estimator=MOVENET))


def test_another_model_than_it_has_is_refused() -> None:
    with pytest.raises(ModelError, match=r"movenet has model_complexity 1 alone.*got 2, ''\); use estimator mediapipe"):
        make_estimator(PoseConfig(estimator=MOVENET, model_complexity=2))
