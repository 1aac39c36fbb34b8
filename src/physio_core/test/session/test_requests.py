"""A therapist's words are understood as they are written, or refused with the words that are valid."""

from __future__ import annotations

import pytest

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import load_exercises
from physio_core.session.requests import Command, Request, parse

CATALOGUE = load_exercises()


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("squat", Request(None, ("squat",))),
        (" Push-up , jumping jack,", Request(None, ("push_up", "jumping_jack"))),
        ("STOP", Request(Command.STOP)),
        ("next,", Request(Command.NEXT)),
        ("stop, stop", Request(Command.STOP)),
    ],
)
def test_words_are_understood(text, request_):
    assert parse(text, CATALOGUE) == request_


@pytest.mark.parametrize("text", ["", " , ", "headstand", "squat, headstand", "squat, stop", "pause resume"])
def test_words_that_mean_nothing_are_refused_with_all_that_are_valid(text):
    with pytest.raises(ConfigError, match=r"say one of: deadlift, .*squat .*, pause, resume, next, stop"):
        parse(text, CATALOGUE)
