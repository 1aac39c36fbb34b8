"""Brings a stream of time-stamped frames to the model's rate, so that 7 Hz and 60 Hz cameras look the same to the network.

Copying or dropping frames changes the tempo that the network sees; linear interpolation on the true stamps does not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.types import FloatArray

Stamps = npt.NDArray[np.float64]


class Resampler:
    """Linear interpolation of a stream at ``first stamp + k / rate``; a step is known once a frame at or after it arrives.

    ::

        frames   x     x  x      x     x        (camera, any rate, jitter)
        steps    |   |   |   |   |   |          (model's rate)
    """

    def __init__(self, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next frame is the first."""
        self._start_s: float | None = None
        self._steps = 0
        self._last_stamp_s = 0.0
        self._last_value: FloatArray = np.zeros(0, np.float32)

    def push(self, stamp_s: float, value: FloatArray) -> list[tuple[float, FloatArray]]:
        """Take one frame.

        Args:
            stamp_s: acquisition time [s]; a frame that is not newer than the last one is left out.
            value: any shape, the same for all frames.

        Returns:
            The steps that became known, oldest first, as (stamp [s], value).

        Raises:
            InputError: the stamp is not finite.
        """
        if not np.isfinite(stamp_s):
            raise InputError(f"stamp {stamp_s} s is not a finite time")
        if self._start_s is None:
            self._start_s, self._last_stamp_s, self._last_value, self._steps = stamp_s, stamp_s, value, 1
            return [(stamp_s, value)]
        if stamp_s <= self._last_stamp_s:
            return []
        steps = []
        while (step_s := self._start_s + self._steps / self.rate_hz) <= stamp_s + 1e-9:
            share = (step_s - self._last_stamp_s) / (stamp_s - self._last_stamp_s)
            steps.append((step_s, self._last_value + np.float32(share) * (value - self._last_value)))
            self._steps += 1
        self._last_stamp_s, self._last_value = stamp_s, value
        return steps


def resample(stamps_s: Stamps, values: FloatArray, rate_hz: float) -> tuple[Stamps, FloatArray]:
    """The same as :class:`Resampler` for a whole sequence at once.

    Args:
        stamps_s: (T,) strictly increasing [s].
        values: (T, ...).
        rate_hz: rate of the result [Hz].

    Returns:
        Steps (S,) [s] and values (S, ...).

    Raises:
        InputError: no frame, or stamps that do not increase.
    """
    if len(stamps_s) == 0 or len(stamps_s) != len(values):
        raise InputError(f"{len(stamps_s)} stamps for {len(values)} frames; need the same number, at least one")
    if not (np.isfinite(stamps_s).all() and (np.diff(stamps_s) > 0).all()):
        raise InputError("stamps must be finite and increase; sort the frames and drop repeated ones")
    steps = stamps_s[0] + np.arange(int((stamps_s[-1] - stamps_s[0] + 1e-9) * rate_hz) + 1) / rate_hz
    after = np.clip(np.searchsorted(stamps_s, steps - 1e-9), min(1, len(stamps_s) - 1), len(stamps_s) - 1)
    before = np.maximum(after - 1, 0)
    width = np.maximum(stamps_s[after] - stamps_s[before], 1e-12)
    share = np.clip((steps - stamps_s[before]) / width, 0.0, 1.0).reshape((-1,) + (1,) * (values.ndim - 1))
    return steps, values[before] + share.astype(np.float32) * (values[after] - values[before])
