"""Regressions say what the textbook's do, with weights, and nothing of a person is learnt from that person."""

from __future__ import annotations

import numpy as np
import pytest

from physio_lab.quality.ridge import SHRINKAGES, held_out, linear, radial, regressed
from physio_lab.scoring.regression import Method

ROWS = np.arange(12)
RNG = np.random.default_rng(4)
FEATURES, NOISE = RNG.normal(size=(12, 3)), RNG.normal(size=12)
TARGET = FEATURES @ [1.0, -2.0, 0.5] + 3.0 + 0.1 * NOISE
WEIGHTS = np.linspace(0.5, 2.0, 8)


def test_it_is_weighted_ridge_regression_for_every_shrinkage() -> None:
    learn, ask = ROWS[:8], ROWS[8:]
    told = regressed(FEATURES @ FEATURES.T, learn, ask, TARGET, WEIGHTS)
    share, weights = WEIGHTS / WEIGHTS.sum(), np.diag(WEIGHTS / WEIGHTS.mean())
    middle = share @ FEATURES[learn]
    centred, mean = FEATURES[learn] - middle, share @ TARGET[learn]
    for shrinkage, row in zip(SHRINKAGES, told, strict=True):
        inner = centred.T @ weights @ centred + shrinkage * np.eye(3)
        slopes = np.linalg.solve(inner, centred.T @ weights @ (TARGET[learn] - mean))
        np.testing.assert_allclose(row, mean + (FEATURES[ask] - middle) @ slopes)


def test_what_is_asked_about_is_not_looked_at() -> None:
    learn, ask, changed = ROWS[:8], ROWS[8:], TARGET.copy()
    changed[8:] += 100.0
    kernel = FEATURES @ FEATURES.T
    np.testing.assert_array_equal(regressed(kernel, learn, ask, TARGET, WEIGHTS), regressed(kernel, learn, ask, changed, WEIGHTS))


def test_of_each_person_the_others_tell_and_one_person_alone_tells_the_mean() -> None:
    people, kernel = np.repeat(["a", "b", "c"], 4), FEATURES @ FEATURES.T
    alike = np.ones(8)
    said = held_out(kernel, ROWS, people, TARGET, lambda rows: np.ones(len(rows)))
    np.testing.assert_allclose(said[:, 4:8], regressed(kernel, np.r_[0:4, 8:12], ROWS[4:8], TARGET, alike))
    alone = held_out(kernel, ROWS, np.repeat(["a"], 12), TARGET, lambda rows: np.ones(len(rows)))
    np.testing.assert_allclose(alone, TARGET.mean())


def test_kernels_are_scaled_by_what_is_learnt_from_alone() -> None:
    learn = ROWS[:8]
    far = FEATURES.copy()
    far[8:] *= 50.0
    for standardise in (False, True):
        near_products, far_products = (linear(one, learn, standardise) for one in (FEATURES, far))
        np.testing.assert_allclose(near_products[:8, :8], far_products[:8, :8])
        assert np.diag(near_products)[:8].mean() == pytest.approx(1.0)
    similar = radial(linear(FEATURES, learn), learn)
    assert np.diag(similar) == pytest.approx(1.0) and 0.0 < similar.min() < similar.max() <= 1.0 + 1e-12
    assert np.median(similar[:8, :8]) == pytest.approx(np.exp(-1.0), rel=0.2)


class Sum:
    """A regressor that learns nothing and adds up what it is given."""

    def fit(self, features: np.ndarray, _: np.ndarray) -> Sum:
        assert np.isfinite(features).all()
        return self

    def predict(self, features: np.ndarray) -> np.ndarray:
        return np.asarray(features.sum(1))


class Zero(Sum):
    """The same, and says 0."""

    def predict(self, features: np.ndarray) -> np.ndarray:
        return np.zeros(len(features))


def test_what_was_not_measured_is_the_usual_and_what_is_extreme_is_brought_back() -> None:
    learnt = np.array([[0.0, np.nan], [1.0, np.nan], [2.0, np.nan], [3.0, np.nan]])
    asked = np.array([[np.nan, 5.0], [1000.0, np.nan]])
    usual, extreme = Method("sum", (Sum,)).told(learnt, np.arange(4.0), asked)
    assert usual == 1.5 and extreme == pytest.approx(3.0, abs=0.05)
    np.testing.assert_allclose(Method("both", (Sum, Zero)).told(learnt, np.arange(4.0), asked), [usual / 2, extreme / 2])


@pytest.mark.parametrize(("makes", "targets"), [((), [1.0, 2.0, 4.0]), ((Sum,), [2.0, 2.0, 2.0])])
def test_without_a_method_or_with_one_target_only_the_median_is_told(makes, targets) -> None:
    np.testing.assert_array_equal(Method("", makes).told(np.zeros((3, 1)), np.array(targets), np.ones((2, 1))), [2.0, 2.0])
