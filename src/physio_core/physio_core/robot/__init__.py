"""Moves the base safely: limits, gestures, stop zone, and the two state machines that watch each other."""
