"""Messages between nodes of one process: they go out as always, and a node of the same process is called at once.

By way of the executor the next image could come first: where one takes longer than the camera's period, each prediction would be
late by a whole image.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from rclpy.qos import QoSProfile

_here: dict[str, NearPublisher] = {}
"""Publishers of this process by the full name of their topic."""


class NearPublisher:
    """A publisher; make it before those who listen to it in this process."""

    def __init__(self, node: Node, kind: type, topic: str, qos: QoSProfile) -> None:
        """As `create_publisher`."""
        self._publisher = node.create_publisher(kind, topic, qos)
        self.called: list[Callable[[Any], None]] = []
        _here[self._publisher.topic_name] = self

    def publish(self, msg: Any) -> None:
        """Send a message, then call the listeners of this process; nobody may change it afterwards."""
        self._publisher.publish(msg)
        for callback in self.called:
            callback(msg)


def subscribe_near(node: Node, kind: type, topic: str, callback: Callable[[Any], None], qos: QoSProfile) -> None:
    """Listen to a topic, as `create_subscription` does, or to its publisher where that is in this process."""
    publisher = _here.get(node.resolve_topic_name(topic))
    if publisher is None:
        node.create_subscription(kind, topic, callback, qos)
    else:
        publisher.called.append(callback)
