"""How smooth a movement is: spectral arc length of its speed (SPARC).

S. Balasubramanian, A. Melendez-Calderon, A. Roby-Brami, E. Burdet: "On the analysis of movement smoothness", Journal of
NeuroEngineering and Rehabilitation 12:112, 2015. It knows neither size nor duration, and less noise than measures of jerk.
"""

from __future__ import annotations

import math

import numpy as np

from physio_core.types import FloatArray

CUT_HZ = 10.0
"""No movement of a body is faster [Hz]."""
LEAST_AMPLITUDE = 0.05
"""Share of the greatest amplitude above which the spectrum counts."""
_PADDING = 4
_FEWEST = 5


def sparc(speed: FloatArray, rate_hz: float) -> float:
    """Spectral arc length, at most about -1.4 for one smooth stroke; lower is less smooth. NaN: too short, or nothing moves.

    Args:
        speed: (T,) not negative, evenly spaced in time, in any unit.
        rate_hz: samples per second [Hz].
    """
    if len(speed) < _FEWEST or not speed.any():
        return math.nan
    count = 2 ** (math.ceil(math.log2(len(speed))) + _PADDING)
    spectrum = np.abs(np.fft.rfft(speed, count))
    frequency = np.arange(len(spectrum)) * rate_hz / count
    spectrum = spectrum[frequency <= CUT_HZ] / spectrum.max()
    frequency = frequency[frequency <= CUT_HZ]
    last = int(np.flatnonzero(spectrum >= LEAST_AMPLITUDE)[-1])
    if last == 0:
        return math.nan
    steps = np.diff(frequency[: last + 1]) / frequency[last]
    return -float(np.sqrt(steps**2 + np.diff(spectrum[: last + 1]) ** 2).sum())
