"""How often hands are seen is counted as it is: an estimator that is always right, never sees, or errs by so much, says so."""

from dataclasses import replace

import numpy as np
import pytest

from physio_core.skeleton.layouts import HAND_21
from physio_core.types import Frame, Hand, Skeleton, Tracking
from physio_lab.synthetic.hand_scenes import HandScene
from physio_lab.synthetic.hand_seen import (
    BENT_BANDS,
    HAND_MOVEMENTS,
    IMAGES,
    MOVEMENTS,
    SeenScene,
    look,
    procrustes_error,
    rows,
    scenes_of,
)

SCENE = HandScene(size_px=(160, 120), at_m=(0.0, 0.08, 0.4))
LENGTH_PX = SCENE.shape.length_m / 0.4 * 80 / np.tan(np.radians(31))


def told(off_px: float, side: str = "right", see: bool = True) -> SeenScene:
    """The fist of one scene, by an estimator whose landmarks are all so far beside the truth."""
    motion = HAND_MOVEMENTS["fist"].motion(np.linspace(0.0, 0.85, IMAGES))
    points_m = SCENE.frames(motion).points_m
    shifted = SCENE.project(points_m) + [off_px, 0.0]

    def estimate(frame: Frame) -> list[Hand]:
        if frame.stamp_s < 0 or not see:
            return []
        number = round(frame.stamp_s * 10)
        points = np.concatenate([shifted[number] / [160, 120], np.zeros((21, 1))], axis=1)
        skeleton = Skeleton(frame.stamp_s, Tracking.TRACKED, HAND_21.name, points, np.ones(21), world_m=2.0 * points_m[number])
        return [Hand(skeleton, side, 1.0)]

    return look(0, SCENE, "fist", estimate)


def test_an_estimator_that_is_right_has_no_error_whatever_its_scale_in_space() -> None:
    seen = told(0.0)
    assert seen.seen.all() and seen.side.all()
    assert np.allclose(seen.error, 0.0, atol=1e-6) and np.allclose(seen.error_3d, 0.0, atol=1e-6)
    assert seen.bent.max() > 0.7 > 0.2 > seen.bent.min()


def test_errors_are_shares_of_the_length_of_the_hand() -> None:
    assert told(0.2 * LENGTH_PX).error == pytest.approx(0.2, rel=0.02)


def test_the_table_tells_seen_from_right_and_counts_by_what_is_different() -> None:
    near, far, none = (
        told(0.02 * LENGTH_PX),
        replace(told(0.3 * LENGTH_PX, "left"), hand=1),
        replace(told(0.0, see=False), hand=2),
    )
    table = {(row.factor, row.value): row for row in rows([near, far, none])}
    everything = table["bare hands", "all"]
    assert everything.images == 3 * IMAGES
    assert everything.seen[0] == pytest.approx(2 / 3) and everything.right[0] == pytest.approx(1 / 3)
    assert everything.side == pytest.approx(0.5)
    assert everything.right[1].low <= 1 / 3 <= everything.right[1].high
    assert sum(table["bent", band].images for band in BENT_BANDS if ("bent", band) in table) == 3 * IMAGES
    assert not [value for factor, value in table if factor == "glove"]


def test_a_figure_in_space_is_turned_and_scaled_before_it_is_compared() -> None:
    points = np.random.default_rng(0).normal(size=(21, 3))
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    assert procrustes_error(3.0 * points @ turn + 1.0, points) == pytest.approx(0.0, abs=1e-9)
    assert procrustes_error(points * [1, 1, -1], points) > 0.2, "a mirrored hand is another one"


def test_every_person_shows_all_sides_gloves_and_things_and_the_same_ones_again() -> None:
    made = list(scenes_of(3, 1))
    assert [scene for scene, _ in made] == [scene for scene, _ in scenes_of(3, 1)]
    assert {scene.look.glove for scene, _ in made} >= {"thin", "thick", "textured", "coloured", "work", "none"}
    assert {scene.occluder for scene, _ in made} == {"none", "tool", "ball", "bar"}
    assert {movement for _, movement in made} <= set(MOVEMENTS) and {scene.look.tone for scene, _ in made} == {"dark"}
