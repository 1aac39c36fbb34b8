"""Simulated time: no node begins before it has received the time, so that no message is stamped with zero."""

from __future__ import annotations

from collections.abc import Callable

from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from rclpy.time import Time
from rclpy.wait_for_message import wait_for_message
from rosgraph_msgs.msg import Clock

from physio_core.errors import ConfigError

PATIENCE_S = 1.0
WARN_EVERY_S = 5.0


def uses_sim_time(node: Node) -> bool:
    """Whether the node was told to take the time from /clock."""
    return bool(node.get_parameter("use_sim_time").value)


def refuse_sim_time(node: Node, why: str) -> None:
    """For nodes whose stamps come from this machine's clock.

    Raises:
        ConfigError: the node was told to take the time from /clock.
    """
    if uses_sim_time(node):
        raise ConfigError(f"use_sim_time = true, but {why}; leave use_sim_time false")


def wait_for_clock(node: Node, keep_waiting: Callable[[], bool]) -> None:
    """Wait for the first time on /clock, where the node uses it; the log repeats every few seconds what it waits for."""
    while uses_sim_time(node) and keep_waiting():
        received, msg = wait_for_message(Clock, node, "/clock", qos_profile=qos_profile_sensor_data, time_to_wait=PATIENCE_S)
        if received and (msg.clock.sec or msg.clock.nanosec):
            node.get_clock().set_ros_time_override(Time.from_msg(msg.clock))
            return
        node.get_logger().warning(
            "use_sim_time is true and no node publishes /clock yet: waiting for it (a simulation, or a bag played with --clock)",
            throttle_duration_sec=WARN_EVERY_S,
        )
