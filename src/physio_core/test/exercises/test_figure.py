"""Figures are data: shipped ones are those of the movement library, others can be written by hand, broken ones are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import load_exercises
from physio_core.exercises.figure import read_figure
from physio_core.exercises.keyframes import curve
from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.style import Style
from physio_core.share import shared_path

SHIPPED = shared_path("config", "exercises")
PHASE = np.arange(60) / 60
BEND = "period_s: 3\nangles_deg:\n  hip_flexion: [0, 90]\n  left_knee_flexion: 20\n"


def at(points: np.ndarray, joint: str) -> np.ndarray:
    return points[:, BODY_JOINTS.index(joint)]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_shipped_figure_moves_as_the_movement_library_says(name: str) -> None:
    figure = read_figure(SHIPPED / "figures" / f"{name}.yaml")
    movement = EXERCISES[name]
    repetitions = 2 * PHASE if movement.sides == "alternate" else PHASE
    motion = movement.motion(repetitions, movement.led_by("", Style(sway=0.0)), BodyShape()).placed(yaw_rad=0.5)
    np.testing.assert_allclose(figure.points_m(PHASE, 0.5), positions(BodyShape(), motion), atol=0.01)


def test_the_shipped_figures_are_what_the_command_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "squat.yaml").touch()
    (tmp_path / "handstand.yaml").touch()
    assert main(["exercise", "figures", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "drew squat\n"
    written, shipped = (read_figure(folder / "figures" / "squat.yaml") for folder in (tmp_path, SHIPPED))
    np.testing.assert_allclose(written.points_m(PHASE, 0.0), shipped.points_m(PHASE, 0.0), atol=0.002)
    assert main(["exercise", "figures", str(tmp_path / "figures" / "gone")]) == 2


def test_two_angles_make_a_figure_that_stands_on_the_floor(tmp_path: Path) -> None:
    (tmp_path / "bend.yaml").write_text(BEND)
    points = read_figure(tmp_path / "bend.yaml").points_m(np.array([0.0, 0.25, 0.5]), 0.0)
    lifted = at(points, "right_knee")[:, 0] - at(points, "right_hip")[:, 0]
    assert lifted == pytest.approx([0.0, BodyShape().thigh_m * np.sin(np.pi / 4), BodyShape().thigh_m], abs=1e-6)
    assert points[..., 2].min(axis=1) == pytest.approx(0.0)


def test_a_curve_is_closed_passes_through_its_values_and_does_not_overshoot() -> None:
    row, fine = (0.0, 0.0, 50.0, 90.0, 90.0), np.linspace(0.0, 2.0, 501)
    assert curve(row, np.arange(5) / 5) == pytest.approx(row)
    drawn = curve(row, fine)
    assert (drawn.min(), drawn.max()) == pytest.approx((0.0, 90.0)) and drawn[:250] == pytest.approx(drawn[250:500], abs=1e-9)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: [", "is not valid YAML"),
        ("", ":1: needs keys with values"),
        ("period_s: 3\n", ":1: give one of angles_deg, points_m and hand_deg"),
        (BEND + "points_m: {}\n", ":1: give one of"),
        (BEND.replace("3", "0"), ":1: period_s: should be greater than or equal to 0.3, got 0"),
        (BEND.replace("hip_", "hp_"), ":3: angles_deg.hp_flexion: is not one of: .*hip_flexion"),
        (BEND.replace("90", "high"), ":3: angles_deg.hip_flexion.1: should be a valid number, got 'high'"),
        (BEND.replace("20", "'20'"), ":4: angles_deg.left_knee_flexion.0: should be a valid number, got '20'"),
        (BEND.replace("20", "[]"), ":4: angles_deg.left_knee_flexion: is empty"),
        (BEND.replace("20", ".nan"), ":4: angles_deg.left_knee_flexion.0: should be a finite number"),
        (BEND + "tempo: 3\n", ":5: 'tempo' is not one of: period_s"),
        ("period_s: 3\npoints_m: {nose: {right: 0, up: 1}}\n", ":2: points_m: neck is missing; needs each of: nose"),
        ("period_s: 3\npoints_m:\n  nose: {right: 0}\n", ":3: points_m.nose.up: is missing"),
        (BEND + "bar_m: 9\n", ":5: bar_m: should be less than or equal to 3.5, got 9"),
    ],
)
def test_a_file_that_no_figure_can_be_drawn_from_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "bend.yaml").write_text(text)
    with pytest.raises(ConfigError, match=f"bend.yaml.*{complaint}"):
        read_figure(tmp_path / "bend.yaml")


def test_who_sits_has_a_chair_under_the_pelvis_that_turns_along(tmp_path: Path) -> None:
    figure = read_figure(SHIPPED / "figures" / "sit_to_stand.yaml")
    pelvis = at(figure.points_m(np.array([0.0]), 0.9), "left_hip")[0]
    chair = figure.chair_m(0.9).reshape(-1, 3)
    assert chair[:, 2].min() == 0.0 and np.linalg.norm(chair[:, :2].mean(0) - pelvis[:2]) < 0.3
    seat_m = chair[(chair[:, 2] > 0.2) & (chair[:, 2] < pelvis[2]), 2]
    assert 0.05 < pelvis[2] - seat_m.max() < 0.15
    assert len(read_figure(SHIPPED / "figures" / "squat.yaml").chair_m(0.0)) == 0
    (tmp_path / "bad.yaml").write_text(BEND + "seat_m: 0.4\n")
    with pytest.raises(ConfigError, match="bad.yaml:5: seat_m: should be a list, got 0.4"):
        read_figure(tmp_path / "bad.yaml")


def test_where_one_side_is_asked_for_the_figure_does_it_as_a_mirror_would_and_rests_the_other():
    figure = load_exercises()["shoulder_abduction"].figure
    assert figure is not None
    phase, left, right = np.array([0.0, 0.5]), BODY_JOINTS.index("left_wrist"), BODY_JOINTS.index("right_wrist")
    both, mirrored = figure.points_m(phase, 0.0), figure.mirroring("left").points_m(phase, 0.0)
    np.testing.assert_allclose(mirrored[:, right], both[:, right])
    assert abs(mirrored[1, left, 2] - mirrored[0, left, 2]) < 0.05 < both[1, left, 2] - both[0, left, 2]
