"""What the nodes say while a command watches over them."""

from __future__ import annotations

from collections import deque

from physio_bringup.starter.launch import print_line

TAIL_LINES = 20


class Log:
    """What the nodes say: printed, or kept to be shown when something goes wrong."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)

    def __call__(self, label: str, line: str) -> None:
        """Take one line of a process."""
        self.tail.append(f"{label}: {line}")
        if not self._quiet:
            print_line(label, line)
