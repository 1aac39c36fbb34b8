"""Where the robot's frames stand, on `tf` and `tf_static` as tf2 does it, and what it looks like, on `robot_description`.

The names are relative, so that several robots with the same frames do not mix: without a namespace they are tf2's own `/tf`
and `/tf_static`, with one they are what navigation remaps them to.
"""

from __future__ import annotations

from collections.abc import Iterable

from builtin_interfaces.msg import Time
from geometry_msgs.msg import Quaternion, TransformStamped, Vector3
from rclpy.node import Node
from rclpy.qos import QoSProfile
from std_msgs.msg import String

from physio_core.robot.description import Transform
from physio_nodes.qos import LATCHED

try:
    from tf2_msgs.msg import TFMessage
except ImportError:
    TFMessage = None

TF = QoSProfile(depth=100)


class Transforms:
    """Publishes transforms; without the package tf2_msgs it logs that once and does nothing."""

    def __init__(self, node: Node, moving: bool = True) -> None:
        """Offer `tf_static`, and `tf` where frames move."""
        self._node = node
        if TFMessage is None:
            node.get_logger().warning(
                "tf2_msgs is not installed: no transforms on tf; run scripts/setup, or install ros-jazzy-tf2-msgs"
            )
            return
        self._static = node.create_publisher(TFMessage, "tf_static", LATCHED)
        self._moving = node.create_publisher(TFMessage, "tf", TF) if moving else None

    def fix(self, transforms: Iterable[Transform]) -> None:
        """Publish what never moves, once, also for late joiners; another call replaces it."""
        if TFMessage is not None:
            stamp = self._node.get_clock().now().to_msg()
            self._static.publish(TFMessage(transforms=[_to_msg(transform, stamp) for transform in transforms]))

    def send(self, transforms: Iterable[Transform], stamp: Time) -> None:
        """Publish what moves, as it was at a time."""
        if TFMessage is not None and self._moving is not None:
            self._moving.publish(TFMessage(transforms=[_to_msg(transform, stamp) for transform in transforms]))


def describe(node: Node, urdf: str) -> None:
    """Publish `robot_description`, latched, as robot_state_publisher does and RViz expects it."""
    node.create_publisher(String, "robot_description", LATCHED).publish(String(data=urdf))


def _to_msg(transform: Transform, stamp: Time) -> TransformStamped:
    msg = TransformStamped(child_frame_id=transform.child)
    msg.header.stamp, msg.header.frame_id = stamp, transform.parent
    x, y, z = (float(number) for number in transform.place_m)
    msg.transform.translation = Vector3(x=x, y=y, z=z)
    x, y, z, w = (float(number) for number in transform.turn)
    msg.transform.rotation = Quaternion(x=x, y=y, z=z, w=w)
    return msg
