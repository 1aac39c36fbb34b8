"""The hand keeps its bones, its limits and its sides, and its postures look as they are called."""

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError, UnknownExercise
from physio_core.motion.hand import (
    AGES_M,
    DIGITS,
    FINGERS,
    HAND_ANGLES,
    LIMITS_DEG,
    HandMotion,
    HandShape,
    hand_frames,
    hand_positions,
    hand_still,
    mirrored_hand,
    within_limits,
)
from physio_core.motion.hand_movements import HAND_MOVEMENTS, hand_movement_named
from physio_core.motion.hand_postures import POSTURES_DEG, hand_posture_rad
from physio_core.skeleton.layouts import HAND_21

AT = {joint: index for index, joint in enumerate(HAND_21.joints)}
BONES = HAND_21.edge_indices


def random_motion(count: int = 50, side: str = "right") -> HandMotion:
    rng = np.random.default_rng(3)
    low, high = np.radians(np.array(list(LIMITS_DEG.values()))).T
    return HandMotion(rng.uniform(low, high, (count, len(low))), rng.normal(size=(count, 3)), rng.normal(size=(count, 3)), side)


def posed(name: str) -> np.ndarray:
    return hand_positions(HandShape(), hand_still(POSTURES_DEG[name]))[0]


def gap_m(points: np.ndarray, one: str, other: str) -> float:
    return float(np.linalg.norm(points[AT[one]] - points[AT[other]]))


@pytest.mark.parametrize("age", AGES_M)
def test_bones_keep_their_length_in_any_posture_at_any_size(age: str) -> None:
    shape = HandShape.random(np.random.default_rng(5), age)
    points = hand_positions(shape, random_motion())
    lengths = np.linalg.norm(points[:, BONES[:, 0]] - points[:, BONES[:, 1]], axis=-1)
    assert np.allclose(lengths, lengths[0])
    straight = hand_positions(shape, hand_still({}))[0]
    assert straight[AT["middle_tip"], 0] == pytest.approx(shape.length_m, abs=0.002)


def test_a_left_hand_is_a_right_one_in_a_mirror_with_the_same_angles() -> None:
    right = random_motion()
    over = [1.0, -1.0, 1.0]
    assert np.allclose(hand_positions(HandShape(), mirrored_hand(right)), hand_positions(HandShape(), right) * over)
    flat = {side: hand_positions(HandShape(), hand_still({}, side))[0] for side in ("right", "left")}
    assert flat["right"][AT["thumb_tip"], 1] > 0 > flat["left"][AT["thumb_tip"], 1]


def test_bones_lie_along_their_own_frames() -> None:
    found = hand_frames(HandShape(), random_motion(side="left"))
    for digit in DIGITS:
        first = AT[f"{digit}_{'cmc' if digit == 'thumb' else 'mcp'}"]
        for joint in range(first, first + 3):
            along = found.points_m[:, joint + 1] - found.points_m[:, joint]
            assert np.allclose(along / np.linalg.norm(along, axis=1, keepdims=True), found.turned[:, joint, :, 0])


@pytest.mark.parametrize(
    ("angle", "joint", "axis", "sign"),
    [
        ("index_mcp_flexion", "index_tip", 2, -1),
        ("index_mcp_abduction", "index_tip", 1, 1),
        ("pinky_mcp_abduction", "pinky_tip", 1, -1),
        ("thumb_cmc_flexion", "thumb_tip", 1, -1),
        ("thumb_cmc_abduction", "thumb_tip", 2, -1),
        ("thumb_cmc_opposition", "thumb_tip", 2, -1),
        ("wrist_flexion", "middle_tip", 2, -1),
        ("wrist_deviation", "middle_tip", 1, 1),
        ("wrist_rotation", "index_mcp", 2, 1),
    ],
)
def test_an_angle_moves_the_hand_the_way_its_name_says(angle: str, joint: str, axis: int, sign: int) -> None:
    moved = hand_positions(HandShape(), hand_still({angle: 30}))[0] - hand_positions(HandShape(), hand_still({}))[0]
    assert moved[AT[joint], axis] * sign > 0.005


def test_every_posture_and_movement_stays_within_the_limits() -> None:
    assert len(HAND_ANGLES) == 24
    for name in POSTURES_DEG:
        assert np.allclose(within_limits(hand_posture_rad(name)), hand_posture_rad(name)), name
    for movement in HAND_MOVEMENTS.values():
        angles = movement.motion(np.linspace(0, 2, 60)).angles_rad
        assert np.allclose(within_limits(angles), angles), movement.name


@pytest.mark.parametrize("finger", FINGERS)
def test_the_thumb_touches_the_finger_that_it_is_put_to_and_no_other(finger: str) -> None:
    gaps = {other: gap_m(posed(f"thumb_to_{finger}"), "thumb_tip", f"{other}_tip") for other in FINGERS}
    assert gaps.pop(finger) < 0.015 < 0.03 < min(gaps.values())


def test_known_postures_show_what_they_are_called() -> None:
    opened, fist, hook, spread = (posed(name) for name in ("open", "fist", "hook", "spread"))
    for finger in FINGERS:
        assert gap_m(fist, f"{finger}_tip", "wrist") < 0.6 * gap_m(opened, f"{finger}_tip", "wrist")
        assert gap_m(hook, f"{finger}_pip", "wrist") == pytest.approx(gap_m(opened, f"{finger}_pip", "wrist"), rel=0.02)
        assert gap_m(hook, f"{finger}_tip", "wrist") < 0.8 * gap_m(opened, f"{finger}_tip", "wrist")
    assert gap_m(spread, "thumb_tip", "pinky_tip") > gap_m(opened, "thumb_tip", "pinky_tip") + 0.02
    tips, joints = [AT[f"{finger}_tip"] for finger in FINGERS], [AT[f"{finger}_dip"] for finger in FINGERS]
    assert (fist[tips, 0] < fist[joints, 0]).all()


def test_a_repetition_begins_and_ends_at_the_start_and_reaches_the_end_halfway() -> None:
    angles = hand_movement_named("fist").motion(np.array([0.0, 0.5, 1.0])).angles_rad
    assert np.allclose(angles[[0, 2]], hand_posture_rad("open"))
    assert np.allclose(angles[1], hand_posture_rad("fist"))


def test_a_movement_names_the_digits_that_it_asks_for() -> None:
    asked = {name: movement.way.digits for name, movement in HAND_MOVEMENTS.items()}
    assert asked["fist"] == asked["sphere"] == DIGITS
    assert asked["hook"] == FINGERS
    assert asked["pincer"] == ("thumb", "index") and asked["thumb_to_ring"] == ("thumb", "ring")
    assert asked["thumb_adduction"] == ("thumb",)


def test_what_no_hand_has_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="index_flexion"):
        hand_still({"index_flexion": 3.0})
    with pytest.raises(InputError, match="both"):
        hand_still({}, "both")
    with pytest.raises(UnknownExercise, match="wave"):
        hand_movement_named("wave")
    with pytest.raises(InputError, match="finite"):
        hand_movement_named("fist").motion(np.array([np.nan]))
    with pytest.raises(ConfigError, match="giant"):
        HandShape.random(np.random.default_rng(0), "giant")
