"""How the simulation keeps up, and the options that every command of it reads alike."""

from __future__ import annotations

import argparse
import math

import pytest

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.motion.movements import EXERCISES
from physio_sim.commands import add_commands
from physio_sim.options import add_command, config_of, exercise_in, exercises_in, names_in
from physio_sim.params import ClinicConfig, RenderConfig
from physio_sim.real_time import RealTimeMonitor


def test_a_simulation_that_keeps_up_has_factor_one_and_one_that_lags_less() -> None:
    monitor = RealTimeMonitor()
    assert math.isnan(monitor.real_time_factor)
    monitor.mark(5.0, 100.0)
    assert math.isnan(monitor.real_time_factor)
    monitor.mark(15.0, 110.0)
    assert monitor.real_time_factor == 1.0
    monitor.mark(15.0, 120.0)
    assert monitor.real_time_factor == 0.5


def test_images_are_counted_and_timed_by_their_middle_and_their_newest_rate() -> None:
    monitor = RealTimeMonitor()
    assert math.isnan(monitor.render_ms) and math.isnan(monitor.image_hz)
    for number in range(300):
        monitor.mark_image(0.010 if number % 3 else 0.5, number / (10.0 if number < 200 else 20.0))
    assert (monitor.images, monitor.render_ms) == (300, 10.0)
    assert monitor.image_hz == pytest.approx(20.0)
    monitor.mark(0.0, 0.0)
    monitor.mark(1.0, 1.0)
    assert str(monitor) == "real-time factor 1.000, 300 images, newest at 20.0 Hz, median 10.0 ms each"


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_command(parser.add_subparsers(), "render", lambda _: 0, RenderConfig, "renders")
    return parser.parse_args(["render", *words])


def test_settings_are_options_with_their_defaults() -> None:
    options = parsed()
    assert config_of(options, RenderConfig) == RenderConfig()
    assert config_of(options, ClinicConfig) == ClinicConfig()


def test_options_become_settings_and_are_checked_there() -> None:
    options = parsed("--count", "3", "--patient-distance-m", "2.5", "--shadows")
    assert config_of(options, RenderConfig).count == 3
    assert config_of(options, ClinicConfig) == ClinicConfig(patient_distance_m=2.5, shadows=True)
    with pytest.raises(ConfigError, match=r"patient_distance_m = 9.0 is outside 1.2 \.\. 4.2 m"):
        config_of(parsed("--patient-distance-m", "9"), ClinicConfig)


def test_exercises_are_named_with_commas_or_all_of_them() -> None:
    assert names_in("squat, lunge,plank") == ["squat", "lunge", "plank"]
    assert exercises_in("lunge,squat") == ["lunge", "squat"]
    assert exercises_in("all") == sorted(EXERCISES)
    with pytest.raises(UnknownExercise, match="unknown exercise 'moonwalk'; known: deadlift"):
        exercises_in("squat,moonwalk")
    assert exercise_in("squat") == "squat"
    for several in ("squat,lunge", "all"):
        with pytest.raises(ConfigError, match=f"--exercise {several}: one image shows one exercise; name one"):
            exercise_in(several)


def test_personas_and_faults_are_listed_with_what_they_apply_to(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(), "sim")
    options = parser.parse_args(["sim", "faults"])
    assert options.run(options) == 0
    said = capsys.readouterr().out
    assert "half_range" in said and "knees_in          8 cm" in said and "push_up" in said
