"""The entry point of every node: Ctrl-C while libraries are still being imported, which takes seconds, ends it in silence."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
"""One thread for each library that would take one for every core, told before it is loaded; what a user set stays. The pools of
ten processes have more threads than there are cores, and an image waits until its share of a pool runs again. Networks take as
many as `runner_threads` says."""

STARTED_BY = os.getppid()
"""Process id of the launcher, or of any other parent of this process."""

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""What ends a node in order: Ctrl-C, a launcher, a terminal or connection that closes, Ctrl-backslash."""


def on_end(act: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    """Do this on each signal of :data:`ENDING`; a hang-up that is ignored (`nohup`) stays ignored."""
    for number in ENDING:
        if number in (signal.SIGINT, signal.SIGTERM) or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, act)


def main() -> None:
    """Run the node whose executable this is: `lib/PACKAGE/NODE` starts `PACKAGE.NODE`."""
    on_end(lambda _number, _frame: os._exit(0))  # nothing has begun yet that needs an orderly end
    for name, number in THREADS.items():
        os.environ.setdefault(name, number)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)  # the launcher keeps SIGINT waiting until here
    program = Path(sys.argv[0])
    import_module(f"{program.parent.name}.{program.name}").main()
