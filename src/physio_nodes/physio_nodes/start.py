"""The entry point of every node: Ctrl-C while libraries are still being imported, which takes seconds, ends it in silence."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    """Run the node whose executable this is: `lib/PACKAGE/NODE` starts `PACKAGE.NODE`."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: os._exit(0))  # nothing has begun yet that must be ended in order
    program = Path(sys.argv[0])
    import_module(f"{program.parent.name}.{program.name}").main()
