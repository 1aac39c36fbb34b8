"""A hand exercise made of its good and its wrong positions, without code."""

from __future__ import annotations

import argparse

import numpy as np
import pytest

from physio_core.cli import carry_out
from physio_core.exercises.catalogue import load_exercises
from physio_core.hands.canonical import on_standard_bones, to_canonical
from physio_core.judging.posture import PostureReader
from physio_core.motion.hand import HandShape, hand_positions, hand_still
from physio_core.motion.hand_postures import POSTURES_DEG
from physio_lab.hands import learn_commands
from physio_lab.hands.fitting import fit_angles_deg
from physio_lab.hands.pictures import SeenHands
from physio_lab.hands.simulated import simulated_hands


@pytest.fixture
def shown(monkeypatch):
    """Videos named after a state show simulated hands in it."""
    points, states = simulated_hands("hand_fist", 40, 0)

    def see(path):
        own = points[np.array(states) == path.stem]
        return SeenHands(own, np.arange(len(own)) / 30.0)

    monkeypatch.setattr(learn_commands, "see_all", see)


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    learn_commands.add_commands(parser.add_subparsers(), "learn")
    return carry_out(parser.parse_args(["learn", *map(str, words)]))


@pytest.mark.usefixtures("shown")
def test_a_therapist_makes_an_exercise_that_judges_other_people(tmp_path):
    words = ["make_a_fist", "--good", "good.mp4", "--wrong", "straight=straight.mp4", "--wrong", "half_closed=half_closed.mp4"]
    assert (
        run(*words, "--cue", "straight=Close your hand.", "--cue", "straight=de=Schließen.", "--hold", 3, "--out", tmp_path) == 0
    )
    exercise = load_exercises(tmp_path)["make_a_fist"]
    assert exercise.hand is not None
    assert exercise.figure is not None
    assert exercise.hand.wrong["straight"].cue == {"en": "Close your hand.", "de": "Schließen."}
    points, states = simulated_hands("hand_fist", 20, 5)
    read = [PostureReader(exercise.hand).read(hand, "right") for hand in points]
    named = [(state, one.state) for state, one in zip(states, read, strict=True) if np.isfinite(one.rating)]
    assert np.mean([state == name for state, name in named]) > 0.9
    good, wrong = (
        [one.rating for state, one in zip(states, read, strict=True) if state == which] for which in ("good", "straight")
    )
    assert np.nanmean(good) > np.nanmean(wrong) + 40.0
    assert run(*words, "--out", tmp_path) == 2, "it is there already"


@pytest.mark.usefixtures("shown")
def test_what_cannot_be_learnt_is_refused_and_nothing_is_written(tmp_path, capsys):
    for words, why in (
        (["--wrong", "straight=straight.mp4"], "no good position"),
        (["--good", "good.mp4", "--wrong", "straight"], "STATE=FROM"),
        (["--good", "good.mp4", "--wrong", "good=straight.mp4"], "another name"),
        (["--good", "good.mp4", "--wrong", "straight=straight.mp4", "--cue", "bent=Stretch."], "wrong positions are: straight"),
        (["--good", "nothing.mp4"], "no hands to learn from"),
    ):
        assert run("some_fist", *words, "--out", tmp_path / "none") == 2
        assert why in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.yaml"))


@pytest.mark.parametrize("posture", ["fist", "spread", "thumb_to_ring"])
def test_a_posture_is_drawn_by_the_angles_that_show_it(posture):
    points = hand_positions(HandShape(), hand_still(POSTURES_DEG[posture]))[0]
    target = on_standard_bones(to_canonical(np.stack([points[:, 1], -points[:, 0], points[:, 2]], axis=1)))
    angles = fit_angles_deg(target)
    again = hand_positions(HandShape(), hand_still(angles))[0]
    found = to_canonical(np.stack([again[:, 1], -again[:, 0], again[:, 2]], axis=1))
    assert np.linalg.norm(found - target, axis=1).max() < 0.12
