"""The simulated clinic: the same seed gives the same images, the patient is where the truth says and stands in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import physio_sim
from physio_core.errors import ConfigError, SourceError, UnknownExercise
from physio_core.motion.movements import RECOGNISED
from physio_core.pose.choice import REFERENCE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import Frame
from physio_sim.clinic import Clinic
from physio_sim.params import ClinicConfig
from physio_sim.world.person import PERSON_GROUPS

Open = Callable[..., Clinic]


def _image_of(clinic: Clinic, exercise: str, phase: float = 0.5) -> np.ndarray:
    clinic.ask(exercise)
    clinic.wait_for_phase(phase)
    return clinic.image()


def test_the_same_seed_gives_the_same_image(open_clinic: Open) -> None:
    first, again, other = (_image_of(open_clinic(seed=seed), "squat") for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert np.abs(first.astype(int) - other).mean() > 2.0


@pytest.mark.parametrize(("library", "way"), [("libOSMesa.so.8", "osmesa"), (None, "egl")])
def test_where_a_release_lacks_osmesa_egl_draws(monkeypatch: pytest.MonkeyPatch, library: str | None, way: str) -> None:
    monkeypatch.setattr(physio_sim, "find_library", {"OSMesa": library}.get)
    assert physio_sim.off_screen() == way


def test_either_way_of_drawing_gives_the_same_image(tmp_path: Path) -> None:
    code = "import sys, numpy\nfrom physio_sim.clinic import *\nnumpy.save(sys.argv[1], Clinic(ClinicConfig()).image())"
    images = []
    for way in ("osmesa", "egl"):
        command, environment = [sys.executable, "-c", code, str(tmp_path / "image.npy")], {**os.environ, "MUJOCO_GL": way}
        environment.pop("PYOPENGL_PLATFORM", None)  # MuJoCo has set it in this process
        if subprocess.run(command, env=environment, capture_output=True, check=False).returncode:
            pytest.skip(f"MuJoCo cannot draw with {way} on this machine")
        images.append(np.load(tmp_path / "image.npy").astype(int))
    assert np.abs(images[0] - images[1]).mean() < 1.0


def test_less_light_gives_a_darker_image(open_clinic: Open) -> None:
    bright, dim = (open_clinic(light=light).image().mean() for light in (1.0, 0.4))
    assert dim < 0.7 * bright


def test_the_patient_repeats_what_is_asked_until_told_to_stop(open_clinic: Open) -> None:
    clinic = open_clinic()
    assert clinic.pose_people().exercise == ""
    clinic.ask("squat")
    clinic.wait_for_phase(0.9)
    clinic.wait_for_phase(0.5)
    truth = clinic.pose_people()
    assert (truth.exercise, truth.repetition) == ("squat", 1)
    clinic.ask("")
    clinic.advance(clinic.now_s + 0.4)
    for _ in range(20):
        clinic.advance(clinic.now_s + 0.2)
    assert clinic.pose_people().exercise == ""


def test_tempo_makes_the_patient_faster(open_clinic: Open) -> None:
    def seconds(tempo: float) -> float:
        clinic = open_clinic(tempo=tempo)
        clinic.ask("squat")
        clinic.wait_for_phase(0.1)
        start_s = clinic.now_s
        clinic.wait_for_phase(0.9)
        return clinic.now_s - start_s

    assert seconds(2.0) == pytest.approx(seconds(1.0) / 2, rel=0.05)


def test_a_patient_who_does_another_exercise_is_told_apart_from_the_asking(open_clinic: Open) -> None:
    clinic = open_clinic(("wrong_exercise",))
    clinic.ask("squat")
    clinic.wait_for_phase(0.5)
    truth = clinic.pose_people()
    assert truth.asked == "squat" and truth.exercise in set(RECOGNISED) - {"squat"}


def test_an_unknown_exercise_costs_no_persona(open_clinic: Open) -> None:
    clinic = open_clinic(("able", "slow"))
    with pytest.raises(UnknownExercise, match="moonwalk"):
        clinic.ask("moonwalk")
    clinic.ask("squat")
    assert clinic.pose_people().persona == "able"


@pytest.mark.parametrize(
    ("personas", "view", "named"), [(("acrobat",), "best", "acrobat"), ((), "best", "personas"), (("able",), "top", "top")]
)
def test_refuses_what_it_does_not_know_by_name(personas: tuple[str, ...], view: str, named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        Clinic(ClinicConfig(), personas, view)


def test_the_lidar_sees_the_patients_legs(open_clinic: Open) -> None:
    ranges = open_clinic(patient_distance_m=2.0).scan()
    nearest = np.argmin(ranges[np.arange(-15, 16)]) - 15
    assert abs(nearest) < 10
    assert ranges[nearest] == pytest.approx(2.06, abs=0.2)


def test_the_patient_stops_the_robot(open_clinic: Open) -> None:
    clinic = open_clinic(patient_distance_m=1.2)
    for _ in range(60):
        clinic.base.command(0.26, 0.0)
        clinic.advance(clinic.now_s + 0.2)
        clinic.pose_people()
    assert 0.8 < clinic.robot_pose()[0] < 1.2


def test_somebody_passes_and_goes_again(open_clinic: Open) -> None:
    clinic = open_clinic(("passer_by",))
    hidden = []
    while clinic.now_s < 15.0:
        clinic.advance(clinic.now_s + 0.2)
        clinic.pose_people()
        hidden.append(PERSON_GROUPS["passer_by"] in clinic.people.hidden_groups)
    assert {True, False} == set(hidden)


def test_a_long_pause_is_skipped_rather_than_rushed_through(open_clinic: Open) -> None:
    clinic = open_clinic()
    clinic.advance(0.1)
    clinic.advance(100.0)
    assert clinic.now_s == pytest.approx(0.6, abs=0.01)
    clinic.advance(100.1)
    assert clinic.now_s == pytest.approx(0.7, abs=0.01)
    assert clinic.timing.real_time_factor < 0.1


def test_two_clinics_cannot_draw_at_once(open_clinic: Open) -> None:
    open_clinic().image()
    with pytest.raises(SourceError, match="close"):
        Clinic(ClinicConfig()).image()


@pytest.mark.parametrize("exercise", sorted(RECOGNISED))
def test_the_estimator_sees_the_patient_where_the_patient_is(open_clinic: Open, exercise: str) -> None:
    clinic = open_clinic()
    rgb = _image_of(clinic, exercise, 0.4)
    estimator = make_estimator(PoseConfig(estimator=REFERENCE))
    skeleton = estimator.estimate(Frame(1.0, rgb))
    estimator.close()
    assert skeleton.tracked
    assert skeleton.layout == OPENPOSE_18.name
    off = np.abs(skeleton.points[:, :2] - clinic.skeleton())
    assert np.median(off) < 0.04
