"""The `physio` command. Each package adds its own sub-commands through the entry point group `physio.commands`.

An entry called `action` adds a command, or a group of them and then returns the group's sub-parsers; one called `action.learn`
adds `learn` to that group, from a folder that the first may not import.
"""

from __future__ import annotations

import argparse
import ast
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError, PhysioError

DONE, AMISS, REFUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done; it ran, but not all is as it should be; refused, or impossible; ended by Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The command's own code, :data:`DONE` or :data:`AMISS`; :data:`REFUSED` after one line that says why;
        :data:`INTERRUPTED` after Ctrl-C.
    """
    return carry_out(parse(sys.argv[1:] if arguments is None else list(arguments)))


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read a command line; only the libraries of the command that is asked for are loaded, which takes seconds for some."""
    parser = argparse.ArgumentParser(
        prog="physio",
        description="Coaches physical exercises with a robot, live.",
        epilog="exit codes: 0 done; 1 it ran, but not all is as it should be; 2 refused or impossible; 130 Ctrl-C",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    entries = {entry.name: entry for entry in entry_points(group="physio.commands")}
    name, *rest = [*arguments, ""]
    if name in entries and "." not in name:
        try:
            _load(entries, commands, name, rest[0])
        except ConfigError as error:
            parser.error(str(error))
    else:
        for other in sorted(name for name in entries if "." not in name):
            commands.add_parser(other, help=summary(entries[other]))
    return parser.parse_args(arguments)


def carry_out(options: argparse.Namespace) -> int:
    """Run a command that was read; a refusal prints one line."""
    try:
        return int(options.run(options) or DONE)
    except PhysioError as error:
        print(f"physio: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED


def listed(flag: str, text: str) -> list[str]:
    """The names that a flag gives, with commas between; an empty text is a flag that was not given.

    Raises:
        ConfigError: there is a text, but no name in it; all that there is would be taken for it.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if text and not names:
        raise ConfigError(f"{flag} {text!r} names nothing; give names with commas between, or leave {flag} out")
    return names


def fault(error: Exception) -> str:
    """One line on an unexpected error: of the machine (a full disk, a folder that may not be read), or ours."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    places = traceback.extract_tb(error.__traceback__)
    place = f" at {'/'.join(Path(places[-1].filename).parts[-2:])}:{places[-1].lineno}" if places else ""
    words = " ".join(str(error).split())
    return f"internal fault, please report it: {type(error).__name__}{place}: {words} (PHYSIO_TRACE=1 shows all of it)"


def summary(entry: EntryPoint) -> str:
    """The help text of a command, read from its source: importing it would take seconds, or fail where a part is left out."""
    package, *parts = entry.module.split(".")
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        return ""
    source = Path(folders[0], *parts).with_suffix(".py").read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    parsers = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "add_parser"]
    own = [call.keywords for call in parsers if call.args and ast.unparse(call.args[0]) == "name"]
    texts = [word.value.value for words in own for word in words if word.arg == "help" and isinstance(word.value, ast.Constant)]
    return str(texts[0]) if texts else ""


def _load(entries: dict[str, EntryPoint], commands: Any, name: str, member: str) -> None:
    """Add a command with what it needs; of a group only the member that is asked for, else all."""
    members = [f"{name}.{member}"] if f"{name}.{member}" in entries else [key for key in entries if key.startswith(f"{name}.")]
    try:
        group = entries[name].load()(commands, name)
        for key in sorted(members) if group else ():
            entries[key].load()(group, key.removeprefix(f"{name}."))
    except ModuleNotFoundError as error:
        raise ConfigError(f"{name} needs {error.name}, which is not installed here") from None


def whole_number(least: int) -> Callable[[str], int]:
    """What an option takes that is a whole number: for ``type`` of :meth:`argparse.ArgumentParser.add_argument`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if number < least:
            raise argparse.ArgumentTypeError(f"{number}; need at least {least}")
        return number

    return read


if __name__ == "__main__":  # torchrun starts it as a module
    sys.exit(main())
