"""Right is the label that was asked for, while every joint that the exercise needs is in view."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.judge import Goal, JudgingConfig
from physio_core.judging.label import LabelJudge
from physio_core.judging.panel import Panel
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import UNKNOWN, Prediction, Reason, Skeleton, Tracking, Verdict

EXERCISES = load_exercises()
LEGS = tuple(f"{side}_{joint}" for side in ("left", "right") for joint in ("knee", "ankle"))
STEP_S = 0.1
ONCE = Goal()
STANDING = np.stack([0.5 + 0.05 * np.sin(np.arange(18)), np.linspace(0.2, 0.9, 18), np.zeros(18)], axis=1)


class Attempt:
    """Someone in front of a camera of 10 Hz."""

    def __init__(self, exercise: str = "squat", goal: Goal = ONCE) -> None:
        self.judge = LabelJudge(EXERCISES[exercise], JudgingConfig(getting_ready_s=0.0), 0.0, goal)
        self.now_s, self.began_s = 10.0, None

    def see(self, seconds: float, label="squat", hidden: tuple[str, ...] = (), period_s: float = math.inf, sure_of_it=0.9):
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            sure = np.array([0.0 if joint in hidden else 0.9 for joint in OPENPOSE_18.joints])
            turn_s = None if self.began_s is None else self.now_s - self.began_s
            points = STANDING.copy()
            points[:8, 1] += 0.1 * (1.0 - np.cos(2.0 * np.pi * self.now_s / period_s))
            self.judge.update(Skeleton(self.now_s, Tracking.TRACKED, points=points, confidence=sure), turn_s)
            judgement = self.judge.update(Prediction(self.now_s, label, sure_of_it), turn_s)
        return judgement

    def begin(self) -> None:
        self.began_s = self.now_s


def test_before_the_turn_only_the_gate_looks_so_the_verdict_is_not_late():
    attempt = Attempt()
    after = attempt.see(5.0).repetitions
    assert attempt.see(10.0, UNKNOWN, period_s=2.0).repetitions == after == attempt.judge.close()[-1].repetitions
    attempt.begin()
    assert not attempt.see(2.8).decided
    judgement = attempt.see(0.5)
    assert judgement.ready and judgement.decided
    assert (attempt.judge.close()[-1].verdict, attempt.judge.close()[-1].seen) == (Verdict.RIGHT, "squat")


def test_a_squat_without_legs_in_view_is_not_judged_and_what_is_missing_is_named():
    attempt = Attempt()
    attempt.begin()
    judgement = attempt.see(20.0, hidden=LEGS)
    assert (judgement.ready, judgement.missing, judgement.reason) == (False, ("knee", "ankle"), Reason.OUT_OF_FRAME)
    assert (judgement.verdict, judgement.progress, judgement.decided) == (Verdict.UNSURE, 0.0, False)
    closing = attempt.judge.close()[-1]
    assert (closing.verdict, closing.reason) == (Verdict.UNSURE, Reason.OUT_OF_FRAME)
    assert Attempt("pull_up").see(1.0, hidden=LEGS).missing == ()


def test_losing_a_joint_pauses_judging_and_keeps_what_was_seen():
    attempt = Attempt()
    attempt.see(1.0)
    attempt.begin()
    before = attempt.see(2.0).progress
    lost = attempt.see(6.0, "lunge", hidden=("left_ankle", "right_ankle"))
    assert (lost.missing, lost.reason) == (("ankle",), Reason.OUT_OF_FRAME)
    assert not lost.decided and before - 0.25 < lost.progress <= before
    assert attempt.see(2.0).decided


def test_a_camera_that_stops_is_said_and_closes_unsure():
    attempt = Attempt()
    attempt.begin()
    assert (attempt.judge.lose_input().verdict, attempt.judge.close()[-1].reason) == (Verdict.UNSURE, Reason.NO_CAMERA)


def test_the_panel_objects_to_what_the_recogniser_cannot_tell_as_soon_as_it_knows():
    panel, named = Panel(), replace(EXERCISES["squat"], repetition=None)
    assert panel.objection(named) == ""
    assert panel.update(Prediction(0.0, labels=("lunge", "unknown")))
    assert not panel.update(Prediction(0.1, labels=("lunge", "unknown")))
    assert "does not know it, only lunge" in panel.objection(named)
    assert panel.objection(EXERCISES["lunge"]) == ""


@pytest.mark.parametrize("name", [one.name for one in EXERCISES.values() if one.kind == "body"])
def test_every_exercise_that_ships_is_judged_once_all_of_a_person_is_in_view(name):
    attempt = Attempt(name)
    attempt.see(1.0)
    attempt.begin()
    attempt.see(EXERCISES[name].getting_ready_s + 4.0, name)
    assert attempt.judge.close()[-1].verdict is Verdict.RIGHT


def test_what_comes_back_while_it_is_named_is_counted_and_nothing_else():
    attempt = Attempt()
    attempt.begin()
    assert attempt.see(10.0, UNKNOWN, period_s=2.0).repetitions == 0
    assert abs(attempt.see(10.0, period_s=2.0).repetitions - 5) <= 1
    after = attempt.see(5.0).repetitions
    assert attempt.see(10.0, UNKNOWN, period_s=2.0).repetitions == after == attempt.judge.close()[-1].repetitions


def test_a_number_that_is_asked_for_ends_the_attempt_and_a_time_does_not():
    attempt, timed = Attempt(goal=Goal(repetitions=4)), Attempt(goal=Goal(timed=True))
    attempt.begin(), timed.begin()
    judgement = attempt.see(5.0, period_s=2.0)
    assert not judgement.decided and 0.0 < judgement.progress < 1.0
    assert attempt.see(8.0, period_s=2.0).decided and not timed.see(13.0, period_s=2.0).decided
    assert attempt.judge.close()[-1].verdict is Verdict.RIGHT


@pytest.mark.parametrize("wanted", [2, 3])
def test_a_set_that_was_done_to_its_last_repetition_is_right_however_short_it_was(wanted):
    attempt = Attempt(goal=Goal(repetitions=wanted))
    attempt.begin()
    while not attempt.see(STEP_S, period_s=0.7).decided:
        assert attempt.now_s < 16.0
    assert (attempt.judge.close()[-1].verdict, attempt.judge.close()[-1].seen) == (Verdict.RIGHT, "squat")


@pytest.mark.parametrize(("hidden", "sure_of_it", "reason"), [((), 0.2, Reason.NOT_SEEN), (LEGS, 0.9, Reason.OUT_OF_FRAME)])
def test_what_is_named_unsurely_or_out_of_view_is_neither_counted_nor_praised(hidden, sure_of_it, reason):
    attempt = Attempt(goal=Goal(8))
    attempt.begin()
    assert attempt.see(10.0, hidden=hidden, period_s=2.0, sure_of_it=sure_of_it).repetitions == 0
    assert (attempt.judge.close()[-1].verdict, attempt.judge.close()[-1].reason) == (Verdict.UNSURE, reason)
