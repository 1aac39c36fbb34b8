"""An action for ROS 2's own `ros2 launch`, loaded by it through an entry point: SIGTERM ends the nodes before the launcher.

`ros2 launch` handles SIGINT alone. SIGTERM, which containers and service managers send, kills it and leaves its nodes; where
its end ends the container, the kernel then kills them all in the same instant, the stop guard too, while the base moves.
`physio launch` handles SIGTERM by itself and takes the action for nothing.
"""

from __future__ import annotations

import signal
from typing import Any

from launch import Action, LaunchContext
from launch.frontend import Entity, Parser, expose_action

from physio_nodes.surroundings import end_children


@expose_action("end_nodes_at_sigterm")
class EndNodesAtSigterm(Action):
    """`- end_nodes_at_sigterm: {}` in a YAML launch file."""

    @classmethod
    def parse(cls, entity: Entity, parser: Parser) -> tuple[type[EndNodesAtSigterm], dict[str, Any]]:
        """From the file; `if` and `unless` only."""
        _action, arguments = super().parse(entity, parser)
        return cls, arguments

    def execute(self, context: LaunchContext) -> None:
        """Take SIGTERM; launch runs its actions in the main thread, as Python's signals want it."""
        signal.signal(signal.SIGTERM, lambda _number, _frame: end_children())
