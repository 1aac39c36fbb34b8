"""An exercise from one demonstration: written, asked for, judged and drawn without any code of its own."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.cli import REFUSED, carry_out
from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import load_exercises, require
from physio_core.judging.assessed import AssessedJudge
from physio_core.judging.judge import Goal, JudgingConfig
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.types import Prediction, Skeleton, Tracking, Verdict
from physio_lab.synthetic.simulated_sets import simulate_set
from physio_lab.taught import demonstration_commands
from physio_lab.taught.demonstration import learn_exercise
from physio_lab.taught.exercise import figure_text
from physio_sim.patient.sets import SetPlan

ANYTIME = JudgingConfig(getting_ready_s=0.0, right_s=2.0, wrong_s=2.0, say_after_s=0.0)


def shown(exercise: str, side: str = "", persona: str = "able", view: str = "best", seed: int = 4) -> tuple[Skeleton, ...]:
    return simulate_set(SetPlan(exercise, persona, side, 4, view, seed=seed)).skeletons


def written(folder: Path, name: str, skeletons: tuple[Skeleton, ...], side: str = "") -> Path:
    learnt = learn_exercise(name, skeletons, side)
    (folder / "figures").mkdir(parents=True)
    (folder / f"{name}.yaml").write_text(learnt.text)
    (folder / "figures" / f"{name}.yaml").write_text(figure_text(learnt.figure, "a test"))
    return folder


def test_what_was_demonstrated_is_asked_for_judged_and_drawn_without_code(tmp_path: Path):
    folder = written(tmp_path / "own", "hand_up", shown("shoulder_abduction", "left"), "left")
    one = require("hand_up", load_library(LibraryConfig(exercise_dir=str(folder))).exercises)
    assert one.repetition is not None and one.repetition.sides == "chosen"
    assert one.figure is not None and np.isfinite(one.figure.points_m(np.linspace(0.0, 1.0, 8), 0.0)).all()
    judge = AssessedJudge(one, ANYTIME, -1.0, Goal(4))
    for skeleton in shown("shoulder_abduction", "left", seed=12):
        judge.update(skeleton, skeleton.stamp_s)
        judge.update(Prediction(skeleton.stamp_s, "unknown", 0.9, ("squat", "unknown")), skeleton.stamp_s)
    closed = judge.close()[-1]
    assert (closed.verdict, closed.repetitions) == (Verdict.RIGHT, 4)


@pytest.mark.parametrize(("exercise", "sides", "view"), [("squat", "together", "side"), ("march_in_place", "alternate", "front")])
def test_both_sides_together_or_in_turn_are_told_apart(tmp_path: Path, exercise: str, sides: str, view: str):
    one = load_exercises(written(tmp_path / "own", "shown", shown(exercise, view=view)))["shown"]
    assert one.repetition is not None and (one.repetition.sides, one.view) == (sides, view)
    assert {"range", "too_fast", "too_slow", "incomplete_return"} <= set(one.faults)
    assert one.faults["too_fast"].low < one.faults["too_slow"].high


def test_bands_lie_around_what_was_shown(tmp_path: Path):
    one = load_exercises(written(tmp_path / "own", "bend", shown("elbow_flexion", "left"), "left"))["bend"]
    assert one.repetition is not None
    (signal,) = one.repetition.signals
    way = one.faults["range"]
    asked = way.low if signal.target > signal.rest else way.high
    assert asked is not None and (asked - signal.rest) / (signal.target - signal.rest) == pytest.approx(0.8, abs=0.02)


def test_a_therapist_may_say_what_tells_it():
    best = learn_exercise("bend", shown("elbow_flexion", "left"))
    other = learn_exercise("bend", shown("elbow_flexion", "left"), signal=best.others[0])
    assert other.signal == best.others[0] != best.signal
    with pytest.raises(ConfigError, match=f"'nose' does not go out and come back here; these do: {best.signal}"):
        learn_exercise("bend", shown("elbow_flexion", "left"), signal="nose")


def test_a_recording_that_cannot_be_learnt_from_is_refused_with_the_reason():
    standing = tuple(one for one in shown("squat", view="side") if one.stamp_s < 1.5)
    with pytest.raises(InputError, match="no movement that goes out and comes back"):
        learn_exercise("still", [_later(standing[-1], step) for step in range(90)])
    nobody = [Skeleton(step / 30.0, Tracking.NOBODY) for step in range(90)]
    with pytest.raises(InputError, match="shows nobody"):
        learn_exercise("empty", nobody)
    with pytest.raises(ConfigError, match="side 'both' is not one of: left, right"):
        learn_exercise("squat", standing, "both")
    with pytest.raises(InputError, match="the left side moves, not the right one"):
        learn_exercise("bend", shown("elbow_flexion", "left"), "right")


def _later(skeleton: Skeleton, step: int) -> Skeleton:
    return replace(skeleton, stamp_s=skeleton.stamp_s + step / 30.0)


def test_the_command_refuses_before_it_looks_at_the_video(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "bend.yaml").write_text("kind: body\n")
    for given, told in (
        (["--name", "bend"], "exists already"),
        (["--name", "Wall slide"], "use small letters"),
        (["--name", "slide", "--side", "up"], "is not one of: left, right"),
        (["--name", "slide"], "no such video"),
    ):
        parser = argparse.ArgumentParser()
        demonstration_commands.add_learn(parser.add_subparsers(), "learn")
        options = parser.parse_args(["learn", str(tmp_path / "gone.mp4"), "--out", str(tmp_path), *given])
        assert carry_out(options) == REFUSED and told in capsys.readouterr().err
    assert not (tmp_path / "figures").exists()
