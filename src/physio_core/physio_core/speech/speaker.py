"""The voice that ships: a thread has one utterance after the other rendered, and plays it until its end or something urgent."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from physio_core.errors import SpeechError
from physio_core.speech.engine import Engine
from physio_core.speech.player import Player
from physio_core.speech.queue import SpeechQueue, Utterance
from physio_core.speech.sounds import SOUNDS, sound
from physio_core.speech.voice import NullVoice, Priority, SpeechConfig, Voice
from physio_core.speech.waves import Wave

POLL_S = 0.02
PREPARE_EVERY_S = 1.0
"""Time between two sentences that are rendered ahead: the camera's images need the processor more."""


class Loudspeaker(Protocol):
    """What a speaker plays with; see :class:`physio_core.speech.player.Player`."""

    @property
    def busy(self) -> bool:
        """Whether something sounds."""
        ...

    def play(self, wave: Wave, volume: float) -> None:
        """Begin to play."""
        ...

    def stop(self) -> None:
        """Be silent at once."""
        ...

    def close(self) -> None:
        """Give the device back."""
        ...


class Speaker:
    """A voice with a thread of its own; see :class:`physio_core.speech.voice.Voice`."""

    def __init__(
        self, config: SpeechConfig, player: Loudspeaker, engine: Engine | None, trouble: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """Begin to listen.

        Args:
            config: how it sounds.
            player: what it sounds through.
            engine: what renders words; None: nothing does, and there are sounds alone.
            trouble: why there are no words.
            clock: steady [s].
        """
        self.trouble = trouble
        self._config, self._player, self._engine, self._clock = config, player, engine, clock
        self._queue = SpeechQueue()
        self._ahead: deque[tuple[str, str]] = deque()
        self._condition = threading.Condition()
        self._interrupted = self._closed = False
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def say(self, text: str, language: str, priority: Priority = Priority.CUE, sound: str = "") -> None:
        """See :class:`physio_core.speech.voice.Voice`; while it is not enabled, nothing is said."""
        with self._condition:
            if not self._config.enabled or self._closed:
                return
            self._interrupted |= self._queue.put(Utterance(text, language, priority, sound), self._clock())
            self._condition.notify()

    def prepare(self, texts: Iterable[str], language: str) -> None:
        """See :class:`physio_core.speech.voice.Voice`; texts of before that are not rendered yet are left out."""
        with self._condition:
            self._ahead = deque((text, language) for text in texts)
            self._condition.notify()

    def configure(self, config: SpeechConfig) -> None:
        """See :class:`physio_core.speech.voice.Voice`."""
        with self._condition:
            self._config = config
            if self._engine:
                self._engine.rate_wpm = config.rate_wpm
            if not config.enabled:
                self._queue.clear()
                self._interrupted = True
            self._condition.notify()

    def close(self) -> None:
        """Stop in the middle of a word, and end the thread."""
        with self._condition:
            self._closed = self._interrupted = True
            self._condition.notify()
        self._thread.join()
        self._player.close()

    def _run(self) -> None:
        while True:
            with self._condition:
                utterance = self._next()
                if self._closed:
                    return
                self._interrupted = False
            try:
                if utterance is None:
                    self._render_ahead()
                else:
                    self._utter(utterance)
            except SpeechError as error:
                self.trouble = str(error)

    def _next(self) -> Utterance | None:
        """Wait for something to say; None: nothing for a while, and there is something to render ahead."""
        while not self._closed:
            utterance = self._queue.take(self._clock())
            if utterance is not None:
                return utterance
            notified = self._condition.wait(PREPARE_EVERY_S if self._ahead else None)
            if not notified and self._ahead:
                return None
        return None

    def _render_ahead(self) -> None:
        text, language = self._ahead.popleft()
        if self._engine:
            self._rendered(self._engine, text, language)

    def _utter(self, utterance: Utterance) -> None:
        if utterance.sound in SOUNDS:
            self._play(sound(utterance.sound))
        if utterance.text and self._engine and not self._interrupted:
            self._play(self._rendered(self._engine, utterance.text, utterance.language))

    def _rendered(self, engine: Engine, text: str, language: str) -> Wave:
        wave = engine.render(text, language)
        self.trouble = ""
        return wave

    def _play(self, wave: Wave) -> None:
        with self._condition:
            if self._interrupted:
                return
            self._player.play(wave, self._config.volume)
            while self._player.busy and not self._interrupted:
                self._condition.wait(POLL_S)
            self._player.stop()


def open_voice(config: SpeechConfig) -> Voice:
    """The best voice of this machine: words and sounds, sounds alone, or none; its ``trouble`` says which and why."""
    try:
        player = Player()
    except SpeechError as error:
        return NullVoice(f"{error}; the coach is silent")
    try:
        return Speaker(config, player, Engine(config.command, config.rate_wpm) if config.command else None)
    except SpeechError as error:
        return Speaker(config, player, None, str(error))
