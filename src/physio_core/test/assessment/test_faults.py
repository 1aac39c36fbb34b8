"""Faults by value: a body moves by known angles, is seen from one side, and what was wrong is read back."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from physio_core.assessment.faults import Assessment, FaultFinder, NotMeasured, Unseen
from physio_core.assessment.readings import Series
from physio_core.assessment.repetition import Outcome, Repetition
from physio_core.assessment.values import extremes, statistic
from physio_core.exercises.catalogue import Exercise, Wording
from physio_core.exercises.definition import FaultDefinition
from physio_core.motion.kinematics import BODY_JOINTS, JOINT_ANGLES, BodyShape, Motion, positions
from physio_core.skeleton.layouts import OPENPOSE_18, Layout
from physio_core.skeleton.smooth import OneEuro
from physio_core.skeleton.stream import JointFrame
from physio_core.types import Side

BODY = Layout("body", tuple(joint.replace("_toe", "_foot_index") for joint in BODY_JOINTS), (), "neck")
RATE_HZ, PERIOD_S = 30.0, 3.0
TIMES_S = np.arange(-1.0, PERIOD_S + 1.0, 1.0 / RATE_HZ)
AWAY = 0.5 - 0.5 * np.cos(2 * np.pi * np.clip(TIMES_S / PERIOD_S, 0.0, 1.0))
REPETITION = Repetition(1, Outcome.COMPLETE, Side.NONE, 0.0, PERIOD_S / 2, PERIOD_S, PERIOD_S / 2, 0.0, PERIOD_S / 2)


def exercise(view: str = "side", **faults: FaultDefinition) -> Exercise:
    return Exercise("squat", "body", view, (), {"en": Wording("Squat", "Down.")}, faults=faults)


def frame(stamp_s: float, joints: np.ndarray, sure: float | np.ndarray = 1.0) -> JointFrame:
    return JointFrame(float(stamp_s), joints, np.broadcast_to(sure, len(joints)), np.full((len(joints), 3), np.nan))


def assess(
    one: Exercise,
    repetition: Repetition = REPETITION,
    view: str | None = None,
    sure: float | np.ndarray = 1.0,
    layout: Layout = BODY,
    **turned_deg: float,
) -> Assessment:
    """Everything turns by so much half way through a repetition of three seconds, and back; seen without error."""
    motion = Motion(np.zeros((len(AWAY), len(JOINT_ANGLES))), np.tile([0.0, 0.0, 1.0], (len(AWAY), 1)), np.zeros((len(AWAY), 3)))
    for name, value in turned_deg.items():
        motion.angles_rad[:, JOINT_ANGLES.index(name)] = np.radians(value) * AWAY
    yaw = {"front": 0.0, "side": np.pi / 2, "oblique": np.pi / 4}[view or one.view]
    points = positions(BodyShape(), motion.placed(yaw_rad=yaw))[:, [BODY.index(joint) for joint in layout.joints]]
    finder = FaultFinder(one, layout, 100.0 * BodyShape().trunk_m)
    for stamp_s, joints in zip(TIMES_S, np.stack([points[..., 1], -points[..., 2]], axis=-1), strict=True):
        finder.add(frame(stamp_s, joints, sure), view)
    return finder.assess(repetition)


DEPTH = FaultDefinition(angle="knee_flexion", phase="turn", low=90, margin=40, weight=2, joint="knee")
LEAN = FaultDefinition(angle="trunk_lean", high=40, margin=30, joint="back", safety=True)
BENT = {"left_knee_flexion": 100.0, "right_knee_flexion": 100.0, "left_hip_flexion": 60.0, "right_hip_flexion": 60.0}


def test_what_lies_in_its_band_is_no_fault_and_scores_full():
    found = assess(exercise(depth=DEPTH), **BENT)
    assert not found.faults and not found.not_measured
    assert [(term.name, term.value, term.weight) for term in found.terms] == [("depth", 1.0, 2.0)]
    assert replace(REPETITION, terms=found.terms).score == 100.0


def test_a_fault_has_its_size_side_direction_joint_and_time():
    (fault,) = assess(exercise(depth=DEPTH), **{**BENT, "left_knee_flexion": 60.0}).faults
    assert (fault.name, fault.unit, fault.side, fault.direction, fault.joint) == ("depth", "deg", Side.LEFT, "low", "knee")
    assert fault.size == pytest.approx(30.0, abs=1.5) and fault.severity == pytest.approx(0.75, abs=0.05)
    leaning = assess(exercise(lean=LEAN), spine_flexion=80.0, **BENT)
    (lean,) = leaning.faults
    assert lean.side is Side.NONE and lean.direction == "high"
    assert 0.4 < lean.start_s < 1.2 < 1.8 < lean.end_s < 2.6, "it leans too far around the turn only"
    assert leaning.terms[0].value == pytest.approx(1.0 - lean.size / 30.0)


def test_sides_that_miss_alike_are_one_fault_of_both_unless_each_is_asked_for():
    shallow = {"left_knee_flexion": 50.0, "right_knee_flexion": 55.0}
    (fault,) = assess(exercise(depth=DEPTH), **shallow).faults
    assert fault.side is Side.NONE
    each = assess(exercise(depth=DEPTH.model_copy(update={"sides": "each"})), **shallow).faults
    assert [fault.side for fault in each] == [Side.LEFT, Side.RIGHT]


def test_the_moving_side_and_the_other_one_are_looked_at_alone():
    one = exercise(
        raised=DEPTH.model_copy(update={"sides": "moving"}),
        knee_bent=FaultDefinition(angle="knee_flexion", high=20, margin=30, sides="other"),
    )
    left = replace(REPETITION, side=Side.LEFT)
    assert not assess(one, left, left_knee_flexion=95.0, right_knee_flexion=5.0).faults
    found = assess(one, left, left_knee_flexion=45.0, right_knee_flexion=50.0).faults
    assert [(fault.name, fault.side) for fault in found] == [("raised", Side.LEFT), ("knee_bent", Side.RIGHT)]


def test_of_the_lesser_side_both_must_be_seen():
    front = exercise(knee_past_toe=FaultDefinition(measure="knee_past_toe", high=3, margin=10, sides="lesser"))
    forward = {"left_hip_flexion": 40.0, "left_knee_flexion": 80.0}
    assert not assess(front, **forward).faults
    (fault,) = assess(front, right_hip_flexion=30.0, right_knee_flexion=70.0, **forward).faults
    assert fault.side is Side.RIGHT


def test_less_than_the_measurement_may_be_wrong_is_not_called_a_fault():
    barely = {"left_knee_flexion": 88.5, "right_knee_flexion": 88.5}
    clear = {"left_knee_flexion": 84.0, "right_knee_flexion": 84.0}
    assert not assess(exercise(depth=DEPTH), **barely).faults
    assert assess(exercise(depth=DEPTH), **clear).faults
    unsure = assess(exercise(depth=DEPTH), sure=0.55, **barely | {"left_knee_flexion": 86.0})
    assert not unsure.faults and unsure.terms[0].value == 1.0


@pytest.mark.parametrize(
    ("view", "sure", "layout", "expected"),
    [
        ("front", 1.0, BODY, NotMeasured("depth", Unseen.VIEW, ("side", "oblique"))),
        ("oblique", 1.0, BODY, NotMeasured("depth", Unseen.HIDDEN, ("side", "oblique"))),
        ("side", 0.3, BODY, NotMeasured("depth", Unseen.HIDDEN, ("side", "oblique"))),
    ],
)
def test_what_cannot_be_seen_is_not_measured_instead_of_guessed(view: str, sure: float, layout: Layout, expected: NotMeasured):
    found = assess(exercise(depth=DEPTH), view=view, sure=sure, layout=layout, left_knee_flexion=20.0, right_knee_flexion=20.0)
    assert found.not_measured == (expected,) and not found.terms and not found.faults


def test_toes_that_the_sensor_does_not_give_are_said_to_be_missing():
    past = FaultDefinition(measure="knee_past_toe", high=3, margin=10, joint="knee")
    forward = {"left_hip_flexion": 40.0, "left_knee_flexion": 80.0, "right_hip_flexion": 40.0, "right_knee_flexion": 80.0}
    found = assess(exercise(knee_past_toe=past), layout=OPENPOSE_18, **forward)
    assert found.not_measured == (NotMeasured("knee_past_toe", Unseen.SENSOR, ("side",)),)
    (fault,) = assess(exercise(knee_past_toe=past), **forward).faults
    assert fault.unit == "cm" and fault.size > 5.0


def test_a_change_since_rest_is_told_where_that_is_asked():
    lifted = FaultDefinition(measure="heel_height", relative_to="rest", high=2, margin=4)
    (fault,) = assess(exercise(heel_lift=lifted), left_ankle_flexion=-35.0, right_ankle_flexion=-35.0).faults
    assert fault.size > 6.0 and fault.side is Side.NONE


def test_how_much_swings_is_the_range_of_an_angle():
    swing = FaultDefinition(angle="trunk_lean", statistic="range", high=15, margin=20)
    (fault,) = assess(exercise(swinging=swing), spine_flexion=45.0).faults
    assert fault.direction == "high" and fault.size > 10.0


def test_a_band_to_both_sides_looks_at_whichever_is_further_away():
    aside = FaultDefinition(angle="trunk_side_lean", statistic="furthest", low=-10, high=10, margin=20)
    far = FaultDefinition(angle="trunk_side_lean", statistic="size", low=30, margin=20)
    for lean_deg, direction in ((35.0, "high"), (-35.0, "low")):
        (fault,) = assess(exercise("front", trunk_side_lean=aside), spine_side=lean_deg).faults
        assert fault.direction == direction and fault.size > 8.0
        assert not assess(exercise("front", range=far), spine_side=2 * lean_deg).faults
        assert assess(exercise("front", range=far), spine_side=lean_deg / 3).faults[0].direction == "low"


def test_arms_that_should_be_level_are_compared_only_where_both_move():
    level = FaultDefinition(
        measure="wrist_difference", phase="turn", statistic="furthest", sides="both", low=-8, high=8, margin=15
    )
    one = exercise("front", uneven_arms=level)
    raised = {"left_shoulder_abduction": 90.0, "right_shoulder_abduction": 60.0}
    assert assess(one, **raised).faults[0].direction == "high"
    alone = assess(one, replace(REPETITION, side=Side.LEFT), **raised)
    assert not alone.faults and not alone.not_measured and not alone.terms


@pytest.mark.parametrize(
    ("timing", "band", "change", "direction", "size", "unit"),
    [
        ("duration", {"low": 4.0}, {}, "low", 1.0, "s"),
        ("duration", {"high": 2.0}, {}, "high", 1.0, "s"),
        ("back", {"low": 2.0}, {}, "low", 0.5, "s"),
        ("extent", {"low": 0.9}, {"extent": 0.5}, "low", 40.0, "%"),
        ("asymmetry", {"high": 0.2}, {"asymmetry": 0.5}, "high", 30.0, "%"),
        ("return", {"high": 0.3}, {"trace": (0.0, 1.0, 0.6)}, "high", 30.0, "%"),
        ("smoothness", {"low": -4.0}, {"smoothness": -6.0}, "low", 2.0, ""),
    ],
)
def test_the_repetition_itself_is_judged_by_its_times_and_shares(
    timing: str, band: dict[str, float], change: dict[str, float], direction: str, size: float, unit: str
):
    one = exercise(fault=FaultDefinition.model_validate({"timing": timing, "margin": 2.0, **band}))
    (fault,) = assess(one, replace(REPETITION, side=Side.RIGHT, **change)).faults
    assert (fault.direction, fault.unit, fault.side) == (direction, unit, Side.RIGHT)
    assert fault.size == pytest.approx(size)


def test_what_the_repetition_does_not_say_is_not_measured():
    found = assess(exercise(fault=FaultDefinition(timing="smoothness", low=-4.0, margin=1.0)))
    assert found.not_measured == (NotMeasured("fault", Unseen.HIDDEN),)


def test_what_may_hurt_comes_first_and_then_the_most_severe():
    names = [fault.name for fault in assess(exercise(
        depth=DEPTH, slow=FaultDefinition(timing="duration", high=2.8, margin=9.0), lean=LEAN
    ), spine_flexion=80.0, left_hip_flexion=20.0, right_hip_flexion=20.0).faults]  # fmt: skip
    assert names == ["lean", "depth", "slow"]


def test_ranges_of_motion_are_told_with_their_error():
    found = {(one.angle, one.side): one for one in assess(exercise(depth=DEPTH), **BENT).ranges}
    left = found["knee_flexion", Side.LEFT]
    assert left.range_deg == pytest.approx(100.0, abs=3.0) and 2.0 < left.error_deg < 15.0


def test_a_range_of_motion_is_not_told_where_its_ends_were_hidden_or_seen_badly():
    unsure = assess(exercise(depth=DEPTH), sure=0.55, **BENT)
    assert unsure.terms and not unsure.ranges
    turn = Series(TIMES_S, np.where(np.abs(TIMES_S - PERIOD_S / 2) < 0.3, np.nan, 100 * AWAY), np.ones(len(TIMES_S)))
    assert math.isnan(extremes(turn, REPETITION)[0])
    seen = Series(TIMES_S, 100 * AWAY, np.where(AWAY > 0.5, 5.0, 2.0))
    assert extremes(seen, REPETITION) == pytest.approx((0.0, 100.0, 5.0), abs=1.5)


def test_a_joint_that_moves_before_the_repetition_is_seen_to_begin_has_its_whole_range():
    early = Series(TIMES_S, np.interp(TIMES_S, [-0.5, 0.0, 1.5, 3.0], [5.0, 50.0, 100.0, 50.0]), np.full(len(TIMES_S), 3.0))
    assert extremes(early, REPETITION)[:2] == pytest.approx((5.0, 98.0), abs=3.0)


def test_a_range_of_motion_of_a_slow_movement_begins_at_its_rest_and_needs_it_seen():
    times_s = np.arange(-5.0, 10.0, 1.0 / RATE_HZ)
    slow = Repetition(1, Outcome.COMPLETE, Side.NONE, 0.0, 5.0, 10.0, 5.0, 0.0, 5.0)
    deg = np.interp(times_s, [-1.5, 5.0, 10.0], [5.0, 100.0, 30.0])
    assert extremes(Series(times_s, deg, np.ones(len(times_s))), slow)[0] == pytest.approx(5.0, abs=3.0)
    hidden = np.where(times_s < 0.0, np.nan, deg)
    assert math.isnan(extremes(Series(times_s, hidden, np.ones(len(times_s))), slow)[0])


def test_of_a_slow_movement_more_is_taken_for_an_error_of_the_estimator_than_of_a_fast_one():
    for duration_s, kept_deg in ((3.0, 20.0), (10.0, 0.0)):
        times_s = np.arange(-3.0, duration_s, 1.0 / RATE_HZ)
        astray = 20.0 * np.any([np.abs(times_s - share * duration_s) < 0.2 for share in (0.2, 0.5, 0.8)], axis=0)
        one = replace(REPETITION, turn_s=duration_s / 2.0, end_s=duration_s)
        assert extremes(Series(times_s, astray, np.ones(len(times_s))), one)[1] == pytest.approx(kept_deg)


def test_a_movement_that_is_fast_is_no_tremor():
    tremor = FaultDefinition(measure="head_forward", statistic="tremor", high=1.2, margin=1.5)
    fast = 10.0 * np.sin(2 * np.pi * TIMES_S)
    assert statistic(tremor, Series(TIMES_S, fast, np.ones(len(TIMES_S))), REPETITION, smoothed=False).value < 0.5


def test_a_tremor_is_told_as_large_as_it_was_before_joints_were_smoothed():
    tremor = FaultDefinition(measure="head_forward", statistic="tremor", high=1.2, margin=1.5)
    width_cm, trembling, smoother = 300.0, 1.5 * np.sin(2 * np.pi * 5.0 * TIMES_S), OneEuro()
    in_image = [np.array([[cm / width_cm, 0.0]]) for cm in trembling]
    seen = width_cm * np.array([smoother.update(one, stamp_s)[0, 0] for one, stamp_s in zip(in_image, TIMES_S, strict=True)])

    def told(cm: np.ndarray, smoothed: bool) -> float:
        return statistic(tremor, Series(TIMES_S, cm, np.ones(len(TIMES_S))), REPETITION, smoothed).value

    assert told(seen, smoothed=False) < 0.7 * told(trembling, smoothed=False)
    assert told(seen, smoothed=True) == pytest.approx(told(trembling, smoothed=False), rel=0.3)


def test_what_both_sides_show_of_one_thing_is_taken_from_the_better_seen_one_from_the_side():
    propped = FaultDefinition(measure="support_height", phase="turn", statistic="min", high=-100, margin=15, sides="none")
    sure = np.ones(len(BODY.joints))
    sure[BODY.index("right_wrist")] = 0.85
    one, raised = exercise(depth=propped), {"left_shoulder_flexion": 90.0}
    (better,), (alike,) = (assess(one, sure=sure, right_shoulder_flexion=deg, **raised).measured for deg in (60.0, 90.0))
    assert better.beyond == pytest.approx(alike.beyond, abs=0.5)


def test_frames_of_someone_who_left_are_forgotten():
    finder = FaultFinder(exercise(depth=DEPTH), BODY)
    assert finder.assess(REPETITION).not_measured == (NotMeasured("depth", Unseen.HIDDEN, ("side", "oblique")),)
    for stamp_s in TIMES_S:
        finder.add(frame(stamp_s, np.random.default_rng(0).random((len(BODY.joints), 2))))
    assert finder.assess(REPETITION).terms
    finder.reset()
    assert not finder.assess(REPETITION).terms
