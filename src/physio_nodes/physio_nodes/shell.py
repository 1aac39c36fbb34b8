"""The base of every node: one clock for ages, one way to refuse a message, and a health that is published once a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rclpy.node import Node

from physio_core.errors import InputError
from physio_nodes.diagnostics import Diagnostics, Health

SILENT_S = 2.0
"""A node reports an input that has been silent for longer than this [s]."""
LOG_EVERY_S = 5.0
"""Refused messages are logged no more often than this [s]."""


class Shell(Node):
    """A node that refuses what it cannot use and reports its health.

    Attributes:
        rejected: messages refused so far.
    """

    def __init__(self, name: str) -> None:
        """Create the node and the timer that publishes its health."""
        super().__init__(name)
        self.rejected = 0
        Diagnostics(self, self._health)

    def _health(self) -> Health:
        """Level, one sentence and counters; asked once a second, must return at once."""
        raise NotImplementedError

    def now_s(self) -> float:
        """Time on the steady clock, which all processes of a machine share (CLOCK_MONOTONIC): for every age and time-out [s]."""
        return time.monotonic()

    def refuse(self, what: str, error: InputError) -> None:
        """Count a message that cannot be used, and log why."""
        self.rejected += 1
        self.get_logger().warning(f"{what} refused: {error}", throttle_duration_sec=LOG_EVERY_S)

    @contextmanager
    def refusing(self, what: str) -> Iterator[None]:
        """Refuse what turns out to be unusable while it is taken in."""
        try:
            yield
        except InputError as error:
            self.refuse(what, error)
