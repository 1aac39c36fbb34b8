"""What a voice is: something that says a sentence. Which one there is, :mod:`physio_core.speech.speaker` finds out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from physio_core.params import Parameters, param


class Priority(IntEnum):
    """How urgent something is."""

    CUE = 0
    """A sentence; a newer one takes the place of one that waits."""
    COUNT = 1
    """A number: short, and worth nothing a second later."""
    SAFETY = 2
    """Interrupts whatever is being said."""


@dataclass(frozen=True)
class SpeechConfig(Parameters):
    """How the coach sounds."""

    enabled: bool = param(True, "Speak and make sounds.", live=True)
    volume: float = param(0.8, "Loudness, of the loudspeaker's own.", low=0.0, high=1.0, live=True)
    rate_wpm: int = param(150, "Words per minute.", low=80, high=300, live=True)
    command: str = param(
        "espeak-ng -v {language} -s {rate_wpm} --stdin --stdout",
        "Program of this machine that reads a sentence and writes a WAV; empty: sounds alone.",
    )


class Voice(Protocol):
    """Says things, never two at once, and returns at once."""

    trouble: str
    """Why it is silent, or lacks words, in one line; empty: it speaks."""

    def say(self, text: str, language: str, priority: Priority = Priority.CUE, sound: str = "") -> None:
        """Say a sentence.

        Args:
            text: what; empty: the sound alone.
            language: its code, e.g. ``en``.
            priority: how urgent it is.
            sound: of :data:`physio_core.speech.sounds.SOUNDS`, before the words; empty: none.
        """
        ...

    def prepare(self, texts: Iterable[str], language: str) -> None:
        """Render fixed sentences while there is nothing to say, so that they come at once when they are said."""
        ...

    def configure(self, config: SpeechConfig) -> None:
        """Sound like this from now on."""
        ...

    def close(self) -> None:
        """Fall silent."""
        ...


class NullVoice:
    """Says nothing, and why."""

    def __init__(self, trouble: str) -> None:
        """``trouble``: why there is no voice, in one line."""
        self.trouble = trouble

    def say(self, text: str, language: str, priority: Priority = Priority.CUE, sound: str = "") -> None:
        """Nothing."""

    def prepare(self, texts: Iterable[str], language: str) -> None:
        """Nothing."""

    def configure(self, config: SpeechConfig) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""
