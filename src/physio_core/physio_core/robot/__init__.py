"""Moves the base safely: limits, gestures, keep-out, and the two state machines that watch each other."""
