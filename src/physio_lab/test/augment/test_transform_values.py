"""What each change to a skeleton does to numbers that can be worked out by hand: how far, how much, where to."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.skeleton.layouts import LAYOUTS, OPENPOSE_18, bones_outward
from physio_lab.augment.noise import DropFrames, DropJoints, DropLimbs, JointNoise, limbs_of
from physio_lab.augment.space import CameraMotion, CropPicture, LimbProportions, Mirror, RandomMove, RotateView
from physio_lab.augment.time import CropTime, RandomChoose, Tempo, between
from physio_lab.augment.transform import body_size, middle_of, seen_only, slow_noise, spans, without

JOINT = OPENPOSE_18.index
SEEDS = range(40)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def body(frames: int = 30, dimensions: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """A body at rest, no two joints in one place; all of it seen."""
    pose = rng(3).normal(0.0, 0.3, (18, dimensions))
    return np.repeat(pose[None], frames, axis=0), np.full((frames, 18), 0.9)


def done(transform, points, confidence, seed=0):
    return transform(points, confidence, OPENPOSE_18, rng(seed))


def cross() -> tuple[np.ndarray, np.ndarray]:
    """One frame of a body whose bones all have length 1: each joint one unit to the right of its parent."""
    points = np.zeros((1, 18, 2))
    for joint, parent in bones_outward(OPENPOSE_18):
        points[0, joint] = points[0, parent] + [1.0, 0.0]
    return points, np.ones((1, 18))


def test_size_is_measured_in_bones_that_are_seen():
    points, confidence = cross()
    assert body_size(points, confidence, OPENPOSE_18) == pytest.approx(1.0)
    assert body_size(3.0 * points, confidence, OPENPOSE_18) == pytest.approx(3.0)
    points[0, JOINT("left_wrist")] = 100.0
    confidence[0, JOINT("left_wrist")] = 0.0
    assert body_size(points, confidence, OPENPOSE_18) == pytest.approx(1.0)
    assert body_size(points, np.zeros((1, 18)), OPENPOSE_18) == 0.0


def test_the_middle_is_that_of_what_is_seen():
    points, confidence = np.zeros((2, 18, 2)), np.zeros((2, 18))
    points[0, 3], points[1, 4], points[0, 5] = [1.0, 2.0], [3.0, 6.0], [99.0, 99.0]
    confidence[0, 3] = confidence[1, 4] = 0.1
    assert middle_of(points, confidence).tolist() == [2.0, 4.0]
    assert middle_of(points, np.zeros((2, 18))).tolist() == [0.0, 0.0]


def test_a_missing_joint_is_not_moved_and_one_taken_out_is_zero():
    points, confidence = body(2)
    confidence[0, 3] = 0.0
    moved = seen_only(points + 1.0, points, confidence)
    assert np.array_equal(moved[0, 3], points[0, 3]) and np.array_equal(moved[1], points[1] + 1.0)
    gone = np.zeros((2, 18), bool)
    gone[1, 7] = True
    left, sure = without(points, confidence, gone)
    assert not left[1, 7].any() and sure[1, 7] == 0.0 and np.array_equal(left[0], points[0])


def test_slow_noise_is_of_about_unit_size_and_straight_between_its_knots():
    noise = slow_noise(rng(), (1001, 200), 10.0)
    assert np.std(noise[::10]) == pytest.approx(1.0, abs=0.05)
    bend = np.abs(np.diff(noise, 2, axis=0)).max(1)
    assert bend[9::10].min() > 0.1 and np.delete(bend, np.s_[9::10]).max() < 1e-9
    assert slow_noise(rng(), (1, 2), 10.0).shape == (1, 2)


@pytest.mark.parametrize(("share", "longest"), [(0.0, 5), (0.25, 1), (0.25, 15), (1.0, 200)])
def test_spans_cover_the_share_that_is_asked_for(share, longest):
    for seed in SEEDS:
        assert spans(rng(seed), 100, share, longest).sum() == round(share * 100)


def test_spans_are_as_long_as_allowed_and_do_not_all_begin_alike():
    inside = np.array([spans(rng(seed), 100, 0.2, 20) for seed in range(200)])
    starts = np.argmax(inside, axis=1)
    assert len(set(starts)) > 50
    longest = max(len(list(run)) for row in inside for value, run in itertools.groupby(row) if value)
    assert 15 <= longest <= 20


def test_a_mirrored_body_leads_with_the_other_side_and_keeps_its_depth():
    points, confidence = body(1, dimensions=3)
    confidence[0, JOINT("left_wrist")] = 0.25
    moved, sure = done(Mirror(probability=1.0), points, confidence)
    left, right = JOINT("left_wrist"), JOINT("right_wrist")
    assert moved[0, right] == pytest.approx(points[0, left] * [-1.0, 1.0, 1.0])
    assert (sure[0, right], sure[0, left]) == (0.25, 0.9)


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_a_change_happens_as_often_as_it_is_told_to(probability):
    points, confidence = body(1)
    times = sum(
        not np.array_equal(done(Mirror(probability=probability), points, confidence, seed)[0], points) for seed in range(400)
    )
    assert times / 400 == pytest.approx(probability, abs=0.07)


def test_random_moving_turns_scales_and_shifts_by_what_it_draws():
    points, confidence = body(1)
    turned, _ = done(RandomMove(angles_deg=(90.0,), scales=(1.0,), shifts=(0.0,)), points, confidence)
    assert turned == pytest.approx(np.stack([-points[..., 1], points[..., 0]], axis=-1))
    larger, _ = done(RandomMove(angles_deg=(0.0,), scales=(2.0,), shifts=(0.0,)), points, confidence)
    assert larger == pytest.approx(2.0 * points)
    shifted, _ = done(RandomMove(angles_deg=(0.0,), scales=(1.0,), shifts=(0.5,)), points, confidence)
    assert shifted == pytest.approx(points + 0.5)


def test_random_moving_goes_in_straight_lines_from_one_draw_to_the_next():
    points, confidence = body(21)
    moved, _ = done(RandomMove(angles_deg=(0.0,), scales=(1.0,), shifts=(-1.0, 1.0), moves=2), points, confidence, seed=2)
    shift = (moved - points)[:, 0, 0]
    assert set(np.round(shift[[0, 10, 20]], 9)) <= {-1.0, 1.0}
    for start in (0, 10):
        assert np.diff(shift[start : start + 11], 2) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("name", ["angles_deg", "scales", "shifts"])
def test_random_moving_needs_something_to_draw_from(name):
    with pytest.raises(ConfigError, match=f"{name} is empty; give at least one number"):
        RandomMove(**{name: ()})


def test_a_view_from_the_other_side_turns_right_to_left_and_near_to_far():
    points, confidence = body(1, dimensions=3)
    points -= middle_of(points, confidence)
    turns = []
    for seed in SEEDS:
        moved, _ = done(RotateView(turn_deg=180.0, tilt_deg=0.0), points, confidence, seed)
        assert moved[..., 1] == pytest.approx(points[..., 1]), "a turn about the vertical keeps heights"
        cosine = (moved[..., 0] * points[..., 0] + moved[..., 2] * points[..., 2]).sum() / (points[..., [0, 2]] ** 2).sum()
        turns.append(np.degrees(np.arccos(cosine)))
    assert max(turns) > 150.0 and min(turns) < 30.0


@pytest.mark.parametrize(("dimensions", "most_deg"), [(2, 25.0), (3, 180.0)])
def test_a_body_without_depth_is_turned_only_a_little(dimensions, most_deg):
    points, confidence = body(1, dimensions)
    points -= middle_of(points, confidence)
    turned = [done(RotateView(tilt_deg=0.0), points, confidence, seed)[0] for seed in range(100)]
    narrow = min(np.ptp(one[..., 0]) / np.ptp(points[..., 0]) for one in turned)
    assert (narrow >= np.cos(np.radians(most_deg)) - 1e-9) and (narrow < 0.93)
    assert bool(narrow > 0.9) is (dimensions == 2)


def test_a_side_of_the_picture_cuts_off_at_most_what_is_allowed():
    points, confidence = body(1)
    axes = set()
    for seed in range(200):
        _, sure = done(CropPicture(most=0.4), points, confidence, seed)
        for axis, low_side in itertools.product((0, 1), (True, False)):
            place = points[0, :, axis]
            share = (place - place.min()) / np.ptp(place)
            gone = (sure[0] == 0.0) & (confidence[0] > 0.0)
            edge = share if low_side else 1.0 - share
            if gone.any() and edge[gone].max() < edge[~gone].min():
                axes.add((axis, low_side))
                assert edge[gone].max() <= 0.4
    assert axes == set(itertools.product((0, 1), (True, False))), "every side of the picture"
    assert not done(CropPicture(), points, np.zeros((1, 18)))[1].any()


def test_a_camera_in_the_hand_moves_and_rolls_about_the_middle_by_the_sizes_it_is_given():
    points, confidence = body(2000)
    size, middle = body_size(points, confidence, OPENPOSE_18), middle_of(points, confidence)
    still, _ = done(CameraMotion(drift=0.0, shake=0.0, roll_deg=0.0), points, confidence)
    assert still == pytest.approx(points)
    shaken, _ = done(CameraMotion(drift=0.0, shake=0.5, roll_deg=0.0), points, confidence)
    assert (shaken - points)[:, 0].std() / size == pytest.approx(0.5, rel=0.05)
    rolled, _ = done(CameraMotion(drift=0.0, shake=0.0, roll_deg=5.0, slow_frames=1.0), points, confidence)
    before, after = (np.arctan2(*np.moveaxis(one[:, 0] - middle, -1, 0)[::-1]) for one in (points, rolled))
    assert np.degrees(np.std(after - before)) == pytest.approx(5.0, rel=0.1)
    assert np.linalg.norm(rolled[:, 0] - middle, axis=-1) == pytest.approx(np.linalg.norm(points[:, 0] - middle, axis=-1))


def test_other_proportions_are_the_same_on_both_sides_and_bounded():
    points, confidence = cross()
    for seed in SEEDS:
        moved, _ = done(LimbProportions(spread=0.2), points, confidence, seed)
        length = {
            OPENPOSE_18.joints[joint]: moved[0, joint, 0] - moved[0, parent, 0] for joint, parent in bones_outward(OPENPOSE_18)
        }
        assert length["left_wrist"] == pytest.approx(length["right_wrist"])
        assert np.exp(-0.5) - 1e-9 <= min(length.values()) and max(length.values()) <= np.exp(0.5) + 1e-9
    assert done(LimbProportions(spread=0.0), points, confidence)[0] == pytest.approx(points)


def test_a_bone_without_its_inner_joint_keeps_its_length():
    points, confidence = cross()
    confidence[0, JOINT("left_elbow")] = 0.0
    moved, _ = done(LimbProportions(spread=0.5), points, confidence, seed=1)
    assert np.array_equal(moved[0, JOINT("left_elbow")], points[0, JOINT("left_elbow")]), "it is missing, so it is not moved"
    shoulder, elbow, wrist = (OPENPOSE_18.index(f"right_{name}") for name in ("shoulder", "elbow", "wrist"))
    assert moved[0, elbow, 0] - moved[0, shoulder, 0] != pytest.approx(1.0)
    assert moved[0, wrist, 0] - moved[0, elbow, 0] != pytest.approx(1.0)


@pytest.mark.parametrize(("jitter", "drift"), [(0.1, 0.0), (0.0, 0.1)])
def test_joints_tremble_or_drift_by_the_share_of_a_bone_that_is_asked_for(jitter, drift):
    points, confidence = body(2000)
    moved, _ = done(JointNoise(jitter=jitter, drift=drift, slow_frames=20.0), points, confidence)
    off = (moved - points) / body_size(points, confidence, OPENPOSE_18)
    step = np.abs(np.diff(off, axis=0)).mean()
    assert 0.07 < off.std() < 0.11
    assert step > 0.1 if jitter else step < 0.01


def test_joints_are_missing_in_the_share_of_joints_and_of_time_that_is_asked_for():
    points, confidence = body(100)
    gone = np.array([done(DropJoints(joints=0.2, time=0.3), points, confidence, seed)[1] == 0.0 for seed in range(100)])
    hit = gone.any(axis=1)
    assert hit.mean() == pytest.approx(0.2, abs=0.02)
    assert gone[:, :, :].sum(axis=1)[hit].tolist() == [30] * int(hit.sum())


def test_limbs_are_missing_for_at_least_the_time_that_is_asked_for_without_a_break():
    points, confidence = body(50)
    for seed in SEEDS:
        _, sure = done(DropLimbs(limbs=1, least_time=0.4), points, confidence, seed)
        frames = np.flatnonzero((sure == 0.0).any(axis=1))
        assert len(frames) >= 20 and frames.tolist() == list(range(frames[0], frames[-1] + 1))
    counts = {int((done(DropLimbs(limbs=3, least_time=1.0), points, confidence, seed)[1][0] == 0.0).sum()) for seed in SEEDS}
    assert max(counts) > 5


def test_frames_are_lost_whole_and_for_no_longer_than_allowed():
    points, confidence = body(100)
    for seed in SEEDS:
        lost = ~done(DropFrames(share=0.1, longest_frames=3), points, confidence, seed)[1].any(axis=1)
        assert lost.sum() == 10
        assert done(DropFrames(share=0.1, longest_frames=3), points, confidence, seed)[0][lost].any() == np.False_


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_limbs_are_at_least_two_joints_and_at_most_a_third_of_the_body(layout):
    limbs = limbs_of(LAYOUTS[layout])
    assert limbs and all(2 <= len(limb) <= len(LAYOUTS[layout].joints) / 3 for limb in limbs)


def counted(frames: int) -> tuple[np.ndarray, np.ndarray]:
    """A body whose x counts the frames from 1."""
    points, confidence = np.zeros((frames, 18, 2)), np.ones((frames, 18))
    points[..., 0] = np.arange(1.0, frames + 1.0)[:, None]
    return points, confidence


def test_a_window_that_is_longer_is_filled_as_the_padding_says():
    points, confidence = counted(3)
    shown = {
        padding: {tuple(done(RandomChoose(frames=5, padding=padding), points, confidence, seed)[0][:, 0, 0]) for seed in SEEDS}
        for padding in ("replay", "hold", "empty")
    }  # fmt: skip
    assert shown["replay"] == {(1, 2, 3, 1, 2)}
    assert shown["hold"] == {(1, 2, 3, 3, 3), (1, 1, 2, 3, 3), (1, 1, 1, 2, 3)}
    assert shown["empty"] == {(1, 2, 3, 0, 0), (0, 1, 2, 3, 0), (0, 0, 1, 2, 3)}


def test_a_window_that_is_shorter_lies_anywhere():
    points, confidence = counted(5)
    shown = {tuple(done(RandomChoose(frames=3), points, confidence, seed)[0][:, 0, 0]) for seed in SEEDS}
    assert shown == {(1, 2, 3), (2, 3, 4), (3, 4, 5)}


@pytest.mark.parametrize(("tempo", "frames"), [(0.5, 61), (1.0, 31), (2.0, 16)])
def test_a_tempo_changes_the_number_of_frames_and_an_even_one_keeps_the_steps_alike(tempo, frames):
    points, confidence = counted(31)
    moved, _ = done(Tempo(slowest=tempo, fastest=tempo, uneven=0.0), points, confidence)
    assert len(moved) == frames
    assert np.diff(moved[:, 0, 0]) == pytest.approx(tempo)


def test_an_uneven_tempo_never_goes_back_and_tempos_given_the_wrong_way_round_are_the_same():
    points, confidence = counted(31)
    steps = [np.diff(done(Tempo(uneven=1.0), points, confidence, seed)[0][:, 0, 0]) for seed in SEEDS]
    assert min(step.min() for step in steps) > -1e-9 and max(np.ptp(step) for step in steps) > 0.5
    swapped, ordered = (done(Tempo(slowest=low, fastest=5.0 / 2.0 - low), points, confidence)[0] for low in (2.0, 0.5))
    assert swapped == pytest.approx(ordered)
    assert len(done(Tempo(), *counted(1))[0]) == 1


def test_between_two_frames_everything_lies_on_a_straight_line():
    points, confidence = counted(3)
    confidence[1] = 0.5
    moved, sure = between(points, confidence, np.array([0.0, 0.25, 1.0, 2.0]))
    assert moved[:, 0, 0] == pytest.approx([1.0, (0.75 * 1.0 + 0.25 * 2.0), 2.0, 3.0])
    assert sure[:, 0] == pytest.approx([1.0, 0.875, 0.5, 1.0])


def test_a_piece_of_a_recording_is_at_least_as_long_as_asked_for_and_lies_anywhere():
    points, confidence = counted(20)
    pieces = [done(CropTime(least=0.5), points, confidence, seed)[0][:, 0, 0] for seed in range(300)]
    assert {len(piece) for piece in pieces} == set(range(10, 21))
    assert {piece[0] for piece in pieces} >= {1.0, 5.0, 10.0}
    assert len(done(CropTime(least=0.0), *counted(1))[0]) == 1
