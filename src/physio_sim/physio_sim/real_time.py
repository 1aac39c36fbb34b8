"""Monitors whether the simulation keeps up with the wall clock, and what images cost."""

from __future__ import annotations

from collections import deque

import numpy as np

_KEEP = 600
"""How many of the newest images the figures are over: 20 s at 30 Hz."""

_RECENT = 90


class RealTimeMonitor:
    """Counts simulated against real time, and times images."""

    def __init__(self) -> None:
        """Start counting with the first :meth:`mark`."""
        self._first: tuple[float, float] | None = None
        self._last = (0.0, 0.0)
        self._render_ms: deque[float] = deque(maxlen=_KEEP)
        self._images_s: deque[float] = deque(maxlen=_RECENT)
        self.images = 0

    def mark(self, simulated_s: float, wall_s: float) -> None:
        """Note both clocks."""
        self._last = (simulated_s, wall_s)
        self._first = self._first or self._last

    def mark_image(self, duration_s: float, now_s: float) -> None:
        """Note that one image took this long and was ready now [s, steady clock]."""
        self.images += 1
        self._images_s.append(now_s)
        self._render_ms.append(duration_s * 1e3)

    @property
    def real_time_factor(self) -> float:
        """Simulated per real second since the first mark; 1 when it keeps up, NaN before any time has passed."""
        simulated_s, wall_s = (now - then for now, then in zip(self._last, self._first or self._last, strict=True))
        return simulated_s / wall_s if wall_s > 0.0 else float("nan")

    @property
    def render_ms(self) -> float:
        """Median time of one image [ms]; NaN before the first."""
        return float(np.median(self._render_ms)) if self._render_ms else float("nan")

    @property
    def image_hz(self) -> float:
        """Rate of the newest images [Hz]; NaN before the second."""
        span_s = self._images_s[-1] - self._images_s[0] if self._images_s else 0.0
        return (len(self._images_s) - 1) / span_s if span_s > 0.0 else float("nan")

    def __str__(self) -> str:
        """One line for the log."""
        return (
            f"real-time factor {self.real_time_factor:.3f}, {self.images} images, "
            f"newest at {self.image_hz:.1f} Hz, median {self.render_ms:.1f} ms each"
        )
