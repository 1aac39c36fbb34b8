"""Faults of a simulated patient: each changes what it is about, as much as was asked for, and leaves the feet where they are."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.motion.kinematics import BODY_JOINTS
from physio_sim.patient.faults import FAULTS, fault, faults_in, told_as
from physio_sim.patient.personas import persona_named
from physio_sim.patient.sets import PerformedSet, SetPlan, perform_set
from physio_sim.truth import InjectedFault


def done(exercise: str, persona: str, repetitions: int = 3, **more: object) -> PerformedSet:
    return perform_set(SetPlan(exercise=exercise, persona=persona, repetitions=repetitions, fps=15.0, **more))  # type: ignore[arg-type]


def injected(exercise: str, persona: str, **more: object) -> InjectedFault:
    return done(exercise, persona, **more).repetitions[1].faults[0]


@pytest.mark.parametrize("kind", FAULTS.values(), ids=FAULTS)
def test_each_fault_is_told_from_the_joints_and_leaves_the_body_whole(kind) -> None:
    exercise = kind.exercises[0]
    made = done(exercise, "pain=30" if kind.name == "pain" else f"{kind.name}={kind.usual:g}")
    told = [one for one in made.repetitions[2].faults if one.name == told_as(kind, exercise)]
    assert told and all(one.size > 0.02 * abs(one.sound) and one.unit == kind.shown_unit for one in told)
    assert made.joints_m[..., 2].min() > -0.05
    assert np.linalg.norm(np.diff(made.joints_m, axis=0), axis=-1).max() * 15.0 < 8.0


@pytest.mark.parametrize(
    ("exercise", "persona", "size"),
    [
        ("squat", "knees_in=8", 8.0), ("squat", "trunk_lean=20", 18.0), ("squat", "heel_lift=6", 6.0),
        ("shoulder_abduction", "trunk_side_lean=20", 21.0), ("elbow_flexion", "swinging=24", 24.0),
        ("shoulder_flexion", "elbow_bent=50", 50.0), ("push_up", "hips_sag=12", 11.0), ("squat", "range=40", 39.0),
        ("shoulder_abduction", "uneven_arms=40", 50.0), ("squat", "incomplete_return=40", 38.0), ("squat", "unsteady=3", 3.0),
    ],
)  # fmt: skip
def test_a_fault_is_about_as_large_as_asked_for(exercise: str, persona: str, size: float) -> None:
    assert injected(exercise, persona).size == pytest.approx(size, rel=0.15)


def test_a_larger_fault_shows_more_and_faults_combine() -> None:
    assert injected("squat", "knees_in=14").size > injected("squat", "knees_in=5").size + 5.0
    both = done("squat", "knees_in=10+trunk_lean=20+too_fast=40").repetitions[1].faults
    assert {one.name: one.unit for one in both} == {"knees_in": "cm", "trunk_lean": "deg", "too_fast": "s"}
    assert all(one.size > 1.0 for one in both)


@pytest.mark.parametrize(
    ("persona", "planted"), [("knees_in=12", ("ankle",)), *((name, ("toe", "heel")) for name in ("trunk_lean", "knee_past_toe"))]
)
def test_feet_stay_planted_under_a_fault(persona: str, planted: tuple[str, ...]) -> None:
    made = done("squat", persona, before_s=0.0, after_s=0.0)
    for joint in (f"{side}_{part}" for side in ("left", "right") for part in planted):
        at = made.joints_m[:, BODY_JOINTS.index(joint)]
        assert np.linalg.norm(at - at[0], axis=-1).max() < 0.02


def test_the_side_that_was_named_does_less() -> None:
    arms = done("shoulder_abduction", "uneven_arms=50@left")
    left, right = (np.ptp(arms.motion.angle(f"{side}_shoulder_abduction")) for side in ("left", "right"))
    assert left < 0.6 * right and arms.repetitions[0].faults[0].side.value == "left"
    marching = done("march_in_place", "one_sided=50@right", repetitions=6).repetitions
    extent = {side: np.mean([one.extent for one in marching if one.side.value == side]) for side in ("left", "right")}
    assert extent["right"] < 0.6 * extent["left"]


def test_who_tires_goes_less_far_and_slower_from_repetition_to_repetition() -> None:
    tired = done("shoulder_abduction", "fatigue=50", repetitions=10).repetitions
    assert tired[-1].extent < 0.6 * tired[0].extent
    assert np.mean([one.end_s - one.start_s for one in tired[-3:]]) > 1.2 * np.mean(
        [one.end_s - one.start_s for one in tired[:3]]
    )


def test_pain_stops_the_range_at_its_angle_and_waits_there() -> None:
    made = done("shoulder_abduction", "pain=60", before_s=0.0, after_s=0.0)
    raised = np.degrees(made.motion.angle("left_shoulder_abduction"))
    assert raised.max() - raised[0] == pytest.approx(60.0, abs=5.0)
    assert np.mean(raised > raised.max() - 2.0) * made.stamps_s[-1] / 3 > 1.0


def test_who_does_not_come_back_does_so_only_at_the_very_end() -> None:
    knee = np.degrees(done("squat", "incomplete_return=40").motion.angle("left_knee_flexion"))
    assert knee[-1] < 15.0 < 30.0 < knee[60:-30].min()


def test_the_same_plan_gives_the_same_truth() -> None:
    assert done("squat", "knees_in").repetitions == done("squat", "knees_in").repetitions


def test_faults_are_written_as_people_write_them() -> None:
    one, other = faults_in("uneven_arms=30@left + too_fast")
    assert (one.size, one.side, other.size) == (30.0, "left", FAULTS["too_fast"].usual)
    assert persona_named("knees_in+too_fast").faults == faults_in("knees_in+too_fast")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("knees_out", "unknown persona 'knees_out'; known: able, slow"),
        ("knees_in=10+lazy", "unknown fault 'lazy'; known: range"),
        ("knees_in=90", r"knees_in of 90 cm; give 0 \.\. 15"), ("knees_in=far", "'far' is not a number"),
        ("knees_in@middle", "side 'middle'; choose left or right"),
    ],
)  # fmt: skip
def test_a_fault_that_cannot_be_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        persona_named(text)


def test_a_fault_of_another_exercise_is_refused() -> None:
    with pytest.raises(ConfigError, match="knees_in is no fault of push_up; it is one of: squat"):
        perform_set(SetPlan(exercise="push_up", persona="knees_in"))
    assert fault("range").size == 40
