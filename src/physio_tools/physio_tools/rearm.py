"""`physio rearm`: lets the robot move again after a stop, for machines without the `ros2` command."""

from __future__ import annotations

import argparse
import time

from std_srvs.srv import Trigger

from physio_core.errors import ConfigError
from physio_tools.remote import add_namespace, call, namespace_of


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> None:
    """Add `physio rearm`."""
    parser = commands.add_parser(name, help="let the robot move again after a stop; check first that the way is free")
    add_namespace(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Call `robot/rearm` once.

    Raises:
        ConfigError: no stop guard answers, or it refuses and says why.
    """
    start = "physio launch robot.launch.yaml"
    place, begun_s = namespace_of(options), time.monotonic()
    answer = call(Trigger, "robot/rearm", Trigger.Request(), place, "stop guard", start, begun_s)
    if not answer.success:
        raise ConfigError(f"not re-armed: {answer.message}")
    print("armed")
    return 0
