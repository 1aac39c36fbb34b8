"""Monitors a stream of images by their time stamps: its rate, which came late, and how many were lost on the way."""

from __future__ import annotations

from collections import deque

import numpy as np

LATE_S = 0.5
"""An image older than the newest by no more than this came late; one further back means that the clock was set."""
RECENT = 30
"""Images over which stamps must be seen to rise."""
LEAST_RISING = 0.4
"""Share of the recent stamps that must be newer than all before; a topic on which every image comes twice has half."""


class RateMonitor:
    """Rate, order and losses of a stream of images.

    A stamp that comes much later than the usual period means images between them were lost. The usual period is the lower
    quartile of the recent ones, so that even when a third is lost the rest shows what it should be.

    Attributes:
        lost: images that never came.
        late: images that were no newer than one before.
    """

    def __init__(self, window: int = 150) -> None:
        """Look back over ``window`` images."""
        self._periods_s: deque[float] = deque(maxlen=window)
        self._lost: deque[int] = deque(maxlen=window)
        self._rising: deque[bool] = deque(maxlen=RECENT)
        self._last_s: float | None = None
        self.lost = self.late = 0

    def update(self, stamp_s: float) -> bool:
        """Take the stamp of an image; whether it is newer than those before. A late image should be skipped, and was not lost."""
        period_s = stamp_s - self._last_s if self._last_s is not None else 0.0
        late = self._last_s is not None and -LATE_S <= period_s <= 0.0
        self._rising.append(not late)
        if late:
            self.late += 1
            if self._lost and self._lost[-1] and period_s < 0.0:
                self._lost[-1] -= 1
                self.lost -= 1
            return False
        self._last_s = stamp_s
        if period_s > 0.0:
            self._periods_s.append(period_s)
            missing = max(0, round(period_s / self.period_s) - 1) if len(self._periods_s) >= 10 else 0
            self._lost.append(missing)
            self.lost += missing
        return True

    @property
    def fault(self) -> str:
        """What is wrong with the stamps, and who must fix it; empty: nothing."""
        rising = sum(self._rising)
        if len(self._rising) < RECENT // 3 or rising >= LEAST_RISING * len(self._rising):
            return ""
        return (
            f"stamps do not rise: of the last {len(self._rising)} images only {rising} are newer than those before (newest:"
            f" {self._last_s:.3f} s); the driver must set header.stamp of each image to its time of acquisition, in fractions"
            " of a second"
        )

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
