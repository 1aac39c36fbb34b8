"""A therapist's words are understood as they are written, or refused with the words that are valid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import RESERVED, load_exercises
from physio_core.exercises.definition import RepetitionDefinition, Signal
from physio_core.session.prescription import Prescription
from physio_core.session.requests import Command, Request, from_shell, parse
from physio_core.types import Side

COUNTED = RepetitionDefinition(signals=(Signal(angle="knee_flexion", rest=10, target=90),))
CATALOGUE = {
    **load_exercises(),
    "squat": replace(load_exercises()["squat"], repetition=COUNTED),
    "lunge": replace(load_exercises()["lunge"], repetition=COUNTED.model_copy(update={"sides": "alternate"})),
    "push_up": replace(load_exercises()["push_up"], repetition=None),
}


def asked(exercise: str, **how: object) -> Request:
    return Request(None, (Prescription(exercise, **how),))


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("squat", asked("squat")),
        (" Push-up , jumping jack,", Request(None, (Prescription("push_up"), Prescription("jumping_jack")))),
        ("squat 8", asked("squat", repetitions=8)),
        ("Squat 2x10", asked("squat", sets=2, repetitions=10)),
        ("squat 30s", asked("squat", seconds=30.0)),
        ("lunge left 3x5", asked("lunge", sets=3, repetitions=5, side=Side.LEFT)),
        ("pain 4", Request(Command.PAIN, value=4)),
        ("effort 0", Request(Command.EFFORT, value=0)),
        ("STOP", Request(Command.STOP)),
        ("next,", Request(Command.NEXT)),
        ("stop, stop", Request(Command.STOP)),
    ],
)
def test_words_are_understood(text, request_):
    assert parse(text, CATALOGUE) == request_


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "headstand",
        "squat, headstand",
        "squat, stop",
        "pause resume",
    ],
)
def test_words_that_mean_nothing_are_refused_with_all_that_are_valid(text):
    with pytest.raises(ConfigError, match=r"say one of: deadlift, .*squat.*, pause, resume, next, stop"):
        parse(text, CATALOGUE)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("pain", "pain = nothing; give a whole number from 0"),
        ("pain 11", "pain = 11; .* 10"),
        ("pain 3.5", "pain = 3.5"),
        ("effort high", "effort = high"),
        ("squat, pain 3", "'pain' stands alone"),
        ("squat 2x5 left", "squat is done with both sides"),
        ("squat ten", "'ten' after squat means nothing; say squat, squat 8"),
        ("squat 2x2 3x3", "'2x2' after squat means nothing"),
        ("squat 0", "'0' after squat means nothing"),
        ("squat -5", "'-5' after squat means nothing"),
        ("squat 5x0", "'5x0' after squat means nothing"),
        ("squat ٣", "after squat means nothing"),
        ("squat " + "9" * 400 + "s", "after squat means nothing"),
        ("8", "'8' belongs to an exercise; say both together"),
        ("pain -1", "pain = -1; give a whole number"),
        ("pain ٣", "pain = ٣; give a whole number"),
        ("squat, " * 1000, "a request of 7000 signs; say at most 2000"),
        ("squat 21x5", "squat: sets = 21 is outside 1 .. 20"),
        ("squat 101", "squat: repetitions = 101 is outside 0 .. 100"),
    ],
)
def test_numbers_and_sides_that_make_no_sense_are_refused_with_the_reason(text, complaint):
    with pytest.raises(ConfigError, match=complaint):
        parse(text, CATALOGUE)


@pytest.mark.parametrize(
    ("arguments", "request_"),
    [
        ("pain 4", "pain 4"),
        ("ignore trunk side lean", "ignore trunk side lean"),
        ("patient p07", "patient p07"),
        ("squat lunge", "squat,lunge"),
        ("squat 8 lunge 2x5 shoulder_flexion 30s LEFT", "squat 8,lunge 2x5,shoulder_flexion 30s LEFT"),
        ("8", "8"),
    ],
)
def test_a_terminal_needs_no_quotes_for_what_belongs_to_a_word(arguments, request_):
    assert from_shell(arguments.split()) == request_
    assert from_shell(["hand_fist 5 left", "squat"]) == "hand_fist 5 left,squat"


def test_a_word_that_is_nearly_right_is_told_alone():
    with pytest.raises(ConfigError, match=r"unknown word 'squatt'; did you mean squat\? All words: `physio exercise list`"):
        parse("squatt", CATALOGUE)
    with pytest.raises(ConfigError, match="did you mean pause"):
        parse("pauze", CATALOGUE)


def test_a_command_wins_over_an_exercise_of_the_same_name():
    assert parse("stop", {**CATALOGUE, "stop": CATALOGUE["squat"]}) == Request(Command.STOP)


def test_no_exercise_may_be_called_as_a_command():
    assert {command.value for command in Command} | {"left", "right"} == set(RESERVED)
