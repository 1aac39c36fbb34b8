"""Normalising: causal, independent of place, distance and aspect, but keeping the body's own path."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import exercise_named
from physio_core.motion.projection import Camera, project, to_openpose_18
from physio_core.motion.style import Style
from physio_core.skeleton.layouts import OPENPOSE_18, bones_outward
from physio_core.skeleton.normalise import CHANNELS, Normaliser, NormaliserConfig, normalise
from physio_core.skeleton.stream import Imputer, fill_gaps

CONFIG = NormaliserConfig()
HIPS = [OPENPOSE_18.index("left_hip"), OPENPOSE_18.index("right_hip")]


@pytest.fixture(scope="module")
def squats() -> tuple[np.ndarray, np.ndarray]:
    phase = np.arange(90) / 45.0
    body = to_openpose_18(positions(BodyShape(), exercise_named("squat").motion(phase, Style(), BodyShape())))
    points, _ = project(body, Camera(aspect=1.0))
    return points.astype(np.float32), np.full((90, 18), 0.9, np.float32)


def test_stream_equals_whole_sequence(squats: tuple[np.ndarray, np.ndarray]) -> None:
    points, confidence = squats
    normaliser = Normaliser(OPENPOSE_18, CONFIG)
    stream = np.stack([normaliser.step(*frame) for frame in zip(points, confidence, strict=True)], axis=1)
    batch = normalise(np.stack([points, points * 2]), np.stack([confidence] * 2), OPENPOSE_18, CONFIG)
    assert batch.shape == (2, len(CHANNELS), 90, 18)
    np.testing.assert_allclose(stream, batch[0], atol=1e-5)


def test_place_and_distance_do_not_matter(squats: tuple[np.ndarray, np.ndarray]) -> None:
    points, confidence = squats
    near = normalise(points, confidence, OPENPOSE_18, CONFIG)
    far = normalise(points * 0.3 + np.float32([0.5, 0.1]), confidence, OPENPOSE_18, CONFIG)
    np.testing.assert_allclose(near, far, atol=2e-2)


def test_the_path_of_the_hips_is_kept(squats: tuple[np.ndarray, np.ndarray]) -> None:
    hips = normalise(*squats, OPENPOSE_18, CONFIG)[1, :, HIPS].mean(0)
    assert np.ptp(hips) > 0.5


def test_nothing_depends_on_the_future(squats: tuple[np.ndarray, np.ndarray]) -> None:
    points, confidence = squats
    whole = normalise(points, confidence, OPENPOSE_18, CONFIG)
    part = normalise(points[:40], confidence[:40], OPENPOSE_18, CONFIG)
    np.testing.assert_array_equal(whole[:, :40], part)


def test_a_missing_hip_does_not_move_the_body(squats: tuple[np.ndarray, np.ndarray]) -> None:
    points, confidence = (array.copy() for array in squats)
    whole = normalise(points, confidence, OPENPOSE_18, CONFIG)
    points[30:50, HIPS[0]], confidence[30:50, HIPS[0]] = 0.0, 0.0
    filled = fill_gaps(points, confidence, OPENPOSE_18)
    assert np.abs(normalise(filled, confidence, OPENPOSE_18, CONFIG)[:2] - whole[:2]).max() < 0.5
    np.testing.assert_array_equal(filled[:30], points[:30])


def test_a_joint_never_seen_lies_on_the_body(squats: tuple[np.ndarray, np.ndarray]) -> None:
    points, confidence = (array.copy() for array in squats)
    points[:, HIPS], confidence[:, HIPS] = 0.0, 0.0
    filled = fill_gaps(points, confidence, OPENPOSE_18)
    others = np.delete(points, HIPS, axis=1)
    assert (filled[:, HIPS] >= others.min((0, 1)) - 0.2).all() and (filled[:, HIPS] <= others.max((0, 1)) + 0.2).all()


def test_everything_missing_gives_numbers() -> None:
    imputer, normaliser = Imputer(OPENPOSE_18, 0.1), Normaliser(OPENPOSE_18, CONFIG)
    nothing = np.zeros((18, 2), np.float32), np.zeros(18, np.float32)
    assert np.isfinite(normaliser.step(imputer.step(*nothing), nothing[1])).all()


def test_values_stay_within_the_limit(squats: tuple[np.ndarray, np.ndarray]) -> None:
    points, confidence = squats
    wild = points * np.linspace(1, 1000, 90, dtype=np.float32)[:, None, None]
    assert np.abs(normalise(wild, confidence, OPENPOSE_18, CONFIG)).max() <= CONFIG.limit


def test_every_joint_has_a_way_to_the_centre() -> None:
    pairs = bones_outward(OPENPOSE_18)
    assert sorted([joint for joint, _ in pairs] + [OPENPOSE_18.index("neck")]) == list(range(18))
