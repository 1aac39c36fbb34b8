"""Patients do what they are asked, in the way of their persona, without ever jumping."""

from itertools import cycle, pairwise

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError, UnknownExercise
from physio_core.motion.kinematics import BODY_JOINTS, JOINT_ANGLES
from physio_core.motion.movements import DRAWN, EXERCISES, preferred_heading_rad
from physio_sim.patient.patient import PERSONAS, Patient, PatientState

INDEX = {joint: index for index, joint in enumerate(BODY_JOINTS)}
STEP_S = 0.1


def watch(patient: Patient, start_s: float, end_s: float, step_s: float = STEP_S) -> list[PatientState]:
    return [patient.at(float(now_s)) for now_s in np.arange(start_s, end_s, step_s)]


def asked(exercise: str, persona: str = "able", seed: int = 1, seconds: float = 25.0) -> list[PatientState]:
    patient = Patient(persona=persona, seed=seed)
    patient.ask(exercise, 0.0)
    return watch(patient, 0.0, seconds)


def asked_late(exercise: str, persona: str = "able", seed: int = 1) -> PatientState:
    patient = Patient(persona=persona, seed=seed)
    patient.ask(exercise, 0.0)
    return patient.at(25.0)


def pelvis(states: list[PatientState]) -> np.ndarray:
    return np.stack([state.positions[INDEX["pelvis"]] for state in states])


def angles(states: list[PatientState], name: str) -> np.ndarray:
    return np.array([state.angles_rad[JOINT_ANGLES.index(name)] for state in states])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_able_patient_repeats_what_is_asked(exercise: str) -> None:
    states = asked(exercise)
    assert states[-1].exercise == states[-1].asked == exercise
    assert states[-1].repetition >= (2 if exercise in DRAWN else 3)  # a path takes three times as long
    counts = [state.repetition for state in states]
    assert all(0 <= after - before <= 1 for before, after in pairwise(counts))


def test_arms_are_held_as_the_screen_shows_them() -> None:
    for seed in range(6):  # a squat with hanging arms could not be told from a deadlift
        states = [state for state in asked("squat", seed=seed, seconds=12.0) if state.repetition >= 1]
        lowest = min(states, key=lambda state: state.positions[INDEX["pelvis"], 2])
        shoulder, wrist = (lowest.positions[INDEX[f"left_{joint}"]] for joint in ("shoulder", "wrist"))
        assert abs(wrist[2] - shoulder[2]) < 0.6 * np.linalg.norm(wrist - shoulder)


def test_nobody_asked_stands() -> None:
    states = watch(Patient(seed=2), 0.0, 5.0, 0.5)
    assert {state.activity for state in states} == {"standing"} and {state.exercise for state in states} == {""}


@pytest.mark.parametrize(
    ("persona", "exercise"), list(zip(PERSONAS, cycle(["push_up", "squat", "pull_up", "lunge"]), strict=False))
)
def test_patient_never_jumps_nor_sinks(persona: str, exercise: str) -> None:
    patient = Patient(persona=persona, seed=4)
    patient.ask(exercise, 1.0)
    states = watch(patient, 0.0, 9.0, 0.04)
    patient.ask("jumping_jack", 9.0)
    states += watch(patient, 9.0, 16.0, 0.04)
    patient.ask("", 16.0)
    states += watch(patient, 16.0, 20.0, 0.04)
    points = np.stack([state.positions for state in states])
    assert np.isfinite(points).all()
    assert np.linalg.norm(np.diff(points, axis=0), axis=-1).max() / 0.04 < 12.0
    assert points[..., 2].min() > -0.05


def test_empty_request_brings_the_patient_back_to_standing() -> None:
    patient = Patient(seed=3)
    patient.ask("push_up", 0.0)
    assert patient.at(10.0).positions[INDEX["nose"], 2] < 1.0
    patient.ask("", 10.0)
    state = patient.at(18.0)
    assert state.activity == "standing" and state.positions[INDEX["nose"], 2] > 1.3


def test_asking_again_for_the_same_does_not_start_over() -> None:
    patient, other = Patient(seed=3), Patient(seed=3)
    for person in (patient, other):
        person.ask("squat", 0.0)
    patient.ask("squat", 10.0)
    assert np.array_equal(patient.at(12.0).positions, other.at(12.0).positions)


def test_same_seed_same_motion_other_seed_other_motion() -> None:
    first, again, other = (pelvis(asked("lunge", seed=seed, seconds=8.0)) for seed in (5, 5, 6))
    assert np.array_equal(first, again) and not np.allclose(first, other)


def test_slow_patient_does_fewer_repetitions() -> None:
    assert asked_late("squat", "slow").repetition < 0.7 * asked_late("squat", "able").repetition


def test_half_range_patient_goes_less_deep() -> None:
    half, full = (angles(asked("squat", persona), "left_knee_flexion").max() for persona in ("half_range", "able"))
    assert half < 0.75 * full


