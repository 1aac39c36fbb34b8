"""The noise that training adds has the sizes and shares that its settings promise, joint by joint."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.skeleton.layouts import OPENPOSE_18
from physio_lab.synthetic import noise
from physio_lab.synthetic.noise import NoiseConfig, estimator_like, wandering
from physio_lab.synthetic.simulated_sets import PERFECT

JOINT = OPENPOSE_18.index
ASPECT = 4 / 3
LIMBS = [index for index, name in enumerate(OPENPOSE_18.joints) if name.split("_")[-1] in ("elbow", "wrist", "knee", "ankle")]
WHOLE = [index for index in range(18) if index not in LIMBS]


def body(frames: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Someone who stands still facing the camera, well inside the picture: points in picture heights, depth [m]."""
    pose = np.zeros((18, 2))
    places = {
        "nose": (0.0, 0.15), "neck": (0.0, 0.25), "eye": (0.02, 0.13), "ear": (0.04, 0.14), "shoulder": (0.1, 0.25),
        "elbow": (0.16, 0.38), "wrist": (0.2, 0.5), "hip": (0.07, 0.5), "knee": (0.08, 0.68), "ankle": (0.09, 0.86),
    }  # fmt: skip
    for index, name in enumerate(OPENPOSE_18.joints):
        side = 1.0 if name.startswith("left_") else -1.0
        x, y = places[name.removeprefix("left_").removeprefix("right_")]
        pose[index] = ASPECT / 2 + side * x, y
    pose[JOINT("neck"), 0] = pose[JOINT("nose"), 0] = ASPECT / 2
    return np.repeat(pose[None], frames, axis=0), np.full((frames, 18), 3.0)


TRUNK = 0.25
"""Length of the trunk of :func:`body`, in picture heights; sizes of noise count in it."""


