"""Movements other than the exercises do what they are called: each by the part of the body that it is about."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, Motion, positions
from physio_core.motion.movements import EXERCISES, RECOGNISED, bar_height_m
from physio_core.motion.style import Movement, Style
from physio_core.types import FloatArray
from physio_lab.synthetic.negatives import UNKNOWN
from physio_lab.synthetic.negatives_hard import hard_negatives

SHAPE = BodyShape()
PHASE = np.linspace(0.0, 1.0, 41)
STANDING_M = 0.85
"""Least height of the pelvis of someone who stands."""


class Seen:
    """One repetition of one variant, and what can be asked of it; lengths in metres, angles in degrees."""

    def __init__(self, movement: Movement, variant: str = "", **style: object) -> None:
        self.motion: Motion = movement.motion(PHASE, Style(sway=0.0, variant=variant, **style), SHAPE)
        self.points = positions(SHAPE, self.motion)

    def at(self, joint: str) -> FloatArray:
        return self.points[:, BODY_JOINTS.index(joint)]

    def height(self, *joints: str) -> FloatArray:
        """Of the highest of some joints in each frame."""
        return np.max([self.at(joint)[:, 2] for joint in joints], axis=0)

    def angle(self, name: str) -> FloatArray:
        """Of the side that bends further in each frame."""
        return np.degrees(np.max([self.motion.angle(f"{side}_{name}") for side in ("left", "right")], axis=0))

    @property
    def lean(self) -> FloatArray:
        trunk = self.at("neck") - self.at("pelvis")
        return np.degrees(np.arccos(trunk[:, 2] / np.linalg.norm(trunk, axis=-1)))

    @property
    def steps(self) -> float:
        """How far the feet go."""
        return max(float(np.ptp(self.at(f"{side}_ankle"), axis=0).max()) for side in ("left", "right"))


def seen(name: str, variant: str = "", **style: object) -> Seen:
    return Seen(UNKNOWN[name], variant, **style)


@pytest.mark.parametrize(
    "name",
    ["stand_still", "talk", "turn_head", "raise_arms", "raise_arms_sideways", "circle_arms", "curl", "press", "pull_down",
     "punch", "wave_hand", "clap", "shrug", "bend_sideways", "twist", "strum"],
)  # fmt: skip
def test_who_moves_arms_trunk_or_head_stands_with_planted_feet(name: str) -> None:
    for variant in UNKNOWN[name].variants:
        one = seen(name, variant)
        assert one.steps < 0.02 and one.height("pelvis").min() > STANDING_M, variant


@pytest.mark.parametrize(
    ("name", "variant", "low_deg", "high_deg"),
    [
        ("curl", "both", 20, 120), ("press", "both", 30, 120), ("pull_down", "both", 30, 110), ("row", "both", 20, 90),
        ("punch", "", 20, 110), ("lie", "press", 20, 90), ("hold_plank", "tap", 30, 100),
    ],
)  # fmt: skip
def test_arms_that_work_bend_and_stretch_their_elbows(name: str, variant: str, low_deg: float, high_deg: float) -> None:
    elbow = seen(name, variant).angle("elbow_flexion")
    assert elbow.max() > high_deg
    assert np.degrees(seen(name, variant).motion.angle("left_elbow_flexion")).min() < low_deg


@pytest.mark.parametrize(
    ("arms", "least_m", "most_m"),
    [("front", 1.3, 1.6), ("side", 1.3, 1.6), ("overhead_front", 1.8, 2.2), ("overhead_side", 1.8, 2.2)],
)
def test_raised_arms_come_as_high_as_they_are_named_for(arms: str, least_m: float, most_m: float) -> None:
    top_m = seen("raise_arms", arms=arms).height("left_wrist", "right_wrist").max()
    assert least_m < top_m < most_m
    aside_m = np.abs(seen("raise_arms", arms=arms).at("left_wrist")[:, 1]).max()
    assert bool(aside_m > 0.6) is ("side" in arms)


def test_of_a_jumping_jack_raising_the_arms_sideways_lacks_the_legs() -> None:
    jack, arms = Seen(EXERCISES["jumping_jack"]), seen("raise_arms_sideways", arms="overhead_side")
    assert arms.height("left_wrist").max() == pytest.approx(jack.height("left_wrist").max(), abs=0.35)
    assert arms.steps < 0.02 < 0.2 < jack.steps


def test_of_a_jumping_jack_a_hop_lacks_the_spread() -> None:
    for variant in UNKNOWN["jump"].variants:
        hop = seen("jump", variant)
        apart_m = np.abs(hop.at("left_ankle") - hop.at("right_ankle"))[:, 1]
        assert np.ptp(hop.height("pelvis")) > 0.1 and np.ptp(apart_m) < 0.1


def test_a_bow_is_no_deadlift_and_a_dip_no_squat() -> None:
    deadlift, squat = Seen(EXERCISES["deadlift"]), Seen(EXERCISES["squat"])
    assert seen("bow").lean.max() < 0.6 * deadlift.lean.max()
    for size in (0.0, 1.0):
        assert np.ptp(seen("dip", size=size).height("pelvis")) < np.ptp(squat.height("pelvis")) / 3


HARD = {one.name: one for one in hard_negatives()}


@pytest.mark.parametrize("variant", HARD["leap"].variants)
def test_a_leap_leaves_the_floor_from_less_than_a_third_of_a_squat(variant: str) -> None:
    leap, squat = Seen(HARD["leap"], variant, size=1.0), Seen(EXERCISES["squat"])
    pelvis = leap.height("pelvis")
    assert min(leap.at("left_ankle")[:, 2].max(), leap.at("right_ankle")[:, 2].max()) > 0.2
    assert pelvis[0] - pelvis.min() < np.ptp(squat.height("pelvis")) / 3


@pytest.mark.parametrize("variant", HARD["get_down"].variants)
def test_getting_down_ends_on_the_floor_and_comes_back(variant: str) -> None:
    pelvis = Seen(HARD["get_down"], variant).height("pelvis")
    assert min(pelvis[0], pelvis[-1]) > STANDING_M and pelvis.min() < 0.5


def test_no_hard_negative_is_named_by_the_recogniser() -> None:
    assert not {one.label for one in HARD.values()} & set(RECOGNISED) and "side_lunge" not in HARD


@pytest.mark.parametrize(("hold", "exercise"), [("hold_squat", "squat"), ("hold_lunge", "lunge")])
def test_a_pose_that_is_held_is_that_of_the_exercise(hold: str, exercise: str) -> None:
    lowest_m = Seen(EXERCISES[exercise]).height("pelvis").min()
    held = seen(hold)
    assert held.height("pelvis").mean() == pytest.approx(lowest_m, abs=0.12)
    assert np.ptp(held.height("pelvis")) < 0.05


@pytest.mark.parametrize(
    ("name", "variant", "joint", "low_m", "high_m"),
    [
        ("sit", "still", "pelvis", 0.4, 0.6), ("kneel", "", "pelvis", 0.35, 0.6), ("lie", "supine", "head", 0.0, 0.25),
        ("lie", "prone", "head", 0.0, 0.25), ("sit_on_floor", "still", "pelvis", 0.05, 0.25),
        ("hold_plank", "hands", "left_wrist", 0.0, 0.1),
        ("hold_plank", "low", "pelvis", 0.1, 0.3), ("on_all_fours", "still", "pelvis", 0.35, 0.6),
        ("climb", "", "left_wrist", 0.0, 0.1),
        ("down_dog", "", "left_wrist", 0.0, 0.1),
    ],
)  # fmt: skip
def test_who_holds_a_posture_is_as_low_as_it_is(name: str, variant: str, joint: str, low_m: float, high_m: float) -> None:
    height_m = seen(name, variant).at(joint)[:, 2]
    assert low_m <= height_m.min() and height_m.max() <= high_m


@pytest.mark.parametrize(
    ("name", "variant", "low_m", "high_m"),
    [
        ("rise_from_chair", "", 0.55, STANDING_M), ("burpee", "plain", 0.45, 1.0), ("burpee", "chest", 0.3, 1.0),
        ("change_posture", "to_floor", 0.2, STANDING_M), ("change_posture", "to_lying", 0.2, STANDING_M),
        ("change_posture", "to_kneeling", 0.5, STANDING_M), ("calf_raise", "", 0.95, 1.0),
    ],
)  # fmt: skip
def test_who_goes_down_and_up_gets_there(name: str, variant: str, low_m: float, high_m: float) -> None:
    pelvis_m = seen(name, variant).height("pelvis")
    assert pelvis_m.min() < low_m and pelvis_m.max() > high_m


@pytest.mark.parametrize("name", ["walk_about", "turn_round"])
def test_who_turns_round_has_turned_once_at_the_end(name: str) -> None:
    assert np.ptp(seen(name).motion.root_rad[:, 2]) == pytest.approx(2 * np.pi, abs=0.05)


@pytest.mark.parametrize(
    ("name", "least_m", "most_m"), [("walk_about", 2.0, 4.0), ("step_forward", 0.3, 0.8), ("side_step", 0.2, 0.6)]
)
def test_who_walks_comes_as_far_as_that_goes(name: str, least_m: float, most_m: float) -> None:
    for variant in UNKNOWN[name].variants:
        assert least_m < seen(name, variant).steps < most_m


@pytest.mark.parametrize(
    ("variant", "wanted"),
    [
        ("front", lambda leg: leg.at("left_ankle")[:, 0].max() > 0.4),
        ("side", lambda leg: np.ptp(leg.at("left_ankle")[:, 1]) > 0.4),
        ("back", lambda leg: leg.at("left_ankle")[:, 0].min() < -0.3),
        ("kick", lambda leg: leg.at("left_ankle")[:, 0].max() > 0.4),
        ("knee", lambda leg: leg.height("left_knee").max() > 0.75),
        ("quad", lambda leg: leg.angle("knee_flexion").max() > 120.0),
    ],
)
def test_a_leg_is_lifted_where_its_variant_says(variant: str, wanted: Callable[[Seen], bool]) -> None:
    assert wanted(seen("lift_leg", variant))


@pytest.mark.parametrize(("variant", "knee_m"), [("walk", 0.6), ("march", 0.7), ("high_knees", 0.8)])
def test_steps_in_place_are_higher_from_walk_to_high_knees(variant: str, knee_m: float) -> None:
    one = seen("step_in_place", variant)
    assert one.height("left_knee", "right_knee").max() > knee_m - 0.1
    sideways_m = np.ptp(one.at("left_ankle")[:, :2], axis=0).max()
    assert sideways_m < 0.45


@pytest.mark.parametrize(("variant", "up"), [("full", True), ("crunch", False)])
def test_a_sit_up_brings_the_trunk_up_and_a_crunch_only_the_shoulders(variant: str, up: bool) -> None:
    lean = seen("sit_up", variant).lean
    assert lean.max() == pytest.approx(90.0, abs=5.0)
    assert bool(lean.min() < 30.0) is up and lean.min() < 75.0


def test_who_hangs_keeps_the_hands_at_the_bar_and_the_feet_off_the_floor() -> None:
    for variant in UNKNOWN["hang"].variants:
        one = seen("hang", variant)
        assert np.ptp(one.height("left_wrist")) < 0.1 and one.height("left_toe", "right_toe").min() > 0.02
        assert one.height("left_hand").max() == pytest.approx(bar_height_m(SHAPE), abs=0.12)


def test_fingers_come_down_to_the_toes_and_to_what_is_picked_up() -> None:
    assert seen("touch_toes", "both").height("left_hand").min() < 0.3
    assert min(seen("pick_up").at("left_hand")[:, 2].min(), seen("pick_up").at("right_hand")[:, 2].min()) < 0.35


@pytest.mark.parametrize("variant", ["clean", "jerk", "snatch"])
def test_what_is_lifted_comes_from_the_knees_to_the_shoulders_or_over_the_head(variant: str) -> None:
    wrist_m = seen("lift_overhead", variant).height("left_wrist")
    assert wrist_m.min() < 0.65
    assert bool(wrist_m.max() > 1.75) is (variant != "clean") and wrist_m.max() > 1.2


def test_every_way_of_the_arms_and_both_sides_give_a_body_of_the_same_bones() -> None:
    for movement in UNKNOWN.values():
        for arms in movement.arms:
            for side in ("left", "right"):
                points = Seen(movement, arms=arms, side=side).points
                forearm_m = np.linalg.norm(
                    points[:, BODY_JOINTS.index("left_wrist")] - points[:, BODY_JOINTS.index("left_elbow")], axis=-1
                )
                assert forearm_m == pytest.approx(SHAPE.forearm_m, abs=1e-6), (movement.name, arms)
