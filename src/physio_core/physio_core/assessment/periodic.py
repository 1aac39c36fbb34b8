"""Counts the repetitions of a movement without a definition: whatever comes back again and again in the joints.

The joints are freed from slow drift; what moves together is their first principal component, and how often
it comes back is told by the autocorrelation of all of them. The component, smoothed by a share of that period, is then counted
with hysteresis, either way up, since nobody says which end is rest.

What comes next may change what was seen before: a period takes two repetitions to be seen. So the count is of everything so far,
and may change.
"""

from __future__ import annotations

import numpy as np

from physio_core.types import FloatArray

DRIFT_S = 1.33
"""Standard deviation of the moving mean that is taken away as drift [s]."""
STEADY_S = 0.067
"""Standard deviation of the smoothing before anything else [s]."""
SHORTEST_S = 0.4
"""No period is looked for below [s]."""
LONGEST_S = 13.0
"""No period is looked for above [s]."""
HYSTERESIS = 0.4
"""Share of the component's range that it must rise and fall by."""
SMOOTH_PERIODS, APART_PERIODS = 0.05, 0.3
"""Smoothing of the component, and the least time between two counts, in periods."""
PROMINENT, NEARLY_BEST = 0.08, 0.8
"""How far a peak of the autocorrelation stands out; the first that is nearly the best is the period, later ones are multiples."""
UNKNOWN_PERIOD_S = SHORTEST_S * 3.3
"""Taken where nothing comes back."""
FEWEST = 10
STILL = 1e-6
"""What moves by less than this share of the largest coordinate does not move."""
AGAIN_S = 0.5
"""Time after which everything is looked at again [s], or a tenth of what was seen, if that is more."""
KEPT_S = 300.0
"""Older joints are forgotten; what was counted in them stays counted."""


def count_periods(joints: FloatArray, rate_hz: float) -> int:
    """How often a movement comes back.

    Args:
        joints: (T, D) coordinates or angles, evenly spaced in time; NaN where a frame is missing.
        rate_hz: frames per second [Hz].
    """
    known = np.isfinite(joints).all(1)
    if known.sum() < FEWEST:
        return 0
    frames = np.arange(len(joints))
    filled = np.stack([np.interp(frames, frames[known], column[known]) for column in joints.T], axis=1)
    steady = _smoothed(filled, STEADY_S * rate_hz)
    moving = steady - _smoothed(steady, DRIFT_S * rate_hz)
    moving -= moving.mean(0)
    if np.abs(moving).max() < STILL * max(np.abs(steady).max(), STILL):
        return 0
    period = _period(moving, rate_hz)
    _, _, directions = np.linalg.svd(moving, full_matrices=False)
    component = _smoothed((moving @ directions[0])[:, None], SMOOTH_PERIODS * period)[:, 0]
    low, high = np.percentile(component, [3.0, 97.0])
    return max(_cycles(sign * component, HYSTERESIS * (high - low), APART_PERIODS * period) for sign in (1.0, -1.0))


def within_body(points: FloatArray) -> FloatArray:
    """Points (T, V, D) with each frame brought to 0..1 along each axis, as rows (T, D V): how, not where or how large."""
    low = points.min(axis=1, keepdims=True)
    span = np.maximum(points.max(axis=1, keepdims=True) - low, 1e-6)
    return np.asarray((points - low) / span, float).reshape(len(points), -1)


class PeriodicCounter:
    """Counts while it happens, joints as they come."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._frames: list[FloatArray] = []
        self._before = self.count = self._due = 0

    def update(self, joints: FloatArray) -> int:
        """Take the joints (D,) of the next frame, NaN where there are none; gives the count of everything so far."""
        self._frames.append(joints)
        if len(self._frames) >= self._due:
            self._look_again()
            self._due = len(self._frames) + max(round(AGAIN_S * self._rate_hz), len(self._frames) // 10)
        return self.count

    def close(self) -> int:
        """The last count."""
        self._look_again()
        return self.count

    def _look_again(self) -> None:
        if self._frames:
            self.count = self._before + count_periods(np.array(self._frames), self._rate_hz)
        if len(self._frames) >= KEPT_S * self._rate_hz:
            self._before, self._frames, self._due = self.count, [], 0


def _smoothed(values: FloatArray, width: float) -> FloatArray:
    """Columns of (T, D) smoothed by a Gaussian of a standard deviation in frames, mirrored at the ends."""
    reach = int(4.0 * width + 0.5)
    if reach < 1:
        return values
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    index = np.arange(-reach, len(values) + reach) % (2 * len(values))
    padded = values[np.minimum(index, 2 * len(values) - 1 - index)]
    count = 2 ** int(np.ceil(np.log2(len(padded) + len(kernel))))
    spectrum = np.fft.rfft(padded, count, axis=0) * np.fft.rfft(kernel / kernel.sum(), count)[:, None]
    return np.asarray(np.fft.irfft(spectrum, count, axis=0)[2 * reach : 2 * reach + len(values)])


def _period(moving: FloatArray, rate_hz: float) -> float:
    """Frames after which everything comes back."""
    count = len(moving)
    spectrum = np.fft.rfft(moving, 2 * count, axis=0)
    together = np.fft.irfft((spectrum * spectrum.conj()).sum(1))[:count] / (count - np.arange(count))
    together = together[: min(count // 2, int(LONGEST_S * rate_hz))] / together[0]
    peaks = [at for at in _peaks(together) if at >= SHORTEST_S * rate_hz and together[at] > 0.0]
    if not peaks:
        return UNKNOWN_PERIOD_S * rate_hz
    best = max(together[at] for at in peaks)
    return float(next(at for at in peaks if together[at] >= NEARLY_BEST * best))


def _peaks(values: FloatArray) -> list[int]:
    """Places of peaks that stand out from the higher of the valleys beside them."""
    found = []
    for at in np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:])) + 1:
        higher = np.flatnonzero(values > values[at])
        left, right = higher[higher < at], higher[higher > at]
        before = values[left[-1] if len(left) else 0 : at + 1].min()
        after = values[at : (right[0] if len(right) else len(values) - 1) + 1].min()
        if values[at] - max(before, after) >= PROMINENT:
            found.append(int(at))
    return found


def _cycles(values: FloatArray, least: float, apart: float) -> int:
    """Rises and falls by at least so much, whose tops are so many frames apart."""
    count, rising, top_at, last_at = 0, False, 0, -np.inf
    low = high = values[0]
    for at, value in enumerate(values.tolist()):
        if not rising:
            low = min(low, value)
            if value - low > least:
                rising, high, top_at = True, value, at
            continue
        if value > high:
            high, top_at = value, at
        if high - value > least:
            rising, low = False, value
            if top_at - last_at >= apart:
                count, last_at = count + 1, top_at
    return count
