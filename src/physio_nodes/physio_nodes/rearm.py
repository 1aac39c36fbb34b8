"""Asks the stop guard to let the base move again, for whoever has a button for it."""

from __future__ import annotations

from rclpy.node import Node
from std_srvs.srv import Trigger


class Rearm:
    """Calls `robot/rearm`, and logs what is answered."""

    def __init__(self, node: Node) -> None:
        """Call from a node."""
        self._node = node
        self._client = node.create_client(Trigger, "robot/rearm")

    def ask(self) -> None:
        """Ask now; nobody waits for the answer."""
        if not self._client.service_is_ready():
            self._node.get_logger().warning("robot/rearm: no node serves it; is the stop guard running?")
            return
        self._client.call_async(Trigger.Request()).add_done_callback(
            lambda done: self._node.get_logger().info(f"robot/rearm: {done.result().message}")
        )
