"""Hears other coaches in the same place, and ends or warns as :mod:`physio_core.session.rival` decides."""

from __future__ import annotations

import os

from rclpy.node import Node

from physio_core.session.rival import Identity, is_rival
from physio_msgs.msg import CoachStatus
from physio_nodes.convert import sender_of
from physio_nodes.qos import RELIABLE


class RivalWatch:
    """Listens to `coach/status`, which every coach publishes."""

    def __init__(self, node: Node, own: Identity) -> None:
        """Listen on a node, of which coach it is."""
        self._node, self._own = node, own
        node.create_subscription(CoachStatus, "coach/status", self._on_coach, RELIABLE)

    def _on_coach(self, msg: CoachStatus) -> None:
        place = f"ROS domain {os.environ.get('ROS_DOMAIN_ID', '0')}, namespace {self._node.get_namespace()}"
        other = sender_of(msg)
        if is_rival(self._own, other, place):
            warning = f"a second coach publishes here ({other}); it should end itself"
            self._node.get_logger().warning(warning, throttle_duration_sec=5.0)
