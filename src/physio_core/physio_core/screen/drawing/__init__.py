"""Draws scenes with pygame: the only folder that knows it."""

import os

from physio_core.lean import hidden

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

with hidden("pkg_resources"):  # 12 MB, for pictures that lie inside of archives, of which there are none
    import pygame  # noqa: F401 # whichever file of this folder is asked for first
