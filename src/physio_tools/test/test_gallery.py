"""The rehearsals behind the pictures of the screen: a real session in invented time, which refuses what cannot happen."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.motion.movements import EXERCISES
from physio_core.screen.layout import Action
from physio_core.screen.wording import headline_key
from physio_core.session.status import State
from physio_core.types import Abstain, HoldReason, Tracking, Verdict
from physio_tools.figures import commands as figures
from physio_tools.figures.library_figures import figure_of
from physio_tools.screen import gallery, rehearsal
from physio_tools.screen.legibility import arc_min
from physio_tools.screen.rehearsal import Rehearsal, sample_skeleton


def test_a_rehearsal_comes_to_a_verdict_as_a_session_does(english):
    state = Rehearsal(english, ("squat",)).until(State.VERDICT, "squat").state()
    assert (state.status.asked, state.status.verdict) == ("squat", Verdict.RIGHT)
    assert state.skeleton is not None


def test_a_state_that_never_comes_is_refused(english, monkeypatch):
    monkeypatch.setattr(rehearsal, "_LONGEST_S", 5.0)
    with pytest.raises(ConfigError, match="the session does not come to 'finished' within 5 s"):
        Rehearsal(english, ()).until(State.FINISHED)


@pytest.mark.parametrize(
    ("why", "status"),
    [
        (Abstain.NOBODY, Tracking.NOBODY),
        (Abstain.SOMEBODY_ELSE, Tracking.SOMEBODY_ELSE),
        (Abstain.DETECTOR_FAILED, Tracking.DETECTOR_FAILED),
        (Abstain.UNFAMILIAR, Tracking.TRACKED),
    ],
)
def test_who_is_seen_fits_why_nothing_is_recognised(why, status):
    assert rehearsal._seen("squat", why, 3.0).status is status


def test_who_is_out_of_the_picture_is_seen_in_part():
    inside, outside = rehearsal._seen("squat", Abstain.NONE, 3.0), rehearsal._seen("squat", Abstain.OUT_OF_FRAME, 3.0)
    assert inside.confidence.min() > 0.9 and (outside.confidence < 0.1).any()


@pytest.mark.parametrize("exercise", sorted(EXERCISES))
def test_a_sample_stands_in_the_picture_in_every_exercise(exercise):
    skeleton = sample_skeleton(exercise, 1.0)
    assert skeleton.points.shape == (18, 3) and np.isnan(skeleton.points[:, 2]).all()
    assert (np.abs(skeleton.points[:, 0] - 0.5) < 0.5).all()


def test_a_held_robot_and_a_therapists_list_reach_the_screen(english):
    held = Rehearsal(english).hears(rehearsal.without_controller()).state()
    assert held.held and held.guard_reason is HoldReason.CONTROLLER_LOST
    state = Rehearsal(english, ()).presses(Action.THERAPIST, "squat", "squat").state()
    assert state.therapist_page is not None and state.therapist_page.times("squat") == 2


def test_the_time_to_draw_is_told_for_each_state_with_and_without_the_camera(english, monkeypatch):
    monkeypatch.setattr(gallery, "_draw_ms", lambda _screen, state: 2.0 if state.image is not None else 1.0)
    assert gallery.time_gallery("en", (800, 480), ("watch", "idle")) == [("watch", 1.0, 2.0), ("idle", 1.0, 2.0)]


def test_a_capital_of_three_millimetres_at_a_metre_is_ten_minutes_of_arc():
    assert arc_min(2.9089, 1.0) == pytest.approx(10.0, abs=1e-3)
    assert arc_min(2.9089, 2.0) == pytest.approx(5.0, abs=1e-3)


def test_a_figure_holds_both_sides_once_where_they_move_alike():
    squat, lunge = figure_of("squat"), figure_of("lunge")
    assert "knee_flexion" in squat.angles_deg and "left_knee_flexion" not in squat.angles_deg
    assert {"left_knee_flexion", "right_knee_flexion"} <= set(lunge.angles_deg)
    assert (squat.bar_m, figure_of("pull_up").bar_m is None) == (None, False)
    low, high = EXERCISES["squat"].period_s
    assert low < squat.period_s < high
    assert max(squat.angles_deg["knee_flexion"]) > 90.0


def test_figures_are_drawn_of_the_exercises_of_a_folder_that_are_known(tmp_path: Path, capsys):
    for name in ("squat", "plank_of_my_own"):
        (tmp_path / f"{name}.yaml").touch()
    assert figures.draw(argparse.Namespace(folder=tmp_path)) == 0
    assert capsys.readouterr().out == "drew squat\n"
    assert [path.name for path in (tmp_path / "figures").iterdir()] == ["squat.yaml"]
    assert "made by `physio exercise figures`" in (tmp_path / "figures/squat.yaml").read_text()


def test_a_folder_without_a_known_exercise_is_refused_with_those_there_are(tmp_path: Path):
    with pytest.raises(ConfigError, match="no exercise file of a known movement in .*; known: squat"):
        figures.draw(argparse.Namespace(folder=tmp_path))


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("hand_close", "live_close"),
        ("hand_wrong", "live_wrong"),
        ("hand_held", "live_held"),
        ("hand_release", "live_release"),
        ("hand_none", "no_hand"),
        ("hand_other", "wrong_hand"),
        ("watch_right", "live_right"),
        ("watch_wrong", "live_wrong"),
    ],
)
def test_a_picture_shows_what_its_name_says(english, name, headline):
    assert headline_key(gallery.samples(english)[name].status) == headline
