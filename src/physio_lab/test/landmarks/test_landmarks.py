"""Landmarks in regions: what is true there, the way back to the cut-out, figures at their anchors, bad input."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_core.pose.blaze.regions import Region, whole
from physio_lab.datasets.hand_sets import normalised
from physio_lab.landmarks.compare import MEDIAPIPE, OURS, measured
from physio_lab.landmarks.figures import figures_of
from physio_lab.landmarks.network import LandmarkNetwork, check_cut_out
from physio_lab.landmarks.regions import Told, in_cut_out, shaken, truth

RNG = np.random.default_rng(4)
POINTS_M = RNG.normal(0.0, 0.05, (21, 3)) + [0.0, 0.0, 0.5]
FOCAL_PX = 300.0
POINTS_PX = POINTS_M[:, :2] * FOCAL_PX / POINTS_M[:, 2:] + 112.0


def test_what_is_true_in_a_turned_region_is_the_same_back_in_the_cut_out():
    there = truth(Region(100.0, 120.0, 150.0, 0.7), POINTS_M, POINTS_PX, FOCAL_PX)
    back = in_cut_out(Region(100.0, 120.0, 150.0, 0.7), there, 224.0)
    plain = truth(whole(224, 224), POINTS_M, POINTS_PX, FOCAL_PX)
    np.testing.assert_allclose(back.joints, normalised(POINTS_M), atol=1e-9)
    np.testing.assert_allclose(back.marks, plain.marks, atol=1e-9)
    np.testing.assert_allclose(back.marks[:, :2] * 224.0, POINTS_PX, atol=1e-9)


def test_a_mirror_image_of_a_mirror_image_is_the_hand():
    told = Told(RNG.uniform(size=(21, 3)), RNG.normal(size=(21, 3)))
    assert told.mirrored.marks[3, 0] == 1.0 - told.marks[3, 0] and told.mirrored.joints[3, 0] == -told.joints[3, 0]
    np.testing.assert_allclose(told.mirrored.mirrored.marks, told.marks)


def test_a_follower_is_astray_but_near():
    regions = [shaken(POINTS_PX, np.random.default_rng(seed)) for seed in range(50)]
    sides = np.array([region.side_px for region in regions])
    assert 0.02 < np.log(sides).std() < 0.2 and len({region.rotation_rad for region in regions}) == 50


def test_what_is_no_cut_out_is_refused():
    with pytest.raises(InputError, match="100, 224, 3"):
        check_cut_out(np.zeros((100, 224, 3), np.uint8))


def test_the_network_that_ships_has_mediapipes_presence_and_says_finite_joints():
    told = LandmarkNetwork().joints(np.full((224, 224, 3), 128, np.uint8))
    assert told.shape == (21, 3) and np.isfinite(told).all() and not told[0].any()


def test_nothing_missed_is_1_and_the_mean_is_0():
    """R² at both of its anchors, and what is told per joint and axis."""
    true = np.random.default_rng(1).normal(size=(30, 21, 3))
    who = [str(number % 5) for number in range(30)]
    assert figures_of(true, true, who)["r2"] == 1.0
    mean = figures_of(np.broadcast_to(true.mean(0), true.shape), true, who)
    assert mean["r2"] == pytest.approx(0.0) and set(mean["axes_r2"]) == set("xyz") and len(mean["joints_r2"]) == 20


def test_a_small_coordinate_weighs_as_much_as_a_large_one_only_in_the_mean_of_all():
    true = np.random.default_rng(1).normal(size=(200, 21, 3)) * [1.0, 1.0, 0.01]
    told = np.where([True, True, False], true, 0.0)
    found = figures_of(told, true, ["one"] * 200)
    assert found["r2"] > 0.99 and found["r2_mean_of_coordinates"] == pytest.approx(2 / 3, abs=0.01)


def test_bare_and_gloved_hands_stand_apart_and_make_up_all():
    found = measured(2)
    assert list(found["hands"]) == ["bare", "in gloves"]
    for name in (OURS, MEDIAPIPE):
        both, bare, gloved = (one[name]["joints"]["mse"] for one in (found["ways"]["followed"], *found["hands"].values()))
        assert both == pytest.approx((bare + gloved) / 2) and bare != gloved
