"""The `physio` command. Each package adds its own sub-commands through the entry point group `physio.commands`.

An entry called `action` adds a command, or a group of them and then returns the group's sub-parsers; one called `action.learn`
adds `learn` to that group, from a folder that the first may not import.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

from physio_core.errors import PhysioError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a refusal prints one line and returns 2, Ctrl-C returns 130."""
    parser = argparse.ArgumentParser(prog="physio", description="Coaches physical exercises with a robot, live.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    entries = {entry.name: entry for entry in entry_points(group="physio.commands")}
    # Loading a command loads its libraries, which takes seconds for some: only the one asked for pays.
    asked = arguments[:1] if set(arguments[:1]) & set(entries) else sorted(name for name in entries if "." not in name)
    for name in asked:
        group = entries[name].load()(commands, name)
        for member in sorted(entries) if group else ():
            if member.startswith(f"{name}."):
                entries[member].load()(group, member.removeprefix(f"{name}."))
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except PhysioError as error:
        print(f"physio: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":  # torchrun starts it as a module
    sys.exit(main())
