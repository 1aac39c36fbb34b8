"""Which exercise comes next: at random as in the thesis this project grew from, from a fixed list, or on request.

The therapist's words arrive as plain strings, the same from a terminal, a key or a tap: the name of an exercise, several
names with commas, or one of :data:`COMMANDS`.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from enum import Enum

from physio_core.coach.exercises import Catalogue, askable, require
from physio_core.coach.session import State
from physio_core.errors import ConfigError
from physio_core.params import Parameters, param


class Command(str, Enum):
    """What a therapist may say besides names of exercises."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    NEXT = "next"


class Mode(str, Enum):
    """Where the next exercise comes from."""

    RANDOM = "random"
    LIST = "list"
    REQUEST = "request"


class Change(Enum):
    """What a call changed; the caller tells the others."""

    NOTHING = "nothing"
    ASKED = "asked"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    FINISHED = "finished"


@dataclass(frozen=True)
class PickerConfig(Parameters):
    """Where exercises come from and how fast they follow each other."""

    mode: str = param("random", "Where the next exercise comes from.", choices=[mode.value for mode in Mode])
    exercises: tuple[str, ...] = param((), "Exercises to choose from (random) or to go through (list); empty: all.")
    rounds: int = param(0, "End after so many exercises; 0: never (random), the list once (list).", low=0, high=1000)
    rest_s: float = param(4.0, "Time between a verdict and the next exercise.", unit="s", low=0.0, high=600.0)
    start_delay_s: float = param(1.0, "Time before the first exercise.", unit="s", low=0.0, high=60.0)
    seed: int = param(0, "Seed of the random choice; 0: another order every time.", low=0, high=2**31)


class Picker:
    """Decides what is asked for; never asks while paused or stopped."""

    def __init__(self, catalogue: Catalogue, config: PickerConfig) -> None:
        """Check the list.

        Raises:
            UnknownExercise: the list names an exercise that no file describes.
        """
        names = config.exercises or askable(catalogue)
        for name in names:
            require(name, catalogue)
        self._catalogue, self._config, self._names = catalogue, config, names
        self._random = random.Random(config.seed or None)
        self._queue: deque[str] = deque(names if config.mode == Mode.LIST else ())
        self._due_s: float | None = None
        self._started = False
        self._judging = False
        self.paused = False
        self.stopped = False
        self.round = 0
        self.asked = ""

    def request(self, text: str, now_s: float) -> Change:
        """Serve a therapist's words.

        Raises:
            ConfigError: neither a command nor exercises; nothing changes.
        """
        words = [word.strip().lower().replace(" ", "_").replace("-", "_") for word in text.split(",") if word.strip()]
        if not words:
            raise ConfigError(f"empty request; say one of: {', '.join([*self._catalogue, *(c.value for c in Command)])}")
        if len(words) == 1 and words[0] in [command.value for command in Command]:
            return self._obey(Command(words[0]), now_s)
        for word in words:
            require(word, self._catalogue)
        self._queue = deque(words)
        self.paused = self.stopped = False
        return self._next(now_s)

    def tick(self, state: State, asked: str, now_s: float) -> Change:
        """Ask for the next exercise when it is time.

        Args:
            state: the coach's state now.
            asked: the exercise that state is about.
            now_s: steady time [s].
        """
        if self.paused or self.stopped:
            return Change.NOTHING
        if not self._started:
            self._started, self._due_s = True, now_s + self._config.start_delay_s
        elif self._due_s is None and self.asked and asked == self.asked:
            # The verdict of the round before may still be on its way when the same exercise is asked for twice.
            if state is State.VERDICT and self._judging:
                self._due_s = now_s + self._config.rest_s
            self._judging = self._judging or state in (State.SHOW, State.WATCH)
        if self._due_s is None or now_s < self._due_s:
            return Change.NOTHING
        return self._next(now_s)

    def _obey(self, command: Command, now_s: float) -> Change:
        if command is Command.PAUSE:
            self.paused = True
            return Change.PAUSED
        if command is Command.RESUME:
            self.paused = False
            return Change.RESUMED
        if command is Command.STOP:
            self.stopped, self.asked, self._due_s = True, "", None
            self._queue.clear()
            return Change.STOPPED
        self.paused = self.stopped = False
        return self._next(now_s)

    def _next(self, now_s: float) -> Change:
        self._started, self._judging, self._due_s = True, False, None
        limit_reached = 0 < self._config.rounds <= self.round
        if self._queue and not limit_reached:
            self.asked = self._queue.popleft()
        elif self._config.mode == Mode.RANDOM and not limit_reached:
            self.asked = self._random.choice([name for name in self._names if name != self.asked] or list(self._names))
        elif self.asked:
            self.asked = ""
            return Change.FINISHED
        else:
            return Change.NOTHING
        self.round += 1
        return Change.ASKED
