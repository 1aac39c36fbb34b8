"""What a process takes of the machine, as the kernel counts it: memory that is its own, and share of a processor core."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Usage:
    """Of one process, between two looks.

    Attributes:
        rss_mb: resident memory at the second look [MB].
        cpu_share: of one core, 1 is a whole one.
    """

    rss_mb: float
    cpu_share: float


class Meter:
    """Looks at processes now and once more; those that ended in between are left out."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        """Take the first look.

        Args:
            pids: process by name.
        """
        self._pids, self._begun_s = dict(pids), time.monotonic()
        self._before_s = {name: _cpu_s(pid) for name, pid in self._pids.items()}

    def read(self) -> dict[str, Usage]:
        """Take the second look; ``total`` is all together."""
        passed_s = max(time.monotonic() - self._begun_s, 1e-3)
        found: dict[str, Usage] = {}
        for name, pid in self._pids.items():
            before_s, after_s, rss_mb = self._before_s[name], _cpu_s(pid), resident_mb(pid)
            if before_s is not None and after_s is not None and rss_mb is not None:
                found[name] = Usage(rss_mb, (after_s - before_s) / passed_s)
        total = Usage(sum(one.rss_mb for one in found.values()), sum(one.cpu_share for one in found.values()))
        return {**found, "total": total}


def _cpu_s(pid: int) -> float | None:
    """Processor time so far [s]; None: it is gone."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float | None:
    """Resident memory [MB]; None: it is gone."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return None
    kib = next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), None)
    return None if kib is None else kib * 1024 / 1e6
