"""Which exercise comes next: at random as in the thesis this project grew from, from a list or a programme, or on request."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import Catalogue, Exercise, askable, require
from physio_core.exercises.kinds import sensed_by_hand
from physio_core.params import Parameters, param
from physio_core.patient_code import checked_code
from physio_core.session.prescription import Limits, Prescription


class Mode(str, Enum):
    """Where the next exercise comes from."""

    RANDOM = "random"
    LIST = "list"
    REQUEST = "request"
    PROGRAMME = "programme"


@dataclass(frozen=True)
class PlanConfig(Parameters):
    """Where exercises come from and how many there are."""

    mode: str = param("random", "Where the next exercise comes from.", choices=[mode.value for mode in Mode])
    exercises: tuple[str, ...] = param(
        (), "Exercises to choose from (random) or to go through (list); empty: all but those of a hand, which must be near."
    )
    rounds: int = param(0, "End after so many exercises; 0: never (random), the list once (list).", low=0, high=1000)
    patient: str = param("", "Code of the patient, e.g. p07, whose programme is done in mode programme; never a name.")
    seed: int = param(0, "Seed of the random choice; 0: another order every time.", low=0, high=2**31)

    def __post_init__(self) -> None:
        """Check each, and that no name stands in the place of a patient's code."""
        super().__post_init__()
        if self.patient:
            try:
                checked_code(self.patient)
            except InputError as error:
                raise ConfigError(str(error)) from error


@dataclass(frozen=True)
class Today:
    """What a patient's programme says of a day.

    Attributes:
        exercises: what is due; none: a day of rest.
        limits: what the therapist allows, whatever is done.
    """

    exercises: tuple[Prescription, ...] = ()
    limits: Limits = field(default_factory=Limits)


Due = Callable[[str], Today]
"""What the programme of a patient, by code, has for today; raises ConfigError where there is none."""


def nobody_due(patient: str) -> Today:
    """There are no programmes.

    Raises:
        ConfigError: always.
    """
    raise ConfigError(f"no programme for patient {patient!r}: there are none; name their folder as programme_dir")


Adapt = Callable[[Prescription, Exercise, str], tuple[Prescription, Exercise]]
"""What is asked for and its exercise, as they are for a patient by code."""


def as_written(wanted: Prescription, exercise: Exercise, patient: str) -> tuple[Prescription, Exercise]:
    """For everybody the same."""
    return wanted, exercise


class Plan:
    """The exercises to come, one after the other.

    Attributes:
        round: place of the exercise taken last, from 1; 0 before the first.
        asked: that exercise; None before the first and at the end.
    """

    def __init__(self, catalogue: Catalogue, config: PlanConfig, due: Sequence[Prescription] = ()) -> None:
        """Check the list.

        Args:
            catalogue: exercises by name.
            config: where exercises come from.
            due: what the patient's programme has for today.

        Raises:
            ConfigError: the list names an exercise that no file describes, or that cannot be asked for.
        """
        for name in config.exercises:
            require(name, catalogue)
        apart = tuple(name for name in askable(catalogue) if not sensed_by_hand(catalogue[name].kind))
        self._names = config.exercises or apart or askable(catalogue)
        self._config, self._random = config, random.Random(config.seed or None)
        listed = map(Prescription, self._names if config.mode == Mode.LIST else ())
        self._queue = deque(due if config.mode == Mode.PROGRAMME else listed)
        self._drawn: Prescription | None = None
        self._most_rounds = config.rounds
        self.round = 0
        self.asked: Prescription | None = None

    @property
    def upcoming(self) -> Prescription | None:
        """The exercise that follows; None: none."""
        if 0 < self._most_rounds <= self.round:
            return None
        if self._queue:
            return self._queue[0]
        if self._config.mode == Mode.RANDOM and self._names and not self._drawn:
            before = self.asked.exercise if self.asked else ""
            others = [name for name in self._names if name != before]
            self._drawn = Prescription(self._random.choice(others or list(self._names)))
        return self._drawn

    @property
    def rounds(self) -> int:
        """How many exercises the plan has in all; 0: it goes on at random without an end."""
        open_end = self._config.mode == Mode.RANDOM and bool(self._names)
        listed = 0 if open_end else self.round + len(self._queue)
        return min(filter(None, (self._most_rounds, listed)), default=0)

    @property
    def starts_by_itself(self) -> bool:
        """Whether there is something to ask for without a request."""
        return self._config.mode != Mode.REQUEST and self.upcoming is not None

    def begin(self, exercises: Sequence[Prescription]) -> None:
        """Put a therapist's list in the place of what was left; its first exercise is round 1."""
        self._queue, self._drawn = deque(exercises), None
        # What a person asks for is not cut short by a setting.
        self._most_rounds = max(self._config.rounds, len(exercises)) if self._config.rounds else 0
        self.round, self.asked = 0, None

    def take(self) -> Prescription | None:
        """Go on to the exercise that follows; None when none is left."""
        self.asked = self.upcoming
        if self.asked:
            self.round += 1
            if self._queue:
                self._queue.popleft()
            else:
                self._drawn = None
        return self.asked

    def drop(self, names: Sequence[str]) -> tuple[str, ...]:
        """Leave out exercises for good; gives those that would have come."""
        queued = (one.exercise for one in self._queue)
        left_out = tuple(name for name in dict.fromkeys((*queued, *self._names)) if name in names)
        self._names = tuple(name for name in self._names if name not in names)
        self._queue = deque(one for one in self._queue if one.exercise not in names)
        self._drawn = None if self._drawn and self._drawn.exercise in names else self._drawn
        return left_out

    def end(self) -> None:
        """Forget what was left of a list; what follows after a stop begins with round 1."""
        self.begin(())
