"""A try of a hand item: features that side, size and camera do not change, cut where it moves, 200 points on true stamps."""

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.hands.features import FEATURES, GROUPS, hand_features
from physio_core.hands.scoring import CHANNELS, ITEMS, inputs_of
from physio_core.hands.trial import POINTS, Trial, time_points
from physio_core.motion.hand import HandShape, hand_positions
from physio_core.motion.hand_movements import hand_movement_named
from physio_core.motion.kinematics import apply, root_rotation

AXES = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
"""From the hand's axes (x ahead, z up) to the camera's (x right, y down, z away)."""


def closing(rate_hz=30.0, rest_s=1.5, side="right", length_m=0.186):
    """A hand that rests, closes, opens and rests; stamps and points."""
    stamps = np.arange(0.0, 2.0 * rest_s + 3.0, 1.0 / rate_hz)
    phase = np.clip((stamps - rest_s) / 3.0, 0.0, 1.0)
    motion = hand_movement_named("mass_flexion").motion(phase, side, dwell=0.0)
    return stamps, hand_positions(HandShape(length_m), motion) @ AXES.T


def test_side_size_and_camera_change_no_feature():
    stamps, points = closing()
    expected = hand_features(stamps, points)
    turn = root_rotation(np.array([[0.4, -0.3, 0.8]]))[0]
    left = closing(side="left")[1]
    assert expected.shape == (len(stamps), len(FEATURES)) and 130 <= len(FEATURES) <= 150 and len(set(FEATURES)) == len(FEATURES)
    for other, is_left in ((3.7 * points + 0.2, False), (apply(turn, points), False), (left, True)):
        assert np.allclose(hand_features(stamps, other, is_left), expected, atol=1e-6)


def test_images_without_a_hand_are_filled_in_and_say_so():
    stamps, points = closing()
    whole = hand_features(stamps, points)
    holes = points.copy()
    holes[60:64] = np.nan
    found = hand_features(stamps, holes)
    seen, unseen = (FEATURES.index(name) for name in GROUPS["presence"])
    assert np.isfinite(found).all() and found[:, seen].sum() == len(stamps) - 4 and found[62, unseen] > 0.03
    still = [FEATURES.index(name) for name in GROUPS["flexion"]]
    assert np.abs(found[:, still] - whole[:, still]).max() < 0.1


@pytest.mark.parametrize("rate_hz", [12.0, 30.0, 60.0])
def test_a_trial_is_cut_where_the_hand_moves_at_any_rate(rate_hz):
    stamps, points = closing(rate_hz)
    found = time_points(Trial(stamps, points))
    assert found.moved and found.values.shape == (POINTS, len(FEATURES))
    assert found.start_s == pytest.approx(1.5, abs=0.35) and found.end_s == pytest.approx(4.5, abs=0.35)
    openness = found.values[:, FEATURES.index("openness")]
    assert openness[[0, -1]].min() > 0.9 and openness[80:120].min() < 0.15


def test_a_hand_that_does_not_move_is_taken_whole():
    stamps, points = closing()
    found = time_points(Trial(stamps, np.repeat(points[:1], len(stamps), 0)))
    assert not found.moved and (found.start_s, found.end_s) == (stamps[0], stamps[-1])


@pytest.mark.parametrize(
    ("keep", "hide", "said"),
    [(slice(0, 3), None, "hand in 3 of 3"), (slice(None), slice(60, 95), "not seen for 1.2 s"), (slice(0, 12), None, "0.37 s")],
)
def test_too_little_to_score_is_refused(keep, hide, said):
    stamps, points = (array[keep] for array in closing())
    if hide:
        points = points.copy()
        points[hide] = np.nan
    with pytest.raises(InputError, match=said):
        time_points(Trial(stamps, points))


def test_a_network_is_told_which_item_it_is():
    stamps, points = closing()
    found = inputs_of(time_points(Trial(stamps, points)), "pincer")
    assert found.shape == (POINTS, CHANNELS) and found[0, len(FEATURES) :].tolist() == [float(item == "pincer") for item in ITEMS]
    with pytest.raises(ConfigError, match="items of the hand are"):
        inputs_of(time_points(Trial(stamps, points)), "wave")
