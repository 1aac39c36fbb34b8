"""`physio ask squat`: sends a request to the running coach and prints the answer; for machines without the `ros2` command."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_core.session.requests import from_shell


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> None:
    """Add `physio ask`."""
    from physio_tools.remote import add_namespace

    parser = commands.add_parser(name, help="tell the running coach: exercises, pause, stop, pain ...")
    parser.add_argument(
        "words",
        nargs="+",
        help="exercises, each with a number or a time and a side if wanted (squat 8 lunge 2x5 hand_fist 30s left), "
        "or one of: pause, resume, next, stop, pain 0-10, effort 0-10, ignore FAULT, accept FAULT, patient CODE",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the answer here, also a refusal")
    add_namespace(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Send the request once, and wait for its answer.

    Returns:
        0: it was carried out.

    Raises:
        ConfigError: no coach is there, or it refused and says why.
        OutputError: the file cannot be written.
    """
    begun_s = time.monotonic()
    from physio_msgs.srv import SessionCommand
    from physio_tools.remote import call, namespace_of

    check_writable(options.json)
    text, place = from_shell(options.words), namespace_of(options)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ConfigError(f"{text!a} is not UTF-8, as ROS needs it; no exercise has this name")
    reason, answer = "", None
    try:
        start = "physio launch coach.launch.yaml"
        answer = call(SessionCommand, "coach/command", SessionCommand.Request(text=text), place, "coach", start, begun_s)
        reason = answer.reason
    except ConfigError as error:
        reason = str(error)
    accepted = answer is not None and bool(answer.accepted)
    if options.json:
        waited_s = round(time.monotonic() - begun_s, 3)
        write_json(options.json, {"request": text, "accepted": accepted, "reason": reason, "waited_s": waited_s})
    if answer is None or not accepted:
        raise ConfigError(reason)
    of = f"/{answer.rounds}" if answer.rounds else ""
    print(f"{answer.state} {answer.asked}, round {answer.round}{of}" if answer.asked else answer.state)
    return 0
