"""Exercises look like themselves: what is planted stays planted, joints go through their range, phases wrap."""

from dataclasses import replace

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError, UnknownExercise
from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, Motion, mirrored, positions
from physio_core.motion.movements import (
    DRAWN,
    EXERCISES,
    RECOGNISED,
    REHABILITATION,
    bar_height_m,
    exercise_named,
    preferred_heading_rad,
)
from physio_core.motion.style import Movement, Style, raised_cosine
from physio_core.types import UNKNOWN as UNKNOWN_LABEL
from physio_lab.synthetic.negatives import UNKNOWN

INDEX = {joint: index for index, joint in enumerate(BODY_JOINTS)}
EVERY = {**EXERCISES, **UNKNOWN}
PHASE = np.linspace(0.0, 1.0, 60, endpoint=False)
SHAPE = BodyShape()
VARIANTS = [(movement, variant) for movement in EVERY.values() for variant in movement.variants]
NAMES = [f"{movement.name}-{variant}" for movement, variant in VARIANTS]


def drawn(movement: Movement, style: Style, phase: np.ndarray = PHASE, shape: BodyShape = SHAPE) -> np.ndarray:
    return positions(shape, movement.motion(phase, style, shape))


def travel(points: np.ndarray, joint: str) -> float:
    return float(np.linalg.norm(points[:, INDEX[joint]] - points[:1, INDEX[joint]], axis=-1).max())


def lean_deg(points: np.ndarray) -> np.ndarray:
    trunk = points[:, INDEX["neck"]] - points[:, INDEX["pelvis"]]
    return np.degrees(np.arccos(trunk[:, 2] / np.linalg.norm(trunk, axis=-1)))


def test_the_recognised_six_and_the_rehabilitation_exercises_are_there_and_label_themselves() -> None:
    assert set(RECOGNISED) == {"squat", "lunge", "deadlift", "push_up", "pull_up", "jumping_jack"}
    assert len(REHABILITATION) >= 14 and not set(RECOGNISED) & set(REHABILITATION)
    assert all(movement.label == name for name, movement in EXERCISES.items())


def test_unknown_is_a_large_family_of_other_names() -> None:
    assert len(UNKNOWN) >= 35 and not set(UNKNOWN) & set(EXERCISES)
    assert {movement.label for movement in UNKNOWN.values()} == {UNKNOWN_LABEL}


