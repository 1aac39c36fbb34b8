"""For tests: the robot node or the stop guard with a bug that can be called up while it runs.

``FAULTY=robot_node python -m physio_testing.faulty_node``, then ``hang`` or ``crash`` on the topic ``~/fault``.
"""

from __future__ import annotations

import os
import time

from rclpy.node import Node
from std_msgs.msg import String

from physio_nodes.qos import RELIABLE
from physio_nodes.robot_node import RobotNode
from physio_nodes.run import main_of
from physio_nodes.stop_guard import StopGuard

HANG_S = 3.0


def make() -> Node:
    """The node that the variable FAULTY names."""
    node: Node = {"robot_node": RobotNode, "stop_guard": StopGuard}[os.environ["FAULTY"]]()
    node.create_subscription(String, "~/fault", _fail, RELIABLE)
    return node


def _fail(msg: String) -> None:
    if msg.data == "hang":
        time.sleep(HANG_S)
    else:
        raise RuntimeError("crash asked for")


main = main_of(make)

if __name__ == "__main__":
    main()
