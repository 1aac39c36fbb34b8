"""Every text in every language, for every exercise, state, verdict and reason."""

from __future__ import annotations

import pytest
import yaml

from physio_core.coach.messages import REASONS
from physio_core.coach.session import State, Status
from physio_core.errors import ConfigError
from physio_core.screen.patient import SYMBOLS
from physio_core.screen.wording import KEYS, key_of, load_words
from physio_core.share import shared_path
from physio_core.types import Verdict


def every_status():
    reasons = ("", *REASONS, "no_such_reason")
    return [None, *(Status(state, 1, "squat", verdict=v, reason=r) for state in State for v in Verdict for r in reasons)]


def test_every_status_has_a_word_and_a_symbol(words):
    for status in every_status():
        assert words.key_word(status)
        assert key_of(status) in SYMBOLS


def test_every_exercise_has_title_and_instruction(words):
    for name in words.catalogue:
        assert words.title(name)
        assert words.instruction(name)


def test_languages_have_the_same_texts():
    table = yaml.safe_load(shared_path("config", "screen_wording.yaml").read_text(encoding="utf-8"))
    for language, texts in table.items():
        assert set(texts) == set(KEYS), language


def test_a_language_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ConfigError, match="'xx'.*en, de"):
        load_words("xx")


def test_an_unknown_exercise_goes_by_its_name(english):
    assert english.title("one_leg_stand") == "One leg stand"
    assert english.instruction("one_leg_stand") == ""


def test_rounds(english):
    assert english.round(0, 3) == ""
    assert english.round(2, 0) == "Round 2"
    assert english.round(2, 3) == "Round 2/3"
    assert english.round(4, 3) == "Round 4"
