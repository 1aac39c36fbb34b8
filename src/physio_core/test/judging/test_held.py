"""A posture of the hand counts once it was held; what was not the hand, or not the posture, is never right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.assessment.repetition import Outcome
from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.held import HeldJudge
from physio_core.judging.judge import Goal, JudgingConfig
from physio_core.judging.panel import Panel
from physio_core.types import Hand, Prediction, Reason, Side, Skeleton, Tracking, Verdict
from physio_testing.hands import hand_at, posed

EXERCISES = {name: one for name, one in load_exercises().items() if one.kind == "hand"}
OPEN = posed(index_mcp_abduction=10, ring_mcp_abduction=10, pinky_mcp_abduction=12, thumb_cmc_flexion=-20)
FIST = posed(fingers_mcp_flexion=70, fingers_pip_flexion=95, fingers_dip_flexion=50)
HALF = posed(fingers_mcp_flexion=20, fingers_pip_flexion=45, fingers_dip_flexion=20)
TWICE = Goal(2)


class Attempt:
    def __init__(self, name="hand_fist", goal=TWICE):
        self.exercise = EXERCISES[name]
        self.judge = HeldJudge(self.exercise, JudgingConfig(), 0.0, goal)
        self.now_s, self.told = 1.0, []

    def see(self, points_m, seconds, side="right", objection=Reason.NONE):
        for _ in range(round(seconds * 30)):
            self.now_s += 1 / 30
            hand = hand_at(self.now_s, points_m, side) if points_m is not None else None
            if hand is None:
                hand = Hand(Skeleton(self.now_s, Tracking.NOBODY, "hand_21"), objection=objection)
            self.told.append(self.judge.update(replace(hand, objection=objection), self.now_s - 1.0))
        return self.told[-1]


def test_every_exercise_that_ships_is_right_in_its_own_figure_and_not_in_a_resting_hand():
    for name, one in EXERCISES.items():
        from_side = all(band == "hand_elevation" for band in one.hand.wanted)
        if from_side:
            continue
        attempt = Attempt(name, Goal(1))
        assert not attempt.see(HALF, 4.0).repetitions, name
        assert attempt.see(one.figure.target_m(), one.hand.hold_s + 1.5).decided, name
        assert attempt.judge.close()[-1].verdict is Verdict.RIGHT
    assert len(EXERCISES) >= 8


def test_cycles_are_counted_once_each_however_long_they_are_held():
    attempt = Attempt(goal=Goal(5))
    attempt.see(OPEN, 1.5)
    for held_s in (1.6, 4.0, 1.6):
        attempt.see(FIST, held_s)
        attempt.see(OPEN, 0.8)
    last = attempt.told[-1]
    assert (last.repetitions, last.partial, last.decided) == (3, 0, False)
    assert last.newest.outcome is Outcome.COMPLETE and last.newest.side is Side.RIGHT and last.newest.score > 90
    assert {term.name for term in last.terms} == {"index", "middle", "ring", "pinky", "hold"}


def test_the_hold_fills_a_ring_and_a_hold_that_is_too_short_is_told():
    attempt = Attempt("hand_spread", Goal(1))
    attempt.see(HALF, 1.5)
    shares = [attempt.see(attempt.exercise.figure.target_m(), 0.5).phase for _ in range(3)]
    assert shares == sorted(shares) and 0.1 < shares[0] < shares[-1] < 1.0
    assert attempt.told[-1].verdict is Verdict.RIGHT
    short = attempt.see(FIST, 1.0)
    assert (short.repetitions, short.partial, short.faults[0].name) == (0, 1, "hold_short")


def test_a_wrong_posture_is_told_by_its_name_and_a_finger_by_what_it_is_to_do():
    attempt = Attempt("hand_stretch")
    wrong = attempt.see(FIST, 2.0)
    assert (wrong.verdict, wrong.now.name) == (Verdict.WRONG, "closed")
    ring = attempt.see(posed(ring_pip_flexion=18, ring_mcp_flexion=45, thumb_cmc_flexion=-20), 1.0)
    assert (ring.now.name, ring.now.joint, ring.now.direction) == ("finger_bent", "ring", "high")
    assert ring.verdict is Verdict.UNSURE and 0.5 < ring.confidence < 1.0


@pytest.mark.parametrize("why", [Reason.NO_HAND, Reason.TWO_HANDS, Reason.WRONG_HAND, Reason.DARK, Reason.DETECTOR_FAILED])
def test_without_the_hand_that_is_asked_for_nothing_is_right_or_wrong(why):
    attempt = Attempt()
    said = attempt.see(None, 5.0, objection=why)
    assert (said.verdict, said.reason, said.repetitions) == (Verdict.UNSURE, why, 0)
    closing = attempt.judge.close()[-1]
    assert (closing.verdict, closing.reason) == (Verdict.UNSURE, why)


def test_the_other_hand_and_a_palm_from_its_edge_are_not_judged():
    attempt = Attempt(goal=Goal(1, Side.LEFT))
    assert attempt.see(FIST, 3.0, side="right").reason is Reason.WRONG_HAND
    attempt = Attempt("hand_spread")
    turned = OPEN @ np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    assert attempt.see(turned, 3.0).reason is Reason.EDGE_ON
    assert attempt.judge.close()[-1].verdict is not Verdict.RIGHT


def test_a_left_hand_is_judged_as_a_right_one_and_a_short_gap_does_not_end_a_hold():
    attempt = Attempt(goal=Goal(1, Side.LEFT))
    attempt.see(OPEN, 1.5, side="left")
    attempt.see(FIST, 0.7, side="left")
    attempt.see(None, 0.2, objection=Reason.NO_HAND)
    done = attempt.see(FIST, 0.6, side="left")
    assert done.decided and done.newest.side is Side.LEFT


def test_what_bodies_do_changes_nothing_and_no_images_are_no_camera():
    attempt = Attempt()
    before = attempt.see(OPEN, 1.5)
    assert attempt.judge.update(Prediction(attempt.now_s, "squat", 1.0), 2.0) == before
    assert attempt.judge.lose_input().reason is Reason.NO_CAMERA
    assert not isinstance(Prediction(0.0), attempt.judge.input)


def test_less_extent_asks_for_less():
    nearly = posed(fingers_mcp_flexion=60, fingers_pip_flexion=58, fingers_dip_flexion=30)
    for extent, right in ((1.0, 0), (0.6, 1)):
        attempt = Attempt(goal=Goal(1, extent=extent))
        attempt.see(OPEN, 1.5)
        assert attempt.see(nearly, 2.0).repetitions == right


def test_an_exercise_of_a_hand_without_a_posture_cannot_be_asked_for():
    assert "hand: good" in Panel().objection(replace(EXERCISES["hand_fist"], hand=None))
    assert Panel().objection(EXERCISES["hand_fist"]) == ""
