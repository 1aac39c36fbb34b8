"""The screen without a robot: all of its states, and how large their words are."""
