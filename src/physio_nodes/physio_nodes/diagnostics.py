"""Publishes a node's health and counters at 1 Hz on /diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.node import Node

from physio_nodes.qos import DIAGNOSTICS
from physio_nodes.run import STEADY

OK, WARN, ERROR, STALE = DiagnosticStatus.OK, DiagnosticStatus.WARN, DiagnosticStatus.ERROR, DiagnosticStatus.STALE

Health = tuple[bytes, str, Mapping[str, object]]
"""Level (OK, WARN, ERROR), one sentence, counters."""


class Diagnostics:
    """Asks the node once a second for its health, and publishes it."""

    def __init__(self, node: Node, health: Callable[[], Health], period_s: float = 1.0) -> None:
        """Start the timer; ``health`` must return at once."""
        self._node, self._health = node, health
        self._publisher = node.create_publisher(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
        node.create_timer(period_s, self._publish, clock=STEADY)

    def _publish(self) -> None:
        level, message, counters = self._health()
        status = DiagnosticStatus(level=level, name=self._node.get_fully_qualified_name(), message=message, hardware_id="")
        status.values = [KeyValue(key=key, value=str(value)) for key, value in counters.items()]
        array = DiagnosticArray(status=[status])
        array.header.stamp = self._node.get_clock().now().to_msg()
        self._publisher.publish(array)
