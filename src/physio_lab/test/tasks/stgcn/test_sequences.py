"""Synthetic sequences: labels say what is being done at each tick, noise looks like an estimator's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.motion.movements import RECOGNISED
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import NormaliserConfig
from physio_core.types import UNKNOWN
from physio_lab.synthetic.noise import NoiseConfig, estimator_like
from physio_lab.tasks.stgcn.prepare import IGNORE_INDEX
from physio_lab.tasks.stgcn.sequences import SyntheticConfig, SyntheticSet, filmed

LABELS = (*RECOGNISED, UNKNOWN)
QUIET = NoiseConfig(
    jitter=0.0, drift=0.0, bias=0.0, hidden=0.0, fickle=0.0, swaps=0.0, jumps=0.0, gaps=0.0, slow_camera=0.0, missing=0.0
)


def batches(seed: int = 1, noise: NoiseConfig | None = None, **settings: float) -> SyntheticSet:
    return SyntheticSet(LABELS, SyntheticConfig(**settings), noise or NoiseConfig(), NormaliserConfig(), 8, seed)  # type: ignore[arg-type]


def test_a_batch_is_finite_and_always_the_same() -> None:
    features, labels = batches()[3]
    again, _ = batches()[3]
    other, _ = batches(seed=2)[3]
    assert features.shape == (8, 5, 92, 18) and labels.shape == (8, 92)
    assert np.isfinite(features).all() and features.dtype == np.float32
    np.testing.assert_array_equal(features, again)
    assert not np.array_equal(features, other)


def test_without_exercises_everything_is_unknown() -> None:
    _, labels = batches(exercises=0.0)[0]
    assert set(labels.ravel()) <= {IGNORE_INDEX, LABELS.index(UNKNOWN)}


def test_an_exercise_throughout_has_its_label_throughout() -> None:
    _, labels = batches(exercises=1.0, idle_before=0.0, idle_after=0.0, fresh=0.0, sure_after_s=0.0)[0]
    assert all(len(set(row)) == 1 and row[0] != LABELS.index(UNKNOWN) for row in labels)


def test_idle_times_are_unknown_and_the_change_is_left_out() -> None:
    _, labels = batches(exercises=1.0, idle_before=1.0, idle_after=0.0, fresh=0.0, sure_after_s=0.0)[0]
    for row in labels:
        changes = row[np.flatnonzero(np.diff(row, prepend=row[0] - 9))].tolist()
        assert changes[0] in (LABELS.index(UNKNOWN), IGNORE_INDEX) and changes[-1] not in (LABELS.index(UNKNOWN), IGNORE_INDEX)
        assert IGNORE_INDEX in changes


def test_single_repetitions_stand_between_long_times_without_them() -> None:
    drawn = batches(exercises=1.0, singles=1.0, frames=128, fresh=0.0, sure_after_s=0.0)
    for index in range(2):
        for row in drawn[index][1]:
            named = ~np.isin(row, (IGNORE_INDEX, LABELS.index(UNKNOWN)))
            assert 0 < named.sum() < 0.6 * len(row) and not named[:8].any() and not named[-3:].any()


def test_a_camera_in_the_hand_moves_the_whole_picture() -> None:
    still = np.broadcast_to(np.random.default_rng(3).uniform(0.0, 1.5, (1, 18, 3)), (40, 18, 3))

    def way(**settings: float) -> float:
        points, _, _ = filmed(still, np.random.default_rng(3), SyntheticConfig(approach=0.0, **settings))  # type: ignore[arg-type]
        return float(np.ptp(points[:, 0, 0]))

    assert way(handheld=1.0) > way() + 0.005


def test_something_in_the_way_hides_joints() -> None:
    def sure(objects: float) -> float:
        noise = replace(QUIET, objects=objects)
        return float(np.mean([batches(noise=noise)[index][0][:, 2].mean() for index in range(2)]))

    assert sure(1.0) < sure(0.0) - 0.03


def test_somebody_who_has_just_come_stands_still_before() -> None:
    features, labels = batches(fresh=1.0)[0]
    assert (labels[:, :18] == IGNORE_INDEX).all()
    assert np.array_equal(features[:, :3, 0], features[:, :3, 10]) and not features[:, 3:, :10].any()


def test_quiet_noise_leaves_visible_joints_alone() -> None:
    points = np.random.default_rng(0).uniform(0.3, 0.7, (20, 18, 2))
    neck, shoulders = OPENPOSE_18.index("neck"), [OPENPOSE_18.index("left_shoulder"), OPENPOSE_18.index("right_shoulder")]
    points[:, neck] = points[:, shoulders].mean(1)
    noisy, confidence = estimator_like(points, np.full((20, 18), 3.0), 1.0, np.random.default_rng(0), QUIET)
    np.testing.assert_allclose(noisy, points, atol=1e-6)
    assert np.median(confidence) > 0.9


@pytest.mark.parametrize("seed", range(8))
def test_far_and_outside_joints_are_unsure(seed: int) -> None:
    points = np.random.default_rng(seed).uniform(0.3, 0.7, (20, 18, 2))
    depth = np.full((20, 18), 3.0)
    far, near, outside = (OPENPOSE_18.index(name) for name in ("left_elbow", "right_elbow", "left_ankle"))
    points[:, far], depth[:, far], points[:, outside] = points[:, near] + 0.001, 3.5, [0.5, 1.4]
    _, confidence = estimator_like(points, depth, 1.0, np.random.default_rng(seed), QUIET)
    assert confidence[:, far].mean() < confidence[:, near].mean()
    assert confidence[:, outside].mean() < 0.2
