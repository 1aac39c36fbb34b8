"""The loudspeaker, through pygame's mixer: one sound at a time, which can be stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from physio_core.errors import SpeechError
from physio_core.lean import hidden
from physio_core.speech.waves import RATE_HZ, Wave

with hidden("pkg_resources"):  # as in physio_core/screen/drawing
    import pygame

_BUFFER = 1024


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the lines that ALSA itself writes for each device that it does not find."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


class Player:
    """Plays waves."""

    def __init__(self) -> None:
        """Open the sound device.

        Raises:
            SpeechError: there is none.
        """
        try:
            with _quiet():
                pygame.mixer.init(RATE_HZ, -16, 1, _BUFFER, allowedchanges=0)
            self._channel = pygame.mixer.Channel(0)
        except (pygame.error, NotImplementedError) as error:
            raise SpeechError(f"no sound device can be opened: {error}") from error

    @property
    def busy(self) -> bool:
        """Whether something sounds."""
        return self._channel.get_busy()

    def play(self, wave: Wave, volume: float) -> None:
        """Begin to play, with a volume [0..1]."""
        playing = pygame.mixer.Sound(buffer=wave.samples.tobytes())
        playing.set_volume(volume)
        self._channel.play(playing)

    def stop(self) -> None:
        """Be silent at once."""
        self._channel.stop()

    def close(self) -> None:
        """Give the device back."""
        pygame.mixer.quit()
