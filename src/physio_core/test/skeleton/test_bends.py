"""Bends: what lies between two segments, in an image and in space."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.skeleton.bends import between_deg, ends_of, load_bends


@pytest.mark.parametrize("deg", [0.0, 1e-6, 30.0, 90.0, 150.0, 180.0 - 1e-6, 180.0])
@pytest.mark.parametrize("way", [1.0, -1.0])
def test_what_lies_between_is_exact_and_the_same_whichever_way_it_bends(deg, way):
    turn = np.radians(way * deg)
    flat = between_deg(np.array([3.0, 0.0]), 0.2 * np.array([np.cos(turn), np.sin(turn)]))
    deep = between_deg(np.array([0.0, 3.0, 0.0]), 0.2 * np.array([0.0, np.cos(turn), np.sin(turn)]))
    assert (flat, deep) == (pytest.approx(deg, abs=1e-9), pytest.approx(deg, abs=1e-9))


def test_many_at_once_are_as_one_by_one_and_a_segment_without_length_has_no_angle():
    first, second = np.random.default_rng(1).normal(size=(2, 4, 5, 3))
    first[0, 0] = second[1, 1] = 0.0
    found = between_deg(first, second)
    assert found.shape == (4, 5) and np.isnan(found).sum() == 2 and np.isnan(found[[0, 1], [0, 1]]).all()
    np.testing.assert_allclose(found[2, 3], between_deg(first[2, 3], second[2, 3]))


def test_a_bend_is_measured_at_the_joint_that_it_is_named_after():
    assert ends_of(load_bends()["left_knee_flexion"]) == ("left_hip", "left_knee", "left_ankle")
    assert "trunk_lean" not in load_bends()
