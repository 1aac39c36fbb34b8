"""Exercises as one patient does them: what moved from the exercise's file, why, and the way back."""
