"""A therapist's programme from its file to the report: counted, corrected, eased for pain, stopped, and all of it on record."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from nav_msgs.msg import Odometry
from std_msgs.msg import String

from physio_core.assessment.repetition import Outcome
from physio_core.errors import InputError
from physio_core.share import shared_path
from physio_core.types import Side
from physio_msgs.msg import SessionEvent, Speech
from physio_nodes.qos import HISTORY, SENSOR
from physio_records.entries import RatingKind
from physio_records.store.history import SessionRecord, read_sessions
from physio_records.store.store import Store
from physio_tools.launcher.launch import Launch
from physio_tools.listener import Listener
from physio_tools.log import Log
from physio_tools.watch import REST_M_S

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

PROGRAMME = """
patient: p07
days:
- exercises:
  - {exercise: shoulder_abduction, sets: 2, repetitions: 4, side: left, rest_s: 2}
  - {exercise: squat, repetitions: 8}
"""
BRISK = """
/**:
  coach:
    ros__parameters: {show_s: 1.0, ready_s: 1.0, verdict_s: 1.0}
"""
FAULT = "trunk_side_lean"
PERSONAS = f"{FAULT}=30+hurts=5,attentive"
SESSION_S = 240.0
"""How long the whole session may take on a busy machine [s]; about 80 s on one of two cores that does much else."""


def physio(*arguments: str | Path) -> None:
    """Run a command of the product to its good end."""
    done = subprocess.run(["physio", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def recorded(database: Path) -> SessionRecord | None:
    """The session on record, once it has ended."""
    try:
        with Store(str(database)) as store:
            session = read_sessions(store)[-1]
    except InputError:
        return None
    return session if session.ended_at else None


class Session:
    """What a running coach says and does, as seen from outside."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.events = listener.collect(SessionEvent, "session/event", HISTORY)
        self.said = listener.collect(Speech, "coach/say")
        self.odometry = listener.collect(Odometry, "odom", SENSOR)

    def of(self, kind: str, exercise: str = "") -> list[SessionEvent]:
        return [event for event in self.events if event.kind == kind and exercise in ("", event.exercise)]

    def repetitions(self, exercise: str) -> list[SessionEvent]:
        done = self.of(SessionEvent.REPETITION, exercise)
        return [event for event in done if event.repetition.outcome == Outcome.COMPLETE.value]

    @property
    def at_rest(self) -> bool:
        return bool(self.odometry) and abs(self.odometry[-1].twist.twist.linear.x) < REST_M_S

    def until_second_squat(self) -> None:
        self.listener.wait_for(lambda: len(self.repetitions("squat")) >= 2, SESSION_S, "two squats")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes" / "p07.yaml").write_text(PROGRAMME, encoding="utf-8")
    (tmp_path / "brisk.yaml").write_text(BRISK, encoding="utf-8")
    physio("records", "consent", "p07", "--database", tmp_path / "record.sqlite")
    return tmp_path


def test_a_programme_is_coached_eased_stopped_and_reported(folder: Path, listener: Listener) -> None:
    database, session = folder / "record.sqlite", Session(listener)
    arguments = {
        "source": "sim", "mode": "programme", "patient": "p07", "programme_dir": str(folder / "programmes"),
        "database": str(database), "params_file": str(folder / "brisk.yaml"), "personas": PERSONAS, "headless": "true",
    }  # fmt: skip
    with Launch(shared_path("launch", "coach.launch.yaml"), arguments, on_line=Log(quiet=True)):
        session.until_second_squat()
        listener.publisher(String, "exercise_request").publish(String(data="stop"))
        listener.wait_for(lambda: session.of(SessionEvent.STOPPED), what="the end")
        listener.wait_for(lambda: session.at_rest, 5.0, "the base at rest")
        record = listener.wait_for(lambda: recorded(database), what="the record")

    cue = next(one for one in session.said if one.fault == FAULT)
    (pain,), changed = session.of(SessionEvent.PAIN), session.of(SessionEvent.CHANGED)[0]
    assert (pain.value, changed.change_why, round(changed.extent_after, 2)) == (5, "pain", 0.9)
    assert {event.repetition.side for event in session.repetitions("shoulder_abduction")} == {"left"}

    first, second, squats = record.sets
    assert (first.side, record.reason, record.rated(RatingKind.PAIN)) == (Side.LEFT, "stopped", (5,))
    assert (first.planned_repetitions, second.planned_repetitions) == (4, 3)
    assert [len(one.complete) for one in (first, second)] == [3, 3] and len(squats.complete) >= 2
    eased = [(one.what, one.before, one.after, one.reason) for one in record.changes[:2]]
    assert eased == [("extent", "1", "0.9", "pain 5"), ("repetitions", "4", "3", "pain 5")]
    assert cue.text in [one.text for one in record.advice]
    wrong = [FAULT in {fault.name for fault in one.repetition.faults} for one in first.done + second.done]
    assert wrong[:2] == [True, True] and wrong[-2:] == [False, False]

    physio("records", "export", folder / "record.json", "--database", database)
    physio("records", "report", "p07", folder / "report.html", "--database", database)
    tables = json.loads((folder / "record.json").read_text(encoding="utf-8"))["tables"]
    assert len(tables["repetition"]) == sum(len(one.done) for one in record.sets)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "p07" in page and "Pain" in page
