"""What is said next: never a backlog, and what keeps a patient from harm before everything else.

A newer sentence replaces one that waits; a number that comes too late is dropped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from physio_core.speech.voice import Priority

WAITS_S = {Priority.CUE: 5.0, Priority.COUNT: 1.0, Priority.SAFETY: math.inf}
"""How long something is worth saying [s]."""


@dataclass(frozen=True)
class Utterance:
    """Something to say.

    Attributes:
        text: words; empty: the sound alone.
        language: of the words.
        priority: how urgent it is.
        sound: before the words; empty: none.
    """

    text: str
    language: str
    priority: Priority = Priority.CUE
    sound: str = ""


class _Waiting(NamedTuple):
    utterance: Utterance
    since_s: float


class SpeechQueue:
    """At most one utterance of each priority waits; times are passed in [s]."""

    def __init__(self) -> None:
        """Nothing is said and nothing waits."""
        self._waiting: dict[Priority, _Waiting] = {}
        self._now: Utterance | None = None

    def put(self, utterance: Utterance, now_s: float) -> bool:
        """Let something wait for its turn; true: what is being said must stop for it."""
        if utterance.priority is Priority.SAFETY:
            self._waiting.clear()
        self._waiting[utterance.priority] = _Waiting(utterance, now_s)
        return utterance.priority is Priority.SAFETY and self._now is not None and self._now.priority is not Priority.SAFETY

    def take(self, now_s: float) -> Utterance | None:
        """What to say now; None: nothing is left that is worth it."""
        self._now = None
        for priority in sorted(self._waiting, reverse=True):
            utterance, since_s = self._waiting.pop(priority)
            if now_s - since_s <= WAITS_S[priority]:
                self._now = utterance
                return utterance
        return None

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
