"""What a process needs from its machine: a log folder, a ROS domain of its own, and a launcher that learns of a refusal."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from physio_core.errors import ConfigError

DOMAINS = 100
LAST_DOMAIN = 232
"""Ports end there; above 101 other programs may use them."""


def provide_log_folder() -> None:
    """Set ROS_LOG_DIR where ROS would find no folder to write to, and refuse to start: HOME is missing or read-only."""
    named = os.environ.get("ROS_LOG_DIR")
    home = os.environ.get("ROS_HOME") or (os.environ["HOME"] + "/.ros" if os.environ.get("HOME") else None)
    if _writable(Path(named) if named else Path(home, "log") if home else None):
        return
    folder = Path(tempfile.gettempdir(), f"physio-log-{os.getuid()}")
    if not _writable(folder) or folder.is_symlink() or folder.stat().st_uid != os.getuid():
        folder = Path(tempfile.mkdtemp(prefix="physio-log-"))
    os.environ["ROS_LOG_DIR"] = str(folder)


def _writable(folder: Path | None) -> bool:
    if folder is None:
        return False
    try:
        folder = folder.expanduser()  # as ROS does
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def own_domain() -> int:
    """The ROS domain that this process is told to join.

    Raises:
        ConfigError: ROS_DOMAIN_ID is not a domain.
    """
    named = os.environ.get("ROS_DOMAIN_ID", "").strip() or "0"
    if not (named.isascii() and named.isdigit()) or int(named) > LAST_DOMAIN:
        raise ConfigError(f"ROS_DOMAIN_ID = {named!r} is not a ROS domain; set it to a number, 0 .. {DOMAINS}, or unset it")
    return int(named)


def domain_in_use() -> bool:
    """Whether any process on this machine is in our ROS domain; asked before joining it, and reliable under any load.

    Raises:
        ConfigError: as :func:`own_domain`.
    """
    domain = own_domain()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", _discovery_port(domain)))
        except OSError:
            return True
    return False


def _discovery_port(domain: int) -> int:
    return 7400 + 250 * domain


def free_domain() -> int:
    """A ROS domain (1 .. 100) that nothing on this machine uses now; reserved until this process ends.

    Raises:
        RuntimeError: all are taken.
    """
    for offset in range(DOMAINS):
        domain = 1 + (os.getpid() + offset) % DOMAINS
        # Names in the abstract namespace vanish with their process, however it ends.
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                claim.bind(f"\0physio-domain-{domain}")
                probe.bind(("127.0.0.1", _discovery_port(domain)))
            except OSError:
                claim.close()
                continue
        claim.detach()
        return domain
    raise RuntimeError("no ROS domain is free on this machine")


def stay_apart() -> None:
    """Join a ROS domain that nothing else uses, with all that is started from here: no robot or coach of this machine mixes in.

    Raises:
        RuntimeError: as :func:`free_domain`.
    """
    os.environ["ROS_DOMAIN_ID"] = str(free_domain())


def children() -> set[int]:
    """Process ids of this process's children that still run."""
    pids = set()
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = file.read_text(errors="replace").split(" (", 1)
        except OSError:  # it has just ended
            continue
        state, parent = rest.rsplit(") ", 1)[1].split()[:2]
        if int(parent) == os.getpid() and state != "Z":
            pids.add(int(pid))
    return pids


def end_children(patience_s: float = 10.0, kill_after_s: float = 5.0) -> None:
    """Send SIGINT to every child, and wait until all have ended; after ``kill_after_s`` [s] SIGTERM, too."""
    begun_s = time.monotonic()
    due = [(0.0, signal.SIGINT), (kill_after_s, signal.SIGTERM)]
    while (left := children()) and time.monotonic() - begun_s < patience_s:
        if due and time.monotonic() - begun_s >= due[0][0]:
            number = due.pop(0)[1]
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        time.sleep(0.01)


def end_stock_launch() -> None:
    """Ask the `ros2 launch` that started this process to end everything.

    It would restart a node that refuses its settings again and again: it has no exit code that forbids it.
    """
    parent = os.getppid()
    try:
        words = Path(f"/proc/{parent}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return
    if [Path(word).name for word in words[1:3]] == ["ros2", "launch"]:
        with suppress(OSError):  # it runs as someone else, or has just ended
            os.kill(parent, signal.SIGINT)
