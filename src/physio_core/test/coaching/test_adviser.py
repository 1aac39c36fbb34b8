"""One cue at a time, the most useful one, not too often; what may hurt at once; praise for what is better; silence otherwise."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from physio_core.assessment.repetition import Fault, Outcome, Repetition, ScoreTerm
from physio_core.coaching.advice import Advice, AdviceKind
from physio_core.coaching.adviser import AdviceConfig, Adviser
from physio_core.coaching.phrasing import Phrasing
from physio_core.exercises.definition import FaultDefinition
from physio_core.judging.judgement import Judgement
from physio_core.languages.texts import load_texts
from physio_core.types import Side

ENGLISH = load_texts("en")
DEPTH = Fault("depth", 0.2, "%", direction="low", severity=0.4)
KNEE = Fault("knees_in", 6.0, "cm", Side.LEFT, "knee", "high", severity=0.4)
BACK = Fault("trunk_lean", 20.0, "deg", joint="trunk", direction="high", severity=0.5, safety=True)
EVERY_S = 4.0


class Patient:
    """Does one repetition after another, four seconds each."""

    def __init__(self, config: AdviceConfig | None = None, session: int = 0, goal: int = 0, **faults: FaultDefinition) -> None:
        self.adviser = Adviser(Phrasing(ENGLISH, session), config)
        self.adviser.begin(faults, goal)
        self.numbers = count(1)
        self.done = 0

    def does(self, *faults: Fault, outcome: Outcome = Outcome.COMPLETE, measured: tuple[str, ...] = ()) -> tuple[Advice, ...]:
        number = next(self.numbers)
        self.done += outcome is Outcome.COMPLETE
        terms = tuple(ScoreTerm(name, 1.0) for name in {*measured, *(fault.name for fault in faults)})
        end_s = EVERY_S * number
        newest = Repetition(self.done, outcome, Side.NONE, end_s - 3.0, end_s - 1.5, end_s, terms=terms, faults=faults)
        self.last = Judgement(repetitions=self.done, newest=newest), end_s
        return self.adviser.update(*self.last)

    def repeats_the_last(self) -> tuple[Advice, ...]:
        return self.adviser.update(*self.last)

    def hears(self, *faults: Fault, **more: object) -> list[str]:
        return [one.text for one in self.does(*faults, **more) if one.kind is not AdviceKind.COUNT]  # type: ignore[arg-type]


def test_each_complete_repetition_is_counted_aloud_once():
    patient = Patient()
    assert [one.text for one in patient.does()] == ["One"]
    assert [one.text for one in patient.does(outcome=Outcome.PARTIAL)] == []
    second = patient.does()
    assert [(one.kind, one.text, one.repetition) for one in second] == [(AdviceKind.COUNT, "Two", 2)]
    newest = Repetition(2, Outcome.COMPLETE, Side.NONE, 9.0, 10.5, 12.0)
    assert patient.adviser.update(Judgement(repetitions=2, newest=newest), 12.1) == ()


def test_numbers_beyond_the_words_are_said_as_digits():
    assert Phrasing(ENGLISH).number(21) == ("", "21")


def test_a_fault_is_told_once_it_was_seen_in_two_of_three_repetitions():
    patient = Patient()
    assert patient.hears(DEPTH) == []
    assert patient.hears() == []
    assert patient.hears(DEPTH) == ["Bend your knees a little more."]
    assert Patient().hears(DEPTH) == []


def test_what_may_hurt_is_told_at_once_but_not_without_end():
    patient = Patient(AdviceConfig(safety_every_s=10.0))
    first = patient.does(BACK)
    assert [one.kind for one in first] == [AdviceKind.COUNT, AdviceKind.SAFETY]
    assert patient.hears(BACK) == patient.hears(BACK) == []
    assert len(patient.hears(BACK)) == 1


def test_what_may_hurt_comes_before_what_costs_more():
    patient = Patient()
    patient.does(DEPTH)
    assert [one.fault for one in patient.does(replace(DEPTH, severity=1.0), BACK) if one.fault] == ["trunk_lean"]


def test_cues_keep_their_distance_in_time_and_in_repetitions():
    slow = Patient(AdviceConfig(cue_every_s=0.0, cue_every_repetitions=3))
    assert [bool(slow.hears(DEPTH)) for _ in range(8)] == [False, True, False, False, True, False, False, True]
    long = Patient(AdviceConfig(cue_every_s=13.0, cue_every_repetitions=1))
    assert [bool(long.hears(DEPTH)) for _ in range(8)] == [False, True, False, False, False, True, False, False]


def test_the_weightiest_fault_comes_first_then_the_other_has_its_turn():
    band = FaultDefinition(timing="extent", low=0.8, margin=0.5, weight=2.0)
    patient = Patient(depth=band)
    faults = [[one.fault for one in patient.does(DEPTH, KNEE) if one.fault] for _ in range(6)]
    assert [name for names in faults for name in names] == ["depth", "knees_in", "depth"]


def test_a_fault_of_one_side_names_it_and_one_of_either_side_in_turn_names_both():
    left = Patient()
    left.does(KNEE)
    assert left.hears(KNEE) == ["Keep your left knee over your toes."]
    either = Patient()
    either.does(replace(KNEE, side=Side.RIGHT))
    assert either.hears(KNEE) == ["Keep your knees over your toes."]


def test_what_was_corrected_is_praised_when_it_is_better_and_only_where_it_was_measured():
    patient = Patient()
    patient.does(KNEE)
    patient.does(KNEE)
    assert patient.hears() == []
    assert patient.hears() == [], "nobody saw the knee"
    assert patient.hears(measured=("knees_in",)) == ["Better: your knee stays over your foot."]
    patient.does()
    assert patient.hears(measured=("knees_in",)) == [], "praised once"


def test_half_as_bad_is_better_too():
    patient = Patient()
    patient.does(KNEE)
    patient.does(KNEE)
    patient.does(KNEE)
    assert patient.hears(replace(KNEE, severity=0.2)) == ["Better: your knee stays over your foot."]


def test_a_repetition_that_is_not_complete_says_how_it_would_be():
    patient = Patient()
    patient.does(outcome=Outcome.PARTIAL)
    assert patient.hears(outcome=Outcome.PARTIAL) == ["Move a little further."]


def shallow(*faults: Fault, **asked: FaultDefinition) -> list[str]:
    patient = Patient(**asked)
    patient.does(*faults, outcome=Outcome.PARTIAL)
    return [one.fault for one in patient.does(*faults, outcome=Outcome.PARTIAL) if one.fault]


def test_what_was_not_far_enough_is_called_as_the_exercise_calls_it():
    lower = FaultDefinition(measure="support_height", phase="turn", statistic="min", high=30.0, margin=15.0)
    assert shallow(depth=FaultDefinition(angle="knee_flexion", phase="turn", low=80.0, margin=40.0)) == ["depth"]
    assert shallow(knees_in=FaultDefinition(measure="knee_inward", phase="turn", high=5.0, margin=6.0), dip=lower) == ["dip"]


def test_a_fault_of_its_own_that_says_why_it_was_not_complete_is_the_only_cue():
    reach = FaultDefinition(timing="extent", low=0.9, margin=0.5)
    patient = Patient(AdviceConfig(cue_every_s=0.0, cue_every_repetitions=1), reach=reach, range=reach)
    told = [patient.does(Fault("reach", 0.2, direction="low", severity=0.1), outcome=Outcome.PARTIAL) for _ in range(8)]
    assert {one.fault for said in told for one in said if one.fault} == {"reach"}


@pytest.mark.parametrize("outcome", [Outcome.WRONG, Outcome.INTERRUPTED])
def test_another_movement_and_one_that_was_not_seen_are_not_corrected(outcome):
    patient = Patient()
    assert [patient.does(BACK, outcome=outcome) for _ in range(3)] == [(), (), ()]


def test_good_repetitions_are_praised_now_and_then_and_silence_is_the_rule():
    patient = Patient(AdviceConfig(count_aloud=False))
    heard = [patient.hears() for _ in range(12)]
    assert [bool(texts) for texts in heard] == 2 * [False, False, False, True] + [False, False, False, True]
    assert heard[3] != heard[7]
    silent = Patient(AdviceConfig(praise_every_repetitions=0, count_aloud=False))
    assert not any(silent.does() for _ in range(12))


def test_the_end_is_announced_once_and_not_in_a_short_set():
    patient = Patient(AdviceConfig(praise_every_repetitions=0, cue_every_repetitions=1, cue_every_s=0.0), goal=5)
    assert [patient.hears() for _ in range(5)] == [[], [], ["Two more."], ["One more."], []]
    assert not any(Patient(goal=3).hears() for _ in range(3))


def test_no_session_sounds_like_the_one_before():
    def told(session: int) -> list[str]:
        patient = Patient(session=session)
        return [text for _ in range(4) for text in patient.hears(DEPTH)]

    first, second, fourth = told(0), told(1), told(3)
    assert first[0] != first[1] and first[0] != second[0] and first == fourth


def test_a_new_attempt_forgets_the_faults_of_the_one_before_but_not_the_words():
    patient = Patient()
    patient.does(DEPTH)
    first = patient.hears(DEPTH)
    patient.adviser.begin({})
    assert patient.repeats_the_last() == (), "it was of the attempt before"
    assert patient.hears(DEPTH) == []
    assert patient.hears(DEPTH) not in ([], first)
