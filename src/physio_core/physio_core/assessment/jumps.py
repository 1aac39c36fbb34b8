"""A signal that jumps further than a body moves is held where it was: an estimator takes one joint for another for some images.

The running median of a signal leaves out what lasts for an image or two; joints that are exchanged, or go astray, often do so
for longer.
"""

from __future__ import annotations

import math

JUMP = 0.35
"""Share of the way, from one frame to the next at 30 Hz, that nobody goes: the quickest jumping jacks go 0.25."""
HELD_S = 0.3
"""Time for which a signal may have jumped before it comes back; after it the person is where it says, as after a cut."""


class JumpGuard:
    """Guards one signal."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget, as when the signal was lost."""
        self._share, self._stamp_s = math.nan, math.nan

    def update(self, stamp_s: float, share: float) -> float:
        """Take the next value of the signal (NaN: not seen); gives the one to go by. A stamp that jumps back is a new clock."""
        if math.isnan(share):  # what was not seen says nothing of where the signal is
            return share
        if not abs(share - self._share) > JUMP or not 0.0 <= stamp_s - self._stamp_s <= HELD_S:
            self._share, self._stamp_s = share, stamp_s
        return self._share
