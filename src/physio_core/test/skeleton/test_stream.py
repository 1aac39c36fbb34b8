"""Prepared joints: the same frame by frame as at once, of any layout, one track for each person who comes into view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.errors import InputError, SkeletonError
from physio_core.skeleton.layouts import HAND_21, OPENPOSE_18, Layout
from physio_core.skeleton.stream import JointStream, fill_gaps, prepare, to_isotropic
from physio_core.types import Skeleton, Tracking

SIZE_PX = (640, 360)


def people(layout: Layout, fps: float = 24.0, seconds: float = 3.0, body_id: str = "a", start_s: float = 10.0) -> list[Skeleton]:
    """Someone who wanders, with joints missing now and then and stamps that jitter."""
    rng = np.random.default_rng(4)
    count, joints = int(fps * seconds), len(layout.joints)
    stamps = start_s + (np.arange(count) + rng.uniform(-0.3, 0.3, count)) / fps
    points = rng.uniform(0.3, 0.7, (joints, 3)) + 0.02 * rng.normal(size=(count, joints, 3)).cumsum(0)
    confidence = rng.uniform(0.4, 1.0, (count, joints)) * (rng.random((count, joints)) > 0.15)
    return [
        Skeleton(float(s), Tracking.TRACKED, layout.name, p, c, body_id, *SIZE_PX)
        for s, p, c in zip(stamps, points.astype(np.float32), confidence.astype(np.float32), strict=True)
    ]


def arrays(skeletons: list[Skeleton]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    columns = zip(*((one.stamp_s, one.points, one.confidence) for one in skeletons), strict=True)
    stamps, points, confidence = (np.array(column) for column in columns)
    return stamps, points, confidence


@pytest.mark.parametrize("layout", [OPENPOSE_18, HAND_21], ids=lambda layout: layout.name)
@pytest.mark.parametrize("rate_hz", [10.0, 15.0, 60.0])
def test_a_stream_gives_what_the_whole_sequence_gives(layout: Layout, rate_hz: float) -> None:
    skeletons = people(layout)
    stream = JointStream(layout, rate_hz)
    frames = [frame for skeleton in skeletons for frame in stream.update(skeleton)]
    steps_s, points, confidence = prepare(*arrays(skeletons), layout, rate_hz, SIZE_PX)
    np.testing.assert_allclose([frame.stamp_s for frame in frames], steps_s, atol=1e-9)
    np.testing.assert_allclose([frame.points for frame in frames], points, atol=1e-6)
    np.testing.assert_allclose([frame.confidence for frame in frames], confidence, atol=1e-6)


def test_joints_in_space_come_along_and_are_not_known_where_the_estimator_gives_none() -> None:
    skeletons = people(OPENPOSE_18)
    moving = [replace(one, world_m=one.points + np.float32(1.0)) for one in skeletons]
    frames = [frame for skeleton in moving for frame in JointStream(OPENPOSE_18, 10.0).update(skeleton)]
    np.testing.assert_allclose(frames[0].world_m, moving[0].world_m)
    assert np.isnan(JointStream(OPENPOSE_18, 10.0).update(skeletons[0])[0].world_m).all()


def test_x_and_y_get_one_unit() -> None:
    np.testing.assert_allclose(to_isotropic(np.array([[0.5, 0.5, 9.0]]), 640, 360), [[0.5 * 640 / 360, 0.5]], rtol=1e-6)
    np.testing.assert_allclose(to_isotropic(np.array([[0.5, 0.5]]), 0, 0), [[0.5 * 4 / 3, 0.5]], rtol=1e-6)


def test_a_joint_that_goes_missing_moves_with_its_neighbour() -> None:
    points = np.zeros((2, 18, 2), np.float32)
    knee, ankle = OPENPOSE_18.index("left_knee"), OPENPOSE_18.index("left_ankle")
    points[0, ankle], points[1, knee] = (0.0, 0.4), (0.3, 0.1)
    confidence = np.ones((2, 18), np.float32)
    confidence[1, ankle] = 0.0
    np.testing.assert_allclose(fill_gaps(points, confidence, OPENPOSE_18)[1, ankle], (0.3, 0.5))


def test_each_person_who_comes_into_view_is_a_track() -> None:
    stream = JointStream(OPENPOSE_18, 15.0, lost_s=1.0)
    tracks = []
    for skeletons in (people(OPENPOSE_18, seconds=1.0), people(OPENPOSE_18, seconds=1.0, body_id="b", start_s=11.1)):
        for skeleton in skeletons:
            stream.update(skeleton)
        tracks.append(stream.track)
    assert tracks[0] is not tracks[1] and stream.track is not None and stream.track.body_id == "b"
    stream.update(Skeleton(12.9, Tracking.NOBODY))
    assert stream.track is tracks[1], "gone for less than a second"
    stream.update(Skeleton(13.5, Tracking.NOBODY))
    assert stream.track is None


def test_a_person_who_comes_back_late_starts_a_new_grid_of_frames() -> None:
    stream = JointStream(OPENPOSE_18, 15.0)
    one = people(OPENPOSE_18)[0]
    stream.update(one)
    (frame,) = stream.update(replace(one, stamp_s=one.stamp_s + 2.01))
    assert frame.stamp_s == one.stamp_s + 2.01


def test_a_clock_set_back_begins_again_and_an_old_image_changes_nothing() -> None:
    skeletons = people(OPENPOSE_18)
    stream = JointStream(OPENPOSE_18, 15.0)
    for skeleton in skeletons:
        stream.update(skeleton)
    track = stream.track
    assert stream.update(skeletons[-5]) == [] and stream.track is track
    assert len(stream.update(replace(skeletons[0], stamp_s=2.0))) == 1 and stream.track is not track
    assert stream.images == 1 and stream.effective_fps == 0.0


def test_the_rate_of_the_camera_counts_images_without_anybody_too() -> None:
    stream = JointStream(OPENPOSE_18, 15.0)
    for index in range(60):
        stream.update(Skeleton(index / 20.0, Tracking.NOBODY))
    assert stream.effective_fps == pytest.approx(20.0)


def test_what_does_not_fit_is_refused() -> None:
    stream = JointStream(HAND_21, 15.0)
    with pytest.raises(SkeletonError, match="openpose_18.*need hand_21"):
        stream.update(people(OPENPOSE_18)[0])
    with pytest.raises(SkeletonError, match="finite"):
        stream.update(Skeleton(float("nan"), Tracking.NOBODY))
    with pytest.raises(InputError, match="layout hand_21"):
        prepare(*arrays(people(OPENPOSE_18)), HAND_21, 15.0, SIZE_PX)
