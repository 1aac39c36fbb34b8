"""The output of the nodes while a command supervises them."""

from __future__ import annotations

import re
from collections import deque

from physio_tools.launcher.launch import print_line

TAIL_LINES = 20

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LOGGED = re.compile(r"\[(FATAL|ERROR)\] (?:\[[\d.]+\] )?\[([^\]]+)\]: (.*)")
_RAISED = re.compile(r"[A-Za-z_][\w.]*(Error|Exception)(: .*)?")


class Log:
    """The output of the nodes: printed, or kept to be shown when something fails.

    Attributes:
        tail: the last lines of all, each behind the name of its process.
    """

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._fatal = ""
        self._error = ""
        self._raised = ""
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)

    def __call__(self, label: str, line: str) -> None:
        """Take one line of a process."""
        self.tail.append(f"{label}: {line}")
        plain = _COLOUR.sub("", line)
        if match := _LOGGED.fullmatch(plain):
            name, words = match[2].rsplit(".", 1)[-1], match[3]
            if match[1] == "FATAL":
                self._fatal = self._fatal or f"{name}: {words}"
            else:
                self._error = f"{name}: {words}"
        elif not self._raised and _RAISED.fullmatch(plain):
            self._raised = f"{label}: {plain}"
        if not self._quiet:
            print_line(label, line)

    @property
    def reason(self) -> str:
        """Why it failed, in one line: the first node that refused or broke, else the last error; empty: unknown."""
        return self._fatal or self._raised or self._error
