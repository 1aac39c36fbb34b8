"""Keeps the record of each session whose patient is known and agreed: listens to the coach, and tells which session it is."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rclpy.time import Time
from std_msgs.msg import UInt32

from physio_core.action.card import model_folder, read_card
from physio_core.errors import ConfigError, InputError
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.params import param
from physio_core.programme.programme import ProgrammeConfig
from physio_core.session.machine import SessionConfig
from physio_msgs.msg import SessionEvent, Skeleton, Speech
from physio_nodes.convert import event_from_msg
from physio_nodes.diagnostics import OK, WARN, Health
from physio_nodes.params import declare
from physio_nodes.qos import HISTORY, LATCHED, RELIABLE, SENSOR
from physio_nodes.run import main_of
from physio_nodes.shell import Shell
from physio_records.entries import Entry, SessionBegun
from physio_records.recorder import Recorder
from physio_records.scribe import Desk, Scribe, read_plans
from physio_records.skeletons import Tape


@dataclass(frozen=True)
class RecordsConfig(ProgrammeConfig, LibraryConfig):
    """Where the record is."""

    database: str = param("", "File or URL of the record; empty: the usual place (docs/records.md).")
    robot: str = param("", "Name of the robot in the record; empty: the name of its machine.")
    language: str = param("en", "Language of the patient's texts, for the record.")
    repetitions: int = param(
        SessionConfig().repetitions, "Of a set where a programme says nothing, as the coach has it.", low=0, high=100
    )


class RecordsNode(Shell):
    """Subscribes to `session/event`, `coach/say` and `pose/skeleton`; publishes `session/number`."""

    def __init__(self) -> None:
        super().__init__("records")
        config = self._config = declare(self, RecordsConfig)
        robot, model = config.robot or platform.node(), read_card(model_folder(config.model)).name
        exercises = load_library(config).exercises
        plans = read_plans(Path(config.programme_dir).expanduser(), exercises) if config.programme_dir else {}
        self._desk = Desk("", robot, config.language, _software(), model, plans, exercises, config.repetitions)
        self._coach, self._scribe = 0, Scribe(self._desk)
        self._recorder: Recorder | None = None
        self._tape = Tape(self._warn)
        self._refused = self._told = ""
        self._number = self.create_publisher(UInt32, "session/number", LATCHED)
        self._written = 0
        self.create_subscription(SessionEvent, "session/event", self._on_event, HISTORY)
        self.create_subscription(Speech, "coach/say", self._on_speech, RELIABLE)
        self.create_subscription(Skeleton, "pose/skeleton", self._on_skeleton, SENSOR)

    def close(self) -> None:
        """Write what waits, or leave it for the next start."""
        self._tape.close()
        if self._recorder is not None:
            self._recorder.close()

    def _on_event(self, msg: SessionEvent) -> None:
        try:
            event = event_from_msg(msg)
        except InputError as error:
            self.refuse("event", error)
            return
        if msg.started_ns != self._coach:
            self._meet(msg.started_ns)
        for entry in self._scribe.write(event):
            self._record(entry)
        session = self._scribe.session if self._scribe.session != self._refused else ""
        self._tape.follow(self._recorder.store if self._recorder else None, self._scribe.patient, session)
        if session != self._told:
            self._told = session
            self._number.publish(UInt32(data=self._recorder.number_of(session) if self._recorder and session else 0))

    def _on_skeleton(self, msg: Skeleton) -> None:
        self._tape.write(msg, Time.from_msg(msg.header.stamp).nanoseconds)

    def _on_speech(self, msg: Speech) -> None:
        if msg.kind not in (Speech.CUE, Speech.SAFETY):
            return
        for entry in self._scribe.advise(msg.kind, msg.text):
            self._record(entry)

    def _meet(self, started_ns: int) -> None:
        """Follow the coach that started then; the session of the one before it is over."""
        for entry in self._scribe.leave():
            self._record(entry)
        self._coach, self._scribe = started_ns, Scribe(replace(self._desk, coach=f"{self._desk.robot}/{started_ns}"))

    def _record(self, entry: Entry) -> None:
        session = getattr(entry, "session", self._scribe.session)
        if session == self._refused:
            return
        try:
            # Only now: where nobody is recorded, there is no record.
            self._recorder = self._recorder or Recorder(self._warn, self._config.database)
            self._recorder.record(entry)
        except (ConfigError, InputError) as error:
            self._refused = session
            self._warn(f"this session is not recorded: {error}")
        else:
            self._written += 1
            if isinstance(entry, SessionBegun):
                self.get_logger().info(f"recording the session of patient {entry.patient}")

    def _warn(self, text: str) -> None:
        self.get_logger().warning(text)

    def _health(self) -> Health:
        waiting = self._recorder.waiting if self._recorder else 0
        counters: dict[str, int | float | str] = {"written": self._written, "waiting": waiting, "rejected": self.rejected}
        counters["skeletons"] = self._tape.kept
        return (WARN if waiting else OK), "entries wait for the database" if waiting else "recording", counters


def _software() -> str:
    try:
        return version("physio_core")
    except PackageNotFoundError:
        return ""


main = main_of(RecordsNode)

if __name__ == "__main__":
    main()
