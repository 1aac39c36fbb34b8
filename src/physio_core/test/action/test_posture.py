"""What speaks against an exercise: one arm alone, and a rest on a chair just before; nothing speaks against other exercises."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.action.posture import ALIKE, ARMS_S, REST_S, SINCE_S, BodyPosture
from physio_core.action.recogniser import RecogniserConfig
from physio_core.skeleton.layouts import BODY_25, HAND_21, OPENPOSE_18, Layout
from physio_core.types import FloatArray

LABELS = ("squat", "lunge", "deadlift", "push_up", "heel_raise", "unknown")
RATE_HZ = 15.0
RULES = RecogniserConfig()


def body(
    layout: Layout = OPENPOSE_18, hips: float = 1.6, left_wrist: tuple[float, float] = (0.2, 1.0), right_wrist_down: float = 1.0
) -> FloatArray:
    """Standing before the camera, trunk 1 long: hips so high above the ankles, wrists so far beside and below their shoulders."""
    points = np.zeros((len(layout.joints), 2), np.float32)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        beside, below = left_wrist if side == "left" else (0.2, right_wrist_down)
        places = {
            "shoulder": (0.2, -1.0), "elbow": (0.2, -0.5), "wrist": (beside, below - 1.0), "hip": (0.15, 0.0),
            "ankle": (0.15, hips),
        }  # fmt: skip
        for joint, (x, y) in places.items():
            points[layout.index(f"{side}_{joint}")] = sign * x, y
    return points


def watched(posture: BodyPosture, points: FloatArray, seconds: float, confidence: float = 0.9) -> set[str]:
    """The labels that are spoken against after so long."""
    against = np.zeros(len(LABELS), bool)
    for _ in range(round(seconds * RATE_HZ)):
        against = posture.step(points, np.full(len(points), confidence, np.float32))
    return {label for label, told in zip(LABELS, against, strict=True) if told}


@pytest.fixture(params=[OPENPOSE_18, BODY_25], ids=lambda layout: layout.name)
def layout(request: pytest.FixtureRequest) -> Layout:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def posture(layout: Layout) -> BodyPosture:
    return BodyPosture(layout, LABELS, RATE_HZ, RULES.both_arms, RULES.from_standing)


def test_nothing_speaks_against_who_stands_with_both_arms_straight(posture: BodyPosture, layout: Layout) -> None:
    assert watched(posture, body(layout), 12.0) == set()


def test_a_bent_arm_speaks_against_a_deadlift_until_it_was_straight_for_long(posture: BodyPosture, layout: Layout) -> None:
    assert watched(posture, body(layout, left_wrist=(0.5, 0.7)), 2.0) == {"deadlift"}
    assert watched(posture, body(layout), ARMS_S - 1.5) == {"deadlift"}
    assert watched(posture, body(layout), 1.0) == set()


def test_a_joint_that_jumps_for_a_moment_speaks_against_nothing(posture: BodyPosture, layout: Layout) -> None:
    assert watched(posture, body(layout), ARMS_S) == set()
    assert watched(posture, body(layout, left_wrist=(0.5, 0.7)), 0.8) == set()


@pytest.mark.parametrize(("higher", "told"), [(ALIKE - 0.05, set()), (ALIKE + 0.05, {"deadlift"})])
def test_one_hand_much_higher_than_the_other_speaks_against_a_deadlift(
    posture: BodyPosture, layout: Layout, higher: float, told: set[str]
) -> None:
    assert watched(posture, body(layout, right_wrist_down=1.0 - higher), 2.0) == told


def test_a_guessed_arm_speaks_against_nothing(posture: BodyPosture, layout: Layout) -> None:
    assert watched(posture, body(layout, left_wrist=(0.5, 0.7)), 3.0, confidence=0.05) == set()


def test_who_rested_low_is_not_yet_exercising_when_up_again(posture: BodyPosture, layout: Layout) -> None:
    watched(posture, body(layout), 2.0)
    watched(posture, body(layout, hips=0.8), REST_S)
    assert watched(posture, body(layout), 2.0) == {"squat", "lunge"}
    assert watched(posture, body(layout), SINCE_S) == set()


@pytest.mark.parametrize("farther", [1.5, 2.0])
def test_who_steps_back_or_comes_nearer_has_not_rested(posture: BodyPosture, layout: Layout, farther: float) -> None:
    for size in (1.0, 1.0 / farther, 1.0):
        assert watched(posture, size * body(layout), 5.0) == set()


def test_who_stooped_towards_the_camera_has_not_rested(posture: BodyPosture, layout: Layout) -> None:
    stooped = body(layout)
    shoulders = [layout.index(f"{side}_shoulder") for side in ("left", "right")]
    stooped[shoulders, 1] = -0.5
    assert not watched(posture, stooped, REST_S) & {"squat", "lunge"}
    assert not watched(posture, body(layout), SINCE_S) & {"squat", "lunge"}


def test_hips_that_are_guessed_rest_nowhere(posture: BodyPosture, layout: Layout) -> None:
    watched(posture, body(layout), 2.0)
    watched(posture, body(layout, hips=0.8), 2.0 * SINCE_S, confidence=0.05)
    assert watched(posture, body(layout), 2.0) == set()


def test_who_is_first_seen_sitting_has_rested_once_up(posture: BodyPosture, layout: Layout) -> None:
    assert watched(posture, body(layout, hips=0.8), 4.0) == set()  # how tall the person stands is not known yet
    assert watched(posture, body(layout), 2.0) == {"squat", "lunge"}


def test_slow_repetitions_that_pause_below_are_no_rest(posture: BodyPosture, layout: Layout) -> None:
    watched(posture, body(layout), 2.0)
    for _ in range(3):
        for hips in np.concatenate([np.linspace(1.6, 0.8, 30), np.full(30, 0.8), np.linspace(0.8, 1.6, 30)]):
            told = watched(posture, body(layout, hips=float(hips)), 1.0 / RATE_HZ)
            assert told == set()


def test_another_person_has_not_rested(posture: BodyPosture, layout: Layout) -> None:
    watched(posture, body(layout, hips=0.8), 4.0)
    posture.reset()
    assert watched(posture, body(layout), 2.0) == set()


def test_the_size_in_the_image_changes_nothing(posture: BodyPosture, layout: Layout) -> None:
    assert watched(posture, 0.05 * body(layout, right_wrist_down=0.5), 2.0) == {"deadlift"}


def test_a_layout_without_a_body_is_never_spoken_against() -> None:
    posture = BodyPosture(HAND_21, LABELS, RATE_HZ, RULES.both_arms, RULES.from_standing)
    assert not posture.step(np.zeros((21, 2), np.float32), np.ones(21, np.float32)).any()
