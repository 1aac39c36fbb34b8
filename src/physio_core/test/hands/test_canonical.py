"""One frame for every hand."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import SkeletonError
from physio_core.hands.canonical import on_standard_bones, palm_towards_camera, to_canonical
from physio_core.hands.shape import shape_features
from physio_testing.made_hands import FIST, made_hand, other_bones, turned


@pytest.mark.parametrize("seed", range(4))
def test_place_turn_size_and_side_drop_out(seed):
    hand = made_hand()
    expected = to_canonical(hand)
    elsewhere = turned(hand, seed)
    np.testing.assert_allclose(to_canonical(elsewhere), expected, atol=1e-9)
    np.testing.assert_allclose(to_canonical(elsewhere * [-1.0, 1.0, 1.0], left=True), expected, atol=1e-9)


def test_the_frame_is_the_palms():
    found = to_canonical(turned(made_hand(FIST), 0))
    np.testing.assert_allclose(found[0], 0.0)
    np.testing.assert_allclose(found[5, 1:], 0.0, atol=1e-9)
    assert np.linalg.norm(found[9]) == pytest.approx(1.0)
    assert (found[[8, 12, 16, 20], 2] > 0.2).all(), "fingers bend out of the palm, where z points"


def test_the_persons_bones_drop_out_on_standard_bones():
    own, mine = (to_canonical(made_hand(FIST, bones)) for bones in (other_bones(1), other_bones(2)))
    assert np.abs(own - mine).max() > 0.1
    np.testing.assert_allclose(shape_features(own), shape_features(mine), atol=1e-6)
    np.testing.assert_allclose(on_standard_bones(own), on_standard_bones(mine), atol=1e-6)


def test_a_palm_seen_as_a_line_and_what_is_not_finite_have_no_frame():
    line, lost = made_hand(), made_hand()
    line[17] = line[5]
    lost[8, 0] = np.nan
    found = to_canonical(np.stack([line, made_hand(), lost, np.zeros((21, 3))]))
    assert np.isnan(found[[0, 2, 3]]).all()
    assert np.isfinite(found[1]).all()


def test_a_palm_towards_the_camera_is_told_from_one_seen_edge_on():
    hand = made_hand()
    assert palm_towards_camera(hand) == pytest.approx(1.0)
    assert palm_towards_camera(hand[:, [0, 2, 1]]) == pytest.approx(0.0, abs=1e-9)


def test_what_is_no_hand_is_refused():
    with pytest.raises(SkeletonError, match=r"\(21, 3\)"):
        to_canonical(np.zeros((20, 3)))
