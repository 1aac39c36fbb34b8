"""Several nodes in one process: `composed camera pose hand action coach records voice`, so that no image crosses to another one.

They are the nodes that run by themselves elsewhere, under the same names, with the same parameters and topics. What ends one of
them ends all. Robot and stop guard never stand here: each watches over the other's process.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

from rclpy.node import Node
from rclpy.utilities import remove_ros_args

from physio_core.errors import ConfigError
from physio_nodes.run import run_all

MEMBERS = {
    "camera": "CameraNode", "pose": "PoseNode", "hand": "HandNode", "action": "ActionNode",
    "coach": "CoachNode", "records": "RecordsNode", "voice": "VoiceNode",
}  # fmt: skip
"""Nodes that may share a process, in the order in which they are made: who publishes images comes first."""
SESSION = ("coach", "records", "voice")
"""Those that have a thread of their own: the base rests where the coach is silent, and an image may take longer than that."""


def members(words: Sequence[str]) -> Iterator[Node]:
    """The named nodes, one after the other; the libraries of each are loaded only then.

    Args:
        words: names; several may stand in one word, with spaces between, as launch files give them.

    Raises:
        ConfigError: nothing is named, something that may not be here, or something twice.
    """
    words = " ".join(words).split()
    if not words or len(set(words)) < len(words) or not set(words) <= set(MEMBERS):
        raise ConfigError(f"composed: {' '.join(words) or 'nothing'} is named; name each node once, of: {', '.join(MEMBERS)}")
    for name, kind in MEMBERS.items():
        if name in words:
            yield getattr(import_module(f"physio_nodes.{name}_node"), kind)()


def main() -> None:
    """The console entry point."""
    sys.exit(run_all(lambda: members(remove_ros_args(sys.argv)[1:]), apart=SESSION))


if __name__ == "__main__":
    main()
