"""Fixtures of the nodes' tests."""

from physio_testing.fixtures import listener, ros_domain, squat_video, start

__all__ = ["listener", "ros_domain", "squat_video", "start"]
