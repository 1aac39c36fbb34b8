"""Keeps the two safety processes apart from the rest: what freezes or fills the machine must not delay a stop."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from physio_core.share import shared_path

PROFILE_VARIABLES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")


NICE = -10
FROZEN_BY_TERMINAL = (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)


def stand_apart() -> None:
    """Go first where the scheduler allows it, and keep off shared memory; to be called before the node is made.

    Ctrl-Z reaches every process of a terminal's job. It would freeze the controller and the guard in the same instant, with a
    base that goes on moving; so these two do not stop for it, and bring the base to rest because the coach falls silent.

    A process frozen while it holds the lock of a shared-memory port (Fast DDS) makes all others that write to this port wait
    for a second: with the guard frozen so, the controller's zeros would come too late. A profile of the user's own stays.
    """
    for number in FROZEN_BY_TERMINAL:
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):  # said by `priority`
        os.setpriority(os.PRIO_PROCESS, 0, min(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    for variable in PROFILE_VARIABLES:
        if Path(os.environ.get(variable, "")).name == "fastdds.xml":
            os.environ[variable] = str(shared_path("config", "fastdds_udp.xml"))
    os.environ.setdefault("FASTDDS_BUILTIN_TRANSPORTS", "UDPv4")


def priority() -> str:
    """Whether this process goes first, for its diagnostics."""
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    return f"raised (nice {nice})" if nice <= NICE else f"not raised (nice {nice}): this user may not; see docs/safety.md"
