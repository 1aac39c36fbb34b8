"""Synthetic motion: negatives (movements other than the exercises), and rendered people."""
