"""One label for a clip from the time that each was named, and the figures of many clips, by value."""

from __future__ import annotations

from pathlib import Path

import pytest

from physio_core.types import UNKNOWN, Abstain, Prediction
from physio_lab.evaluation.clip_label import ClipConfig, ClipSummary, stood_s, summarise
from physio_lab.evaluation.curves import silence
from physio_lab.evaluation.evaluate import Outcome, figures
from physio_lab.evaluation.index import Clip

LABELS = ("squat", "lunge", UNKNOWN)


def said(*words: str, step_s: float = 0.5, start_s: float = 10.0) -> list[Prediction]:
    """Predictions, one after each step; a word in brackets is a reason for silence."""
    return [
        Prediction(start_s + index * step_s, abstain=Abstain(word[1:-1])) if word.startswith("(")
        else Prediction(start_s + index * step_s, word, 0.9)
        for index, word in enumerate(words)
    ]  # fmt: skip


def test_a_prediction_stands_until_the_next_and_the_last_as_long_as_they_did():
    assert stood_s(said("squat", "squat", "lunge")) == [0.5, 0.5, 0.5]
    assert stood_s([Prediction(stamp_s) for stamp_s in (0.0, 0.2, 0.6)]) == pytest.approx([0.2, 0.4, 0.3])
    assert (stood_s([]), stood_s([Prediction(3.0)])) == ([], [0.0])


def test_a_gap_counts_at_most_a_second_and_a_clock_set_back_nothing():
    assert stood_s([Prediction(stamp_s) for stamp_s in (0.0, 60.0, 59.0, 59.5)]) == [1.0, 0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("words", "label"),
    [
        (["squat"] * 2, "squat"),  # a whole second
        (["squat"], UNKNOWN),
        (["squat"] * 2 + ["lunge"] * 3, "lunge"),
        (["squat"] * 2 + [UNKNOWN] * 11, "squat"),  # 2 of 13: 15.4 %
        (["squat"] * 2 + [UNKNOWN] * 12, UNKNOWN),  # 2 of 14: 14.3 %
        (["squat"] * 2 + ["(nobody)"] * 50, "squat"),  # silence is no answer
        (["(nobody)"] * 5, UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_a_clip_is_called_by_what_was_named_for_longest_if_long_enough(words, label):
    assert summarise(said(*words)).label == label


def test_how_long_is_long_enough_can_be_set():
    words = said(*["squat"] * 3, *[UNKNOWN] * 9)
    assert summarise(words, ClipConfig(least_s=2.0)).label == UNKNOWN
    assert summarise(words, ClipConfig(least_share=0.3)).label == UNKNOWN
    assert summarise(words, ClipConfig(least_s=0.0, least_share=0.25)).label == "squat"


def test_a_summary_counts_the_time_of_each_label_and_of_each_reason_for_silence():
    summary = summarise(said("(nobody)", "(nobody)", UNKNOWN, "squat", "squat", "lunge"))
    assert summary.named_s == {UNKNOWN: 0.5, "squat": 1.0, "lunge": 0.5}
    assert summary.abstained_s == {"nobody": 1.0}
    assert (summary.first_s, summary.coverage) == (1.5, pytest.approx(2 / 3))
    assert summary.wrong_share("squat") == 0.25
    assert summary.wrong_share("lunge") == 0.5
    assert summary.wrong_share(UNKNOWN) == 0.75


def test_of_nothing_said_there_is_no_share():
    empty = ClipSummary(UNKNOWN, {}, {}, None)
    assert (empty.coverage, empty.wrong_share("squat")) == (0.0, 0.0)


def outcome(truth: str, *words: str, grade: str = "A", view: str = "", error: str = "", note: str = "") -> Outcome:
    clip = Clip(Path(f"{truth}_{len(words)}.mp4"), truth, grade, view)
    return Outcome(clip, truth, None if error else summarise(said(*words)), error, None, note)


def test_the_figures_of_some_clips_are_those_that_one_counts_by_hand():
    outcomes = [
        outcome("squat", *["squat"] * 4),
        outcome("squat", *["(nobody)"] * 2, *["squat"] * 6, grade="B", view="side", note="cut off"),
        outcome("squat", *["lunge"] * 4),
        outcome("lunge", *["lunge"] * 3, "squat", view="side"),
        outcome(UNKNOWN, *[UNKNOWN] * 4),
        outcome("lunge", error="no video", grade="B"),
    ]
    found = figures(outcomes, LABELS)
    assert (found["n"], found["accuracy"]) == (6, pytest.approx(4 / 6))
    assert found["recall"] == pytest.approx({"squat": 2 / 3, "lunge": 1 / 2, UNKNOWN: 1.0})
    assert found["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2 + 1.0) / 3)
    assert found["confusion"]["squat"] == {"squat": 2, "lunge": 1, UNKNOWN: 0, "failed": 0}
    assert found["confusion"]["lunge"] == {"squat": 0, "lunge": 1, UNKNOWN: 0, "failed": 1}
    assert found["coverage"] == pytest.approx(22 / 24)
    assert found["wrong_name_windows"] == pytest.approx((4 + 1) / 22)
    assert found["seconds_to_label_median"] == 0.0
    assert found["by_grade"] == {"A": {"n": 4, "accuracy": 0.75}, "B": {"n": 2, "accuracy": 0.5}}
    assert found["by_view"] == {"side": {"n": 2, "accuracy": 1.0}}
    assert (found["failed"], found["notes"]) == (["lunge_0.mp4"], {"squat_8.mp4": "cut off"})


def test_a_class_without_clips_does_not_count_and_no_clips_at_all_are_no_division_by_zero():
    found = figures([outcome("squat", *["squat"] * 4)], LABELS)
    assert (found["recall"], found["balanced_accuracy"]) == ({"squat": 1.0}, 1.0)
    nothing = figures([], LABELS)
    assert (nothing["accuracy"], nothing["coverage"], nothing["seconds_to_label_median"]) == (0.0, 0.0, None)


def test_silence_is_told_by_its_reason_over_the_time_of_all_clips():
    outcomes = [
        outcome("squat", *["(nobody)"] * 2, *["squat"] * 6),
        outcome("lunge", "(low_fps)", "lunge"),
        outcome("lunge", error="x"),
    ]
    assert silence(outcomes) == pytest.approx({"nobody": 0.2, "low_fps": 0.1})
    assert silence([]) == {}
