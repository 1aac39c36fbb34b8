"""Measures whether the simulation keeps up with the wall clock, and what pictures cost."""

from __future__ import annotations

from collections import deque

import numpy as np

_KEEP = 600
"""How many of the newest pictures the figures are over: 20 s at 30 Hz."""

_RECENT = 90


class Pace:
    """Counts simulated against real time, and times pictures."""

    def __init__(self) -> None:
        """Start counting with the first :meth:`mark`."""
        self._first: tuple[float, float] | None = None
        self._last = (0.0, 0.0)
        self._render_ms: deque[float] = deque(maxlen=_KEEP)
        self._drawn_s: deque[float] = deque(maxlen=_RECENT)
        self.pictures = 0

    def mark(self, simulated_s: float, wall_s: float) -> None:
        """Note both clocks."""
        self._last = (simulated_s, wall_s)
        self._first = self._first or self._last

    def drawn(self, duration_s: float, now_s: float) -> None:
        """Note that one picture took so long and was ready now [s, steady clock]."""
        self.pictures += 1
        self._drawn_s.append(now_s)
        self._render_ms.append(duration_s * 1e3)

    @property
    def real_time_factor(self) -> float:
        """Simulated per real second since the first mark; 1 when it keeps up, NaN before any time has passed."""
        simulated_s, wall_s = (now - then for now, then in zip(self._last, self._first or self._last, strict=True))
        return simulated_s / wall_s if wall_s > 0.0 else float("nan")

    @property
    def render_ms(self) -> float:
        """Median time of one picture [ms]; NaN before the first."""
        return float(np.median(self._render_ms)) if self._render_ms else float("nan")

    @property
    def picture_hz(self) -> float:
        """Rate of the newest pictures [Hz]; NaN before the second."""
        span_s = self._drawn_s[-1] - self._drawn_s[0] if self._drawn_s else 0.0
        return (len(self._drawn_s) - 1) / span_s if span_s > 0.0 else float("nan")

    def __str__(self) -> str:
        """One line for the log."""
        return (
            f"real-time factor {self.real_time_factor:.3f}, {self.pictures} pictures, "
            f"newest at {self.picture_hz:.1f} Hz, median {self.render_ms:.1f} ms each"
        )
