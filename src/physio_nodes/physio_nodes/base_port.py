"""The port to the base: cmd_vel in the type that the base understands, the stop, and faults of that topic."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from geometry_msgs.msg import Twist, TwistStamped
from rclpy.duration import Duration
from rclpy.node import Node

from physio_core.params import Parameters, param
from physio_core.robot.limits import STOP, Velocity
from physio_nodes.qos import RELIABLE


@dataclass(frozen=True)
class BaseConfig(Parameters):
    """Which message type the base expects."""

    stamped_cmd_vel: bool = param(
        True, "Send geometry_msgs/TwistStamped (Jazzy and newer) rather than Twist; the launch files choose Twist for Humble."
    )


WATCH_S = 0.02
"""Period in which both safety processes check their watchdogs [s]."""
TYPES = {True: (TwistStamped, "geometry_msgs/msg/TwistStamped"), False: (Twist, "geometry_msgs/msg/Twist")}


class BasePort:
    """Publishes speeds on `cmd_vel`."""

    def __init__(self, node: Node, stamped: bool) -> None:
        """Offer `cmd_vel` as TwistStamped or Twist."""
        self._node, self._stamped = node, stamped
        self._publisher = node.create_publisher(TYPES[stamped][0], "cmd_vel", RELIABLE)

    def send(self, velocity: Velocity) -> None:
        """Publish a speed that has passed the clamp."""
        msg = TYPES[self._stamped][0]()
        twist = msg
        if self._stamped:
            msg.header.stamp, msg.header.frame_id = self._node.get_clock().now().to_msg(), "base_link"
            twist = msg.twist
        twist.linear.x, twist.angular.z = float(velocity.linear_m_s), float(velocity.angular_rad_s)
        self._publisher.publish(msg)

    def stop(self) -> None:
        """Publish zero."""
        self.send(STOP)

    def close(self, times: int = 3, wait_s: float = 0.2) -> None:
        """Publish zero for the last time, repeatedly, and let it arrive before the process ends."""
        for _ in range(times):
            self.stop()
            time.sleep(0.01)
        self._publisher.wait_for_all_acked(Duration(seconds=wait_s))

    def mismatch(self) -> str:
        """One sentence when another node uses `cmd_vel` with the other type, so that nothing would move; else empty."""
        other = TYPES[not self._stamped][1]
        topic = self._publisher.topic_name
        ends = [*self._node.get_subscriptions_info_by_topic(topic), *self._node.get_publishers_info_by_topic(topic)]
        names = sorted({end.node_name for end in ends if end.topic_type == other})
        if not names:
            return ""
        value = str(not self._stamped).lower()
        return f"{', '.join(names)} uses {topic} as {other}, we send {TYPES[self._stamped][1]}: set stamped_cmd_vel:={value}"

    def others(self, ours: Collection[str]) -> tuple[str, ...]:
        """Names of the nodes that publish on `cmd_vel` besides ours."""
        ends = self._node.get_publishers_info_by_topic(self._publisher.topic_name)
        return tuple(sorted({end.node_name for end in ends} - {self._node.get_name(), *ours}))
