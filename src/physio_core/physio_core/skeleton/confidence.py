"""What a joint's confidence means: one number per decision, so that screen, judge and laboratory agree on who is seen.

MediaPipe Pose gives trunk and face nearly 1, the far arm and leg of someone who does push-ups 0.24 to 0.42 although they are
about right, and joints that are outside of the image less than 0.1.
"""

from __future__ import annotations

MISSING_BELOW = 0.005
"""The estimator gave the joint no place; what stands there is arbitrary, and :mod:`physio_core.skeleton.stream` fills it in."""

GUESSED_BELOW = 0.1
"""A guess at a joint that the image does not show; left out even where all of a recording is to be looked at."""

VISIBLE = 0.3
"""Seen well enough to be drawn, and to be counted as in view; admits the far limbs of someone seen from the side."""

RELIABLE = 0.5
"""Sure enough to measure with: lengths of bones, joint angles, who a person is."""
