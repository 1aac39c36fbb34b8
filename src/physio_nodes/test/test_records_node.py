"""The record as a real process: what the coach says happened is on record, and a kill loses no finished repetition."""

from __future__ import annotations

from contextlib import suppress

import pytest
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from std_msgs.msg import UInt32

from physio_core.assessment.repetition import Outcome, Repetition
from physio_core.errors import InputError
from physio_core.judging.judgement import Judgement
from physio_core.session.events import Event, EventKind
from physio_core.session.rival import Identity
from physio_core.session.status import State, Status
from physio_core.types import Side, Skeleton, Tracking
from physio_msgs.msg import SessionEvent
from physio_msgs.msg import Skeleton as SkeletonMsg
from physio_nodes.convert import event_to_msg, skeleton_to_msg
from physio_nodes.qos import DIAGNOSTICS, HISTORY, LATCHED, SENSOR_OUT
from physio_records.entries import ConsentGiven, Scope, SessionBegun
from physio_records.store.history import SessionRecord, read_programmes, read_sessions
from physio_records.store.store import Store
from physio_testing.recordings import recorded


class Coach:
    """Says what happened in a session, as a coach does."""

    def __init__(self, listener, started_ns: int = 5) -> None:
        self._listener, self._number = listener, 0
        self._self = Identity(started_ns, host="here", pid=7)
        self._events = listener.node.create_publisher(SessionEvent, "session/event", HISTORY)

    def say(self, kind: EventKind, patient: str = "p07", repetition: int = 0) -> None:
        self._number += 1
        newest = Repetition(repetition, Outcome.COMPLETE, Side.NONE, 1.0, 2.0, 3.0) if repetition else None
        status = Status(State.WATCH, 1, "squat", turn=1, patient=patient, session=1)
        event = Event(kind, status, "squat", judgement=Judgement(newest=newest), number=self._number)
        self._events.publish(event_to_msg(event, self._listener.node.get_clock().now().to_msg(), 0.0, self._self))

    def repeat(self, count: int, patient: str = "p07") -> None:
        self.say(EventKind.ASKED, patient)
        for number in range(1, count + 1):
            self.say(EventKind.REPETITION, patient, number)


@pytest.fixture
def database(tmp_path) -> str:
    path = str(tmp_path / "record.sqlite")
    with Store(path) as store:
        store.write([ConsentGiven("p07", Scope.RECORD)])
    return path


def repetitions(database: str) -> int:
    with Store(database) as store, suppress(InputError):  # no session yet
        return sum(len(one.done) for session in read_sessions(store) for one in session.sets)
    return 0


def test_a_kill_loses_no_repetition_and_a_new_start_writes_none_twice(start, listener, database):
    node = start("records_node", parameters={"database": database})
    coach = Coach(listener)
    coach.repeat(4)
    listener.wait_for(lambda: repetitions(database) == 4, what="four repetitions on record")
    node.kill()
    start("records_node", parameters={"database": database})
    coach.say(EventKind.REPETITION, repetition=5)
    coach.say(EventKind.STOPPED)
    listener.wait_for(lambda: repetitions(database) == 5, what="five repetitions on record")
    with Store(database) as store:
        assert len(read_sessions(store)) == 1


def sessions(database: str) -> list[SessionRecord]:
    with Store(database) as store, suppress(InputError):  # no session yet
        return list(read_sessions(store))
    return []


def skeletons_kept(reports: list[DiagnosticArray]) -> set[str]:
    return {item.value for report in reports for item in report.status[0].values if item.key == "skeletons"}


def test_a_coach_that_starts_again_leaves_no_session_open(start, listener, database):
    start("records_node", parameters={"database": database})
    Coach(listener).repeat(1)
    listener.wait_for(lambda: repetitions(database) == 1, what="a repetition on record")
    Coach(listener, started_ns=6).say(EventKind.ASKED)
    listener.wait_for(lambda: len(sessions(database)) == 2, what="a second session on record")
    assert [(one.reason, one.sets[0].reason) for one in sessions(database)] == [("left", "left"), ("", "")]


def test_the_coach_is_told_which_session_of_the_patient_it_is(start, listener, database):
    with Store(database) as store:
        store.write([SessionBegun(name, "p07") for name in ("first", "second")])
    start("records_node", parameters={"database": database})
    told = listener.collect(UInt32, "session/number", LATCHED)
    Coach(listener).say(EventKind.ASKED)
    listener.wait_for(lambda: [msg.data for msg in told] == [3], what="the third session of p07")
    Coach(listener, started_ns=6).say(EventKind.ASKED, patient="p08")
    listener.wait_for(lambda: [msg.data for msg in told] == [3, 0], what="a session of somebody who is not recorded")


def test_a_programme_is_on_record_with_what_was_due(start, listener, database, tmp_path):
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "p07.yaml").write_text("{patient: p07, days: [{exercises: [{exercise: squat, sets: 2, repetitions: 4}]}]}")
    start("records_node", parameters={"database": database, "programme_dir": str(plans)})
    Coach(listener).say(EventKind.ASKED)
    listener.wait_for(lambda: sessions(database), what="a session on record")
    assert [one.repetitions for one in sessions(database)[0].planned] == [4, 4]
    with Store(database) as store:
        listener.wait_for(lambda: read_programmes(store, "p07"), what="the programme on record")


def test_the_skeletons_of_who_agreed_are_on_record_until_the_session_ends(start, listener, database, tmp_path):
    with Store(database) as store:
        store.write([ConsentGiven("p07", Scope.SKELETONS)])
    node = start("records_node", parameters={"database": database})
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    coach, seen = Coach(listener), listener.publisher(SkeletonMsg, "pose/skeleton", SENSOR_OUT)
    coach.say(EventKind.ASKED)
    folder = tmp_path / "skeletons" / "p07"
    listener.wait_for(lambda: list(folder.glob("*.mcap")), what="a recording that begins")
    listener.wait_for(seen.get_subscription_count, what="who takes skeletons")
    seen.publish(skeleton_to_msg(Skeleton(12.5, Tracking.NOBODY), Time(sec=12, nanosec=500_000_000), "camera"))
    listener.wait_for(lambda: "1" in skeletons_kept(reports), what="a skeleton that is kept")
    coach.say(EventKind.STOPPED)
    listener.wait_for(lambda: sessions(database)[0].ended_at, what="the end of the session")
    node.stop()
    (file,) = folder.glob("*.mcap")
    ((_, at_ns, message),) = recorded(file)
    assert (at_ns, message.status, file.stem) == (12_500_000_000, 1, sessions(database)[0].session)


def test_nobody_who_did_not_agree_is_recorded_and_it_is_said_once(start, listener, database):
    node = start("records_node", parameters={"database": database})
    Coach(listener).repeat(3, patient="p08")
    node.wait_for_line("this session is not recorded")
    assert repetitions(database) == 0
