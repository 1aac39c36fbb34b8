"""Shares, their intervals and tables, checked against values worked out by hand or published."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_lab.reports.confusion import FAILED, Confusion
from physio_lab.reports.intervals import Interval, accuracy, balanced_accuracy, interval, wilson
from physio_lab.reports.markdown import markdown_table

LABELS = ("squat", "lunge", "unknown")
PAIRS = [("squat", "squat")] * 3 + [("squat", "lunge"), ("unknown", "unknown"), ("unknown", "")]


def confusion(pairs=PAIRS):
    return Confusion.of(*map(list, zip(*pairs, strict=True)), LABELS)


def test_shares_are_those_of_the_counts():
    made = confusion()
    assert (made.total, made.right, made.accuracy) == (6, 4, pytest.approx(4 / 6))
    assert made.recall == {"squat": 0.75, "unknown": 0.5}
    assert made.balanced_accuracy == pytest.approx((0.75 + 0.5) / 2)
    assert made.precision == {"squat": 1.0, "lunge": 0.0, "unknown": 1.0}
    assert made.f1("squat") == pytest.approx(2 * 0.75 / 1.75)
    assert made.f1("lunge") is None
    assert made.as_dict()["unknown"] == {"squat": 0, "lunge": 0, "unknown": 1, FAILED: 1}


def test_a_confusion_comes_back_from_json():
    made = Confusion.from_dict(confusion().as_dict())
    assert made.labels == LABELS and made.others == (FAILED,) and np.array_equal(made.counts, confusion().counts)


def test_a_class_that_does_not_occur_may_count_as_another():
    made = confusion([("unknown", "lunge"), ("unknown", "squat"), ("squat", "lunge"), ("squat", "squat")])
    assert made.folded("unknown").counts.tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [1, 0, 1, 0]]
    assert made.folded("lunge").counts.tolist() == made.counts.tolist()


def test_nothing_has_no_share_and_a_strange_label_is_refused():
    assert (Confusion.of([], [], LABELS).accuracy, Confusion.of([], [], LABELS).balanced_accuracy) == (0.0, 0.0)
    with pytest.raises(InputError, match="'plank' named 'squat'; the classes are squat, lunge, unknown, failed"):
        Confusion.of(["plank"], ["squat"], LABELS)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(successes, trials, low, high):
    made = wilson(successes, trials)
    assert (made.low, made.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert wilson(0.0, 0) == Interval(0.0, 1.0)


def test_people_who_agree_within_themselves_are_worth_as_much_as_one_clip_each():
    ones = [confusion([("squat", "squat" if n < 5 else "lunge")]) for n in range(10)]
    tens = [confusion([("squat", "squat" if n < 5 else "lunge")] * 10) for n in range(10)]
    assert interval(ones, accuracy) == interval(tens, accuracy)
    narrow, wide = interval([one for one in ones for _ in range(10)], accuracy), interval(ones, accuracy)
    assert wide.low < narrow.low < 0.5 < narrow.high < wide.high


def test_all_right_is_no_certainty():
    for groups in (1, 30):
        made = interval([confusion([("squat", "squat")])] * groups, balanced_accuracy)
        assert made == wilson(groups, groups)


def test_the_figures_of_many_confusions_are_those_of_each():
    several = [confusion(), confusion([("lunge", "lunge"), ("squat", "lunge"), ("squat", "unknown")])]
    counts = np.stack([one.counts for one in several]).astype(float)
    assert accuracy(counts).tolist() == pytest.approx([one.accuracy for one in several])
    assert balanced_accuracy(counts).tolist() == pytest.approx([one.balanced_accuracy for one in several])


def test_cells_of_a_table_are_shown_as_they_are_or_as_they_are_written():
    assert markdown_table(["a|b", "jumping_jack"], [["_x*", "`code`"]]) == [
        r"| a\|b | jumping_jack |", "|---|---|", r"| \_x\* | \`code\` |",
    ]  # fmt: skip
    assert markdown_table(["a"], [["`b|c`"]], literal=False)[2] == r"| `b\|c` |"
