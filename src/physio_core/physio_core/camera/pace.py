"""Tells from the time stamps of images how fast they come and how many were lost on the way."""

from __future__ import annotations

from collections import deque

import numpy as np


class Pace:
    """Rate and losses of a stream of images.

    A stamp that comes much later than the usual period means images between were lost. The usual period is the lower
    quartile of the recent ones, so that even when a third is lost the rest shows what it should be.
    """

    def __init__(self, window: int = 150) -> None:
        """Look back over ``window`` images."""
        self._periods_s: deque[float] = deque(maxlen=window)
        self._lost: deque[int] = deque(maxlen=window)
        self._last_s: float | None = None
        self.lost = 0

    def update(self, stamp_s: float) -> None:
        """Take note of an image; stamps that do not rise (the clock was set, a video began anew) are no loss."""
        period_s = stamp_s - self._last_s if self._last_s is not None else 0.0
        self._last_s = stamp_s
        if period_s <= 0.0:
            return
        self._periods_s.append(period_s)
        missing = max(0, round(period_s / self.period_s) - 1) if len(self._periods_s) >= 10 else 0
        self._lost.append(missing)
        self.lost += missing

    @property
    def period_s(self) -> float:
        """Usual time between images [s]; 0 while unknown."""
        return float(np.percentile(self._periods_s, 25)) if self._periods_s else 0.0

    @property
    def rate_hz(self) -> float:
        """Images per second that really came [Hz]; 0 while unknown."""
        return len(self._periods_s) / sum(self._periods_s) if self._periods_s else 0.0

    @property
    def lost_share(self) -> float:
        """Share of the recent images that was lost [0..1]."""
        missing = sum(self._lost)
        return missing / (missing + len(self._lost)) if self._lost else 0.0
