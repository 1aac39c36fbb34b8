"""The therapist is obeyed, the list is followed, and nothing is asked while paused or stopped."""

from __future__ import annotations

import itertools

import pytest

from physio_core.coach.exercises import load_exercises
from physio_core.coach.picker import Change, Picker, PickerConfig
from physio_core.coach.session import State
from physio_core.errors import ConfigError, UnknownExercise

CATALOGUE = load_exercises()


class Clock:
    """A picker whose rounds are judged as soon as they are asked."""

    def __init__(self, **config: object) -> None:
        self.picker, self.now_s = Picker(CATALOGUE, PickerConfig(start_delay_s=0.0, rest_s=1.0, **config)), 0.0

    def asked(self, rounds: int) -> list[str]:
        names = []
        for _ in range(rounds):
            names += [self.picker.asked] if self.until_change() is Change.ASKED else []
        return names

    def until_change(self, seconds: float = 3.0) -> Change:
        for step in range(round(seconds * 10)):
            self.now_s += 0.1
            state = State.VERDICT if step > 5 else State.WATCH
            change = self.picker.tick(state, self.picker.asked, self.now_s)
            if change is not Change.NOTHING:
                return change
        return Change.NOTHING


def test_a_list_is_followed_once_and_finishes():
    clock = Clock(mode="list", exercises=("squat", "squat", "lunge"))
    assert clock.asked(3) == ["squat", "squat", "lunge"]
    assert clock.until_change() is Change.FINISHED
    assert clock.until_change() is Change.NOTHING


def test_random_never_repeats_and_keeps_to_the_choice():
    names = Clock(exercises=("squat", "lunge", "push_up"), seed=3).asked(20)
    assert set(names) == {"squat", "lunge", "push_up"}
    assert all(first != second for first, second in itertools.pairwise(names))


def test_one_seed_gives_one_order():
    assert Clock(seed=7).asked(8) == Clock(seed=7).asked(8) != Clock(seed=8).asked(8)


def test_rounds_limit_the_random_choice():
    clock = Clock(rounds=2, seed=1)
    assert len(clock.asked(2)) == 2
    assert clock.until_change() is Change.FINISHED


def test_a_late_verdict_of_the_round_before_does_not_end_the_same_exercise():
    picker = Picker(CATALOGUE, PickerConfig(mode="list", exercises=("squat", "squat", "lunge"), rest_s=0.0, start_delay_s=0.0))
    for state, now_s in ((State.IDLE, 0.0), (State.IDLE, 0.1), (State.WATCH, 1.0), (State.VERDICT, 2.0)):
        picker.tick(state, "squat", now_s)
    assert picker.round == 2
    assert picker.tick(State.VERDICT, "squat", 2.1) is Change.NOTHING


def test_nothing_is_asked_without_a_request_in_request_mode():
    clock = Clock(mode="request")
    assert clock.until_change() is Change.NOTHING
    assert clock.picker.request("Push-up", clock.now_s) is Change.ASKED
    assert clock.picker.asked == "push_up"


def test_a_request_with_commas_is_a_list():
    clock = Clock(mode="request")
    clock.picker.request("squat, lunge", 0.0)
    assert clock.asked(1) == ["lunge"]


def test_pause_holds_and_resume_goes_on():
    clock = Clock(mode="list", exercises=("squat", "lunge"))
    clock.asked(1)
    assert clock.picker.request("pause", clock.now_s) is Change.PAUSED
    assert clock.until_change() is Change.NOTHING
    assert clock.picker.request("resume", clock.now_s) is Change.RESUMED
    assert clock.asked(1) == ["lunge"]


def test_stop_ends_until_the_next_request():
    clock = Clock(seed=1)
    clock.asked(1)
    assert clock.picker.request("stop", clock.now_s) is Change.STOPPED
    assert (clock.picker.asked, clock.until_change()) == ("", Change.NOTHING)
    assert clock.picker.request("squat", clock.now_s) is Change.ASKED


@pytest.mark.parametrize("words", ["", " , ", "headstand", "squat, headstand"])
def test_words_that_mean_nothing_are_refused_and_change_nothing(words):
    clock = Clock(mode="list", exercises=("squat", "lunge"))
    clock.asked(1)
    with pytest.raises(ConfigError, match="squat"):
        clock.picker.request(words, clock.now_s)
    assert clock.picker.asked == "squat"


def test_a_list_with_an_unknown_exercise_is_refused_at_start():
    with pytest.raises(UnknownExercise, match="headstand"):
        Picker(CATALOGUE, PickerConfig(exercises=("headstand",)))
