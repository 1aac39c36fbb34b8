"""One started process: its output, its end, its restarts."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from physio_core.errors import LaunchError
from physio_tools.launcher.plan import ProcessPlan

READ_BYTES = 65536


class Child:
    """A process of its own group that gets SIGTERM when the launcher dies, however it dies.

    That way a killed starter cannot leave a robot moving: the stop guard ends too, and it ends with a zero.
    """

    def __init__(self, plan: ProcessPlan, number: int) -> None:
        """Prepare; nothing is started yet.

        Raises:
            LaunchError: `setpriv`, which ties the process to the launcher, is missing.
        """
        self.plan = plan
        self.label = f"{plan.executable}-{number}"
        self.starts = 0
        self.exit_code: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._rest: dict[IO[bytes], bytes] = {}
        self._due_s: float | None = None
        self._setpriv = shutil.which("setpriv")
        if self._setpriv is None:
            raise LaunchError("setpriv is not installed; it belongs to the package util-linux")

    @property
    def pid(self) -> int:
        """Process id of the newest start; 0 before the first."""
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        """Whether the process lives, as far as it was last looked at."""
        return self._process is not None and self.exit_code is None

    @property
    def done(self) -> bool:
        """Whether it ended for good."""
        return self.exit_code is not None and self._due_s is None

    @property
    def pipes(self) -> list[IO[bytes]]:
        """Open ends of its output."""
        return list(self._rest)

    def start(self) -> None:
        """Start it; must be called by a thread that outlives the process (the kernel ties its death to the thread's)."""
        self._due_s, self.exit_code = None, None
        self._process = subprocess.Popen(
            [str(self._setpriv), "--pdeathsig", "TERM", "--", "env", *_signals(self.plan.command), *self.plan.command],
            env={"PYTHONUNBUFFERED": "1", **self.plan.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.plan.quiet else subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.starts += 1
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe:
                os.set_blocking(pipe.fileno(), False)
                self._rest[pipe] = b""

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children, if it still runs."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def lines(self) -> Iterator[str]:
        """Lines it has written since the last call; the rest of an unfinished line once the pipe is closed."""
        for pipe in self.pipes:
            data = _read(pipe)
            *whole, self._rest[pipe] = (self._rest[pipe] + (data or b"")).split(b"\n")
            yield from (line.decode(errors="replace") for line in whole)
            if data == b"":
                yield from self._close(pipe)

    def look(self) -> bool:
        """Whether the process has just ended (told once); what it wrote last is still to be read."""
        if self._process is None or self.exit_code is not None:
            return False
        code = self._process.poll()
        if code is None:
            return False
        self.exit_code = 128 - code if code < 0 else code
        return True

    def drained(self) -> Iterator[str]:
        """Last lines after the end; closes the pipes even where a grandchild holds the other end."""
        yield from self.lines()
        for pipe in self.pipes:
            yield from self._close(pipe)

    def respawn_later(self) -> bool:
        """Plan a restart, if the launch file wants one and there are any left."""
        left = self.plan.respawn_max < 0 or self.starts <= self.plan.respawn_max
        if self.plan.respawn and left:
            self._due_s = time.monotonic() + self.plan.respawn_delay_s
        return self._due_s is not None

    def respawn_if_due(self) -> bool:
        """Restart now if its time has come."""
        if self._due_s is None or time.monotonic() < self._due_s:
            return False
        self.start()
        return True

    def cancel_respawn(self) -> None:
        """Forget a planned restart."""
        self._due_s = None

    def abort(self, patience_s: float = 1.0) -> None:
        """End it without reading its output any more, for a launcher that is itself broken."""
        if self._process is not None:
            self.send(signal.SIGTERM)
            try:
                self.exit_code = self._process.wait(patience_s)
            except subprocess.TimeoutExpired:
                self.send(signal.SIGKILL)
                self.exit_code = self._process.wait()
        for pipe in self.pipes:
            list(self._close(pipe))

    def _close(self, pipe: IO[bytes]) -> Iterator[str]:
        rest = self._rest.pop(pipe)
        pipe.close()
        if rest:
            yield rest.decode(errors="replace")


def _signals(command: Sequence[str]) -> list[str]:
    """How a process handles SIGINT.

    In the background of a script SIGINT is ignored, and would be by every process started here. For a node of ours it waits until
    Python itself is up (`physio_nodes.start`): before that a Ctrl-C ends in a traceback of the interpreter's own start.
    """
    ours = Path(command[0]).parent.name.startswith("physio_")
    return ["--default-signal=INT,TERM", *["--block-signal=INT"] * ours]


def _read(pipe: IO[bytes]) -> bytes | None:
    """What is there; None when nothing yet, empty when closed."""
    try:
        return os.read(pipe.fileno(), READ_BYTES)
    except BlockingIOError:
        return None
