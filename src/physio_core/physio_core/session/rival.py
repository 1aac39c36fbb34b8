"""Notices a second coach in the same place, which would mix both sessions without a word.

Every coach says with each status who it is. Of two, the one that started later yields; both compare the same values, so they
agree on who that is. What counts is a status that was heard: the ROS graph also lists processes that were killed.
"""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass

from physio_core.errors import ConfigError


@dataclass(frozen=True, order=True)
class Identity:
    """Which coach it is; the smaller one was there first.

    Attributes:
        started_ns: when it started, since 1970 [ns].
        host: name of its machine.
        pid: its process there.
    """

    started_ns: int
    host: str
    pid: int

    def __str__(self) -> str:
        """As a person would look for it."""
        return f"process {self.pid} on {self.host}"


NOBODY = Identity(0, "", 0)
"""Sender of a status that does not say who sends it."""


def this_process() -> Identity:
    """The coach in this process, started now."""
    return Identity(time.time_ns(), socket.gethostname(), os.getpid())


def is_rival(own: Identity, heard: Identity, place: str) -> bool:
    """Whether a heard status comes from another coach, one that will yield.

    Args:
        own: this coach.
        heard: who sent the status.
        place: where both are, for a person to read, e.g. ``ROS domain 5, namespace /``.

    Raises:
        ConfigError: the other one was there first, so this one must not go on.
    """
    if heard == own:
        return False
    if heard < own:
        raise ConfigError(
            f"another coach runs already ({heard}) in {place}; stop that one, or start this one apart from it, "
            "with namespace:=NAME or another ROS_DOMAIN_ID"
        )
    return True
