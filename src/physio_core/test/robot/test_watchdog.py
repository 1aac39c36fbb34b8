"""Silence and gaps are noticed at their limit and not before, from the first moment on."""

from __future__ import annotations

import math

import pytest

from physio_core.errors import ConfigError
from physio_core.robot.watchdog import StallDetector, Watchdog, WatchdogConfig


def test_who_was_never_heard_is_silent_for_ever():
    watchdog = Watchdog(0.3)
    assert watchdog.expired(0.0) and watchdog.age_s(5.0) == math.inf


def test_a_sign_of_life_holds_up_to_the_limit_and_no_longer():
    watchdog = Watchdog(0.25)
    watchdog.feed(10.0)
    assert watchdog.age_s(10.2) == pytest.approx(0.2)
    assert not watchdog.expired(10.25) and watchdog.expired(10.2501)


def test_a_sign_of_life_that_arrives_late_does_not_make_the_newest_one_older():
    watchdog = Watchdog(0.25)
    watchdog.feed(10.0)
    watchdog.feed(9.0)
    assert watchdog.age_s(10.1) == pytest.approx(0.1)


def test_a_loop_that_turns_for_the_first_time_was_not_held():
    assert not StallDetector(0.25).update(1e9)


def test_a_loop_that_did_not_turn_for_longer_than_the_limit_was_held_and_only_once():
    stall = StallDetector(0.25)
    assert [stall.update(now_s) for now_s in (10.0, 10.25, 10.6, 10.7)] == [False, False, True, False]


def test_the_promise_of_400_ms_bounds_the_setting():
    assert WatchdogConfig().timeout_s == 0.3
    assert WatchdogConfig(timeout_ms=330.0).timeout_s == 0.33
    for timeout_ms in (99.0, 331.0):
        with pytest.raises(ConfigError, match=r"100 \.\. 330 ms"):
            WatchdogConfig(timeout_ms=timeout_ms)
