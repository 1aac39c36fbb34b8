"""Every situation has words in every language, and no two of them contradict or repeat each other."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from physio_core.exercises.catalogue import load_exercises
from physio_core.languages.texts import languages, load_texts
from physio_core.screen.wording import load_words
from physio_core.session.messages import KEYS, headline, message
from physio_core.session.status import SetStatus, State, Status
from physio_core.types import Abstain, Reason, Side, Verdict

CATALOGUE = load_exercises()
LANGUAGES = languages()
RIGHT = Status(State.VERDICT, asked="squat", seen="squat", verdict=Verdict.RIGHT, next="lunge")
SITUATIONS = [
    Status(state, 1, "squat", "lunge", verdict=verdict, reason=reason, next=follows)
    for state, verdict, reason, follows in itertools.product(State, Verdict, Reason, ("squat", "lunge"))
]


def sentence(status: Status, language: str = "en") -> str:
    return message(status, CATALOGUE, load_texts(language).part("coach"), language)


def test_between_two_repetitions_nobody_is_told_to_begin():
    first, second = (Status(State.WATCH, asked="squat", current_set=SetStatus(repetitions=count)) for count in (0, 1))
    assert (sentence(first), sentence(second)) == ("Please begin.", "Keep going!")


def test_whatever_the_recogniser_abstains_for_is_a_reason():
    assert {one.value for one in Abstain} <= {one.value for one in Reason}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_verdict_and_reason_has_words_and_none_is_a_code(language):
    phrases = load_texts(language).part("coach")
    for status in SITUATIONS:
        assert headline(status) in KEYS
        words = message(status, CATALOGUE, phrases, language)
        assert words and not re.search(r"[{}_]", words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("joint", sorted({joint for one in CATALOGUE.values() for joint in one.needs}))
def test_each_joint_that_an_exercise_needs_is_named_when_it_alone_is_missing(language, joint):
    missing, all_of_you = (
        sentence(Status(State.WATCH, asked="squat", reason=Reason.OUT_OF_FRAME, missing=joints), language)
        for joints in ((joint,), ())
    )
    assert missing != all_of_you and not re.search(r"[{}_]", missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_repeats_the_key_word_above_it_and_no_two_situations_look_alike(language):
    words = load_words(language)
    assert len({(words.phrases[key], words.coach[key]) for key in KEYS}) == len(KEYS)
    for key in KEYS:
        assert words.phrases[key].casefold().strip("!.") not in words.coach[key].casefold(), key


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (RIGHT, "That was a squat."),
        (
            Status(State.VERDICT, asked="squat", seen="lunge", verdict=Verdict.WRONG, next="squat"),
            "That was a lunge.",
        ),
        (
            Status(State.VERDICT, asked="squat", seen="lunge", verdict=Verdict.WRONG, next="push_up"),
            "That was a lunge.",
        ),
        (replace(RIGHT, current_set=SetStatus(partial=9)), "That was a squat, but not yet all the way."),
        (replace(RIGHT, current_set=SetStatus(goal=5)), "That was a squat, but not yet all the way."),
        (replace(RIGHT, current_set=SetStatus(repetitions=1, partial=8)), "That was a squat."),
        (Status(State.WATCH, asked="squat", seen="sit_up", verdict=Verdict.WRONG), "I see: Sit up"),
        (Status(State.WATCH, asked="squat", reason=Reason.NOBODY), "I see nobody."),
        (Status(State.WATCH, asked="squat", reason=Reason.OUT_OF_FRAME), "I need to see all of you."),
        (Status(State.WATCH, asked="squat", reason=Reason.OUT_OF_FRAME, missing=("ankle",)), "Show me your feet."),
        (Status(State.WATCH, asked="squat", reason=Reason.OUT_OF_FRAME, missing=("knee", "ankle")), "Show me your legs."),
        (Status(State.WATCH, reason=Reason.OUT_OF_FRAME, missing=("wrist", "hip")), "I need to see all of you."),
        (Status(State.WATCH, asked="squat", reason=Reason.TOO_FEW_FRAMES), "Please begin."),
        (
            Status(State.SHOW, asked="shoulder_flexion", current_set=SetStatus(Side.LEFT)),
            "Arm raise, left: Raise your straight arm forwards, lower it.",
        ),
    ],
)
def test_what_is_said_is_the_kind_of_movement_and_what_follows(status, words):
    assert sentence(status) == words
