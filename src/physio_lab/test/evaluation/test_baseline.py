"""Whole movements compared: the same wherever, however large, in whatever tempo; warping against the plain recursion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.datasets.split import Tag
from physio_lab.evaluation.baseline import METHODS, Example, beside, named
from physio_lab.evaluation.nearest import BAND, STRIDE, Nearest, straight, warped
from physio_lab.evaluation.shapes import FRAMES, shape_of


@pytest.fixture(scope="module", name="squat_film")
def squat_film_fixture(film: Callable[..., SkeletonSequence]) -> SkeletonSequence:
    return film("squat", seconds=3.0)


def test_where_how_large_and_how_long_do_not_count(squat_film: SkeletonSequence) -> None:
    moved = replace(squat_film, points=squat_film.points * 0.5 + 0.2, stamps_s=squat_film.stamps_s * 2 + 5)
    np.testing.assert_allclose(shape_of(moved), shape_of(squat_film), atol=1e-4)


def test_the_way_through_the_picture_counts(squat_film: SkeletonSequence) -> None:
    still = replace(squat_film, points=np.repeat(squat_film.points[:, :1], len(squat_film.stamps_s), axis=1))
    assert np.abs(shape_of(still) - shape_of(squat_film)).max() > 0.5


def test_a_joint_that_is_missing_for_a_while_goes_straight_on(squat_film: SkeletonSequence) -> None:
    confidence, points = squat_film.confidence.copy(), squat_film.points.copy()
    confidence[0, 30:34, 4] = points[0, 30:34, 4] = 0.0
    shape = shape_of(replace(squat_film, points=points, confidence=confidence))
    assert shape.shape == (FRAMES, 36)
    np.testing.assert_allclose(shape, shape_of(squat_film), atol=0.15)


def test_one_who_is_hardly_seen_moves_in_no_way(squat_film: SkeletonSequence) -> None:
    confidence = np.zeros_like(squat_film.confidence)
    confidence[0, 5] = 1.0
    with pytest.raises(InputError, match="someone is seen in 1 frames"):
        shape_of(replace(squat_film, confidence=confidence))


def plain(one: np.ndarray, other: np.ndarray) -> float:
    """Dynamic time warping as the textbook writes it."""
    one, other = one[::STRIDE], other[::STRIDE]
    size, band = len(one), max(1, round(BAND * len(one)))
    table = np.full((size + 1, size + 1), np.inf)
    table[0, 0] = 0.0
    for i in range(size):
        for j in range(max(0, i - band), min(size, i + band + 1)):
            cost = ((one[i] - other[j]) ** 2).sum()
            table[i + 1, j + 1] = cost + min(table[i, j], table[i + 1, j], table[i, j + 1])
    return float(table[size, size])


def test_warping_is_that_of_the_textbook() -> None:
    rng = np.random.default_rng(0)
    ones, others = rng.normal(size=(3, 12, 4)), rng.normal(size=(5, 12, 4))
    np.testing.assert_allclose(warped(ones, others), [[plain(one, other) for other in others] for one in ones])
    np.testing.assert_allclose(straight(ones, others)[1, 2], ((ones[1] - others[2]) ** 2).sum())


def test_warping_forgives_a_delay_that_straight_does_not() -> None:
    time = np.linspace(0, 1, 32)
    bump = np.exp(-(((time - 0.5) / 0.08) ** 2))[None, :, None]
    late, low = np.roll(bump, 4, axis=1), 0.35 * bump
    shapes = np.concatenate([late, low])
    for distances, label in ((straight, "low"), (warped, "late")):
        nearest = Nearest(distances)
        nearest.fit(shapes, ["late", "low"])
        assert nearest.predict(bump) == [label]


def example(name: str, label: str, value: float, subject: str = "", kind: str = "") -> Example:
    return Example(Tag(name, label, subject or name, ""), kind, np.full((8, 2), value, np.float32))


def test_only_what_is_of_one_kind_is_compared() -> None:
    learn = [example("a", "right", 0.0, kind="squat"), example("b", "wrong", 1.0, kind="lunge")]
    test = [example("c", "wrong", 1.0, kind="squat"), example("d", "wrong", 0.0, kind="jump")]
    assert named("nearest", learn, test) == ["right", ""]


def test_nobody_who_is_measured_may_be_learnt_from() -> None:
    with pytest.raises(ConfigError, match="anna is in what the baselines learn from and in what they are measured on"):
        beside([example("a", "x", 0.0, "anna")], [example("b", "x", 0.0, "anna")], ["x", "y"])


def test_a_support_vector_machine_tells_what_it_learnt() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: scripts/setup --training")
    rng = np.random.default_rng(0)
    learn = [example(str(n), "xy"[n % 2], float(n % 2) + 0.1 * rng.normal()) for n in range(20)]
    assert named("svm", learn, [example("u", "x", 0.05), example("v", "y", 0.9)]) == ["x", "y"]
    assert named("svm", learn[::2], [example("u", "x", 0.9)]) == ["x"]
    assert set(METHODS) == {"chance", "nearest", "warped", "svm"}
