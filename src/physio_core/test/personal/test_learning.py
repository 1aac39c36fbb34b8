"""What is learnt of a patient: by the stated rule, inside the therapist's limits, with its reason, and with a way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio_core.assessment.easing import eased
from physio_core.assessment.repetition import Outcome
from physio_core.errors import InputError
from physio_core.exercises.catalogue import load_exercises
from physio_core.personal.adjustments import Adjustment, Personal, Why, applied, prescribed, rolled_back, target
from physio_core.personal.learning import SessionSummary, Word, learnt
from physio_core.session.prescription import Limits, Prescription
from physio_core.types import Side

CATALOGUE = load_exercises()
SQUAT = CATALOGUE["squat"]
NORMAL = Limits()
DAY_0 = datetime(2026, 11, 2, 10, tzinfo=timezone.utc)


def session(day: int, *extents: float, side: Side = Side.NONE, words: tuple[Word, ...] = ()) -> SessionSummary:
    return SessionSummary(DAY_0 + timedelta(days=day), {side: extents}, {}, words)


def word(minutes: int = 0, fault: str = "", **more: object) -> Word:
    return Word(DAY_0 + timedelta(minutes=minutes), accepted=bool(more.pop("accepted", False)), fault=fault, **more)


def sessions(*extents: float) -> list[SessionSummary]:
    return [session(day, extent, extent, extent) for day, extent in enumerate(extents)]


def told(*words: Word) -> list[SessionSummary]:
    return [session(0, words=words)]


def test_the_target_moves_to_the_level_of_the_first_three_sessions():
    (one,) = learnt(sessions(0.7, 0.82, 0.9), SQUAT, NORMAL)
    assert (one.what, one.before, one.after, one.why, one.at.day) == ("target", 1.0, 0.8, Why.OWN_SESSIONS, 4)
    assert one.evidence == {"sessions": 3, "repetitions": 9, "median_extent": 0.82}


@pytest.mark.parametrize(
    "history",
    [sessions(0.7, 0.7), [session(day, 0.7, 0.7) for day in range(9)], sessions(1.0, 1.0, 1.0), sessions(1.3, 1.3, 1.3)],
    ids=["two sessions", "few repetitions", "as written", "further than may be asked for"],
)
def test_nothing_is_learnt_from_little_or_where_nothing_differs(history):
    assert learnt(history, SQUAT, NORMAL) == ()


def test_later_sessions_raise_the_target_and_never_lower_it():
    found = learnt(sessions(*3 * [0.7], *3 * [0.85], *3 * [0.65]), SQUAT, NORMAL)
    assert [(one.before, one.after) for one in found] == [(1.0, 0.7), (0.7, 0.85)]


def test_each_side_has_its_own_target():
    history = [session(day, *3 * [0.7], side=Side.LEFT) for day in range(3)]
    personal = Personal(learnt(history, CATALOGUE["shoulder_abduction"], NORMAL))
    assert (target(personal, Side.LEFT), target(personal, Side.RIGHT)) == (0.7, 1.0)


def test_no_side_is_learnt_of_what_is_done_with_both():
    assert learnt([session(day, *3 * [0.7], side=Side.LEFT) for day in range(3)], SQUAT, NORMAL) == ()


def test_what_is_learnt_of_no_side_counts_for_both():
    assert target(Personal(learnt(sessions(0.7, 0.7, 0.7), SQUAT, NORMAL)), Side.LEFT) == 0.7


def test_a_fault_ignored_in_a_set_or_three_repetitions_is_neither_told_nor_counted():
    for words in ((word(0, "heel_lift", whole_set=True),), tuple(word(minutes, "heel_lift") for minutes in range(3))):
        (one,) = found = learnt(told(*words), SQUAT, NORMAL)
        assert (one.what, one.before, one.after, one.why) == ("heel_lift", 1.0, 0.0, Why.CORRECTION)
        assert set(SQUAT.faults) - set(applied(SQUAT, Personal(found), NORMAL).faults) == {"heel_lift"}


def test_a_fault_ignored_twice_stays():
    assert learnt(told(word(0, "heel_lift"), word(1, "heel_lift")), SQUAT, NORMAL) == ()


def test_a_fault_that_was_accepted_again_counts_again():
    found = learnt(told(word(0, "heel_lift", whole_set=True), word(1, "heel_lift", accepted=True)), SQUAT, NORMAL)
    assert [one.after for one in found] == [0.0, 1.0]
    assert applied(SQUAT, Personal(found), NORMAL) == SQUAT


def test_a_fault_that_may_hurt_cannot_be_ignored():
    assert SQUAT.faults["knees_in"].safety
    assert learnt(told(word(0, "knees_in", whole_set=True)), SQUAT, NORMAL) == ()
    by_hand = Adjustment(at=DAY_0, what="knees_in", before=1.0, after=0.0, why=Why.CORRECTION)
    assert applied(SQUAT, Personal((by_hand,)), NORMAL) == SQUAT


@pytest.mark.parametrize(
    ("scores", "limits", "after"),
    [
        ((88, 90, 92), NORMAL, []),
        ((88, 90, 92), Limits(most_extent=1.2), [1.1]),
        (7 * (90,), Limits(most_extent=1.15), [1.1, 1.15]),
        ((80, 55, 35), NORMAL, [0.9]),
        (9 * (20,), Limits(least_extent=0.85), [0.9, 0.85]),
        (3 * (30,) + 3 * (90,), NORMAL, [0.9, 1.0]),
        ((60, 62, 61, 63), NORMAL, []),
        ((20, 20), NORMAL, []),
    ],
)
def test_what_is_drawn_gets_harder_and_easier_by_the_last_sessions(scores, limits, after):
    circle = CATALOGUE["draw_circle_clockwise"]
    history = [SessionSummary(DAY_0 + timedelta(days=day), scores={Side.LEFT: 3 * [one]}) for day, one in enumerate(scores)]
    found = learnt(history, circle, limits)
    assert [one.after for one in found] == after and {one.why for one in found} <= {Why.OWN_SESSIONS}
    assert all("expected_score" in str(one) for one in found)
    assert learnt(history, circle, limits, Personal(found)) == ()


@pytest.mark.parametrize(
    ("outcome", "extent", "after"),
    [
        (Outcome.COMPLETE, 0.5, [0.55]),
        (Outcome.COMPLETE, 0.7, []),
        (Outcome.PARTIAL, 0.7, [0.65]),
        (Outcome.PARTIAL, 0.5, []),
        (Outcome.COMPLETE, float("nan"), []),
    ],
)
def test_a_corrected_repetition_moves_what_is_complete_by_a_step_where_the_band_says_otherwise(outcome, extent, after):
    found = learnt(told(word(outcome=outcome, extent=extent)), SQUAT, NORMAL)
    assert [one.after for one in found] == after


def test_corrections_go_no_further_than_the_limits():
    words = [word(minutes, outcome=Outcome.COMPLETE, extent=0.1) for minutes in range(20)]
    found = learnt(told(*words), SQUAT, Limits(least_extent=0.7))
    assert found[-1].after == pytest.approx(0.6 * 0.7)


def test_what_was_learnt_is_not_learnt_twice_also_after_a_roll_back():
    history = [
        *sessions(0.7, 0.7, 0.7),
        *told(word(0, "heel_lift", whole_set=True), word(1, outcome=Outcome.PARTIAL, extent=0.7)),
    ]
    personal = Personal(learnt(history, SQUAT, NORMAL))
    assert len(personal.active) == 3
    assert learnt(history, SQUAT, NORMAL, personal) == ()
    assert learnt(history, SQUAT, NORMAL, rolled_back(personal, 3)) == ()


@pytest.mark.parametrize("count", [0, 2])
def test_more_than_there_is_cannot_be_rolled_back(count):
    with pytest.raises(InputError, match=f"cannot roll back {count}: there is 1 to roll back"):
        rolled_back(Personal(learnt(sessions(0.7, 0.7, 0.7), SQUAT, NORMAL)), count)


def test_a_therapists_own_number_goes_first():
    personal = Personal(learnt(sessions(0.7, 0.7, 0.7), SQUAT, NORMAL))
    assert prescribed(Prescription("squat"), personal).extent == 0.7
    assert prescribed(Prescription("squat", extent=0.9), personal).extent == 0.9
    assert prescribed(Prescription("squat", limits=Limits(least_extent=0.8)), personal).extent == 0.8


EXTENTS = st.lists(st.floats(0.05, 2.0), max_size=6)
WORDS = st.builds(
    Word,
    at=st.integers(0, 10**6).map(lambda seconds: DAY_0 + timedelta(seconds=seconds)),
    accepted=st.booleans(),
    fault=st.sampled_from(["", *SQUAT.faults]),
    whole_set=st.booleans(),
    outcome=st.sampled_from([None, Outcome.COMPLETE, Outcome.PARTIAL]),
    side=st.sampled_from(Side),
    extent=st.floats(0.0, 2.0) | st.just(float("nan")),
)
HISTORIES = st.lists(
    st.builds(
        SessionSummary,
        at=st.integers(0, 60).map(lambda day: DAY_0 + timedelta(days=day)),
        extents=st.dictionaries(st.sampled_from(Side), EXTENTS),
        words=st.lists(WORDS, max_size=4).map(tuple),
    ),
    max_size=14,
)
LIMITS = st.builds(Limits, least_extent=st.floats(0.1, 1.0), most_extent=st.floats(1.0, 1.5)) | st.builds(
    Limits, least_extent=st.floats(0.1, 0.5), most_extent=st.floats(0.5, 1.0)
)


@settings(deadline=None)
@given(HISTORIES, LIMITS, LIMITS, st.sampled_from(Side))
def test_it_never_leaves_the_limits_also_where_they_changed_since(history, limits, later, side):
    found = learnt(history, SQUAT, limits)
    for one in found:
        assert one.what != "target" or limits.least_extent <= one.after <= limits.most_extent
    personal = Personal(found)
    extent = prescribed(Prescription("squat", side=side, limits=later), personal).extent
    complete_from = applied(SQUAT, personal, later).repetition.complete_from
    assert later.least_extent <= extent <= later.most_extent
    assert SQUAT.repetition.complete_from * later.least_extent <= complete_from <= 1.0
    assert SQUAT.repetition.attempt_from <= complete_from


@settings(deadline=None)
@given(HISTORIES, LIMITS)
def test_what_may_hurt_is_never_loosened(history, limits):
    squat = replace(SQUAT, faults={**SQUAT.faults, "depth": SQUAT.faults["depth"].model_copy(update={"safety": True})})
    personal = Personal(learnt(history, squat, limits))
    extent = prescribed(Prescription("squat", limits=limits), personal).extent
    judged = eased(applied(squat, personal, limits), extent)
    assert {name: one for name, one in judged.faults.items() if one.safety} == {
        name: one for name, one in squat.faults.items() if one.safety
    }


@settings(deadline=None)
@given(HISTORIES, LIMITS, st.integers(0, 20))
def test_rolling_back_restores_exactly_and_learning_twice_adds_nothing(history, limits, cut):
    before = Personal(learnt(history[:cut], SQUAT, limits))
    found = learnt(history, SQUAT, limits, before)
    after = before.extended(found)
    assert learnt(history, SQUAT, limits, after) == ()
    if found:
        back = rolled_back(after, len(found))
        assert back.active == before.active
        assert applied(SQUAT, back, limits) == applied(SQUAT, before, limits)
        assert all(prescribed(Prescription("squat", side=side), back) == prescribed(Prescription("squat", side=side), before)
                   for side in Side)  # fmt: skip
