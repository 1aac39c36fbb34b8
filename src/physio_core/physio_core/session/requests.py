"""What a therapist's words mean: the same from a terminal, a key or a tap.

A request is the name of an exercise, several with commas between, or one of :class:`Command`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import Catalogue, askable, require


class Command(str, Enum):
    """What a therapist may say besides names of exercises."""

    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    STOP = "stop"


COMMANDS = tuple(command.value for command in Command)


@dataclass(frozen=True)
class Request:
    """Words that were understood.

    Attributes:
        command: what to do; None: ask for ``exercises``.
        exercises: one or more names, in the order wanted.
    """

    command: Command | None
    exercises: tuple[str, ...] = ()


def valid_words(known: Catalogue) -> str:
    """Everything that can be said now, for a person to read."""
    return f"{', '.join(sorted(askable(known)))} (several with commas between), {', '.join(COMMANDS)}"


def parse(text: str, known: Catalogue) -> Request:
    """What was asked for; letter case, blanks and hyphens do not matter.

    Raises:
        ConfigError: empty, a word that means nothing, a command within a list, or an exercise that cannot be asked for.
    """
    words = tuple(word.strip().lower().replace(" ", "_").replace("-", "_") for word in text.split(",") if word.strip())
    if not words:
        raise ConfigError(f"empty request; say one of: {valid_words(known)}")
    if len(set(words)) == 1 and words[0] in COMMANDS:
        return Request(Command(words[0]))
    for word in words:
        if word in COMMANDS:
            raise ConfigError(f"{word!r} stands alone, not in a list; say one of: {valid_words(known)}")
        if word not in known:
            raise ConfigError(f"unknown word {word!r}; say one of: {valid_words(known)}")
        require(word, known)
    return Request(None, words)
