"""Each transform keeps what it must keep, whatever is drawn."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.layouts import LAYOUTS, OPENPOSE_18, bones_outward
from physio_lab.augment import noise as augment_noise
from physio_lab.augment import space as augment_space
from physio_lab.augment import time as augment_time
from physio_lab.augment.compose import TRANSFORMS, Compose, transform_of
from physio_lab.augment.noise import limbs_of
from physio_lab.augment.transform import body_size

CHANGES_T = {"random_choose", "tempo", "crop_time"}
SEEDS = st.integers(0, 2**32 - 1)
quick = settings(max_examples=25, deadline=None)


@st.composite
def people(draw, missing=True, dimensions=(2, 3)):
    """Points (M, T, V, D), confidence (M, T, V), layout; some joints missing, their coordinates 0."""
    layout = draw(st.sampled_from(sorted(LAYOUTS)).map(LAYOUTS.__getitem__))
    shape = draw(st.integers(1, 2)), draw(st.integers(1, 40)), len(layout.joints), draw(st.sampled_from(dimensions))
    rng = np.random.default_rng(draw(SEEDS))
    points = rng.normal(0.0, 0.3, shape).astype(np.float32)
    confidence = rng.uniform(0.01, 1.0, shape[:-1]).astype(np.float32)
    if missing:
        gone = rng.random(shape[:-1]) < draw(st.sampled_from([0.0, 0.3, 1.0]))
        points[gone], confidence[gone] = 0.0, 0.0
    return points, confidence, layout


def change(transform, person, seed):
    return transform(*person, np.random.default_rng(seed))


@pytest.mark.parametrize("name", TRANSFORMS)
@quick
@given(person=people(), seed=SEEDS)
def test_same_seed_same_result_and_never_nan(name, person, seed):
    transform = TRANSFORMS[name](probability=1.0)
    before = person[0].copy(), person[1].copy()
    points, confidence = change(transform, person, seed)
    again = change(transform, person, seed)
    assert np.array_equal(points, again[0]) and np.array_equal(confidence, again[1])
    assert np.array_equal(person[0], before[0]) and np.array_equal(person[1], before[1])
    assert points.dtype == confidence.dtype == np.float32
    assert np.isfinite(points).all() and confidence.min() >= 0.0 and confidence.max() <= 1.0
    assert points.shape[:-1] == confidence.shape
    assert points.shape[0::2] == person[0].shape[0::2] and points.shape[3] == person[0].shape[3]
    if name not in CHANGES_T:
        assert points.shape == person[0].shape


@pytest.mark.parametrize("name", TRANSFORMS)
@quick
@given(person=people(), seed=SEEDS)
def test_what_is_missing_is_neither_found_nor_moved(name, person, seed):
    points, confidence = change(TRANSFORMS[name](probability=1.0), person, seed)
    if not person[1].any():
        assert not confidence.any()
    assert not points[confidence == 0].any()


@pytest.mark.parametrize("name", TRANSFORMS)
def test_with_probability_0_nothing_happens(name):
    rng = np.random.default_rng(0)
    points, confidence = rng.normal(size=(9, 18, 2)), rng.uniform(size=(9, 18))
    same, sure = TRANSFORMS[name](probability=0.0)(points, confidence, OPENPOSE_18, rng)
    assert np.array_equal(same, points) and np.array_equal(sure, confidence)


@quick
@given(people(), SEEDS)
def test_mirror_twice_is_identity_and_left_becomes_right(person, seed):
    mirror = augment_space.Mirror(probability=1.0)
    points, confidence = change(mirror, person, seed)
    for joint, partner in enumerate(person[2].mirror):
        assert np.array_equal(points[..., joint, 0], -person[0][..., partner, 0])
        assert np.array_equal(confidence[..., joint], person[1][..., partner])
    back = change(mirror, (points, confidence, person[2]), seed)
    assert np.array_equal(back[0], person[0]) and np.array_equal(back[1], person[1])


@quick
@given(people(missing=False), SEEDS)
def test_random_move_is_a_similarity_in_each_frame(person, seed):
    points, _ = change(augment_space.RandomMove(moves=3), person, seed)
    old, new = (np.linalg.norm(p[..., :1, :2] - p[..., 1:, :2], axis=-1) for p in (person[0], points))
    ratio = new / np.maximum(old, 1e-9)
    assert np.allclose(ratio, ratio[..., :1], rtol=1e-3)
    assert ratio.min() > 0.899 and ratio.max() < 1.101


@quick
@given(people(missing=False, dimensions=(3,)), SEEDS)
def test_rotate_view_keeps_all_distances_where_depth_is_known(person, seed):
    points, confidence = change(augment_space.RotateView(), person, seed)
    old, new = (np.linalg.norm(p[..., :1, :] - p[..., 1:, :], axis=-1) for p in (person[0], points))
    assert np.allclose(old, new, atol=1e-5)
    assert np.array_equal(confidence, person[1])


@quick
@given(people(missing=False, dimensions=(2,)), SEEDS)
def test_rotate_view_of_a_flat_body_is_affine_and_the_same_with_zero_depth(person, seed):
    flat, _ = change(augment_space.RotateView(), person, seed)
    deep = np.concatenate([person[0], np.zeros_like(person[0][..., :1])], axis=-1)
    assert np.allclose(change(augment_space.RotateView(), (deep, person[1], person[2]), seed)[0][..., :2], flat, atol=1e-6)
    old, new = (p.reshape(-1, 2).astype(float) for p in (person[0], flat))
    known = np.column_stack([old, np.ones(len(old))])
    fitted = np.linalg.lstsq(known, new, rcond=None)[0]
    assert np.allclose(known @ fitted, new, atol=1e-4)


@quick
@given(people(), SEEDS)
def test_crop_picture_takes_one_side_away(person, seed):
    points, confidence = change(augment_space.CropPicture(most=0.4), person, seed)
    gone, kept = (person[1] > 0) & (confidence == 0), confidence > 0
    assert np.array_equal(points[kept], person[0][kept])
    if gone.any():
        cut, rest = person[0][gone], person[0][kept]
        sides = [(cut[:, axis].max(), rest[:, axis].min()) for axis in (0, 1)]
        sides += [(-cut[:, axis].min(), -rest[:, axis].max()) for axis in (0, 1)]
        assert any(outside <= inside for outside, inside in sides)


@quick
@given(people(missing=False), SEEDS)
def test_camera_motion_moves_everything_alike(person, seed):
    points, _ = change(augment_space.CameraMotion(), person, seed)
    old, new = (np.linalg.norm(p[..., :1, :] - p[..., 1:, :], axis=-1) for p in (person[0], points))
    assert np.allclose(old, new, atol=1e-4)
    assert points.shape[1] == 1 or not np.allclose(points, person[0], atol=1e-6)


@quick
@given(people(missing=False), SEEDS)
def test_limb_proportions_keep_the_centre_and_the_directions_of_bones(person, seed):
    points, confidence = change(augment_space.LimbProportions(spread=0.3), person, seed)
    layout, centre = person[2], person[2].index(person[2].centre)
    assert np.array_equal(points[..., centre, :], person[0][..., centre, :])
    assert np.array_equal(confidence, person[1])
    factor = np.full(len(layout.joints), np.nan)
    for joint, parent in bones_outward(layout):
        old, new = (p[..., joint, :] - p[..., parent, :] for p in (person[0].astype(float), points.astype(float)))
        along = (old * new).sum(-1) / np.maximum((old**2).sum(-1), 1e-12)
        assert np.allclose(new, along[..., None] * old, atol=1e-4)
        factor[joint] = np.median(along)
    both = np.isfinite(factor + factor[layout.mirror])
    assert np.allclose(factor[both], factor[layout.mirror][both], rtol=1e-2)


@quick
@given(people(missing=False), SEEDS)
def test_tempo_keeps_first_and_last_pose_and_draws_straight_lines(person, seed):
    points, confidence = change(augment_time.Tempo(slowest=0.5, fastest=2.0), person, seed)
    for end in (0, -1):
        assert np.allclose(points[:, end], person[0][:, end], atol=1e-4)
        assert np.allclose(confidence[:, end], person[1][:, end], atol=1e-4)
    last = person[0].shape[1] - 1
    assert round(last / 2.0) <= max(points.shape[1] - 1, 1) and points.shape[1] - 1 <= max(round(last / 0.5), 1)
    low, high = person[0].min(1), person[0].max(1)
    assert (points >= low[:, None] - 1e-5).all() and (points <= high[:, None] + 1e-5).all()


def test_tempo_draws_no_line_to_a_missing_joint():
    points, confidence = np.full((3, 18, 2), 0.5), np.ones((3, 18))
    points[1], confidence[1] = 0.0, 0.0
    moved, sure = augment_time.between(points, confidence, np.array([0.0, 0.5, 1.0, 1.5, 2.0]))
    assert (moved[sure > 0] == 0.5).all() and list(sure[:, 0]) == [1.0, 0.5, 0.0, 0.5, 1.0]


@quick
@given(people(), SEEDS, st.integers(1, 60), st.sampled_from(augment_time.PADDINGS))
def test_random_choose_gives_the_length_asked_for_with_all_or_a_piece_of_the_sequence(person, seed, frames, padding):
    points, confidence = change(augment_time.RandomChoose(frames=frames, padding=padding), person, seed)
    assert points.shape[1] == frames
    held = person[0].shape[1]
    longer, shorter = (points, person[0]) if frames >= held else (person[0], points)
    starts = range(abs(frames - held) + 1)
    assert any(np.array_equal(longer[:, start : start + shorter.shape[1]], shorter) for start in starts)
    if padding == "empty" and frames > held:
        assert (confidence.any((0, 2))).sum() <= held


@quick
@given(people(), SEEDS)
def test_crop_time_keeps_a_piece_without_a_break(person, seed):
    points, _ = change(augment_time.CropTime(least=0.5), person, seed)
    held, kept = person[0].shape[1], points.shape[1]
    assert kept >= max(1, round(held * 0.5))
    assert any(np.array_equal(person[0][:, start : start + kept], points) for start in range(held - kept + 1))


@quick
@given(people(missing=False), SEEDS)
def test_joint_noise_is_as_large_as_asked_for(person, seed):
    points, confidence = change(augment_noise.JointNoise(jitter=0.1, drift=0.0), person, seed)
    off = (points - person[0]) / body_size(*person)
    assert np.array_equal(confidence, person[1])
    assert 0.07 < off.std() < 0.13 or off.size < 200


@quick
@given(people(missing=False), SEEDS)
def test_dropped_joints_have_no_confidence_and_the_rest_is_untouched(person, seed):
    points, confidence = change(augment_noise.DropJoints(joints=1.0, time=0.5), person, seed)
    gone = confidence == 0
    assert np.array_equal(gone[0], gone[-1]) and (gone[0].sum(0) == round(0.5 * points.shape[1])).all()
    assert np.array_equal(points[~gone], person[0][~gone])


@quick
@given(people(missing=False), SEEDS)
def test_a_dropped_limb_is_one_limb_and_whole(person, seed):
    _, confidence = change(augment_noise.DropLimbs(limbs=1), person, seed)
    gone = (confidence[0] == 0).any(0)
    assert np.flatnonzero(gone).tolist() in limbs_of(person[2])


def test_limbs_reach_outwards():
    names = [{OPENPOSE_18.joints[joint] for joint in limb} for limb in limbs_of(OPENPOSE_18)]
    assert {"left_elbow", "left_wrist"} in names and {"right_hip", "right_knee", "right_ankle"} in names
    assert all("neck" not in limb for limb in names)


@quick
@given(people(missing=False), SEEDS)
def test_dropped_frames_stay_but_are_empty(person, seed):
    points, confidence = change(augment_noise.DropFrames(share=0.4), person, seed)
    empty = ~confidence.any((0, 2))
    assert empty.sum() == round(0.4 * points.shape[1])
    assert np.array_equal(points[:, ~empty], person[0][:, ~empty])


def test_every_layout_has_each_joint_but_the_roots_once():
    for layout in LAYOUTS.values():
        joints = [joint for joint, _ in bones_outward(layout)]
        assert len(set(joints)) == len(joints) and layout.index(layout.centre) not in joints


def test_a_recipe_is_read_and_done_in_order():
    compose = Compose.from_recipe(["mirror", {"random_choose": {"frames": 7}}, {"random_move": {"scales": [1.0]}}])
    assert [type(transform).__name__ for transform in compose.transforms] == ["Mirror", "RandomChoose", "RandomMove"]
    points, _ = compose(np.zeros((3, 18, 2)), np.ones((3, 18)), OPENPOSE_18, np.random.default_rng(1))
    assert points.shape == (7, 18, 2)
    assert Compose.from_recipe(None) == Compose()


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (["mirrow"], "unknown transform 'mirrow'; known: mirror, random_move"),
        ([{"mirror": {"chance": 0.5}}], "known settings: probability"),
        ([{"mirror": {"probability": 1.5}}], "transform mirror: probability = 1.5 is outside 0 .. 1"),
        ([{"mirror": {}, "tempo": {}}], "write one name"),
        ([{"random_move": {"scales": []}}], "give at least one number"),
        ([{"random_move": {"shifts": ["far"]}}], "must be of type float"),
        ([{"random_choose": {"padding": "zeros"}}], "replay, hold, empty"),
        ("mirror", "is not a list"),
    ],
)
def test_a_wrong_recipe_is_refused_with_what_is_right(recipe, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        Compose.from_recipe(recipe)


@pytest.mark.parametrize(
    ("shape", "message"), [((4, 17, 2), "layout openpose_18 has 18"), ((0, 18, 2), "no frames"), ((4, 18, 4), "2 or 3")]
)
def test_arrays_that_do_not_fit_are_refused(shape, message):
    with pytest.raises(InputError, match=message):
        transform_of("mirror")(np.zeros(shape), np.ones(shape[:-1]), OPENPOSE_18, np.random.default_rng(0))


def test_nan_is_refused():
    with pytest.raises(InputError, match="confidence 0"):
        transform_of("mirror")(np.full((2, 18, 2), np.nan), np.ones((2, 18)), OPENPOSE_18, np.random.default_rng(0))
