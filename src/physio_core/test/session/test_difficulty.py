"""What is made harder or easier follows the stated rule, stays inside the limits and says why."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from physio_core.errors import ConfigError
from physio_core.session.difficulty import Level, Why, after_report, after_set
from physio_core.session.prescription import Limits, Prescription

LIMITS = Limits()


@pytest.mark.parametrize(
    ("why", "value", "after"),
    [(Why.PAIN, 3, None), (Why.PAIN, 4, Level(0.9, 7)), (Why.EFFORT, 7, None), (Why.EFFORT, 8, Level(0.9, 7))],
)
def test_pain_and_effort_ease_from_their_limit_on(why, value, after):
    change = after_report(Level(1.0, 8), LIMITS, why, value)
    assert (change and change.after) == after
    assert change is None or str(change) == f"extent 1 to 0.9, repetitions 8 to 7: {why.value} {value}"


@pytest.mark.parametrize(
    ("level", "complete", "score", "effort", "after"),
    [
        (Level(1.0, 10), 5, 90.0, None, Level(0.9, 10)),
        (Level(1.0, 10), 6, 90.0, None, None),
        (Level(0.8, 10), 10, 85.0, None, Level(0.9, 10)),
        (Level(1.0, 10), 10, 90.0, 5, Level(1.0, 11)),
        (Level(1.0, 10), 10, 90.0, 6, None),
        (Level(1.0, 10), 10, 84.0, None, None),
        (Level(1.0, 10), 10, math.nan, None, None),
        (Level(1.0, 15), 15, 99.0, None, None),
        (Level(1.0, 0), 0, math.nan, None, None),
    ],
)
def test_a_set_changes_the_next_by_the_rule(level, complete, score, effort, after):
    change = after_set(level, LIMITS, complete, score, effort)
    assert (change and change.after) == after


@pytest.mark.parametrize(
    ("level", "complete", "expected", "effort", "change"),
    [
        (Level(0.8, 5), 5, 76.0, None, "extent 0.8 to 0.9: expected_high 76"),
        (Level(1.0, 5), 5, 91.0, None, "repetitions 5 to 6: expected_high 91"),
        (Level(0.8, 5), 5, 91.0, 6, ""),
        (Level(0.8, 5), 4, 91.0, None, ""),
        (Level(0.8, 5), 5, 75.0, None, ""),
        (Level(0.8, 5), 5, 50.94, None, "extent 0.8 to 0.7: expected_low 50.9"),
        (Level(0.6, 5), 5, 20.0, None, ""),
    ],
)
def test_what_is_drawn_follows_the_score_that_is_to_be_expected(level, complete, expected, effort, change):
    assert str(after_set(level, LIMITS, complete, 90.0, effort, expected) or "") == change


@given(st.lists(st.tuples(st.sampled_from(Why), st.integers(0, 10), st.integers(0, 20), st.floats(0, 100)), max_size=40))
def test_nothing_leaves_the_limits(told):
    level = Level(1.0, 8)
    for why, value, complete, score in told:
        for change in (after_report(level, LIMITS, why, value), after_set(level, LIMITS, complete, score, None)):
            level = change.after if change else level
    assert LIMITS.least_extent <= level.extent <= LIMITS.most_extent
    assert LIMITS.least_repetitions <= level.repetitions <= LIMITS.most_repetitions


def test_a_set_that_was_short_from_the_start_does_not_grow_by_easing():
    assert after_report(Level(0.6, 2), LIMITS, Why.PAIN, 5) is None


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Limits(least_extent=0.9, most_extent=0.8), "least_extent = 0.9 is above most_extent"),
        (lambda: Limits(pain_ease=8), "pain_ease = 8 is above pain_stop = 7"),
        (lambda: Prescription("squat", repetitions=5, seconds=30.0), "repetitions or seconds, not both"),
        (lambda: Prescription("squat", rest_s=-1.0), "rest_s = -1"),
        (lambda: Prescription("squat", extent=math.nan), "extent = nan"),
    ],
)
def test_what_no_therapist_can_mean_is_refused(make, complaint):
    with pytest.raises(ConfigError, match=complaint):
        make()
