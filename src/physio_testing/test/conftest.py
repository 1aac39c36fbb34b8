"""Fixtures, tested by being used."""

from physio_testing.fixtures import listener, ros_domain, start

__all__ = ["listener", "ros_domain", "start"]
