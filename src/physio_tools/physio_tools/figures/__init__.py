"""Figures of exercises, made from the movement library."""
