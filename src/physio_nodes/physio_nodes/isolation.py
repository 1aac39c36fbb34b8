"""Isolates the two safety processes: a load or a frozen process elsewhere on the machine must not delay a stop."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from physio_core.share import shared_path

PROFILE_VARIABLES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")


NICE = -10
TERMINAL_STOPS = (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)


def isolate_transport() -> None:
    """Raise the priority where the system allows it, and avoid shared memory; call it before the node is created.

    Ctrl-Z reaches every process of a terminal's job. It would freeze the controller and the guard in the same instant, with a
    base that continues to move; so these two ignore it, and bring the base to rest because the coach falls silent.

    A process frozen while it holds the lock of a shared-memory port (Fast DDS) makes all others that write to this port wait
    for a second: with the guard frozen so, the controller's zeros would come too late. A user's own profile stays.
    """
    for number in TERMINAL_STOPS:
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):  # reported by `priority`
        os.setpriority(os.PRIO_PROCESS, 0, min(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    for variable in PROFILE_VARIABLES:
        if Path(os.environ.get(variable, "")).name == "fastdds.xml":
            os.environ[variable] = str(shared_path("config", "fastdds_udp.xml"))
    os.environ.setdefault("FASTDDS_BUILTIN_TRANSPORTS", "UDPv4")


def priority() -> str:
    """Whether the priority of this process is raised, for its diagnostics."""
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    return f"raised (nice {nice})" if nice <= NICE else f"not raised (nice {nice}): this user may not; see docs/safety.md"
