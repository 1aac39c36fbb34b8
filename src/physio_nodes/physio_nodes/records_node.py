"""Keeps the record of each session whose patient is known and agreed: listens to the coach, never speaks to it."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from physio_core.action.card import model_folder, read_card
from physio_core.errors import ConfigError, InputError
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.params import param
from physio_core.programme.programme import ProgrammeConfig
from physio_core.session.machine import SessionConfig
from physio_msgs.msg import SessionEvent, Speech
from physio_nodes.convert import event_from_msg
from physio_nodes.diagnostics import OK, WARN, Health
from physio_nodes.params import declare
from physio_nodes.qos import HISTORY, RELIABLE
from physio_nodes.run import main_of
from physio_nodes.shell import Shell
from physio_records.entries import Entry, SessionBegun
from physio_records.recorder import Recorder
from physio_records.scribe import Desk, Scribe, read_plans


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
    """Subscribes to `session/event` and `coach/say`; publishes its health alone."""

    def __init__(self) -> None:
        super().__init__("records")
        self._config = declare(self, RecordsConfig)
        self._model = read_card(model_folder(self._config.model)).name
        self._recorder: Recorder | None = None
        exercises = load_library(self._config).exercises
        folder = self._config.programme_dir
        self._plans = read_plans(Path(folder).expanduser(), exercises) if folder else {}
        self._exercises = exercises
        self._coach, self._scribe = 0, Scribe(Desk(""))
        self._refused = ""
        self._written = 0
        self.create_subscription(SessionEvent, "session/event", self._on_event, HISTORY)
        self.create_subscription(Speech, "coach/say", self._on_speech, RELIABLE)

    def close(self) -> None:
        """Write what waits, or leave it for the next start."""
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

    def _on_speech(self, msg: Speech) -> None:
        if msg.kind not in (Speech.CUE, Speech.SAFETY):
            return
        for entry in self._scribe.advise(msg.kind, msg.text):
            self._record(entry)

    def _meet(self, started_ns: int) -> None:
        """Follow the coach that started then; the session of the one before it is over."""
        for entry in self._scribe.leave():
            self._record(entry)
        config, robot = self._config, self._config.robot or platform.node()
        self._coach = started_ns
        self._scribe = Scribe(
            Desk(f"{robot}/{started_ns}", robot, config.language, _software(), self._model, self._plans, self._exercises,
                 config.repetitions)
        )  # fmt: skip

    def _record(self, entry: Entry) -> None:
        session = getattr(entry, "session", self._scribe.session)
        if session == self._refused:
            return
        try:
            # Only now: where nobody is recorded, there is no record.
            self._recorder = self._recorder or Recorder(lambda text: self.get_logger().warning(text), self._config.database)
            self._recorder.record(entry)
        except (ConfigError, InputError) as error:
            self._refused = session
            self.get_logger().warning(f"this session is not recorded: {error}")
        else:
            self._written += 1
            if isinstance(entry, SessionBegun):
                self.get_logger().info(f"recording the session of patient {entry.patient}")

    def _health(self) -> Health:
        waiting = self._recorder.waiting if self._recorder else 0
        counters: dict[str, int | float | str] = {"written": self._written, "waiting": waiting, "rejected": self.rejected}
        return (WARN if waiting else OK), "entries wait for the database" if waiting else "recording", counters


def _software() -> str:
    try:
        return version("physio_core")
    except PackageNotFoundError:
        return ""


main = main_of(RecordsNode)

if __name__ == "__main__":
    main()
