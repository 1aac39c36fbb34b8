"""The angles of a hand's joints, and bones that keep their lengths."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_core.hands.angles import (
    ANGLES,
    BONES,
    bone_lengths,
    hand_angles,
    oppositions,
    with_bone_lengths,
    wrist_flexion_deg,
)
from physio_core.hands.canonical import to_canonical
from physio_testing.made_hands import FIST, made_hand, turned


@pytest.mark.parametrize("bend", [0.0, 15.0, 60.0, 85.0])
def test_fingers_bend_as_they_were_made(bend):
    angles = dict(zip(ANGLES, hand_angles(turned(made_hand((20.0, bend, bend, bend, bend)), 3)), strict=True))
    for finger in ("index", "middle", "ring", "pinky"):
        for joint in ("mcp", "pip", "dip"):
            assert angles[f"{finger}_{joint}_flexion"] == pytest.approx(bend, abs=1.0), (finger, joint)
    assert angles["thumb_mcp_flexion"] == pytest.approx(20.0, abs=1.0)


def test_a_left_hand_has_the_angles_of_its_mirror_image():
    hand = turned(made_hand(FIST), 1)
    np.testing.assert_allclose(hand_angles(hand * [-1.0, 1.0, 1.0], left=True), hand_angles(hand), atol=1e-6)


def test_spread_fingers_are_apart_and_overstretched_ones_bend_negatively():
    wide, narrow = (dict(zip(ANGLES, hand_angles(made_hand(spread=spread)), strict=True)) for spread in (1.0, 0.0))
    assert wide["middle_ring_spread"] == pytest.approx(14.0, abs=1.0)
    assert narrow["middle_ring_spread"] == pytest.approx(7.0, abs=1.0)
    assert dict(zip(ANGLES, hand_angles(made_hand((0.0, -20.0, 0.0, 0.0, 0.0))), strict=True))["index_pip_flexion"] < -15.0


def test_the_thumb_comes_nearer_to_a_finger_that_bends():
    far, near = (oppositions(to_canonical(made_hand((30.0, bend, 0.0, 0.0, 0.0)))) for bend in (0.0, 60.0))
    assert near[0] < far[0] - 0.3
    np.testing.assert_allclose(near[2:], far[2:])


@pytest.mark.parametrize("bent_deg", [-50.0, 0.0, 60.0])
def test_a_hand_bent_at_the_wrist_is_measured_against_the_forearm(bent_deg):
    hand = made_hand()
    ahead = hand[9] / np.linalg.norm(hand[9])
    back = -np.cos(np.radians(bent_deg)) * ahead + np.sin(np.radians(bent_deg)) * np.array([0.0, 0.0, 1.0])
    assert wrist_flexion_deg(hand, 3.0 * back) == pytest.approx(bent_deg, abs=0.1)
    mirrored = hand * [-1.0, 1.0, 1.0], 3.0 * back * [-1.0, 1.0, 1.0]
    assert wrist_flexion_deg(*mirrored, left=True) == pytest.approx(bent_deg, abs=0.1)


def test_bones_get_their_lengths_back_and_angles_become_better_for_it():
    rng = np.random.default_rng(0)
    bends = [tuple(rng.uniform(0.0, 80.0, 5)) for _ in range(40)]
    true = np.stack([made_hand(bend) for bend in bends])
    guessed = true + rng.normal(0.0, 1.0, true.shape) * [0.01, 0.01, 0.12]
    mended = with_bone_lengths(guessed, bone_lengths(true))
    lengths = np.linalg.norm(mended[:, BONES[:, 0]] - mended[:, BONES[:, 1]], axis=-1)
    np.testing.assert_allclose(lengths, np.broadcast_to(bone_lengths(true), lengths.shape), rtol=0.15)
    before, after = (np.abs(hand_angles(points) - hand_angles(true)).mean() for points in (guessed, mended))
    assert after < 0.85 * before


def test_lengths_that_are_none_are_refused():
    with pytest.raises(InputError, match="positive"):
        with_bone_lengths(made_hand(), np.zeros(len(BONES)))
    with pytest.raises(InputError, match="no hand in 2 frames"):
        bone_lengths(np.full((2, 21, 3), np.nan))
