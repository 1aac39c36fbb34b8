"""Keeps the record of each session whose patient is known and agreed: listens to the coach, never speaks to it."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from physio_core.action.card import model_folder, read_card
from physio_core.errors import ConfigError, InputError
from physio_core.params import Parameters, param
from physio_msgs.msg import SessionEvent, Speech
from physio_nodes.convert import event_from_msg
from physio_nodes.diagnostics import OK, WARN, Health
from physio_nodes.params import declare
from physio_nodes.qos import HISTORY, RELIABLE
from physio_nodes.run import main_of
from physio_nodes.shell import Shell
from physio_records.entries import Entry, SessionBegun
from physio_records.recorder import Recorder
from physio_records.scribe import Desk, Scribe


@dataclass(frozen=True)
class RecordsConfig(Parameters):
    """Where the record is."""

    database: str = param("", "File or URL of the record; empty: the usual place (docs/records.md).")
    robot: str = param("", "Name of the robot in the record; empty: the name of its machine.")
    language: str = param("en", "Language of the patient's texts, for the record.")
    model: str = param("", "Folder of the recogniser's model, for the record; empty: the one that ships.")


class RecordsNode(Shell):
    """Subscribes to `session/event` and `coach/say`; publishes its health alone."""

    def __init__(self) -> None:
        super().__init__("records")
        self._config = declare(self, RecordsConfig)
        self._model = read_card(model_folder(self._config.model)).name
        self._recorder: Recorder | None = None
        self._scribes: dict[int, Scribe] = {}
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
        for entry in self._scribe(msg.started_ns).write(event):
            self._record(entry)

    def _on_speech(self, msg: Speech) -> None:
        if msg.kind not in (Speech.CUE, Speech.SAFETY):
            return
        for scribe in self._scribes.values():
            for entry in scribe.advise(msg.kind, msg.text):
                self._record(entry)

    def _scribe(self, started_ns: int) -> Scribe:
        """Who follows the coach that started then; of another coach, another."""
        if started_ns not in self._scribes:
            robot = self._config.robot or platform.node()
            desk = Desk(f"{robot}/{started_ns}", robot, self._config.language, _software(), self._model)
            self._scribes = {started_ns: Scribe(desk)}
        return self._scribes[started_ns]

    def _record(self, entry: Entry) -> None:
        session = getattr(entry, "session", "")
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
