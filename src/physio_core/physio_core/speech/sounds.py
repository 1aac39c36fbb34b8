"""Small sounds that say one thing without words: a repetition counted, a movement right, a session at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from physio_core.speech.waves import RATE_HZ, Wave
from physio_core.types import FloatArray

SOUNDS: Mapping[str, Sequence[tuple[float, float]]] = {
    "count": [(880.0, 0.08)],
    "right": [(659.3, 0.12), (987.8, 0.22)],
    "end": [(523.3, 0.15), (659.3, 0.15), (784.0, 0.15), (1046.5, 0.35)],
}
"""Tones one after the other, each with frequency [Hz] and length [s]; they rise where something is well."""

_LEVEL = 0.35
_FADE_S = 0.01


@lru_cache(maxsize=len(SOUNDS))
def sound(name: str) -> Wave:
    """One of :data:`SOUNDS`."""
    return Wave(np.concatenate([_tone(hz, length_s) for hz, length_s in SOUNDS[name]]).astype(np.int16))


def _tone(hz: float, length_s: float) -> FloatArray:
    """A sine that dies away, and begins and ends without a click."""
    times_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    envelope = np.exp(-3.0 * times_s / length_s) * np.clip(np.minimum(times_s, length_s - times_s) / _FADE_S, 0.0, 1.0)
    return np.asarray(32767 * _LEVEL * envelope * np.sin(2 * np.pi * hz * times_s))
