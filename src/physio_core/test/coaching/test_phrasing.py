"""Every fault has words in every language: its own, the exercise's, or the name of its angle."""

from __future__ import annotations

import re

import pytest

from physio_core.assessment.repetition import Fault
from physio_core.coaching.phrasing import Phrasing, every_correction, variants
from physio_core.exercises.catalogue import load_exercises
from physio_core.exercises.definition import FaultDefinition
from physio_core.exercises.faults import shared_faults
from physio_core.languages.texts import languages, load_texts
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.layouts import sideless
from physio_core.types import Side

NAMES = (
    *("depth", "knee_past_toe", "knees_in", "trunk_lean", "heel_lift", "elbow_flare", "hips_sag", "uneven_arms", "too_fast"),
    *("too_slow", "incomplete_return", "one_sided", "swinging", "range", "trunk_side_lean", "elbow_bent", "knee_bent"),
    *("shoulder_hike", "unsteady"),
)


def phrasing(language: str = "en", session: int = 0) -> Phrasing:
    return Phrasing(load_texts(language), session)


@pytest.mark.parametrize("name", sorted({*NAMES, *shared_faults(), *(n for e in load_exercises().values() for n in e.faults)}))
@pytest.mark.parametrize("direction", ["low", "high", ""])
def test_every_fault_that_there_is_has_three_texts_of_its_own_and_one_for_when_it_is_better(name, direction):
    says = phrasing()
    texts = {says.correction(Fault(name, 1.0, direction=direction), Side.NONE, None) for _ in range(9)}
    assert len(texts) >= 3 and all(key.startswith(f"cue.{name}.") for key, _ in texts)
    assert says.improvement(name)[0] == f"better.{name}"


@pytest.mark.parametrize("language", languages())
def test_no_text_holds_a_code_and_each_begins_with_a_capital(language):
    texts = load_texts(language)
    for text in every_correction(texts):
        assert not re.search(r"[{}_]", text) and text[:1] == text[:1].upper()
    assert all(len(keys) >= 3 for group, keys in variants(texts.phrases).items() if group != "count")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Bend your left knee a little more."),
        ("de", "Beugen Sie das linke Knie etwas mehr."),
        ("nb", "Bøy venstre kne litt mer."),
        ("da", "Bøj venstre knæ lidt mere."),
        ("ko", "왼쪽 무릎을 조금 더 굽혀 보세요."),
    ],
)
def test_a_side_is_named_as_the_language_does(language, text):
    assert phrasing(language).correction(Fault("depth", 0.2, direction="low"), Side.LEFT, None) == ("cue.depth.low.1", text)


def test_each_session_of_a_patient_begins_with_other_words():
    says, firsts = phrasing(), []
    for number in (4, 5, 6):
        says.begin(number)
        firsts.append(says.one_of("praise")[0])
        says.one_of("praise")
    assert len(set(firsts)) == 3


def test_a_fault_without_texts_is_told_by_its_angle_and_one_without_an_angle_by_its_name():
    toes = FaultDefinition(angle="ankle_dorsiflexion", low=10.0, margin=5.0)
    assert phrasing().correction(Fault("toes", 5.0, direction="low"), Side.RIGHT, toes)[1] == "Toes up, right: a little more."
    assert phrasing().correction(Fault("odd_tilt", 5.0, direction="high"), Side.NONE, None)[1] == "Odd tilt: a little less."
    assert phrasing("de").correction(Fault("odd_tilt", 5.0), Side.NONE, None)[1] == "Achten Sie darauf: odd tilt."


@pytest.mark.parametrize("language", languages())
def test_every_angle_has_a_name(language):
    texts = load_texts(language).part("angle")
    assert {sideless(name) for name in load_angles()} == set(texts)


def test_the_words_of_an_exercises_file_come_first_in_english_where_the_language_has_none():
    own = FaultDefinition(timing="extent", low=0.8, margin=0.5, cue={"en": "Touch the chair.", "de": "Berühren Sie den Stuhl."})
    fault = Fault("depth", 0.2, direction="low")
    assert phrasing("de").correction(fault, Side.LEFT, own) == ("", "Berühren Sie den Stuhl.")
    assert phrasing("ko").correction(fault, Side.LEFT, own) == ("", "Touch the chair.")


def test_what_is_better_without_a_text_of_its_own_is_still_praised():
    assert phrasing().improvement("odd_tilt") == ("better.other.1", "Better. Well done!")


def test_another_language_is_spoken_from_the_next_word_on():
    says = phrasing()
    says.use(load_texts("nb"))
    assert says.number(4)[1] == "Fire"
