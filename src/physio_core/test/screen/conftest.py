"""A screen that draws in memory, in each language."""

from physio_testing.screens import any_screen, english, screen, words

__all__ = ["any_screen", "english", "screen", "words"]