def seen(config: NoiseConfig, seeds: int = 60, frames: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Errors (S, T, 18, 2) in trunk lengths and confidence (S, T, 18) of many sequences of the same body."""
    points, depth = body(frames)
    made = [estimator_like(points, depth, ASPECT, np.random.default_rng(seed), config) for seed in range(seeds)]
    return np.array([one[0] - points for one in made]) / TRUNK, np.array([one[1] for one in made])


def test_without_noise_the_points_are_the_true_ones_and_the_trunk_is_sure():
    error, confidence = seen(PERFECT)
    assert np.abs(error).max() < 1e-5
    assert np.median(confidence[..., WHOLE]) > 0.99
    assert np.median(confidence[..., LIMBS]) > 0.9


def test_a_joint_trembles_by_its_kind_faces_least_and_limbs_most():
    error, _ = seen(replace(PERFECT, jitter=0.05), seeds=200)
    step = np.diff(error, axis=1).std(axis=(0, 1, 3)) / np.sqrt(2)
    face, wrist, hip = step[JOINT("left_ear")], step[JOINT("left_wrist")], step[JOINT("left_hip")]
    assert wrist / hip == pytest.approx(1.2 / 0.8, rel=0.05)
    assert face / hip == pytest.approx(0.5 / 0.8, rel=0.05)
    # Of 0.05 trunk lengths in the middle of the sequences; the sizes are log-normal, which makes their mean square larger.
    assert hip / 0.8 == pytest.approx(0.05 * np.exp(-0.5 + 0.7**2), rel=0.15)


def test_a_bias_stays_for_a_whole_sequence_and_is_of_the_size_asked_for():
    error, _ = seen(replace(PERFECT, bias=0.04), seeds=300)
    assert np.ptp(error, axis=1).max() < 1e-5
    others = [index for index in range(18) if index != JOINT("neck")]
    assert error[:, 0, others].std() == pytest.approx(0.04, rel=0.05)


def test_the_neck_is_the_middle_of_the_shoulders_whatever_was_added():
    points, depth = body()
    made, _ = estimator_like(points, depth, ASPECT, np.random.default_rng(1), replace(PERFECT, jitter=0.1, bias=0.1))
    assert made[:, JOINT("neck")] == pytest.approx(made[:, [JOINT("left_shoulder"), JOINT("right_shoulder")]].mean(1), abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "share"), [({"gaps": 0.5}, 0.5), ({"jumps": 0.4}, 0.4), ({"swaps": 0.3}, 0.3), ({"annotated": 0.25}, 0.25)]
)
def test_as_many_sequences_suffer_from_something_as_asked_for(settings, share, monkeypatch):
    hit = {"swap": 0, "jump": 0, "bridge": 0, "annotate": 0}
    for name in hit:
        kept = getattr(noise, f"_{name}")
        monkeypatch.setattr(noise, f"_{name}", lambda *a, name=name, kept=kept: (hit.__setitem__(name, hit[name] + 1), kept(*a)))
    seen(replace(PERFECT, **settings), seeds=400, frames=8)
    wanted = {"gaps": "bridge", "jumps": "jump", "swaps": "swap", "annotated": "annotate"}[next(iter(settings))]
    assert hit.pop(wanted) / 400 == pytest.approx(share, abs=0.06)
    assert set(hit.values()) == {0}


def test_exchanged_sides_are_the_true_places_of_the_other_side():
    error, _ = seen(replace(PERFECT, swaps=1.0), seeds=100)
    points, _ = body(1)
    apart = (points[0, OPENPOSE_18.mirror] - points[0]) / TRUNK
    off = np.abs(error).max(-1) > 1e-4
    frames = np.argwhere(off)
    assert len(frames) > 100
    for sequence, frame, joint in frames[::50]:
        assert error[sequence, frame, joint] == pytest.approx(apart[joint], abs=1e-4)
    assert 0.1 < (off.any(axis=2).mean(axis=1) > 0.99).mean() < 0.35, "some are exchanged throughout"


def test_only_limbs_jump_and_not_for_long():
    error, confidence = seen(replace(PERFECT, jumps=1.0), seeds=100)
    away = np.abs(error).max(-1) > 1e-3
    assert not away[..., [joint for joint in WHOLE if joint != JOINT("neck")]].any()
    assert away.any(axis=(1, 2)).mean() > 0.95
    assert away.mean(axis=(1, 2)).max() < 0.25
    assert confidence[away].mean() < confidence[..., LIMBS][~away[..., LIMBS]].mean()


def test_a_slow_camera_draws_straight_lines_between_its_images():
    points, depth = body(90)
    points = points + 0.05 * np.random.default_rng(0).normal(size=points.shape)  # no three frames in a line
    made, _ = estimator_like(points, depth, ASPECT, np.random.default_rng(4), replace(PERFECT, slow_camera=1.0))
    hip = JOINT("left_hip")
    kept = np.abs(made[:, hip] - points[:, hip]).max(-1) < 1e-5
    assert kept[0] and kept[-1] and 0.35 < kept.mean() < 0.98
    for frame in np.flatnonzero(~kept):
        before = np.flatnonzero(kept[:frame])[-1]
        after = frame + np.flatnonzero(kept[frame:])[0]
        share = (frame - before) / (after - before)
        assert made[frame, hip] == pytest.approx(points[before, hip] * (1 - share) + points[after, hip] * share, abs=1e-5)


def test_another_source_marks_no_eyes_and_ears_and_a_joint_is_there_or_not():
    _, confidence = seen(replace(PERFECT, annotated=1.0))
    sides = [index for index, name in enumerate(OPENPOSE_18.joints) if name.split("_")[-1] in ("eye", "ear")]
    assert not confidence[..., sides].any()
    for one in confidence:
        assert len(np.unique(one[one > 0.0])) == 1 and one.max() > 0.69


def test_a_missing_joint_is_zero_and_has_no_confidence():
    points, depth = body()
    gone = 0
    for seed in range(40):
        made, sure = estimator_like(points, depth, ASPECT, np.random.default_rng(seed), replace(PERFECT, missing=1.0))
        assert not made[sure == 0.0].any()
        gone += (sure == 0.0).any()
    assert gone > 20


def test_fickle_limbs_look_unsure_without_being_wrong():
    error, confidence = seen(replace(PERFECT, fickle=1.0, unsure_joints=1.0, unsure_least=1.0))
    assert np.abs(error).max() < 1e-5
    assert np.median(confidence[..., LIMBS]) < 0.7 and np.median(confidence[..., WHOLE]) > 0.99


def test_outside_the_picture_a_joint_is_hardly_sure_and_guessed_towards_the_picture_or_the_other_side():
    points, depth = body()
    points[:, JOINT("left_ankle"), 1] = 1.2
    made = [
        estimator_like(points, depth, ASPECT, np.random.default_rng(seed), replace(PERFECT, hidden=0.2)) for seed in range(60)
    ]
    sure, other = (np.array([one[1][:, JOINT(name)] for one in made]) for name in ("left_ankle", "right_ankle"))
    assert np.median(sure) < 0.07 and np.median(other) > 0.9
    off = np.array([np.linalg.norm(one[0] - points, axis=-1)[:, JOINT("left_ankle")] for one in made]) / TRUNK
    assert np.median(off) > 0.1


@pytest.mark.parametrize("nearer", ["left", "right"])
def test_of_two_joints_in_one_place_the_farther_one_is_hidden(nearer):
    points, depth = body()
    points[:, JOINT("left_wrist")] = points[:, JOINT("right_wrist")] = [0.9, 0.5]  # beside the trunk, one behind the other
    depth[:, JOINT(f"{nearer}_wrist")] = 2.5
    farther = "right" if nearer == "left" else "left"
    sure = np.mean(
        [estimator_like(points, depth, ASPECT, np.random.default_rng(seed), PERFECT)[1] for seed in range(40)], axis=(0, 1)
    )
    assert sure[JOINT(f"{nearer}_wrist")] > 0.9 > 0.7 > sure[JOINT(f"{farther}_wrist")]


def test_an_arm_behind_the_trunk_is_hidden_and_one_before_it_is_not():
    points, depth = body()
    points[:, JOINT("left_wrist")] = [ASPECT / 2, 0.4]
    for away_m, hidden in ((3.4, True), (2.6, False)):
        depth[:, JOINT("left_wrist")] = away_m
        sure = [
            estimator_like(points, depth, ASPECT, np.random.default_rng(seed), PERFECT)[1][:, JOINT("left_wrist")]
            for seed in range(40)
        ]
        assert bool(np.mean(sure) < 0.7) is hidden


def test_wandering_noise_has_unit_size_and_forgets_over_its_frames():
    made = wandering(np.random.default_rng(0), (4000, 50), 10.0)
    assert made.std() == pytest.approx(1.0, abs=0.05)
    later = [(made[:-lag] * made[lag:]).mean() for lag in (1, 10)]
    assert later == pytest.approx([np.exp(-0.1), np.exp(-1.0)], abs=0.06)


def test_one_seed_gives_one_sequence_whatever_is_added():
    points, depth = body()
    first, again, other = (
        estimator_like(points, depth, ASPECT, np.random.default_rng(seed), NoiseConfig()) for seed in (1, 1, 2)
    )
    assert np.array_equal(first[0], again[0]) and np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])
    assert first[0].dtype == first[1].dtype == np.float32 and first[1].min() >= 0.0 and first[1].max() <= 1.0


def test_a_body_of_no_size_gives_numbers():
    made, sure = estimator_like(np.zeros((5, 18, 2)), np.ones((5, 18)), ASPECT, np.random.default_rng(0), NoiseConfig())
    assert np.isfinite(made).all() and np.isfinite(sure).all()
