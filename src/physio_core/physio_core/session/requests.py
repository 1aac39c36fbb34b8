"""What a therapist's words mean: the same from a terminal, a key or a tap.

A request is one of :class:`Command`, or exercises with commas between, each as ``NAME [SETSxREPETITIONS | REPETITIONS | SECONDSs]
[left | right]``, e.g. ``squat 2x10, shoulder_flexion 8 left, plank 30s``. ``patient CODE`` asks for what that patient's programme
has for today.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import Catalogue, askable, require
from physio_core.patient_code import checked_code
from physio_core.session.plan import Due
from physio_core.session.prescription import Limits, Prescription
from physio_core.types import Side


class Command(str, Enum):
    """What may be said besides names of exercises."""

    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    STOP = "stop"
    PAIN = "pain"
    EFFORT = "effort"
    PATIENT = "patient"
    IGNORE = "ignore"
    ACCEPT = "accept"


RATED = (Command.PAIN, Command.EFFORT)
"""Commands with a number from 0, none at all, to :data:`WORST`, the worst there is."""
WORST = 10
CORRECTING = (Command.IGNORE, Command.ACCEPT)
"""Commands with the name of a fault: it is none of this patient's, or it is one after all."""
COMMANDS = tuple(command.value for command in Command if command not in (*RATED, *CORRECTING, Command.PATIENT))
_COUNT = re.compile(r"(?:(?P<sets>[1-9][0-9]?)x)?(?P<repetitions>[1-9][0-9]{0,2})|(?P<seconds>[1-9][0-9]{0,3})s")
_NEAR = 0.75
"""How alike a word must be to one that means something [0..1]."""
_SIDES = (Side.LEFT.value, Side.RIGHT.value)
_WITH_MORE = tuple(command.value for command in (*RATED, *CORRECTING, Command.PATIENT))
LONGEST = 2000
"""Signs of a request; nobody says more."""


@dataclass(frozen=True)
class Request:
    """Words that were understood.

    Attributes:
        command: what to do; None: ask for what is in ``exercises``.
        exercises: one or more, in the order wanted.
        value: of a command in :data:`RATED`.
        fault: that a command in :data:`CORRECTING` is about.
        patient: code of whose programme is to be done, of :attr:`Command.PATIENT`.
        limits: what that patient's therapist allows.
    """

    command: Command | None
    exercises: tuple[Prescription, ...] = ()
    value: int = 0
    fault: str = ""
    patient: str = ""
    limits: Limits | None = None


def from_shell(arguments: Sequence[str]) -> str:
    """The words of a command line as one request: numbers and sides belong to the exercise before them, without quotes too."""
    if arguments and arguments[0].lower() in _WITH_MORE:
        return " ".join(arguments)
    request = ""
    for argument in arguments:
        belongs = all(_COUNT.fullmatch(word) or word in _SIDES for word in argument.lower().split())
        request += (" " if belongs else ",") * bool(request) + argument
    return request


def valid_words(known: Catalogue) -> str:
    """Everything that can be said now, for a person to read."""
    rated = ", ".join(f"{command.value} 0-{WORST}" for command in RATED)
    corrected = ", ".join(f"{command.value} FAULT" for command in CORRECTING)
    exercises = ", ".join(sorted(askable(known)))
    return f"{exercises} (several with commas between), {', '.join(COMMANDS)}, {rated}, {corrected}, patient CODE"


def parse(text: str, known: Catalogue) -> Request:
    """What was asked for; letter case, blanks and hyphens do not matter.

    Raises:
        ConfigError: empty, a word that means nothing, a command within a list, a number out of range, or an exercise that cannot
            be asked for.
    """
    if len(text) > LONGEST:
        raise ConfigError(f"a request of {len(text)} signs; say at most {LONGEST}")
    # A hyphen joins words; before a number it would be a minus sign.
    plain = re.sub("(?<=[a-z])-(?=[a-z])", " ", text.lower()).replace("_", " ")
    words = tuple(words for word in plain.split(",") if (words := tuple(word.split())))
    if not words:
        raise ConfigError(f"empty request; say one of: {valid_words(known)}")
    if len(set(words)) == 1 and words[0][0] in tuple(Command):
        return _command(words[0], known)
    return Request(None, tuple(_prescription(word, known) for word in words))


