"""Bodies without MediaPipe: the same landmarks as it gives, lost and found again as it does."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.image import read_image
from physio_core.pose.blaze.body import BlazePose, SteadyPoints, refine
from physio_core.pose.blaze.detector import BODY, PALM, anchors, suppress
from physio_core.pose.blaze.regions import Region, body_region, box_region, overlap, upright, whole
from physio_core.pose.choice import BLAZE, MEDIAPIPE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.runners.runner import ONNXRUNTIME, OPENVINO
from physio_core.skeleton.layouts import BLAZEPOSE_33
from physio_core.types import Frame

PERSON = Frame(1.0, read_image(Path(__file__).parents[4] / "docs/images/clinic_camera.png"))
BLACK = Frame(2.0, np.zeros((240, 320, 3), np.uint8))
NO_OPENVINO = "openvino is installed on x86 only"


@pytest.fixture(scope="module", params=[ONNXRUNTIME, OPENVINO])
def opened(request: pytest.FixtureRequest) -> BlazePose:
    if request.param == OPENVINO:
        pytest.importorskip("openvino", reason=NO_OPENVINO)
    return BlazePose(PoseConfig(estimator=BLAZE, runner=request.param), BLAZEPOSE_33)


@pytest.fixture
def blaze(opened: BlazePose) -> BlazePose:
    opened.estimate(BLACK)
    opened.searches = 0
    return opened


@pytest.mark.parametrize(("end", "rotation"), [((5.0, 1.0), 0.0), ((9.0, 5.0), math.pi / 2), ((5.0, 9.0), -math.pi)])
def test_a_region_is_turned_so_that_its_body_stands_upright(end: tuple[float, float], rotation: float) -> None:
    hips, top = np.array([5.0, 5.0]), np.array(end)
    region = body_region(hips, top)
    assert (region.side_px, region.rotation_rad) == (pytest.approx(10.0), pytest.approx(rotation))
    np.testing.assert_allclose(region.project(np.array([[0.5, 0.5], [0.5, 0.1]])), [hips, top], atol=1e-9)
    np.testing.assert_allclose(region.to_image(256.0) @ [128.0, 0.1 * 256.0, 1.0], top, atol=1e-9)
    np.testing.assert_allclose(region.turn(np.array([0.0, -4.0, 7.0])), [*(top - hips), 7.0], atol=1e-9)


def test_a_box_becomes_a_larger_square_moved_along_its_own_vertical() -> None:
    region = box_region(np.array([2.0, 1.0]), np.array([4.0, 2.0]), math.pi / 2, scale=2.6, shift=-0.5)
    assert (region.x_px, region.y_px, region.side_px) == (pytest.approx(3.0), pytest.approx(1.0), pytest.approx(10.4))
    assert upright(np.array([0.0, 0.0]), np.array([1.0, 0.0])) == pytest.approx(math.pi / 2)


def test_squares_overlap_by_what_they_share() -> None:
    assert overlap(Region(2.0, 2.0, 4.0), Region(2.0, 2.0, 2.0, 1.0)) == pytest.approx(0.25)
    assert overlap(Region(2.0, 2.0, 4.0), Region(4.0, 2.0, 4.0)) == pytest.approx(8.0 / 24.0)
    assert overlap(Region(2.0, 2.0, 4.0), Region(9.0, 2.0, 4.0)) == 0.0


def test_a_region_of_nothing_is_not_used() -> None:
    assert whole(640, 480).usable
    assert not body_region(np.array([1.0, 1.0]), np.array([1.0, 1.0])).usable
    assert not body_region(np.array([math.nan, 1.0]), np.array([9.0, 1.0])).usable


def test_anchors_are_as_many_as_the_networks_boxes() -> None:
    assert anchors(BODY.strides, 224).shape == (2254, 2) and anchors(PALM.strides, 192).shape == (2016, 2)
    np.testing.assert_allclose(anchors(BODY.strides, 224)[[0, 1, 2, 1568]], [[1 / 56] * 2] * 2 + [[3 / 56, 1 / 56], [1 / 28] * 2])


def test_boxes_of_one_thing_are_averaged_by_their_scores() -> None:
    box = np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]])
    found = list(suppress(np.stack([box + 5.0, box, box + 0.1]), np.array([0.6, 0.9, 0.3])))
    np.testing.assert_allclose(found, [box + 0.025, box + 5.0])


def test_a_landmark_moves_to_the_middle_of_its_heat_map_only_where_that_is_sure() -> None:
    maps = np.full((64, 64, 4), -30.0, np.float32)
    maps[20, [30, 32], [0]] = 10.0
    maps[20, 32, 1] = -1.0
    maps[0, 0, 2:] = 10.0
    points = np.array([[29.5 / 64, 22.5 / 64], [29.5 / 64, 22.5 / 64], [0.02, 0.02], [-0.1, 0.02]])
    moved = refine(points, maps)
    np.testing.assert_allclose(moved, [[31 / 64, 20 / 64], points[1], [0.0, 0.0], points[3]], atol=1e-6)


def test_what_steers_the_region_is_calm_at_rest_and_follows_a_jump() -> None:
    steady, points = SteadyPoints(), np.array([[100.0, 100.0], [100.0, 0.0]])
    assert (steady.update(points, 200.0) == points).all()
    assert np.abs(steady.update(points + 1.0, 200.0) - points).max() < 0.2
    assert np.abs(steady.update(points + 100.0, 200.0) - points).max() > 50.0
    steady.reset()
    assert (steady.update(points, 200.0) == points).all()


def test_landmarks_are_those_of_mediapipe(blaze: BlazePose) -> None:
    pytest.importorskip("mediapipe", reason="mediapipe is the yardstick, and is not installed")
    reference = make_estimator(PoseConfig(estimator=MEDIAPIPE), BLAZEPOSE_33)
    for _ in range(3):
        wanted, given = reference.estimate(PERSON), blaze.estimate(PERSON)
    reference.close()
    torso = np.linalg.norm(wanted.points[11, :2] - wanted.points[23, :2])
    off = np.abs(given.points[:, :2] - wanted.points[:, :2]).max(1) / torso
    assert np.median(off) < 0.002 and np.sort(off)[-3] < 0.02  # a few may stand where a heat map is just sure enough
    np.testing.assert_allclose(given.confidence, wanted.confidence, atol=0.02)
    np.testing.assert_allclose(given.world_m, wanted.world_m, atol=0.03)
    np.testing.assert_allclose(given.points[:, 2], wanted.points[:, 2], atol=0.03)
