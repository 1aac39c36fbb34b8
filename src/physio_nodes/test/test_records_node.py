"""The record as a real process: what the coach says happened is on record, and a kill loses no finished repetition."""

from __future__ import annotations

from contextlib import suppress

import pytest

from physio_core.assessment.repetition import Outcome, Repetition, Side
from physio_core.errors import InputError
from physio_core.judging.judgement import Judgement
from physio_core.session.events import Event, EventKind, State, Status
from physio_core.session.rival import Identity
from physio_msgs.msg import SessionEvent
from physio_nodes.convert import event_to_msg
from physio_nodes.qos import HISTORY
from physio_records.entries import ConsentGiven, Scope
from physio_records.store.history import read_sessions
from physio_records.store.store import Store

COACH = Identity(started_ns=5, host="here", pid=7)


class Coach:
    """Says what happened in a session, as a coach does."""

    def __init__(self, listener) -> None:
        self._listener, self._number = listener, 0
        self._events = listener.node.create_publisher(SessionEvent, "session/event", HISTORY)

    def say(self, kind: EventKind, patient: str = "p07", repetition: int = 0) -> None:
        self._number += 1
        newest = Repetition(repetition, Outcome.COMPLETE, Side.NONE, 1.0, 2.0, 3.0) if repetition else None
        status = Status(State.WATCH, 1, "squat", turn=1, patient=patient, session=1)
        event = Event(kind, status, "squat", judgement=Judgement(newest=newest), number=self._number)
        self._events.publish(event_to_msg(event, self._listener.node.get_clock().now().to_msg(), 0.0, COACH))

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


def test_nobody_who_did_not_agree_is_recorded_and_it_is_said_once(start, listener, database):
    node = start("records_node", parameters={"database": database})
    Coach(listener).repeat(3, patient="p08")
    node.wait_for_line("this session is not recorded")
    assert repetitions(database) == 0
