"""Fixtures of the whole-system tests."""

from physio_testing.fixtures import listener, ros_domain, squat_video

__all__ = ["listener", "ros_domain", "squat_video"]
