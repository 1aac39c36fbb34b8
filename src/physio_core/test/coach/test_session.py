"""A round is decided by time seen, not by a flicker; nothing is decided without input."""

from __future__ import annotations

import pytest

from physio_core.coach.exercises import load_exercises
from physio_core.coach.messages import load_phrases, message
from physio_core.coach.session import NO_CAMERA, NOT_SEEN, Session, SessionConfig, State, Status
from physio_core.errors import ConfigError, UnknownExercise
from physio_core.types import UNKNOWN, Abstain, Prediction, Reason, Verdict

CATALOGUE = load_exercises()
FAST = SessionConfig(show_s=1.0, watch_s=10.0, right_s=2.0, wrong_s=2.0)


class Room:
    """A session that sees labels at 30 Hz."""

    def __init__(self, asked: str = "squat") -> None:
        self.session, self.now_s = Session(CATALOGUE, FAST), 100.0
        self.session.ask(asked, self.now_s)

    def see(self, label: str, seconds: float, confidence: float = 0.9, abstain: Abstain = Abstain.NONE) -> Status:
        for _ in range(round(seconds * 30)):
            self.now_s += 1 / 30
            seen = Prediction(self.now_s, label, confidence, abstain=abstain)
            status = self.session.see(seen, self.now_s)
        return status

    def wait(self, seconds: float) -> Status:
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            status = self.session.tick(self.now_s)
        return status


def test_shows_before_it_judges():
    assert Room().see("squat", 0.9).state is State.SHOW


def test_the_asked_exercise_is_judged_right_and_stays_so():
    room = Room()
    status = room.see("squat", 3.2)
    assert (status.state, status.verdict, status.seen) == (State.VERDICT, Verdict.RIGHT, "squat")
    assert room.see("lunge", 5.0).verdict is Verdict.RIGHT


def test_another_exercise_is_judged_wrong_and_named():
    status = Room().see("lunge", 3.2)
    assert (status.state, status.verdict, status.seen) == (State.VERDICT, Verdict.WRONG, "lunge")


def test_a_flicker_decides_nothing():
    room = Room()
    room.see("squat", 1.5)
    status = room.see("lunge", 0.4)
    assert (status.state, status.verdict) == (State.WATCH, Verdict.WRONG)
    assert room.see("squat", 2.0).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("label", "confidence", "abstain", "reason"),
    [
        (UNKNOWN, 0.9, Abstain.NONE, NOT_SEEN),
        ("squat", 0.3, Abstain.NONE, NOT_SEEN),
        ("", 0.0, Abstain.NOBODY, "nobody"),
        ("", 0.0, Abstain.OUT_OF_FRAME, "out_of_frame"),
    ],
)
def test_what_cannot_be_judged_ends_unsure_with_its_reason(label, confidence, abstain, reason):
    status = Room().see(label, 12.0, confidence, abstain)
    assert (status.state, status.verdict, status.reason) == (State.VERDICT, Verdict.UNSURE, reason)


def test_a_lost_camera_is_said_at_once_and_ends_unsure():
    room = Room()
    room.see("squat", 1.5)
    status = room.wait(1.2)
    assert (status.state, status.verdict, status.reason) == (State.WATCH, Verdict.UNSURE, NO_CAMERA)
    assert status.input_age_s > 1.0
    assert room.wait(10.0).verdict is Verdict.UNSURE


def test_a_gap_in_the_stream_is_no_evidence():
    room = Room()
    room.see("squat", 1.2)
    room.now_s += 8.0
    assert room.see("squat", 1 / 30).state is State.WATCH


def test_a_stamp_that_jumps_back_is_no_evidence():
    room = Room()
    room.see("squat", 1.1)
    for _ in range(100):
        status = room.session.see(Prediction(5.0, "squat", 0.9), room.now_s)
    assert status.state is State.WATCH


def test_a_pause_costs_no_time():
    room = Room()
    room.see("squat", 2.0)
    room.session.pause(room.now_s)
    assert room.see("lunge", 20.0).state is State.PAUSED
    room.session.resume(room.now_s)
    assert room.see("squat", 1.4).verdict is Verdict.RIGHT


def test_asking_again_begins_a_new_round():
    room = Room()
    room.see("squat", 3.2)
    status = room.session.ask("lunge", room.now_s)
    assert (status.state, status.round, status.progress) == (State.SHOW, 2, 0.0)


def test_an_unknown_exercise_is_refused_and_the_round_goes_on():
    room = Room()
    with pytest.raises(UnknownExercise, match="headstand.*squat"):
        room.session.ask("headstand", room.now_s)
    assert room.see("squat", 3.2).verdict is Verdict.RIGHT


def test_asking_for_nothing_after_the_end_keeps_the_end():
    room = Room()
    room.session.end(State.FINISHED, room.now_s)
    assert room.session.ask("", room.now_s).state is State.FINISHED


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_state_and_reason_has_words(language):
    phrases = load_phrases(language)
    statuses = [
        Status(state, asked="squat", seen="lunge", verdict=verdict) for state in State for verdict in Verdict if verdict.value
    ]
    statuses += [Status(State.WATCH, asked="squat", verdict=Verdict.UNSURE, reason=reason) for reason in Reason]
    for status in statuses:
        words = message(status, CATALOGUE, phrases, language)
        assert words and "{" not in words and "_" not in words


def test_a_language_that_is_not_there_is_refused():
    with pytest.raises(ConfigError, match="'xx'.*en, de"):
        load_phrases("xx")
