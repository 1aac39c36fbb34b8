"""A whole session, as the coach's own session tells it, is the record that a therapist reads."""

from __future__ import annotations

import pytest

from physio_core.assessment.repetition import Outcome, Repetition, ScoreTerm, Side
from physio_core.coaching.advice import Advice, AdviceKind
from physio_core.judging.judgement import Judgement
from physio_core.programme.programme import Programme
from physio_core.session.events import State
from physio_core.types import Verdict
from physio_records import entries as e
from physio_records.follower import Follower, programme_entry
from physio_records.recorder import Recorder
from physio_records.store.history import SessionRecord, read_programmes, read_sessions
from physio_testing.sessions import Room, Told


class Heard:
    """A room whose events reach a record as they happen."""

    def __init__(self, store, patient: str = "p01") -> None:
        self.said: list[str] = []
        self.told = Told()
        self.recorder = Recorder(self.said.append, store.place)
        self.follower = Follower(self.recorder, self.said.append, robot="robot1", model="stgcn_body 1")
        self.store = store
        self.room = Room(judges=self.told.seats("body"), mode="request", patient=patient, set_rest_s=5.0)

    def repeat(self, count: int, goal: int) -> None:
        for number in range(1, count + 1):
            done = Repetition(number, Outcome.COMPLETE, Side.NONE, number - 1.0, number - 0.5, float(number))
            self.told.says = Judgement(
                verdict=Verdict.RIGHT, repetitions=number, newest=done, terms=(ScoreTerm("range", 0.9),), decided=number == goal
            )
            self.room.see("squat", 0.1)
        self.told.says = Judgement()
        self.hear()

    def hear(self) -> None:
        for event in self.room.events:
            self.follower.take(event)
        self.room.events.clear()

    def record(self) -> SessionRecord:
        self.hear()
        self.recorder.close()
        return read_sessions(self.store, patient="p01")[-1]


@pytest.fixture
def heard(store):
    return Heard(store)


def test_sets_repetitions_and_changes_are_recorded(heard):
    heard.room.say("squat 2x3")
    for _ in range(2):
        heard.room.until(State.WATCH)
        heard.repeat(3, goal=3)
    heard.room.until(State.FINISHED)
    record = heard.record()
    assert (record.number, record.reason, record.robot, record.model) == (4, "finished", "robot1", "stgcn_body 1")
    first, second = record.sets
    assert (first.exercise, first.planned_repetitions, len(first.complete), first.verdict) == ("squat", 3, 3, "right")
    assert second.planned_repetitions == 4
    assert (record.changes[0].what, record.changes[0].before, record.changes[0].after) == ("repetitions", "3", "4")
    assert "done_well" in record.changes[0].reason


def test_a_stop_for_pain_is_recorded_as_one(heard):
    heard.room.say("squat 2x8")
    heard.room.until(State.WATCH)
    heard.repeat(2, goal=8)
    heard.room.say("pain 9")
    record = heard.record()
    assert record.reason == "pain"
    assert record.rated(e.RatingKind.PAIN) == (9,)
    assert [(made.reason, len(made.done)) for made in record.sets] == [("pain", 2)]
    assert heard.follower.session == ""


def test_a_therapists_stop_is_no_pain(heard):
    heard.room.say("squat 2x8")
    heard.room.until(State.WATCH)
    heard.room.say("pain 1")
    heard.room.say("stop")
    assert heard.record().reason == "stopped"


def test_a_set_that_is_left_was_skipped(heard):
    heard.room.say("squat 8, lunge 8")
    heard.room.until(State.WATCH)
    heard.repeat(1, goal=8)
    heard.room.say("next")
    heard.room.until(State.WATCH)
    heard.hear()
    heard.follower.close()
    record = heard.record()
    assert [(made.exercise, made.reason) for made in record.sets] == [("squat", "skipped"), ("lunge", "interrupted")]
    assert record.reason == "interrupted"


def test_a_session_of_nobody_leaves_no_record(store):
    heard = Heard(store, patient="")
    heard.room.say("squat 3")
    heard.room.until(State.WATCH)
    heard.repeat(3, goal=3)
    assert heard.record().number == 3
    assert heard.said == []


def test_who_did_not_agree_is_told_once_and_coached_on(store):
    heard = Heard(store, patient="p07")
    heard.room.say("squat 2x3")
    for _ in range(2):
        heard.room.until(State.WATCH)
        heard.repeat(3, goal=3)
    heard.record()
    assert len(heard.said) == 1
    assert "p07" in heard.said[0] and "nothing is recorded" in heard.said[0]


def test_advice_is_recorded(heard):
    heard.room.say("squat 3")
    heard.room.until(State.WATCH)
    heard.hear()
    heard.follower.advised(Advice(AdviceKind.PRAISE, "Well done.", "praise.1"))
    assert [(one.set, one.cue, one.text) for one in heard.record().advice] == [(1, "praise.1", "Well done.")]


def test_a_programme_is_recorded_once_for_each_version(store):
    days = [{"weekdays": ["monday", "friday"], "exercises": [{"exercise": "squat", "repetitions": 5}]}]
    plan = Programme.model_validate({"patient": "p01", "title": "First weeks", "days": days})
    for content in ("one", "one", "two"):
        store.write([programme_entry(plan, content)])
    own = [one for one in read_programmes(store, "p01") if one.name == "First weeks"]
    assert [(one.weekdays, one.content) for one in own] == [((0, 4), "one"), ((0, 4), "two")]