def resolved(request: Request, due: Due) -> Request:
    """A request for a patient's programme as the exercises that are due; any other as it is.

    Raises:
        ConfigError: there is no programme for the patient, or nothing is due.
    """
    if request.command is not Command.PATIENT:
        return request
    today = due(request.patient)
    if not today.exercises:
        raise ConfigError(f"nothing is due today for patient {request.patient}; ask for exercises by name")
    return Request(None, today.exercises, patient=request.patient, limits=today.limits)


def rating(text: str, what: str) -> int:
    """A number from 0 to :data:`WORST`.

    Raises:
        ConfigError: anything else.
    """
    if not re.fullmatch("[0-9]{1,3}", text) or int(text) > WORST:
        raise ConfigError(f"{what} = {text or 'nothing'}; give a whole number from 0 (none) to {WORST} (the worst there is)")
    return int(text)


def _command(words: tuple[str, ...], known: Catalogue) -> Request:
    command = Command(words[0])
    if command in RATED:
        return Request(command, value=rating(" ".join(words[1:]), command.value))
    if command in CORRECTING:
        return Request(command, fault="_".join(words[1:]))
    if command is Command.PATIENT:
        return Request(command, patient=checked_code("".join(words[1:])))
    if len(words) > 1:
        raise ConfigError(f"{words[0]!r} stands alone, without {' '.join(words[1:])!r}; say one of: {valid_words(known)}")
    return Request(command)


def _prescription(words: tuple[str, ...], known: Catalogue) -> Prescription:
    if words[0] in tuple(Command):
        raise ConfigError(f"{words[0]!r} stands alone, not in a list; say one of: {valid_words(known)}")
    name, how = list(words), dict[str, Any]()
    while "_".join(name) not in known and len(name) > 1:
        last = name.pop()
        if last in _SIDES and "side" not in how:
            how["side"] = Side(last)
        elif (count := _COUNT.fullmatch(last)) and not how.keys() & {"repetitions", "seconds"}:
            how |= {key: int(value) for key, value in count.groupdict().items() if value}
        else:
            raise ConfigError(_unknown(words, last, known))
    if "_".join(name) not in known:
        raise ConfigError(_unknown(words, words[0], known))
    wanted = Prescription("_".join(name), **how)
    check(wanted, known)
    return wanted


def _unknown(words: tuple[str, ...], odd: str, known: Catalogue) -> str:
    """What is wrong with words that name no exercise."""
    for count in range(len(words) - 1, 0, -1):
        if (exercise := "_".join(words[:count])) in known:
            ways = f"{exercise} 8, {exercise} 2x8 or {exercise} 30s, and left or right"
            return f"{odd[:20]!r} after {exercise} means nothing; say {exercise}, {ways}"
    if _COUNT.fullmatch(words[0]) or words[0] in _SIDES:
        return f"{words[0]!r} belongs to an exercise; say both together, e.g. 'squat {words[0]}'"
    said = "_".join(words)[:40]
    if near := get_close_matches(said, [*askable(known), *(command.value for command in Command)], 3, _NEAR):
        return f"unknown word {said!r}; did you mean {' or '.join(near)}? All words: `physio exercise list`"
    return f"unknown word {said!r}; say one of: {valid_words(known)}"


def check(wanted: Prescription, known: Catalogue) -> None:
    """Refuse what cannot be asked for.

    Raises:
        UnknownExercise: no file describes it.
        ConfigError: the exercise cannot be asked for, or it has no sides.
    """
    exercise = require(wanted.exercise, known)
    name = wanted.exercise
    if wanted.side.value and not exercise.sided:
        raise ConfigError(f"{name} is done with both sides; ask for it without {wanted.side.value!r}")
