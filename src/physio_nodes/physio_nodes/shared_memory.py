"""Shared memory that killed processes left behind.

Fast DDS removes its segments when a process ends, not when it is killed, and nobody else does: a robot that runs for months, or a
machine that runs the tests, would run out of memory.
"""

from __future__ import annotations

import fcntl
import re
import time
from contextlib import suppress
from pathlib import Path

FOLDER = Path("/dev/shm")
YOUNG_S = 10.0
"""A segment is not touched while its process may still be making it [s]."""
_SEGMENT = re.compile("fastrtps_[0-9a-f]{16}")


def sweep(folder: Path = FOLDER) -> int:
    """Remove the segments whose processes are gone; those of other users stay.

    Returns:
        How many bytes are free again.
    """
    freed = 0
    with suppress(OSError):
        for segment in folder.iterdir():
            if _SEGMENT.fullmatch(segment.name):
                freed += _remove(segment, segment.with_name(f"{segment.name}_el"))
    return freed


def _remove(segment: Path, lock: Path) -> int:
    """A living process holds the lock, as Fast DDS asks for it."""
    with suppress(OSError):
        size = segment.stat().st_size
        if time.time() - lock.stat().st_mtime > YOUNG_S:
            with lock.open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                segment.unlink()
                lock.unlink()
            return size
    return 0
