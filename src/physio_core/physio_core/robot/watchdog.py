"""Age watchdogs on the steady clock: the one mechanism that notices a killed, a stopped and a hung sender alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

from physio_core.params import Parameters, param


@dataclass(frozen=True)
class WatchdogConfig(Parameters):
    """How long silence is tolerated. The upper bound keeps the promise that the base is at rest within 400 ms."""

    timeout_ms: float = param(
        300.0, "Longest silence of the other side before the base is stopped.", unit="ms", low=100.0, high=330.0
    )

    @property
    def timeout_s(self) -> float:
        """The same in seconds."""
        return self.timeout_ms / 1000.0


class Watchdog:
    """Knows how old the newest sign of life is; starts expired."""

    def __init__(self, timeout_s: float) -> None:
        """Expire after ``timeout_s`` [s] of silence."""
        self._timeout_s = timeout_s
        self._fed_s = -math.inf

    def feed(self, at_s: float) -> None:
        """Take a sign of life of that time [s, steady clock]; one older than the newest changes nothing."""
        self._fed_s = max(self._fed_s, at_s)

    def age_s(self, now_s: float) -> float:
        """Time since the last sign of life [s]."""
        return now_s - self._fed_s

    def expired(self, now_s: float) -> bool:
        """Whether the silence has lasted too long."""
        return self.age_s(now_s) > self._timeout_s


class StallDetector:
    """Lets a process notice that it was itself stopped or hung: its own loop did not run for too long."""

    def __init__(self, timeout_s: float) -> None:
        """Tolerate gaps of up to ``timeout_s`` [s]."""
        self._timeout_s = timeout_s
        self._updated_s = math.inf

    def update(self, now_s: float) -> bool:
        """Note one pass of the loop; True if the pass before was too long ago."""
        gap_s, self._updated_s = now_s - self._updated_s, now_s
        return gap_s > self._timeout_s
