"""For tests: a node as a real process that waits for what it prints instead of sleeping; see also `listener`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from physio_core.params import as_argument

START_S = 30.0
"""How long a process may take to say or do something on a busy machine [s]."""


def node_command(
    executable: str,
    *,
    package: str = "physio_nodes",
    parameters: Mapping[str, Any] | None = None,
    ros_arguments: Sequence[str] = (),
) -> list[str]:
    """The command line of one node of the workspace.

    Args:
        executable: e.g. ``pose_node``; ``lib/<package>/<executable>`` or else the module of that name.
        package: where it lives.
        parameters: ROS parameters by name.
        ros_arguments: more of what stands after ``--ros-args``, e.g. ``["-r", "__ns:=/robot"]``.
    """
    values = [word for key, value in (parameters or {}).items() for word in ("-p", as_argument(key, value))]
    return [*_program(package, executable), "--ros-args", *ros_arguments, *values]


class Process:
    """A process whose output can be waited for; killed at the end of a ``with`` block."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Start it with ``environment`` besides the variables of the test."""
        self.name = name
        calm = {"PYTHONUNBUFFERED": "1", "RCUTILS_COLORIZED_OUTPUT": "0", "RCUTILS_LOGGING_BUFFERED_STREAM": "0"}
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **calm, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Kill what still runs."""
        self.kill()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def output(self) -> str:
        """All it has printed, stdout and stderr."""
        with self._news:
            return "\n".join(self._lines)

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process.poll() is None

    def wait_for_line(self, text: str, timeout_s: float = START_S) -> str:
        """The first line that holds ``text``, printed already or soon."""
        deadline = time.monotonic() + timeout_s
        seen = 0
        with self._news:
            while True:
                for line in self._lines[seen:]:
                    if text in line:
                        return line
                seen = len(self._lines)
                if not self._news.wait(deadline - time.monotonic()) or not (self._reader.is_alive() or seen < len(self._lines)):
                    raise AssertionError(f"{self.name} did not print {text!r} within {timeout_s} s:\n" + "\n".join(self._lines))

    def wait_exit(self, timeout_s: float = START_S) -> int:
        """Exit code, once it ends by itself; negative: the signal that ended it."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end within {timeout_s} s:\n{self.output}") from None
        self._reader.join(timeout_s)
        return code

    def stop(self, number: int = signal.SIGINT, timeout_s: float = 10.0) -> int:
        """Ask it to end as Ctrl-C does; gives its exit code."""
        self.send(number)
        return self.wait_exit(timeout_s)

    def send(self, number: int) -> None:
        """Send a signal, e.g. SIGSTOP to freeze it and SIGCONT to resume it."""
        if self.running:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it with SIGKILL, as a crash would."""
        self.send(signal.SIGKILL)
        self.wait_exit()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            for line in pipe:
                with self._news:
                    self._lines.append(line.rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._news.notify_all()


class NodeProcess(Process):
    """One node of the workspace as its own process; use as ``with NodeProcess("pose_node") as node``."""

    def __init__(self, executable: str, *, environment: Mapping[str, str] | None = None, **options: Any) -> None:
        """Start it; arguments as :func:`node_command` and :class:`Process`."""
        super().__init__(executable, node_command(executable, **options), environment)


def _program(package: str, executable: str) -> list[str]:
    for prefix in os.environ.get("AMENT_PREFIX_PATH", "").split(":"):
        if prefix and (path := Path(prefix, "lib", package, executable)).exists():
            return [str(path)]
    return [sys.executable, "-m", f"{package}.{executable}"]
