"""The `physio` process: quiet at Ctrl-C from its first moment, and readable on any terminal, pipe or disk that is full.

Only what needs no time to import stands at the top; a command's libraries take seconds.
"""

from __future__ import annotations

import os
import signal
import sys


def main() -> int:
    """Run one command as a process; the codes are those of :func:`physio_core.cli.main`."""
    heeded = signal.getsignal(signal.SIGINT) != signal.SIG_IGN  # a script's background job is not meant by Ctrl-C
    if heeded:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing has begun yet that must be ended in order
    from physio_core import cli, terminal

    terminal.fit_output()
    try:
        options = cli.parse(sys.argv[1:])
        if heeded:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = cli.carry_out(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return cli.INTERRUPTED
    except Exception as error:
        if os.environ.get("PHYSIO_TRACE"):
            raise
        print(f"physio: {cli.fault(error)}", file=sys.stderr)
        return cli.REFUSED
    finally:
        if heeded:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
