"""Rigs and fixtures of the tests; never installed on a robot."""