@pytest.mark.parametrize(("movement", "variant"), VARIANTS, ids=NAMES)
def test_any_style_gives_finite_positions_above_the_floor(movement: Movement, variant: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(4):
        style, shape = replace(movement.random_style(rng), variant=variant), BodyShape.random(rng)
        points = drawn(movement, style, np.linspace(0.0, 2.0, 40), shape)
        assert np.isfinite(points).all()
        assert points[..., 2].min() > -0.05, (style, shape)


@pytest.mark.parametrize(("movement", "variant"), VARIANTS, ids=NAMES)
def test_phase_wraps_without_a_jump(movement: Movement, variant: str) -> None:
    style = Style(variant=variant, sway=0.0, alternate=False)
    near = drawn(movement, style, np.array([-1e-4, 0.0, 1e-4, 1.0 - 1e-4, 1.0 + 1e-4]))
    assert np.abs(np.diff(near, axis=0)[[0, 1, 3]]).max() < 0.02
    assert np.abs(near[0] - near[3]).max() < 0.02


@pytest.mark.parametrize(("movement", "variant"), VARIANTS, ids=NAMES)
def test_movement_is_smooth(movement: Movement, variant: str) -> None:
    points = drawn(movement, Style(variant=variant), np.linspace(0.0, 1.0, 400, endpoint=False))
    assert np.linalg.norm(np.diff(points, axis=0), axis=-1).max() < 0.12


@pytest.mark.parametrize("movement", EVERY.values(), ids=EVERY)
def test_same_style_gives_the_same_motion(movement: Movement) -> None:
    first, again = (drawn(movement, movement.random_style(np.random.default_rng(3))) for _ in range(2))
    # Not bit for bit: which SIMD lane computes an element depends on where an array lies in memory.
    assert np.allclose(first, again, rtol=0.0, atol=1e-12)


CIRCLES = tuple(name for name in DRAWN if "circle" in name)


@pytest.mark.parametrize("movement", EXERCISES.values(), ids=EXERCISES)
def test_leading_with_the_other_side_mirrors(movement: Movement) -> None:
    if movement.name in CIRCLES:
        pytest.skip("a circle turns the same way, whichever hand draws it")
    left, right = (movement.motion(PHASE, Style(side=side, asymmetry=0.5), SHAPE) for side in ("left", "right"))
    assert np.allclose(mirrored(left).angles_rad, right.angles_rad)
    assert np.allclose(mirrored(left).root_m, right.root_m)


def test_alternating_lunge_changes_the_leading_side() -> None:
    style = Style(variant="forward", alternate=True, sway=0.0)
    first, second = drawn(EXERCISES["lunge"], style, np.array([0.5, 1.5]))
    assert first[INDEX["left_ankle"], 0] > first[INDEX["right_ankle"], 0] + 0.3
    assert second[INDEX["right_ankle"], 0] > second[INDEX["left_ankle"], 0] + 0.3


@pytest.mark.parametrize(
    ("name", "variant", "joints"),
    [
        ("squat", "regular", ("left_heel", "right_heel", "left_toe", "right_toe")),
        ("squat", "sumo", ("left_heel", "right_toe")),
        ("deadlift", "conventional", ("left_heel", "right_heel", "left_toe", "right_toe")),
        ("deadlift", "romanian", ("left_heel", "right_toe")),
        ("deadlift", "sumo", ("left_heel", "right_toe")),
        ("lunge", "split", ("left_heel", "left_toe", "right_toe")),
        ("lunge", "forward", ("right_toe",)),
        ("lunge", "reverse", ("left_heel", "left_toe")),
        ("lunge", "lateral", ("right_heel", "right_toe")),
        *(("push_up", variant, ("left_wrist", "right_wrist")) for variant in EXERCISES["push_up"].variants),
        *(("pull_up", variant, ("left_wrist", "right_wrist")) for variant in EXERCISES["pull_up"].variants),
    ],
)
def test_planted_points_stay_planted(name: str, variant: str, joints: tuple[str, ...]) -> None:
    points = drawn(EXERCISES[name], Style(variant=variant))
    assert max(travel(points, joint) for joint in joints) < 0.03


def test_squat_bends_knees_and_trunk_as_people_do() -> None:
    motion = EXERCISES["squat"].motion(np.array([0.0, 0.5]), Style(), SHAPE)
    knee = np.degrees(motion.angle("left_knee_flexion"))
    assert knee[0] < 15 and 95 < knee[1] < 125
    assert 20 < lean_deg(positions(SHAPE, motion))[1] < 55


def test_squat_depth_follows_the_style() -> None:
    def low(depth: float) -> float:
        return float(drawn(EXERCISES["squat"], Style(depth=depth))[:, INDEX["pelvis"], 2].min())

    assert low(1.0) < low(0.7) - 0.1 < low(0.4) - 0.2


def test_deadlift_hinges_more_and_bends_the_knees_less_than_a_squat() -> None:
    squat, hinge = (
        movement.motion(np.array([0.5]), Style(variant=variant), SHAPE)
        for movement, variant in ((EXERCISES["squat"], ""), (EXERCISES["deadlift"], "romanian"))
    )
    assert hinge.angle("left_knee_flexion")[0] < 0.5 * squat.angle("left_knee_flexion")[0]
    assert lean_deg(positions(SHAPE, hinge))[0] > 60


def test_deadlift_arms_hang_straight() -> None:
    motion = EXERCISES["deadlift"].motion(PHASE, Style(), SHAPE)
    assert motion.angle("left_elbow_flexion").max() < 0.3


def test_lunge_brings_the_rear_knee_near_the_floor() -> None:
    points = drawn(EXERCISES["lunge"], Style())[30]
    assert points[INDEX["right_knee"], 2] < 0.2 < points[INDEX["left_knee"], 2]


def test_push_up_keeps_the_body_straight_and_lowers_the_chest() -> None:
    points = drawn(EXERCISES["push_up"], Style())
    to_neck, to_knee = (points[:, INDEX[joint]] - points[:, INDEX["pelvis"]] for joint in ("neck", "left_knee"))
    cosine = np.sum(to_neck * to_knee, -1) / np.linalg.norm(to_neck, axis=-1) / np.linalg.norm(to_knee, axis=-1)
    assert cosine.max() < -0.95
    assert points[0, INDEX["neck"], 2] - points[30, INDEX["neck"], 2] > 0.25


def test_pull_up_lifts_the_chin_to_the_bar_and_never_touches_the_floor() -> None:
    points = drawn(EXERCISES["pull_up"], Style())
    assert points[0, INDEX["nose"], 2] < bar_height_m(SHAPE) - 0.2
    assert points[30, INDEX["nose"], 2] > bar_height_m(SHAPE) - 0.02
    assert points[..., 2].min() > 0.0


def test_jumping_jack_opens_arms_and_legs_together_and_leaves_the_floor() -> None:
    points = drawn(EXERCISES["jumping_jack"], Style())
    feet = points[:, INDEX["left_ankle"], 1] - points[:, INDEX["right_ankle"], 1]
    hands = points[:, INDEX["left_wrist"], 2] - points[:, INDEX["nose"], 2]
    assert np.corrcoef(feet, hands)[0, 1] > 0.9
    assert feet.max() > feet.min() + 0.4 and hands.min() < 0 < hands.max()
    assert points[..., 2].min(axis=1).max() > 0.02


def test_dip_is_shallower_than_any_squat_style() -> None:
    dips = [UNKNOWN["dip"].motion(PHASE, Style(size=size), SHAPE).angle("left_knee_flexion").max() for size in (0.0, 1.0)]
    squat = EXERCISES["squat"].motion(PHASE, Style(depth=0.5), SHAPE).angle("left_knee_flexion").max()
    assert max(dips) < 0.7 * squat


@pytest.mark.parametrize("name", ["hold_squat", "hold_lunge", "kneel", "down_dog"])
def test_held_poses_do_not_move_through_a_range(name: str) -> None:
    assert travel(drawn(UNKNOWN[name], Style()), "pelvis") < 0.05


def test_unknown_variant_exercise_and_phase_are_refused() -> None:
    with pytest.raises(ConfigError, match="sumo"):
        EXERCISES["squat"].motion(PHASE, Style(variant="sideways"), SHAPE)
    with pytest.raises(UnknownExercise, match="squat"):
        exercise_named("swim")
    with pytest.raises(InputError, match="finite"):
        EXERCISES["squat"].motion(np.array([np.nan]), Style(), SHAPE)


def test_side_views_are_preferred_where_depth_matters() -> None:
    assert preferred_heading_rad("push_up") == pytest.approx(np.pi / 2)
    assert preferred_heading_rad("jumping_jack") == preferred_heading_rad("pull_up") == 0.0


def test_raised_cosine_rises_to_one_and_rests_longer_with_dwell() -> None:
    assert raised_cosine(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.0, 1.0, 0.0])
    assert np.mean(raised_cosine(PHASE, 0.8) > 0.9) > np.mean(raised_cosine(PHASE, 0.0) > 0.9)


