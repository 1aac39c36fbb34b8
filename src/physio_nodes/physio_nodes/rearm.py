"""`physio rearm`: lets the robot move again after a stop, for machines without the `ros2` command."""

from __future__ import annotations

import argparse

from std_srvs.srv import Trigger

from physio_core.errors import ConfigError
from physio_nodes.listener import Listener

ANSWERED_WITHIN_S = 10.0


def add_commands(commands: argparse._SubParsersAction, name: str) -> None:
    """Add `physio rearm`."""
    parser = commands.add_parser(name, help="let the robot move again after a stop; look that the way is free first")
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace | None = None) -> int:
    """Call `robot/rearm` once.

    Raises:
        ConfigError: no stop guard answers, or it refuses and says why.
    """
    with Listener("rearm") as listener:
        client = listener.node.create_client(Trigger, "robot/rearm")
        try:
            listener.wait_for(client.service_is_ready, ANSWERED_WITHIN_S)
            answer = client.call_async(Trigger.Request())
            listener.wait_for(answer.done, ANSWERED_WITHIN_S)
        except TimeoutError:
            raise ConfigError("no stop guard answers; start one with: physio launch robot.launch.yaml") from None
    if not answer.result().success:
        raise ConfigError(f"not re-armed: {answer.result().message}")
    print("armed")
    return 0
