"""`--set NAME=VALUE`: each setting has the type that it has elsewhere, and what it cannot be is refused."""

from __future__ import annotations

import pytest

from physio_core.action.recogniser import RecogniserConfig
from physio_core.errors import ConfigError
from physio_core.session.machine import SessionConfig
from physio_lab.evaluation.settings import changed


def test_what_is_set_changes_the_group_that_has_it_and_nothing_else() -> None:
    words = ["name_above=0.7", "refuse=false", "needs=hip,knee", "attempts=3", "watch_s=9", "exercises="]
    recogniser, session = changed(words, RecogniserConfig(), SessionConfig())
    assert recogniser == RecogniserConfig(name_above=0.7, refuse=False, needs=("hip", "knee"))
    assert session == SessionConfig(attempts=3, watch_s=9.0, exercises=())
    assert isinstance(session.attempts, int) and isinstance(session.watch_s, float)


@pytest.mark.parametrize(("word", "refuse"), [("TRUE", True), ("1", True), ("0", False), ("false", False)])
def test_a_switch_is_on_or_off(word: str, refuse: bool) -> None:
    assert changed([f"refuse={word}"], RecogniserConfig(), SessionConfig())[0].refuse is refuse


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("attempts=2.7", "'2.7' is no whole number"),
        ("attempts=inf", "'inf' is no whole number"),
        ("attempts=0", "attempts = 0 is outside"),
        ("watch_s=soon", "'soon' is no number"),
        ("watch_s=nan", "watch_s = nan is not a number"),
        ("watch_s", "'' is no number"),
        ("refuse=perhaps", "'perhaps' is not one of: true, false, 1, 0"),
        ("speed=3", "no setting 'speed'; known: min_time_s"),
        ("=3", "no setting ''"),
    ],
)
def test_what_a_setting_cannot_be_is_refused_with_what_it_can(setting: str, says: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        changed([setting], RecogniserConfig(), SessionConfig())
    assert says in str(refusal.value)