def test_placed_motion_type_is_motion() -> None:
    assert isinstance(EXERCISES["squat"].motion(PHASE, Style(), SHAPE).placed(1.0, 2.0, 0.5), Motion)


@pytest.mark.parametrize(
    ("name", "angle", "low_deg", "high_deg"),
    [
        ("sit_to_stand", "left_knee_flexion", 5, 105),
        ("shoulder_abduction", "right_shoulder_abduction", 7, 160),
        ("seated_shoulder_flexion", "right_shoulder_flexion", 3, 165),
        ("elbow_flexion", "left_elbow_flexion", 11, 130),
        ("side_lunge", "left_knee_flexion", 5, 90),
        ("heel_raise", "left_ankle_flexion", -42, 0),
        ("march_in_place", "left_hip_flexion", 7, 86),
        ("standing_leg_raise_front", "left_hip_flexion", 6, 58),
        ("standing_leg_raise_side", "left_hip_abduction", 5, 48),
        ("side_bend", "spine_side", 0, 43),
        ("trunk_rotation", "spine_twist", 0, 51),
    ],
)
def test_rehabilitation_exercises_go_through_their_range(name: str, angle: str, low_deg: float, high_deg: float) -> None:
    moved = np.degrees(EXERCISES[name].motion(PHASE, Style(sway=0.0), SHAPE).angle(angle))
    assert (moved.min(), moved.max()) == pytest.approx((low_deg, high_deg), abs=7.0)


def test_one_side_alone_leads_where_that_is_possible() -> None:
    arms, legs = EXERCISES["shoulder_abduction"], EXERCISES["standing_leg_raise_side"]
    half = np.array([0.5])
    alone = arms.motion(half, arms.led_by("right", Style(sway=0.0)), SHAPE)
    assert alone.angle("right_shoulder_abduction")[0] > 2.0 > 0.3 > alone.angle("left_shoulder_abduction")[0]
    assert legs.motion(half, legs.led_by("right", Style()), SHAPE).angle("right_hip_abduction")[0] > 0.6
    assert EXERCISES["march_in_place"].led_by("", Style()).alternate
    with pytest.raises(ConfigError, match="both sides do it together"):
        EXERCISES["squat"].led_by("left", Style())
