"""Sound as numbers: read from WAV bytes as speech programs write them, and brought to the rate that is played."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.errors import SpeechError

RATE_HZ = 22050
"""Rate at which everything is played; espeak-ng's own, and that of most offline voices."""

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Wave:
    """One channel of sound.

    Attributes:
        samples: (N,) at :data:`RATE_HZ`.
    """

    samples: Samples

    @property
    def duration_s(self) -> float:
        """How long it sounds [s]."""
        return len(self.samples) / RATE_HZ


def read_wave(content: bytes) -> Wave:
    """A WAV of 16 bits, of any rate and number of channels; a length in its header that is too great does not matter.

    Raises:
        SpeechError: something else.
    """
    try:
        with wave.open(io.BytesIO(content)) as file:
            rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise SpeechError(f"no WAV ({error}); the program must write one to its standard output") from error
    if width != 2:
        raise SpeechError(f"a WAV of {8 * width} bits; the program must write 16")
    samples = np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], np.int16).reshape(-1, channels).mean(axis=1)
    if rate_hz != RATE_HZ and len(samples):
        times_s = np.arange(int(len(samples) * RATE_HZ / rate_hz)) / RATE_HZ
        samples = np.interp(times_s, np.arange(len(samples)) / rate_hz, samples)
    return Wave(samples.astype(np.int16))
