"""Starts ROS 2's YAML launch files where `ros2 launch` is not installed (the PyPI wheels of ROS 2 lack it).

It understands the part of the format that docs/launch.md lists, with the meaning the stock launcher gives it, and refuses
everything else by name.
"""

from physio_tools.launcher.launch import Launch

__all__ = ["Launch"]
