"""Where evidence begins and ends, to the image: times are whole eighths of a second, so that sums are exact."""

from __future__ import annotations

import pytest

from physio_core.judging.evidence import Evidence, EvidenceConfig, Said, opinion
from physio_core.types import UNKNOWN, Abstain, Prediction, Reason, Verdict

STEP_S = 0.125


class Turn:
    """A patient's turn at a squat, seen eight times a second from 100 s on."""

    def __init__(self, getting_ready_s: float = 0.0, **config: float) -> None:
        settings = {"right_s": 2.0, "wrong_s": 3.0, "say_after_s": 0.0, **config}
        self.evidence = Evidence("squat", getting_ready_s, EvidenceConfig(**settings), 100.0)
        self.stamp_s, self.turn_s = 100.0, 0.0

    def see(self, label: str, times: int = 1, step_s: float = STEP_S, **more: object) -> Said:
        for _ in range(times):
            self.stamp_s += step_s
            self.turn_s += step_s
            said = self.evidence.add(Prediction(self.stamp_s, label, 0.9, **more), self.turn_s)
        return said


def test_praise_takes_exactly_the_seconds_that_are_set():
    turn = Turn()
    turn.see("squat", 15)
    assert (turn.evidence.decided(), turn.evidence.progress) == ((Verdict.NONE, ""), 15 / 16)
    turn.see("squat")
    assert (turn.evidence.decided(), turn.evidence.progress) == ((Verdict.RIGHT, "squat"), 1.0)


def test_blame_takes_exactly_the_seconds_that_are_set_and_names_what_was_seen_longest():
    turn = Turn()
    turn.see("plank", 2)
    turn.see("lunge", 23)
    assert turn.evidence.decided() == (Verdict.NONE, "")
    turn.see("lunge")
    assert turn.evidence.decided() == (Verdict.WRONG, "lunge")


def test_one_side_must_outweigh_the_other_by_the_dominance_that_is_set():
    turn = Turn(dominance=2.0)
    turn.see("lunge", 16)
    turn.see("squat", 31)
    assert (turn.evidence.decided()[0], turn.evidence.progress) == (Verdict.NONE, 31 / 32)
    turn.see("squat")
    assert turn.evidence.decided() == (Verdict.RIGHT, "squat")
    blamed = Turn(dominance=2.0)
    blamed.see("squat", 13)
    blamed.see("lunge", 25)
    assert blamed.evidence.decided()[0] is Verdict.NONE
    blamed.see("lunge")
    assert blamed.evidence.decided() == (Verdict.WRONG, "lunge")


def test_a_gap_counts_a_quarter_of_a_second_and_a_step_below_that_all_of_it():
    turn = Turn()
    turn.see("squat", step_s=40.0)
    assert turn.evidence.progress == 0.25 / 2.0
    turn.see("squat", step_s=0.25)
    assert turn.evidence.progress == 0.5 / 2.0


def test_half_a_second_of_the_asked_exercise_puts_the_patient_in_place():
    turn = Turn(getting_ready_s=60.0)
    turn.see("squat", 3)
    assert not turn.evidence.judging
    turn.see("squat")
    assert turn.evidence.judging


def test_the_time_to_get_into_place_ends_when_it_is_over():
    turn = Turn(getting_ready_s=1.0)
    turn.see("lunge", 7)
    assert not turn.evidence.judging
    turn.see("lunge")
    assert turn.evidence.judging and turn.evidence.wrongly_seen == "lunge"


def test_before_anything_else_is_seen_nothing_was_wrongly_seen():
    turn = Turn()
    turn.see("squat", 4)
    assert turn.evidence.wrongly_seen == ""


@pytest.mark.parametrize(
    ("prediction", "said"),
    [
        (Prediction(1.0, "squat", 0.5), (Verdict.RIGHT, Reason.NONE)),
        (Prediction(1.0, "squat", 0.49), (Verdict.UNSURE, Reason.NOT_SEEN)),
        (Prediction(1.0, "squat", float("nan")), (Verdict.UNSURE, Reason.NOT_SEEN)),
        (Prediction(1.0, "lunge", 0.5), (Verdict.WRONG, Reason.NONE)),
        (Prediction(1.0, UNKNOWN, 1.0), (Verdict.UNSURE, Reason.NOT_SEEN)),
        (Prediction(1.0, "", 1.0), (Verdict.UNSURE, Reason.NOT_SEEN)),
        (Prediction(1.0, "squat", 1.0, abstain=Abstain.LOW_FPS), (Verdict.UNSURE, Reason.LOW_FPS)),
    ],
)
def test_what_one_prediction_says_by_itself(prediction, said):
    assert opinion(prediction, "squat", 0.5)[:2] == said


