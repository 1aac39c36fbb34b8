"""What a real session does is on record, once, in order; without a patient nothing is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import pytest

from physio_core.assessment.repetition import Outcome, Repetition
from physio_core.judging.judgement import Judgement
from physio_core.programme.programme import Programme
from physio_core.session.events import Event
from physio_core.session.prescription import Prescription
from physio_core.session.status import State
from physio_core.trajectories.progress import expected
from physio_core.types import Side, Verdict
from physio_records import entries as e
from physio_records.scribe import Desk, Plan, Scribe, read_plans
from physio_records.store.history import read_programmes, read_sessions
from physio_records.store.store import Store
from physio_testing.hands import hand_at, posed
from physio_testing.sessions import CATALOGUE, Room, Told

PATHS = {"draw_circle_clockwise": CATALOGUE["draw_circle_clockwise"]}


def done(room: Room, judge: Told, count: int, goal: int = 3, expected: float = math.nan) -> None:
    for number in range(1, count + 1):
        newest = Repetition(number, Outcome.COMPLETE, Side.NONE, number, number + 0.5, number + 1.0)
        judge.says = Judgement(
            verdict=Verdict.RIGHT, repetitions=number, newest=newest, decided=number == goal, expected=expected
        )
        room.see("squat", 0.1)
    judge.says = Judgement()


def session(patient: str = "p07") -> list[Event]:
    """Two sets of three squats with pain in the second, then a stop."""
    judge = Told()
    room = Room("squat 2x3", judges=judge.seats("body"), mode="request", patient=patient, set_rest_s=1.0)
    room.until(State.WATCH)
    done(room, judge, 3)
    room.until(State.REST)
    room.until(State.WATCH)
    room.say("effort 4")
    done(room, judge, 1)
    room.say("pain 5")
    room.say("stop")
    return room.events


def written(events: Sequence[Event]) -> list[e.Entry]:
    scribe = Scribe(Desk("coach-1", robot="waffle"))
    return [entry for event in events for entry in scribe.write(event)]


def test_a_session_is_on_record_with_its_sets_repetitions_and_what_was_told(tmp_path):
    with Store(str(tmp_path / "record.sqlite")) as store:
        store.write([e.ConsentGiven("p07", e.Scope.RECORD), *written(session())])
        (record,) = read_sessions(store)
        first, second = record.sets
        assert (len(first.done), len(second.done), first.reason, second.reason) == (3, 1, "done", "stopped")
        assert {change.what for change in record.changes} == {"extent"}
        assert record.rated(e.RatingKind.PAIN) == (5,) and record.rated(e.RatingKind.EFFORT) == (4,)
        assert record.reason == "stopped"


@pytest.mark.parametrize(
    ("scores", "extent", "change"),
    [
        ((88.0, 90.0, 92.0), 0.8, ("0.8", "0.9", "expected_high 91.1")),
        ((70.0, 50.0, 30.0), 1.0, ("1", "0.9", "expected_low 38.6")),
        ((70.0, 50.0, 30.0), 0.6, None),
    ],
)
def test_who_draws_well_or_ever_worse_gets_another_weight_and_the_record_says_why(tmp_path, scores, extent, change):
    judge = Told()
    room = Room(judges=judge.seats("trajectory"), catalogue=PATHS, exercises=(), mode="request", patient="p07", set_rest_s=1.0)
    asked = Prescription("draw_circle_clockwise", 2, 3, extent=extent)
    assert room.session.ask((asked,), room.now_s).accepted
    room.until(State.WATCH)
    done(room, judge, 3, expected=expected(scores))
    room.until(State.WATCH)
    assert judge.goal.extent == (float(change[1]) if change else extent)
    with Store(str(tmp_path / "record.sqlite")) as store:
        store.write([e.ConsentGiven("p07", e.Scope.RECORD), *written(room.events)])
        changes = [one for record in read_sessions(store) for one in record.changes]
    assert [(one.what, one.before, one.after, one.reason) for one in changes] == ([("extent", *change)] if change else [])


def test_the_same_events_heard_again_write_nothing_twice(tmp_path):
    with Store(str(tmp_path / "record.sqlite")) as store:
        store.write([e.ConsentGiven("p07", e.Scope.RECORD)])
        for _ in range(2):
            store.write(written(session()))
        assert len(read_sessions(store)) == 1


def test_nothing_is_written_of_a_session_whose_patient_nobody_named():
    assert written(session(patient="")) == []


def test_places_in_the_record_only_grow_and_none_is_taken_twice():
    places = [entry.sequence for entry in written(session()) if hasattr(entry, "sequence")]
    assert places == sorted(set(places))


def test_what_the_patient_was_told_stands_between_the_events():
    scribe = Scribe(Desk("coach-1"))
    entries = []
    for event in session():
        entries += [*scribe.write(event), *scribe.advise("depth", "A little deeper.")]
    places = [entry.sequence for entry in entries if hasattr(entry, "sequence")]
    assert any(isinstance(entry, e.AdviceGiven) for entry in entries) and places == sorted(set(places))
    assert not scribe.advise("depth", "A little deeper.")


def test_a_fault_that_is_ignored_in_the_rest_is_one_of_the_set_before():
    judge = Told()
    room = Room("squat 2x3", judges=judge.seats("body"), mode="request", patient="p07", set_rest_s=9.0)
    room.until(State.WATCH)
    done(room, judge, 3)
    room.until(State.REST)
    room.say("ignore depth")
    (word,) = (entry for entry in written(room.events) if isinstance(entry, e.Corrected))
    assert (word.set, word.ordinal, word.action, word.fault) == (1, 0, e.Action.IGNORE, "depth")


def test_somebody_else_on_the_same_robot_is_another_session():
    first, second = session("p07"), session("p08")
    ids = {entry.patient: entry.session for entry in [*written(first), *written(second)] if isinstance(entry, e.SessionBegun)}
    assert set(ids) == {"p07", "p08"}


def test_what_is_asked_again_after_a_wrong_verdict_is_planned_once_and_what_was_seen_is_told():
    judge = Told()
    room = Room("squat 1x3", judges=judge.seats("body"), mode="request", patient="p07")
    room.until(State.WATCH)
    judge.says = Judgement(verdict=Verdict.WRONG, seen="lunge", decided=True)
    room.see("squat", 0.1)
    judge.says = Judgement()
    room.until(State.WATCH)
    room.say("stop")
    entries = written(room.events)
    begun, ended = ([entry for entry in entries if isinstance(entry, kind)] for kind in (e.SetBegun, e.SetEnded))
    assert [(one.set, one.planned_repetitions) for one in begun] == [(1, 3), (2, 0)]
    assert [(one.verdict, one.seen) for one in ended] == [("wrong", "lunge"), ("", "")]


def test_the_session_of_a_coach_that_is_gone_was_left_and_its_set_too():
    scribe = Scribe(Desk("coach-1"))
    events = session()
    for event in events[:-1]:
        scribe.write(event)
    ended = [(type(entry), entry.reason) for entry in scribe.leave()]
    assert ended == [(e.SetEnded, "left"), (e.SessionEnded, "left")]
    assert scribe.leave() == () and scribe.session == ""


def test_a_session_of_someone_with_a_programme_says_what_was_due(tmp_path):
    path = tmp_path / "p07.yaml"
    path.write_text(
        "patient: p07\ntitle: Knee\ndays:\n- exercises:\n"
        "  - {exercise: squat, sets: 2, repetitions: 3}\n  - {exercise: lunge, side: left}\n"
    )
    desk = Desk("coach-1", plans=read_plans(tmp_path, CATALOGUE), exercises=CATALOGUE, repetitions=6)
    scribe = Scribe(desk)
    entries = [entry for event in session() for entry in scribe.write(event)]
    squat = e.PlannedSet("squat", Side.NONE, 3)
    with Store(str(tmp_path / "record.sqlite")) as store:
        store.write([e.ConsentGiven("p07", e.Scope.RECORD), *entries])
        (record,), (plan,) = read_sessions(store), read_programmes(store, "p07")
    assert record.planned == (squat, squat, e.PlannedSet("lunge", Side.LEFT, 6))
    assert (record.programme, plan.name, plan.content) == (plan.programme, "Knee", path.read_text())


def test_a_programme_counts_within_its_time_alone():
    plan = Programme.model_validate(
        {"patient": "p07", "ends": date(2020, 1, 1), "days": [{"exercises": [{"exercise": "squat"}]}]}
    )
    scribe = Scribe(Desk("coach-1", plans={"p07": Plan(plan, "text")}, exercises=CATALOGUE))
    (begun,) = (entry for event in session() for entry in scribe.write(event) if isinstance(entry, e.SessionBegun))
    assert begun.planned == ()


def test_a_programme_is_recorded_once_for_each_version(tmp_path):
    days = [{"weekdays": ["monday", "friday"], "exercises": [{"exercise": "squat", "repetitions": 5}]}]
    plan = Programme.model_validate({"patient": "p01", "title": "First weeks", "days": days})
    with Store(str(tmp_path / "record.sqlite")) as store:
        store.write([e.ConsentGiven("p01", e.Scope.RECORD), *(Plan(plan, content).entry for content in ("one", "one", "two"))])
        own = [one for one in read_programmes(store, "p01") if one.name == "First weeks"]
    assert [(one.weekdays, one.content) for one in own] == [((0, 4), "one"), ((0, 4), "two")]


def test_a_hand_is_on_record_as_a_body_is(tmp_path):
    room = Room("hand_fist 2 left", mode="request", patient="p07")
    fist = posed(fingers_mcp_flexion=75, fingers_pip_flexion=95, fingers_dip_flexion=50)
    room.until(State.WATCH)
    for points, seconds in ((posed(), 1.5), (fist, 1.6), (posed(), 0.8), (fist, 1.6)):
        for _ in range(round(seconds * 10)):
            room.now_s += 0.1
            room.session.update(hand_at(room.now_s, points, "left"), room.now_s)
    room.wait(0.1)
    with Store(str(tmp_path / "record.sqlite")) as store:
        store.write([e.ConsentGiven("p07", e.Scope.RECORD), *written(room.events)])
        (record,) = read_sessions(store)
    (fists,) = record.sets
    assert [(one.repetition.side, one.repetition.outcome) for one in fists.done] == [(Side.LEFT, Outcome.COMPLETE)] * 2
    assert {term.name for term in fists.done[0].repetition.terms} >= {"index", "pinky", "hold"}
