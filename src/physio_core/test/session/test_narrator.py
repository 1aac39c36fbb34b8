"""What is said aloud: each state once, what the patient must do when it lasts, and advice; never the flicker of the screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from physio_core.assessment.repetition import Fault, Outcome, Repetition
from physio_core.coaching.adviser import AdviceConfig
from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.judgement import Judgement
from physio_core.languages.texts import load_texts
from physio_core.session.narrator import Narrator, Saying
from physio_core.session.status import SetStatus, State, Status
from physio_core.types import Reason, Side, Verdict

WATCHING = Status(State.WATCH, 1, "squat", turn=1, current_set=SetStatus(goal=4))
HIDDEN = replace(WATCHING, reason=Reason.OUT_OF_FRAME, verdict=Verdict.UNSURE)
QUIET = Judgement()


@pytest.fixture
def narrator() -> Narrator:
    return Narrator(load_exercises(), load_texts("en"), AdviceConfig())


def repetition(number: int, *faults: Fault) -> Judgement:
    newest = Repetition(number, Outcome.COMPLETE, Side.NONE, 4.0 * number, 4.0 * number + 1, 4.0 * number + 2, faults=faults)
    return Judgement(repetitions=number, newest=newest)


def test_each_state_is_told_once_with_its_sound(narrator):
    told = [
        narrator.tell(status, sentence, QUIET, 0.0)
        for status, sentence in [
            (Status(State.IDLE), "Choose an exercise."),
            (Status(State.SHOW, 1, "squat", turn=1), "Squat: bend your knees."),
            (Status(State.SHOW, 1, "squat", turn=1), "Squat: bend your knees."),
            (WATCHING, "Please begin."),
            (Status(State.VERDICT, 1, "squat", verdict=Verdict.RIGHT, turn=1), "That was a squat."),
            (Status(State.FINISHED, turn=1), "All done for today."),
        ]
    ]
    said = [one for sayings in told for one in sayings]
    assert said == [
        Saying("Squat: bend your knees."),
        Saying("Please begin."),
        Saying("That was a squat.", sound="right"),
        Saying("All done for today.", sound="end"),
    ]


def test_what_a_patient_must_do_is_told_when_it_lasts_and_not_without_end(narrator):
    narrator.tell(WATCHING, "Please begin.", QUIET, 0.0)
    times_s = [0.1 * step for step in range(1, 200)]
    told = [now_s for now_s in times_s if narrator.tell(HIDDEN, "Step back.", QUIET, now_s)]
    assert [round(now_s, 1) for now_s in told] == [1.1, 9.1, 17.1]


def test_sentences_that_flicker_are_not_told(narrator):
    narrator.tell(WATCHING, "Please begin.", QUIET, 0.0)
    for step in range(1, 40):
        assert not narrator.tell(HIDDEN, f"Step {step % 2}.", QUIET, 0.5 * step)


def test_what_is_seen_live_is_left_to_the_screen(narrator):
    narrator.tell(WATCHING, "Please begin.", QUIET, 0.0)
    seen = replace(WATCHING, verdict=Verdict.RIGHT)
    assert not any(narrator.tell(seen, "Keep going!", QUIET, 0.5 * step) for step in range(20))


def test_repetitions_and_advice_are_told_while_the_patient_moves(narrator):
    narrator.tell(WATCHING, "Please begin.", QUIET, 0.0)
    hurts = Fault("trunk_lean", 20.0, "deg", direction="high", safety=True)
    assert narrator.tell(WATCHING, "Please begin.", repetition(1, hurts), 6.0) == [
        Saying("One", "count", "count"),
        Saying("Lift your chest a little.", "safety", fault="trunk_lean"),
    ]
    verdict = Status(State.VERDICT, 1, "squat", verdict=Verdict.RIGHT, turn=1)
    assert [one.kind for one in narrator.tell(verdict, "That was a squat.", repetition(2, hurts), 9.0)] == ["count", "sentence"]


def test_a_new_turn_begins_to_count_again_and_hears_the_end_coming(narrator):
    for number in range(1, 4):
        narrator.tell(WATCHING, "Please begin.", repetition(number), 5.0 * number)
    again = replace(WATCHING, turn=2)
    counted = [narrator.tell(again, "Please begin.", repetition(number), 40.0 + 8.0 * number) for number in (1, 2, 3)]
    texts = [one.text for sayings in counted for one in sayings if one.kind == "count"]
    assert texts == ["One", "Two", "Three"]
    assert [one.kind for one in counted[1]] == ["count", "cue"] and "two more" in counted[1][1].text.lower()