@pytest.mark.parametrize(("window_start_s", "counts"), [(99.9, False), (100.0, True), (0.0, True)])
def test_a_window_that_looks_back_before_the_asking_does_not_count_and_one_without_a_start_does(window_start_s, counts):
    turn = Turn()
    turn.see("squat", 8, window_start_s=window_start_s)
    assert (turn.evidence.progress > 0.0) is counts


@pytest.mark.parametrize("say_after_s", [0.0, 0.5])
def test_praise_is_said_at_once_and_anything_else_when_it_has_held(say_after_s):
    turn = Turn(say_after_s=say_after_s)
    assert turn.see("squat").verdict is Verdict.RIGHT
    held = [turn.see("lunge").verdict for _ in range(6)]
    late = round(say_after_s / STEP_S)
    assert held == [Verdict.RIGHT] * late + [Verdict.WRONG] * (6 - late)


def test_what_holds_begins_to_hold_when_it_was_first_seen_not_when_the_turn_began():
    turn = Turn(say_after_s=0.5)
    turn.see("", 2, abstain=Abstain.NOBODY)
    turn.see("lunge", 2)
    assert turn.see("", abstain=Abstain.NOBODY).verdict is Verdict.NONE


def test_the_reason_told_at_the_end_is_the_one_that_stood_in_the_way_most_often():
    turn = Turn()
    assert turn.evidence.doubt is Reason.NOT_SEEN
    turn.see("", 2, abstain=Abstain.LOW_FPS)
    turn.see("", 3, abstain=Abstain.NOBODY)
    assert turn.evidence.doubt is Reason.NOBODY
    for _ in range(4):
        assert turn.evidence.lose_input() == Said(Verdict.UNSURE, Reason.NO_CAMERA)
    assert turn.evidence.doubt is Reason.NO_CAMERA


def test_a_body_that_is_not_whole_in_view_adds_nothing_and_what_is_missing_is_said():
    turn = Turn()
    for _ in range(8):
        turn.stamp_s, turn.turn_s = turn.stamp_s + STEP_S, turn.turn_s + STEP_S
        said = turn.evidence.add(Prediction(turn.stamp_s, "squat", 0.9), turn.turn_s, ("knee",))
    assert said == Said(Verdict.UNSURE, Reason.OUT_OF_FRAME, ("knee",))
    assert turn.evidence.progress == 0.0
    said = turn.evidence.add(Prediction(turn.stamp_s + STEP_S, abstain=Abstain.NOBODY), turn.turn_s, ("knee",))
    assert said == Said(Verdict.UNSURE, Reason.NOBODY)


def test_progress_is_never_more_than_all_of_it():
    turn = Turn()
    turn.see("squat", 40)
    assert turn.evidence.progress == 1.0


def test_images_whose_clock_begins_at_zero_are_told_from_those_without_a_start():
    evidence = Evidence("squat", 0.0, EvidenceConfig(), 0.75)
    evidence.add(Prediction(0.875, "squat", 0.9, window_start_s=0.5), 0.125)
    assert evidence.progress == 0.0


def test_a_lost_camera_counts_once_each_time_it_is_noticed():
    turn = Turn()
    turn.see("", 3, abstain=Abstain.NOBODY)
    turn.evidence.lose_input()
    turn.evidence.lose_input()
    assert turn.evidence.doubt is Reason.NOBODY


def test_an_image_that_comes_twice_is_no_new_clock_and_what_follows_still_counts():
    turn = Turn()
    turn.see("squat", 4, window_start_s=100.0)
    turn.see("squat", step_s=0.0, window_start_s=100.0)
    turn.see("squat", 4, window_start_s=100.0)
    assert turn.evidence.progress == 0.5


def test_where_nothing_else_was_seen_nothing_outweighs_it():
    turn = Turn(dominance=8.0)
    turn.see("squat", 16)
    assert (turn.evidence.decided()[0], turn.evidence.progress) == (Verdict.RIGHT, 1.0)
