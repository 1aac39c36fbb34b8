"""`physio launch`: the command line of the launcher; hands over to `ros2 launch` where that is installed."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ament_index_python.packages import PackageNotFoundError, get_package_share_directory

from physio_core.errors import LaunchError
from physio_tools.launcher.launch import Launch
from physio_tools.launcher.plan import Plan, declared_arguments, make_plan
from physio_tools.launcher.scope import Argument

HOME_PACKAGE = "physio_bringup"


def add_commands(subparsers: Any, name: str) -> None:
    """Add `launch` to the `physio` command."""
    parser = subparsers.add_parser(name, help="start a ROS 2 YAML launch file", description=__doc__)
    parser.add_argument(
        "what", nargs="+", metavar="FILE|PACKAGE FILE|name:=value", help="a launch file, by path or by package and name"
    )
    parser.add_argument("-s", "--show-args", action="store_true", help="list the arguments and end")
    parser.add_argument("-p", "--print", action="store_true", help="print the command lines and end")
    parser.add_argument("--starter", action="store_true", help="do not hand over to ros2 launch")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run one launch file until it ends.

    Raises:
        LaunchError: it cannot be started.
    """
    places = [word for word in options.what if ":=" not in word]
    arguments = dict(word.split(":=", 1) for word in options.what if ":=" in word)
    shows = options.show_args or options.print
    # What is only shown is shown here, in words: stock launch prints the addresses of its objects.
    if not options.starter and shutil.which("ros2") and not (shows and _readable(places)):
        return hand_over(options)
    file = find_file(places)
    if shows:
        declared = arguments_text(declared_arguments(file, arguments)) if options.show_args else ""
        sys.stdout.write(declared or commands_text(make_plan(file, arguments)))
        return 0
    launch = Launch(file, arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: launch.interrupt())
    launch.start().wait()
    return launch.stop()


def _readable(places: list[str]) -> bool:
    return places[-1:] != [] and Path(places[-1]).suffix in (".yaml", ".yml")


def hand_over(options: argparse.Namespace) -> int:
    """Become `ros2 launch` with the same words; does not return."""
    flags = ["--show-args"] * options.show_args + ["--print"] * options.print
    places = [word for word in options.what if ":=" not in word]
    place = [HOME_PACKAGE, *places] if len(places) == 1 and not Path(places[0]).exists() else places
    command = ["ros2", "launch", *flags, *place, *(word for word in options.what if ":=" in word)]
    print(f"physio: handing over to {shlex.join(command)} (--starter keeps it here)", file=sys.stderr, flush=True)
    os.execvp(command[0], command)


def find_file(places: list[str]) -> Path:
    """The launch file meant by FILE, PACKAGE FILE, or the bare name of one of ours.

    Raises:
        LaunchError: there is no such file; lists those of the package.
    """
    if len(places) not in (1, 2):
        raise LaunchError(f"name one launch file, as FILE or PACKAGE FILE; got: {' '.join(places) or 'none'}")
    if len(places) == 1 and Path(places[0]).is_file():
        return Path(places[0]).absolute()
    package, name = (HOME_PACKAGE, places[0]) if len(places) == 1 else places
    try:
        folder = Path(get_package_share_directory(package))
    except (PackageNotFoundError, ValueError):
        raise LaunchError(f"package {package!r} is not installed; source its workspace") from None
    files = {path.name: path for path in sorted(folder.rglob("*.launch.*"))}
    if name not in files:
        raise LaunchError(f"no launch file {name!r} here or in {package}; it has: {', '.join(files) or 'none'}")
    return files[name]


def arguments_text(arguments: Mapping[str, Argument]) -> str:
    """The arguments as `ros2 launch --show-args` lists them."""
    text = "Arguments (pass arguments as '<name>:=<value>'):\n"
    for argument in arguments.values():
        choices = f" Valid choices are: {list(argument.choices)}" if argument.choices else ""
        default = "required" if argument.default is None else f"default: {argument.default!r}"
        text += f"\n    '{argument.name}':\n        {argument.description}{choices}\n        ({default})\n"
    return text


def commands_text(plan: Plan) -> str:
    """One line for each process, to copy into a shell."""
    return "".join(f"{shlex.join(process.command)}\n" for process in plan.processes)
