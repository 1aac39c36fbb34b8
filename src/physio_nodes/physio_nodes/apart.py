"""Keeps the two safety processes apart from the rest: what freezes or fills the machine must not delay a stop."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from physio_core.share import shared_path

PROFILE_VARIABLES = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")


def stand_apart() -> None:
    """Go first where the scheduler allows it, and keep off shared memory; to be called before the node is made.

    A process frozen while it holds the lock of a shared-memory port (Fast DDS) makes all others that write to this port wait
    for a second: with the guard frozen so, the controller's zeros would come too late. A profile of the user's own stays.
    """
    with suppress(OSError):
        os.nice(-10)
    for variable in PROFILE_VARIABLES:
        if Path(os.environ.get(variable, "")).name == "fastdds.xml":
            os.environ[variable] = str(shared_path("config", "fastdds_udp.xml"))
    os.environ.setdefault("FASTDDS_BUILTIN_TRANSPORTS", "UDPv4")
