"""Starts everything a launch file asks for, watches over it, and takes all of it down together."""

from __future__ import annotations

import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from physio_tools.launcher.child import Child
from physio_tools.launcher.plan import make_plan

REFUSED = 2
"""The exit code of a process that would refuse again however often it were started: a wrong setting, a second coach."""

SIGTERM_AFTER_S = 5.0
SIGKILL_AFTER_S = 10.0
_POLL_S = 0.05

Listener = Callable[[str, str], None]
"""Gets (label of the process, line of its output); called from the watching thread."""


class Launch:
    """A launch file and its processes; leaving the block stops everything.

    ::

        with Launch(path, {"source": "sim"}) as launch:
            launch.processes["pose"].pid
            code = launch.wait(timeout_s=60.0)  # None: still running

    Attributes:
        ended_by: name of the process whose end or refusal ended all; empty: none did.
    """

    def __init__(
        self,
        file: str | Path,
        arguments: Mapping[str, str] | None = None,
        *,
        on_line: Listener | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Work out what to start; nothing is started yet.

        Args:
            file: a YAML launch file.
            arguments: values of launch arguments.
            on_line: gets every line of output; by default it is printed.
            environment: of the processes; this one's by default.

        Raises:
            LaunchError: the file or a value cannot be used.
        """
        plan = make_plan(Path(file).absolute(), arguments or {}, environment)
        self._children = [Child(process, number) for number, process in enumerate(plan.processes, start=1)]
        self._on_line = on_line or print_line
        self._started, self._stopping, self._finished = threading.Event(), threading.Event(), threading.Event()
        self._stop_code: int | None = None
        self.ended_by = ""
        self._orderly = True
        self._thread = threading.Thread(target=self._watch, name="launch", daemon=True)

    @property
    def processes(self) -> dict[str, Child]:
        """The processes by node name; the later of two of the same name under its label."""
        named: dict[str, Child] = {}
        for child in self._children:
            named[child.label if child.plan.name in named else child.plan.name] = child
        return named

    def start(self) -> Launch:
        """Start every process; returns when all have been started."""
        self._thread.start()
        self._started.wait()
        return self

    def poll(self) -> int | None:
        """Exit code once everything has ended, else None."""
        return self._code() if self._finished.is_set() else None

    def wait(self, timeout_s: float | None = None) -> int | None:
        """Wait for the end; None when the time is over first."""
        self._finished.wait(timeout_s)
        return self.poll()

    def interrupt(self) -> None:
        """Ask everything to end, without waiting; safe in a signal handler."""
        self._stopping.set()

    def stop(self) -> int:
        """End everything: SIGINT, after 5 s SIGTERM, after 10 s SIGKILL. Returns the exit code."""
        self.interrupt()
        if self._thread.ident is not None:
            self._thread.join()
        return self._code()

    def __enter__(self) -> Launch:
        """Start."""
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    def _code(self) -> int:
        """That of the process whose end or refusal ended all; else 0 if stopped from outside; else the first that is not 0."""
        if not self._orderly:
            return 1
        if self._stop_code is not None:
            return self._stop_code
        return 0 if self._stopping.is_set() else next((child.exit_code for child in self._children if child.exit_code), 0)

    def _watch(self) -> None:
        """Body of the thread that starts the processes and lives as long as they do."""
        self._orderly = False
        try:
            for child in self._children:
                self._start(child)
            self._started.set()
            while not all(child.done for child in self._children) and not self._stopping.is_set():
                self._step()
            self._take_down()
            self._orderly = True
        finally:
            for child in () if self._orderly else self._children:
                child.abort()
            self._started.set()
            self._finished.set()

    def _start(self, child: Child) -> None:
        child.start()
        self._on_line(child.label, f"process started with pid [{child.pid}]")

    def _step(self) -> None:
        """Pass output on, notice ends, restart what is due."""
        pipes = [pipe for child in self._children for pipe in child.pipes]
        if pipes:
            select.select(pipes, [], [], _POLL_S)
        else:
            time.sleep(_POLL_S)
        for child in self._children:
            for line in child.lines():
                self._on_line(child.label, line)
            if child.look():
                self._ended(child)
            if not self._stopping.is_set() and child.respawn_if_due():
                self._on_line(child.label, f"process restarted with pid [{child.pid}]")

    def _ended(self, child: Child) -> None:
        for line in child.drained():
            self._on_line(child.label, line)
        how = "finished cleanly" if child.exit_code == 0 else f"died with exit code {child.exit_code}"
        self._on_line(child.label, f"process [pid {child.pid}] has {how}")
        if self._stopping.is_set():
            return
        if child.plan.required or child.exit_code == REFUSED:
            why = "was required" if child.plan.required else "refuses to run"
            self._on_line(child.label, f"{why}: shutting everything down")
            self._stop_code, self.ended_by = child.exit_code, child.plan.name
            self._stopping.set()
        else:
            child.respawn_later()

    def _take_down(self) -> None:
        begun_s = time.monotonic()
        due = [(0.0, signal.SIGINT), (SIGTERM_AFTER_S, signal.SIGTERM), (SIGKILL_AFTER_S, signal.SIGKILL)]
        for child in self._children:
            child.cancel_respawn()
        while any(child.running for child in self._children):
            if due and time.monotonic() - begun_s >= due[0][0]:
                _delay_s, number = due.pop(0)
                for child in self._children:
                    child.send(number)
                    child.send(signal.SIGCONT)  # a halted process obeys only once it is resumed
            self._step()


def print_line(label: str, line: str) -> None:
    """Print a line behind the name of its process, in a colour of its own on a terminal."""
    mark = f"[{label}]"
    if sys.stdout.isatty():
        mark = f"\033[{31 + int(label.rsplit('-', 1)[-1]) % 6}m{mark}\033[0m"
    sys.stdout.write(f"{mark} {line}\n")
    sys.stdout.flush()
