"""The movement of the joints in a session, for those who agreed to that: MCAP, as Foxglove and `ros2 bag` read it; never images.

The only door to MCAP. A file of a process that was killed lacks its index; `mcap recover` or `ros2 bag reindex` makes it again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from mcap_ros2.writer import Writer

from physio_core.errors import ConfigError, InputError, OutputError
from physio_core.files import unwritable
from physio_records.entries import Scope
from physio_records.store.retention import new_recording
from physio_records.store.store import Store

TOPIC = "pose/skeleton"
TYPE = "physio_msgs/msg/Skeleton"
_SOURCES = Path(__file__).resolve().parents[3]
_HEADER = "builtin_interfaces/Time stamp\nstring frame_id\n"
_TIME = "int32 sec\nuint32 nanosec\n"
_RULE = 80 * "="


class SkeletonFile:
    """The recording of one session.

    Attributes:
        path: its file.
    """

    def __init__(self, store: Store, patient: str, session: str) -> None:
        """Begin it.

        Raises:
            InputError: the patient has not agreed to it.
            ConfigError: the description of the message is not installed.
            OutputError: the file cannot be written.
        """
        if not store.agreed(patient, Scope.SKELETONS):
            raise InputError(f"patient {patient!r} has not agreed to that: physio records consent {patient} --scope skeletons")
        definition = _definition()
        self.path = new_recording(store.url, patient, session)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError as error:
            raise unwritable(self.path, error) from error
        self._writer = Writer(self._file)
        self._schema = self._writer.register_msgdef(TYPE, definition)
        self._count = 0

    def write(self, message: Any, at_ns: int) -> None:
        """Add one.

        Args:
            message: a Skeleton message of ROS 2, or a dictionary with its fields.
            at_ns: when its image was taken [ns since 1970].

        Raises:
            OutputError: the disk is full; what was written before stays.
        """
        try:
            self._writer.write_message(TOPIC, self._schema, message, at_ns, at_ns, self._count)
        except OSError as error:
            with suppress(OSError):
                self._file.close()
            raise unwritable(self.path, error) from error
        self._count += 1

    def close(self) -> None:
        """Finish the file; one without a skeleton is removed."""
        try:
            self._writer.finish()
            self._file.close()
        except OSError as error:
            raise unwritable(self.path, error) from error
        if not self._count:
            self.path.unlink(missing_ok=True)


class Tape:
    """Records the skeletons of whichever session runs, as long as its patient agrees; never stops the coaching.

    Attributes:
        session: of which it records; empty: of none.
        kept: skeletons so far, of all sessions.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        """Record nothing yet; `say` is told what goes wrong."""
        self.session = ""
        self.kept = 0
        self._say = say
        self._file: SkeletonFile | None = None
        self._failed = ""

    def follow(self, store: Store | None, patient: str, session: str) -> None:
        """Go by the session that runs now, and by what its patient agrees to now.

        Args:
            store: the record; None: it cannot be reached, so nobody is known to agree.
            patient: of the session.
            session: its id; empty: none runs that is on record.
        """
        try:
            agreed = store is not None and session not in ("", self._failed) and store.agreed(patient, Scope.SKELETONS)
            if self.session != (session if agreed else ""):
                self.close()
            if agreed and store is not None and self._file is None:
                self._file, self.session = SkeletonFile(store, patient, session), session
        except (ConfigError, InputError, OutputError) as error:
            self._give_up(session, error)

    def write(self, message: Any, at_ns: int) -> None:
        """Keep a skeleton, if that is agreed to; as :meth:`SkeletonFile.write`, but nothing is raised."""
        if self._file is not None:
            try:
                self._file.write(message, at_ns)
                self.kept += 1
            except OutputError as error:
                self._give_up(self.session, error)

    def close(self) -> None:
        """Finish the recording, if there is one."""
        file, self._file, session, self.session = self._file, None, self.session, ""
        if file is not None:
            try:
                file.close()
            except OutputError as error:
                self._give_up(session, error)

    def _give_up(self, session: str, error: Exception) -> None:
        self._file, self.session, self._failed = None, "", session
        self._say(f"the skeletons of this session are not recorded: {error}")


def _definition() -> str:
    """The message with all that it is made of, as MCAP wants it."""
    path = next((place for place in _places() if place.is_file()), None)
    if path is None:
        raise ConfigError(f"{TYPE} is not installed; build the workspace (make setup), then source scripts/env")
    parts = (("std_msgs/Header", _HEADER), ("builtin_interfaces/Time", _TIME))
    return path.read_text(encoding="utf-8") + "".join(f"\n{_RULE}\nMSG: {name}\n{text}" for name, text in parts)


def _places() -> Iterator[Path]:
    for prefix in filter(None, os.environ.get("AMENT_PREFIX_PATH", "").split(":")):
        yield Path(prefix, "share/physio_msgs/msg/Skeleton.msg")
    yield _SOURCES / "physio_msgs/msg/Skeleton.msg"
