"""Hands in the laboratory: positions learnt from pictures, openings counted in videos, and the figures of all that sees hands."""
