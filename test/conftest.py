"""Fixtures of the whole-system tests."""

from physio_testing.fixtures import ros_domain, squat_video

__all__ = ["ros_domain", "squat_video"]
