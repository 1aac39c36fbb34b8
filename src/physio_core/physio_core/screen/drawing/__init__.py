"""Draws scenes with pygame: the only folder that knows it."""
