"""Every text in every language, for every exercise, state, verdict and reason."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from physio_core.errors import ConfigError
from physio_core.languages.texts import languages
from physio_core.screen.pages.patient import SYMBOLS
from physio_core.screen.state import Guard, TherapistPage
from physio_core.screen.wording import KEYS, headline_key, load_words
from physio_core.session.messages import PHRASES, message
from physio_core.session.status import SetStatus, State, Status
from physio_core.types import HoldReason, Reason, Verdict


def every_status():
    reasons = tuple(Reason)
    return [None, *(Status(state, 1, "squat", verdict=v, reason=r) for state in State for v in Verdict for r in reasons)]


def test_every_status_has_a_word_and_a_symbol(words):
    for status in every_status():
        assert words.headline(status)
        assert headline_key(status) in SYMBOLS


def test_every_exercise_has_title_and_instruction(words):
    for name in words.catalogue:
        assert words.title(name)
        assert words.instruction(name)


def test_the_screen_has_the_texts_that_it_shows_and_no_others(words):
    assert set(words.phrases) == set(KEYS)
    assert set(words.coach) == set(PHRASES)


def test_a_language_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ConfigError, match=f"'xx'.*{', '.join(languages())}"):
        load_words("xx")


def test_an_unknown_exercise_goes_by_its_name(english):
    assert english.title("one_leg_stand") == "One leg stand"
    assert english.instruction("one_leg_stand") == ""


def test_the_round_is_told_only_where_its_end_is_known(english):
    assert english.round(0, 3) == ""
    assert english.round(2, 0) == ""
    assert english.round(2, 3) == "2/3"
    assert english.round(4, 3) == ""


def test_seconds_are_told_of_a_hold_and_of_a_try(english):
    begun, half, done = (SetStatus(phase=share) for share in (0.0, 0.5, 1.0))
    assert [english.held_s(one, "hand_stretch") for one in (begun, half, done)] == [10, 5, 0]
    assert [english.held_s(one, "hand_mass_flexion") for one in (begun, half, done)] == [15, 8, 0]
    assert english.held_s(half, "squat") == 0


@pytest.mark.parametrize(("left_s", "told"), [(3.0, 3), (2.01, 3), (2.0, 2), (0.4, 1), (0.0, 1), (math.nan, 0)])
def test_the_countdown_counts_as_people_do(english, left_s, told):
    assert english.countdown(Status(State.READY, time_left_s=left_s)) == told


def test_every_reason_why_the_robot_is_held_has_a_sentence_without_codes(words):
    sentences = {words.guard(Guard.HELD, reason) for reason in HoldReason}
    assert len(sentences) == len(HoldReason)
    assert not [text for text in sentences if "_" in text or "{" in text]


def test_no_line_for_patient_or_therapist_holds_a_code(words):
    statuses = [status for status in every_status() if status]
    lines = {words.now(None), words.listed(TherapistPage(tuple(words.catalogue))), *words.phrases.values(), *words.coach.values()}
    for name in (*words.catalogue, "one_leg_stand"):
        asked = [replace(status, asked=name, seen=name, next=name, rounds=3, time_left_s=2.0) for status in statuses]
        lines |= {
            line for one in asked for line in (words.now(one), words.next_line(one), words.title(name), words.instruction(name))
        }
        lines |= {message(one, words.catalogue, words.coach, words.language) for one in asked}
    named = (
        "title|called|seen|seen_title|instruction|part|seconds|number|total|times|reason|count|goal|what|grade|score|kind|points"
    )
    placeholders = re.compile(rf"\{{({named})\}}")
    assert not [line for line in lines if re.search(r"[_{}]", placeholders.sub("", line))]


def test_a_verdict_says_what_comes_next(english):
    verdict = Status(State.VERDICT, 1, "squat")
    assert english.next_line(verdict) == ""
    assert english.next_line(replace(verdict, next="lunge")) == "Next: Lunge"
    assert english.next_line(replace(verdict, next="squat")) == "Once more!"


def test_the_therapist_reads_what_runs_and_for_how_long(english):
    watching = Status(State.WATCH, 2, "squat", rounds=6, time_left_s=13.2)
    assert english.now(watching) == "Squat: the patient's turn, 2/6, 14 s left"
    assert english.now(Status()) == "Nothing is running."
    assert english.now(None) == "The coach does not answer."


def test_repeats_are_counted_in_the_list(english):
    assert english.listed(TherapistPage(("squat", "squat", "lunge"))) == "Squat ×2, Lunge"
    assert english.listed(TherapistPage()) == ""


def test_every_fault_of_every_exercise_has_words_for_what_it_is_about(words):
    lacking = {name for exercise in words.catalogue.values() for name in exercise.faults} - set(words.aspects)
    assert not lacking


def test_what_a_view_does_not_show_is_named_and_what_the_repetition_tells_is_not(english):
    before = [Status(State.READY, asked=name) for name in (*english.catalogue, "no_such_exercise")]
    assert english.not_judged(Status(State.READY, asked="squat")) == "Not judged from here: knees over feet"
    assert "tempo" not in "".join(map(english.not_judged, before)) and english.not_judged(before[-1]) == ""
    seen = Status(State.WATCH, asked="squat", not_measured=("trunk_lean",))
    assert english.not_judged(seen) == "Not judged from here: upright back"
    assert english.not_judged(replace(seen, not_measured=())) == ""


@pytest.mark.parametrize(("seconds", "told"), [(0, "0"), (99, "99"), (100, "1:40"), (605, "10:05")])
def test_a_long_rest_is_told_in_minutes(english, seconds, told):
    assert english.clock(seconds) == told


def test_a_score_is_praised_by_its_height_and_never_blamed(words):
    said = [words.praise(score) for score in (95.0, 65.0, 5.0)]
    assert len(set(said)) == 3
    assert words.praise(math.nan) == ""
