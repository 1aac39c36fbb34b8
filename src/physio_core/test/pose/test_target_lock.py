"""Scenes with one, two and no people: whose skeleton is it?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from physio_core.pose.target_lock import LockConfig, TargetLock
from physio_core.types import Skeleton, Tracking

FPS = 30.0
WIDTH_PX, HEIGHT_PX = 640, 480
# A standing person in body heights, from the feet's middle: x right, y up; the order of openpose_18.
STANDING = np.array([
    [0.00, 0.93], [0.00, 0.82],
    [-0.13, 0.82], [-0.14, 0.63], [-0.14, 0.49], [0.13, 0.82], [0.14, 0.63], [0.14, 0.49],
    [-0.06, 0.53], [-0.06, 0.285], [-0.06, 0.04], [0.06, 0.53], [0.06, 0.285], [0.06, 0.04],
    [-0.02, 0.95], [0.02, 0.95], [-0.04, 0.94], [0.04, 0.94],
])  # fmt: skip


def person(stamp_s, x=0.5, height=0.7, feet=0.9, confidence=0.9):
    """Standing with the feet at (x, feet) of the image, ``height`` of the image tall."""
    pixels = STANDING * [1.0, -1.0] * height * HEIGHT_PX + [x * WIDTH_PX, feet * HEIGHT_PX]
    points = np.column_stack([pixels / [WIDTH_PX, HEIGHT_PX], np.zeros(18)]).astype(np.float32)
    sure = np.full(18, confidence, np.float32)
    return Skeleton(stamp_s, Tracking.TRACKED, "openpose_18", points, sure, width_px=WIDTH_PX, height_px=HEIGHT_PX)


def nobody(stamp_s):
    return Skeleton(stamp_s, Tracking.NOBODY, width_px=WIDTH_PX, height_px=HEIGHT_PX)


def play(lock, scene, frames, begin_s=0.0, fps=FPS):
    """Show ``scene(stamp_s)`` for some frames; what the lock says of each."""
    return [lock.update(scene(begin_s + index / fps)) for index in range(frames)]


def locked_on(x=0.5, **settings):
    """A lock that has seen one person until just before 1 s."""
    lock = TargetLock(LockConfig(**settings))
    return lock, play(lock, lambda at_s: person(at_s, x), 30)[-1].body_id


def statuses(skeletons):
    return {skeleton.status for skeleton in skeletons}


def test_one_person_is_locked_on_within_a_few_images_and_kept():
    skeletons = play(TargetLock(), lambda at_s: person(at_s, 0.5 + 0.1 * np.sin(4 * at_s)), 90)
    assert statuses(skeletons[4:]) == {Tracking.TRACKED}
    assert len({skeleton.body_id for skeleton in skeletons[4:]}) == 1
    assert skeletons[-1].body_id.startswith("body_")


@pytest.mark.parametrize("fps", [60.0, 30.0, 10.0, 5.0])
def test_exercises_do_not_break_the_lock(fps):
    """Jumps and squats move the trunk at up to a body height a second."""
    jumping = play(TargetLock(), lambda at_s: person(at_s, feet=0.9 - 0.12 * abs(np.sin(6 * at_s))), int(4 * fps), fps=fps)
    after = [skeleton for skeleton in jumping if skeleton.stamp_s > 0.3]
    assert statuses(after) == {Tracking.TRACKED}
    assert len({skeleton.body_id for skeleton in after}) == 1


def test_a_jump_to_another_person_is_somebody_else_then_a_new_body():
    lock, first = locked_on(0.3)
    other = play(lock, lambda at_s: person(at_s, 0.75), 60, 1.0)
    assert statuses(other[:29]) == {Tracking.SOMEBODY_ELSE}
    assert all(len(skeleton.points) == 0 and not skeleton.body_id for skeleton in other[:29])
    assert statuses(other[32:]) == {Tracking.TRACKED}
    assert other[-1].body_id not in ("", first)
    assert lock.jumps == 1


def test_a_short_jump_does_not_change_who_is_coached():
    lock, first = locked_on(0.3)
    assert statuses(play(lock, lambda at_s: person(at_s, 0.75), 15, 1.0)) == {Tracking.SOMEBODY_ELSE}
    back = play(lock, lambda at_s: person(at_s, 0.3), 15, 1.5)
    assert {skeleton.body_id for skeleton in back} == {first}


def test_an_estimator_that_flips_between_two_people_never_mixes_them():
    lock, first = locked_on(0.3)
    flipping = [lock.update(person(1.0 + index / FPS, 0.3 if index % 2 else 0.75)) for index in range(90)]
    tracked = [skeleton for skeleton in flipping if skeleton.tracked]
    assert len(tracked) == 45
    assert all(skeleton.body_id == first and skeleton.points[1, 0] < 0.4 for skeleton in tracked)


def test_someone_nearer_at_the_same_place_is_another_person():
    lock, _ = locked_on()
    assert statuses(play(lock, lambda at_s: person(at_s, height=1.6, feet=1.3), 15, 1.0)) == {Tracking.SOMEBODY_ELSE}


def test_when_two_people_cross_the_estimator_jumping_far_is_noticed():
    """The skeleton follows a passer-by; when it snaps back it must not be one movement."""
    lock, _ = locked_on(0.5)
    play(lock, lambda at_s: person(at_s, 0.5 + 0.25 * (at_s - 1.0)), 45, 1.0)
    snapped = lock.update(person(2.5, 0.5))
    assert snapped.status is Tracking.SOMEBODY_ELSE


def test_a_skeleton_that_followed_a_passer_by_is_the_patient_again_soon_after_it_comes_back():
    lock, first = locked_on(0.5)
    play(lock, lambda at_s: person(at_s, 0.5 + 0.6 * (at_s - 1.0)), 15, 1.0)  # along with the passer-by
    back = play(lock, lambda at_s: person(at_s, 0.5), 30, 1.5)
    assert statuses(back[:3]) == {Tracking.SOMEBODY_ELSE}, "what jumped is not one movement"
    assert {(skeleton.status, skeleton.body_id) for skeleton in back[4:]} == {(Tracking.TRACKED, first)}


def test_leaving_is_nobody_at_once_and_the_next_person_is_new():
    lock, first = locked_on()
    away = play(lock, nobody, 20, 1.0)
    assert statuses(away) == {Tracking.NOBODY}
    assert {skeleton.body_id for skeleton in away} == {""}
    later = play(lock, person, 10, 1.7)
    assert later[0].status is Tracking.NOBODY, "a new body is confirmed first"
    assert later[-1].body_id not in ("", first)


def test_a_short_dropout_keeps_the_person():
    lock, first = locked_on()
    play(lock, nobody, 9, 1.0)
    assert lock.update(person(1.3)).body_id == first


@pytest.mark.parametrize(
    "ghost",
    [
        lambda at_s: person(at_s, height=0.1),
        lambda at_s: person(at_s, confidence=0.2),
        lambda at_s: person(at_s, x=0.2 if int(at_s * FPS) % 2 else 0.8),
    ],
    ids=["tiny", "unsure", "flickering"],
)
def test_what_is_not_a_person_is_never_locked_on(ghost):
    assert statuses(play(TargetLock(), ghost, 60)) == {Tracking.NOBODY}


def test_impossible_bones_are_refused():
    stretched = person(0.0).points.copy()
    stretched[4] = [0.0, 0.0, 0.0]  # a forearm across the whole image
    lock = TargetLock()
    skeletons = play(lock, lambda at_s: replace(person(at_s), points=stretched), 30)
    assert statuses(skeletons) == {Tracking.NOBODY}
    assert lock.refused == 30


def test_a_failed_detector_says_nothing_about_who_is_there():
    lock, first = locked_on()
    failed = Skeleton(1.0, Tracking.DETECTOR_FAILED)
    assert lock.update(failed) is failed
    assert lock.update(person(1.05)).body_id == first


def test_a_clock_set_back_starts_again_instead_of_hanging():
    lock, first = locked_on()
    again = play(lock, lambda at_s: person(at_s, 0.8), 10, -3600.0)
    assert again[-1].tracked
    assert again[-1].body_id != first


def test_a_late_image_changes_nothing():
    lock, first = locked_on(0.3)
    newest_s = 29 / FPS
    assert lock.update(person(newest_s - 0.08, 0.3)).body_id == first
    assert lock.update(person(newest_s - 0.08, 0.75)).status is Tracking.SOMEBODY_ELSE
    assert lock.update(nobody(newest_s - 0.3)).status is Tracking.NOBODY
    assert {skeleton.body_id for skeleton in play(lock, lambda at_s: person(at_s, 0.3), 30, 1.0)} == {first}
    assert lock.jumps == 0


def test_the_same_scene_gives_the_same_names():
    assert locked_on()[1] == locked_on()[1]
    assert locked_on()[1] != locked_on(body_id_seed=1)[1]


@given(
    points=arrays(np.float32, (18, 3), elements=st.floats(-1e6, 1e6, width=32)),
    confidence=arrays(np.float32, 18, elements=st.floats(0, 1, width=32)),
    size_px=st.tuples(st.integers(0, 4000), st.integers(0, 4000)),
)
def test_no_skeleton_however_odd_raises(points, confidence, size_px):
    lock = TargetLock(LockConfig(min_body_height=0.0, min_body_confidence=0.0))
    for stamp_s in (0.0, 0.2, 0.2, 1.0):
        odd = Skeleton(stamp_s, Tracking.TRACKED, "openpose_18", points, confidence, width_px=size_px[0], height_px=size_px[1])
        assert lock.update(odd).status in Tracking
