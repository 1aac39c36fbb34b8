"""Time seen decides, not a flicker; getting into place and the round before are never blamed."""

from __future__ import annotations

import pytest

from physio_core.judging.evidence import Evidence, EvidenceConfig, Said
from physio_core.types import UNKNOWN, Abstain, Prediction, Reason, Verdict

STEP_S = 1 / 30
QUIET = Said(Verdict.NONE, Reason.NONE)
WRONG = Said(Verdict.WRONG, Reason.NONE)
RIGHT = Said(Verdict.RIGHT, Reason.NONE)


class Turn:
    """A patient's turn at a squat, seen at 30 Hz; images count from 100 s, when it was asked for."""

    def __init__(self, getting_ready_s: float = 0.0, **config: float) -> None:
        self.evidence = Evidence("squat", getting_ready_s, EvidenceConfig(right_s=2.0, wrong_s=2.0, **config), 100.0)
        self.turn_s = 0.0

    def see(self, label, seconds, confidence=0.9, abstain=Abstain.NONE, window_start_s=100.5, missing=()):
        for _ in range(round(seconds / STEP_S)):
            self.turn_s += STEP_S
            stamp_s = 109.0 + self.turn_s
            prediction = Prediction(stamp_s, label, confidence, abstain=abstain, window_start_s=window_start_s)
            said = self.evidence.add(prediction, self.turn_s, missing)
        return said


@pytest.mark.parametrize(("label", "verdict"), [("squat", Verdict.RIGHT), ("lunge", Verdict.WRONG)])
def test_enough_of_one_exercise_decides(label, verdict):
    turn = Turn()
    turn.see(label, 1.7)
    assert turn.evidence.decided() == (Verdict.NONE, "")
    turn.see(label, 0.5)
    assert turn.evidence.decided() == (verdict, label)


def test_a_flicker_decides_nothing_and_is_not_said():
    turn = Turn()
    turn.see("squat", 1.5)
    assert turn.see("lunge", 0.5) == RIGHT
    assert turn.see("lunge", 0.3) == WRONG
    assert turn.see("squat", 2 * STEP_S) == RIGHT
    assert turn.evidence.decided()[0] is Verdict.NONE


def test_progress_is_the_share_of_what_praise_takes_whatever_else_is_seen():
    turn = Turn()
    turn.see("squat", 1.0)
    assert turn.evidence.progress == pytest.approx(0.5, abs=0.15)
    turn.see("lunge", 1.6)
    assert turn.evidence.progress < 0.5


@pytest.mark.parametrize(
    ("label", "abstain"),
    [("lunge", Abstain.NONE), ("", Abstain.UNFAMILIAR), ("", Abstain.TOO_FEW_FRAMES), (UNKNOWN, Abstain.NONE)],
)
def test_getting_into_place_is_not_judged(label, abstain):
    turn = Turn(getting_ready_s=5.0)
    assert turn.see(label, 4.8, abstain=abstain) == QUIET
    assert not turn.evidence.judging
    assert turn.evidence.decided()[0] is Verdict.NONE
    turn.see(label, 1.0, abstain=abstain)
    assert turn.evidence.judging


def test_what_a_patient_can_do_something_about_is_said_while_getting_into_place():
    assert Turn(getting_ready_s=5.0).see("", 1.0, abstain=Abstain.OUT_OF_FRAME) == Said(Verdict.NONE, Reason.OUT_OF_FRAME)


def test_who_begins_early_is_praised_early():
    turn = Turn(getting_ready_s=5.0)
    assert turn.see("squat", 0.7) == RIGHT
    turn.see("squat", 1.5)
    assert turn.evidence.decided()[0] is Verdict.RIGHT


@pytest.mark.parametrize("label", ["squat", "lunge"])
def test_the_round_before_does_not_leak_into_this_one(label):
    turn = Turn()
    assert turn.see(label, 4.0, window_start_s=99.0)[0] not in (Verdict.RIGHT, Verdict.WRONG)
    assert (turn.evidence.progress, turn.evidence.decided()[0]) == (0.0, Verdict.NONE)


def test_a_clock_that_jumps_back_does_not_silence_the_rest():
    evidence = Evidence("squat", 0.0, EvidenceConfig(), 5000.0)
    for step in range(120):
        evidence.add(Prediction(10.0 + step * STEP_S, "squat", 0.9, window_start_s=10.0), step * STEP_S)
    assert evidence.decided()[0] is Verdict.RIGHT


def test_stamps_that_stand_still_and_gaps_are_no_evidence():
    turn = Turn()
    for _ in range(100):
        turn.evidence.add(Prediction(110.0, "squat", 0.9), 1.0)
    turn.evidence.add(Prediction(150.0, "squat", 0.9), 41.0)
    assert turn.evidence.progress < 0.3


@pytest.mark.parametrize(
    ("label", "confidence", "abstain", "reason"),
    [
        (UNKNOWN, 0.9, Abstain.NONE, Reason.NOT_SEEN),
        ("squat", 0.3, Abstain.NONE, Reason.NOT_SEEN),
        ("", 0.0, Abstain.NOBODY, Reason.NOBODY),
    ],
)
def test_what_cannot_be_judged_keeps_its_reason(label, confidence, abstain, reason):
    turn = Turn()
    assert turn.see(label, 1.0, confidence, abstain) == Said(Verdict.UNSURE, reason)
    assert turn.evidence.doubt is reason


@pytest.mark.parametrize(
    ("label", "abstain", "said"),
    [
        ("squat", Abstain.NONE, Said(Verdict.UNSURE, Reason.OUT_OF_FRAME, ("ankle",))),
        ("lunge", Abstain.NONE, Said(Verdict.UNSURE, Reason.OUT_OF_FRAME, ("ankle",))),
        ("", Abstain.UNFAMILIAR, Said(Verdict.UNSURE, Reason.OUT_OF_FRAME, ("ankle",))),
        ("", Abstain.NOBODY, Said(Verdict.UNSURE, Reason.NOBODY)),
    ],
)
def test_with_a_joint_out_of_view_nothing_counts_and_what_is_missing_is_said(label, abstain, said):
    turn = Turn()
    turn.see("squat", 1.0)
    before = turn.evidence.progress
    assert turn.see(label, 6.0, abstain=abstain, missing=("ankle",)) == said
    assert (turn.evidence.progress, turn.evidence.decided()[0]) == (before, Verdict.NONE)
    turn.see("squat", 1.2)
    assert turn.evidence.decided()[0] is Verdict.RIGHT
