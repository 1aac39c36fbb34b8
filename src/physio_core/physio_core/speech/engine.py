"""Words to sound by a program of this machine: it reads a sentence from its standard input and writes a WAV.

Nothing is asked of a network, and no shell reads what is said.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections import OrderedDict

from physio_core.errors import SpeechError
from physio_core.speech.waves import Wave, read_wave

LONGEST_S = 10.0
"""A program that takes longer is ended."""
KEPT = 512
"""Sentences that are kept as sound, about 30 MB."""


class Engine:
    """Renders sentences, and keeps them."""

    def __init__(self, command: str, rate_wpm: int) -> None:
        """Look for the program.

        Args:
            command: with ``{language}`` and ``{rate_wpm}`` where the program wants them.
            rate_wpm: words per minute.

        Raises:
            SpeechError: there is no such program, or the command has another placeholder.
        """
        try:
            self._words = shlex.split(command)
            found = [word.format(language="en", rate_wpm=rate_wpm) for word in self._words]
        except (ValueError, KeyError, IndexError) as error:
            raise SpeechError(f"command = {command!r} cannot be used: {error}; it may have {{language}}, {{rate_wpm}}") from error
        if not found or shutil.which(found[0]) is None:
            program = found[0] if found else ""
            raise SpeechError(f"{program!r} is not installed, so nothing is spoken; install it (apt-get install espeak-ng)")
        self.rate_wpm = rate_wpm
        self._kept: OrderedDict[tuple[str, str, int], Wave] = OrderedDict()

    def render(self, text: str, language: str) -> Wave:
        """The sound of a sentence.

        Raises:
            SpeechError: the program failed, took too long, or wrote no WAV.
        """
        key = (text, language, self.rate_wpm)
        if key not in self._kept:
            self._kept[key] = self._run(text, language)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _run(self, text: str, language: str) -> Wave:
        words = [word.format(language=language, rate_wpm=self.rate_wpm) for word in self._words]
        try:
            done = subprocess.run(words, input=text.encode(), capture_output=True, timeout=LONGEST_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise SpeechError(f"{words[0]} took longer than {LONGEST_S:g} s") from error
        except OSError as error:
            raise SpeechError(f"{words[0]}: {error.strerror}") from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise SpeechError(
                f"{words[0]} ended with {done.returncode} in language {language!r}: {said[-1] if said else 'no reason'}"
            )
        return read_wave(done.stdout)
