"""The movement of the joints in a session, for those who agreed to that: MCAP, as Foxglove and `ros2 bag` read it; never images.

The only door to MCAP. A file of a process that was killed lacks its index; `mcap recover` or `ros2 bag reindex` makes it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from mcap_ros2.writer import Writer

from physio_core.errors import ConfigError, InputError
from physio_core.files import unwritable
from physio_records.entries import Scope
from physio_records.store.place import skeleton_folder
from physio_records.store.retention import RECORDING
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
        self.path = skeleton_folder(store.url) / patient / f"{session}{RECORDING}"
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
