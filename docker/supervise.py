#!/usr/bin/env python3
"""Stands between a container's init and its command, so that nothing is killed before it has ended by itself.

When the process that a container's init started ends, init ends, and with it the kernel kills what is left in the container, in
the same instant. `ros2 launch` dies of SIGTERM at once and leaves its nodes: the controller and the stop guard would be killed
while the base moves. So this process takes the signal, passes it on as the SIGINT that launchers understand, and stays until
every other process of the container has ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
COMMAND_TERM_AFTER_S = 12.0
"""A launcher itself ends what does not obey after 10 s."""
REST_KILL_AFTER_S = 5.0
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER


def main(command: list[str]) -> int:
    """Run a command; give its exit code once it and all that it has left behind have ended."""
    if not command:
        print("name a command to run in the container", file=sys.stderr)
        return 127
    adopt_orphans()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*ENDING, signal.SIGCHLD})

    def handle_signals() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # else one that was ignored here, as in a script's background, stays so
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        process = subprocess.Popen(command, preexec_fn=handle_signals)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    due_s = float("inf")
    while process.poll() is None:
        received = signal.sigtimedwait({*ENDING, signal.SIGCHLD}, 1.0)
        if received and received.si_signo in ENDING:
            process.send_signal(signal.SIGINT)
            due_s = min(due_s, time.monotonic() + COMMAND_TERM_AFTER_S)
        if time.monotonic() > due_s:
            process.send_signal(signal.SIGTERM)
            due_s = float("inf")
        reap(process.pid)
    end_the_rest()
    return 128 - process.returncode if process.returncode < 0 else process.returncode


def end_the_rest() -> None:
    """Ask what is left to end, wait for it, and kill it at last."""
    kill_s = time.monotonic() + REST_KILL_AFTER_S
    asked: set[int] = set()
    while left := children():
        for pid in left - asked:
            os.kill(pid, signal.SIGTERM)
        if time.monotonic() > kill_s:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        asked |= left
        signal.sigtimedwait({signal.SIGCHLD}, 0.1)
        reap()


def adopt_orphans() -> None:
    """Become the parent of what a launcher leaves behind, so that it can be waited for."""
    import ctypes

    ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


def reap(besides: int = 0) -> None:
    """Take note of children that have ended, all but one."""
    for pid in children() - {besides}:
        os.waitpid(pid, os.WNOHANG)


def children() -> set[int]:
    """Process ids of this process's children, also of those that ended and were not yet taken note of."""
    pids = set()
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = file.read_text(errors="replace").split(" (", 1)
        except OSError:  # it has just ended
            continue
        if int(rest.rsplit(") ", 1)[1].split()[1]) == os.getpid():
            pids.add(int(pid))
    return pids


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
