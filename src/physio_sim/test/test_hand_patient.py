"""Asked for an exercise of a hand, the patient comes near, shows that hand to the camera, and does it as its persona does."""

from __future__ import annotations

import argparse
import math

import numpy as np
import pytest

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.motion.hand import HAND_ANGLES
from physio_core.motion.kinematics import BODY_JOINTS, JOINT_ANGLES
from physio_nodes.stamps import to_stamp
from physio_sim.clinic import Clinic
from physio_sim.commands import add_commands
from physio_sim.messages import truth_msg
from physio_sim.params import ClinicConfig
from physio_sim.patient.hand_doing import hand_exercises, impairment_of
from physio_sim.patient.hand_personas import HAND_PERSONAS
from physio_sim.patient.patient import Patient, PatientState
from physio_sim.patient.personas import persona_named
from physio_sim.world.turtlebot import focal_length_px

EYE_M = np.array([0.06, 0.0, 0.26])
HOME_X_M = 3.1


def patient(persona: str = "able") -> Patient:
    return Patient(persona=persona, x_m=HOME_X_M, yaw_rad=math.pi, eye_m=tuple(EYE_M))


def until_it_does(made: Patient, start_s: float) -> PatientState:
    """The first moment at which a repetition has gone half the way."""
    for now_s in np.arange(start_s, start_s + 30.0, 0.25):
        state = made.at(float(now_s))
        if state.activity == "exercising" and 0.45 < state.phase < 0.6:
            return state
    raise AssertionError("nothing was done within 30 s")


def shoulder_x_m(state: PatientState) -> float:
    return float(state.positions[BODY_JOINTS.index("neck"), 0])


@pytest.mark.parametrize("side", ["", "left"])
def test_it_comes_near_and_holds_the_hand_that_is_asked_for_before_the_camera(side: str) -> None:
    made = patient()
    made.ask("hand_fist", 0.0, side)
    assert made.at(0.0).hand is None and shoulder_x_m(made.at(0.0)) > 2.5
    state = until_it_does(made, 0.0)
    assert state.hand is not None and state.hand.side == (side or "right")
    away = state.hand.wrist_m - EYE_M
    assert 0.7 < away[0] < 1.2 and abs(away[1]) < 0.3
    assert state.hand.turn[2, 0] > 0.7, "fingers up"
    assert state.hand.turn[:, 2] @ away > 0.7 * np.linalg.norm(away), "palm to the camera"
    assert np.linalg.det(state.hand.turn) == pytest.approx(1.0)


def test_the_fingers_go_where_the_exercises_figure_asks_and_the_truth_says_how_far() -> None:
    for persona, least, most in (("able", 0.95, 1.05), ("half_range", 0.45, 0.55), ("hand=trace", 0.0, 0.1)):
        made = patient(persona)
        made.ask("hand_fist", 0.0)
        state = until_it_does(made, 0.0)
        assert state.under_way is not None and least <= state.under_way.extent <= most
        assert state.hand is not None
        bend_deg = np.degrees(state.hand.angles_rad[HAND_ANGLES.index("middle_pip_flexion")])
        assert (bend_deg > 75) == (persona == "able")
        assert ("range" in [fault.name for fault in state.under_way.faults]) == (persona != "able")


def test_a_wrong_one_does_another_movement_of_the_hand() -> None:
    made = patient("wrong_exercise")
    made.ask("hand_fist", 0.0)
    assert until_it_does(made, 0.0).exercise == "hand_spread"


def test_told_to_wait_it_still_comes_near_and_waits_with_its_hand_and_does_as_many_as_asked() -> None:
    made = patient()
    made.ask("hand_fist", 0.0)
    made.ask("", 1.0)
    assert made.at(12.0).activity == "standing" and made.at(12.0).hand is not None
    made.ask("hand_fist", 12.0, "right", 2)
    doing = [made.at(now_s) for now_s in np.arange(12.0, 40.0, 0.5)]
    assert doing[0].activity == "exercising", "at once: it is there already"
    assert doing[-1].activity == "standing" and doing[-1].repetition == 2


def test_for_an_exercise_of_the_body_it_goes_back_and_no_hand_is_shown() -> None:
    made = patient()
    made.ask("hand_fist", 0.0)
    made.at(15.0)
    made.ask("squat", 15.0)
    state = until_it_does(made, 15.0)
    assert state.exercise == "squat" and state.hand is None and shoulder_x_m(state) > 2.5


def test_every_exercise_of_a_hand_that_ships_can_be_done() -> None:
    assert {"hand_fist", "hand_spread", "wrist_flexion", "thumb_to_ring"} <= set(hand_exercises())
    for name in hand_exercises():
        made = patient()
        made.ask(name, 0.0)
        assert until_it_does(made, 0.0).exercise == name


def test_what_nobody_can_do_is_refused_with_exercises_of_both_kinds() -> None:
    with pytest.raises(UnknownExercise, match=r"'moonwalk'; known: .*hand_fist.*squat"):
        patient().ask("moonwalk", 0.0)


def test_faults_of_a_body_mean_something_for_a_hand_and_an_unknown_hand_is_refused() -> None:
    assert impairment_of(persona_named("range=40")).range == pytest.approx(0.6)
    assert impairment_of(persona_named("too_slow=100")).speed == pytest.approx(0.5)
    assert impairment_of(persona_named("hand=clenched+heeds=0")).tone > 0.5
    with pytest.raises(ConfigError, match="unknown persona of a hand 'lost'"):
        persona_named("hand=lost")


def test_the_clinic_draws_the_hand_where_it_is_and_says_what_it_does() -> None:
    clinic = Clinic(ClinicConfig(seed=2))
    try:
        clinic.ask("hand_spread")
        clinic.wait_for_phase(0.45)
        truth, rgb = clinic.pose_people(), clinic.image().astype(int)
        camera, points = clinic.data.camera("camera"), clinic.people.near_hand_m
        seen = (points - camera.xpos) @ camera.xmat.reshape(3, 3)
        at = focal_length_px(clinic.config) * seen[:, :2] / -seen[:, 2:] * [1, -1] + [320, 240]
        assert (at > 0).all() and (at < [640, 480]).all()
        clinic.people.hidden_groups += [4, 5]
        without = clinic.image().astype(int)
        drawn = np.abs(rgb - without).max(-1) > 12
        columns, rows = np.round(at).astype(int).T
        assert drawn[rows, columns].mean() > 0.8
        assert truth.joint_names == HAND_ANGLES and truth.exercise == "hand_spread"
        msg = truth_msg(truth, to_stamp(100.0))
        assert len(msg.joint_angles_rad) == len(HAND_ANGLES) and msg.side == "right"
        clinic.ask("squat")
        clinic.wait_for_start()
        assert clinic.pose_people().joint_names == JOINT_ANGLES and {4, 5} <= set(clinic.people.hidden_groups)
    finally:
        clinic.close()


def test_what_may_be_the_matter_with_a_hand_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(), "sim")
    options = parser.parse_args(["sim", "faults"])
    options.run(options)
    listed = capsys.readouterr().out
    assert "hand=NAME" in listed and all(name in listed for name in HAND_PERSONAS) and "tone 0.6" in listed