def test_one_sided_patient_is_uneven() -> None:
    def uneven(persona: str) -> float:
        states = asked("jumping_jack", persona)
        return float(np.abs(angles(states, "left_shoulder_abduction") - angles(states, "right_shoulder_abduction")).max())

    assert uneven("one_sided") > 1.0 > uneven("able")


def test_trembling_patient_shakes_faster_than_the_exercise() -> None:
    def shake(persona: str) -> float:
        patient = Patient(persona=persona, seed=1)
        patient.ask("squat", 0.0)
        spine = angles(watch(patient, 5.0, 9.0, 1 / 30), "spine_flexion")
        return float(np.abs(np.diff(spine, n=2)).mean())

    assert shake("trembling") > 5 * shake("able")


def test_wrong_exercise_patient_does_another_exercise() -> None:
    for seed in range(4):
        last = asked_late("squat", "wrong_exercise", seed)
        assert last.asked == "squat" and last.exercise not in ("", "squat")


def test_patient_who_stops_half_way_holds_still_in_the_middle_then_stands() -> None:
    states = asked("squat", "stops_half_way")
    stopped = [state for state in states if state.activity == "stopped"]
    assert stopped and 0.3 < stopped[0].phase < 0.7
    assert np.ptp(pelvis(stopped), axis=0).max() < 1e-9
    assert states[-1].activity == "standing"


def test_patient_who_walks_out_leaves_the_view_and_comes_back_when_asked() -> None:
    patient = Patient(persona="walks_out", seed=1)
    patient.ask("squat", 0.0)
    away = patient.at(40.0)
    assert away.activity == "away" and away.exercise == ""
    assert abs(away.positions[INDEX["pelvis"], 1]) > 4.0
    patient.ask("", 40.0)
    assert patient.at(45.0).activity == "away"
    patient.ask("squat", 45.0)
    states = watch(patient, 45.0, 56.0)
    assert "walking" in {state.activity for state in states}
    assert states[-1].exercise == "squat" and np.linalg.norm(pelvis(states)[-1, :2]) < 0.6


def test_passer_by_crosses_while_the_patient_goes_on() -> None:
    states = asked("squat", "passer_by")
    seen = [state.others[0] for state in states if state.others]
    walked = np.ptp([other[INDEX["pelvis"], 1] for other in seen])
    assert walked > 6.0 and states[-1].exercise == "squat"
    assert any(not state.others for state in states)
    assert all(not state.others for state in asked("squat", seconds=3.0))


def test_patient_stands_where_placed_and_turns_to_show_the_exercise() -> None:
    patient = Patient(seed=1, x_m=1.0, y_m=2.0, yaw_rad=0.5)
    assert np.linalg.norm(patient.at(0.0).positions[INDEX["pelvis"], :2] - [1.0, 2.0]) < 0.1
    patient.ask("deadlift", 0.0)
    across = patient.at(3.0).positions[INDEX["left_hip"]] - patient.at(3.0).positions[INDEX["right_hip"]]
    heading = np.arctan2(-across[0], across[1])
    assert heading == pytest.approx(0.5 + np.pi / 2, abs=0.1)


def test_bar_is_there_only_for_who_hangs_from_it() -> None:
    assert asked("pull_up", seconds=8.0)[-1].bar_height_m > 1.8
    assert asked("squat", seconds=8.0)[-1].bar_height_m == 0.0


def test_bad_requests_are_refused() -> None:
    patient = Patient()
    with pytest.raises(UnknownExercise, match="swim"):
        patient.ask("swim", 0.0)
    with pytest.raises(ConfigError, match="able"):
        Patient(persona="asleep")
    with pytest.raises(InputError, match="finite"):
        patient.at(float("nan"))


@pytest.mark.parametrize("exercise", ["sit_to_stand", "seated_shoulder_abduction"])
def test_a_chair_stands_under_who_sits_and_for_nobody_else(exercise: str) -> None:
    seated = asked(exercise, seconds=8.0)[-1]
    assert seated.seat is not None
    x_m, y_m, z_m, _ = seated.seat
    lowest_m = min(state.positions[INDEX["pelvis"], 2] for state in asked(exercise, seconds=8.0))
    assert 0.05 < lowest_m - z_m < 0.15 and np.hypot(x_m, y_m) > 0.2
    assert asked("heel_raise", seconds=8.0)[-1].seat is None


@pytest.mark.parametrize(("side", "sign"), [("left", -1.0), ("right", 1.0)])
def test_the_leg_that_is_raised_is_nearer_to_the_camera(side: str, sign: float) -> None:
    assert preferred_heading_rad("standing_leg_raise_front", side) == pytest.approx(sign * np.pi / 2)
    assert preferred_heading_rad("squat", side) > 0
