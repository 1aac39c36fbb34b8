"""The exercise that is being done: what is wanted of it, which set, and how hard it is made."""

from __future__ import annotations

import math
from dataclasses import replace

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import Exercise
from physio_core.judging.judge import Goal
from physio_core.session.difficulty import HARDER, Change, Level, Why, after_report, after_set, eased
from physio_core.session.events import Correction
from physio_core.session.prescription import Limits, Prescription
from physio_core.session.status import SetStatus


def counted(wanted: Prescription, exercise: Exercise, usual: int) -> int:
    """Repetitions of a set.

    Args:
        wanted: what is asked for.
        exercise: that is meant.
        usual: how many where nothing else is asked for; never more than its limits allow.

    Returns:
        How many; 0: a time is set, or its file does not say what a repetition is and no number is asked for.
    """
    if wanted.seconds:
        return 0
    return wanted.repetitions or (min(usual, wanted.limits.most_repetitions) if exercise.counted else 0)


class Course:
    """One exercise from its first set to its last.

    Attributes:
        allowed: what the patient's therapist allows, where what is asked for says nothing else.
        wanted: what was asked for; None: nothing.
        level: how hard it is now.
    """

    def __init__(self, allowed: Limits | None = None) -> None:
        """Nothing is asked for yet."""
        self.allowed = allowed or Limits()
        self._eased = 0
        self._ignored: set[tuple[str, str]] = set()
        self.wanted: Prescription | None = None
        self._exercise: Exercise | None = None
        self.level = Level()
        self._effort: int | None = None
        self._over: SetStatus | None = None
        self._expected = math.nan

    def end(self) -> None:
        """The session is over: nothing is asked for, and what was told in it does not count for the next."""
        self._eased = 0
        self._ignored.clear()
        self.wanted, self._exercise, self.level, self._over = None, None, Level(), None

    def begin(self, wanted: Prescription, exercise: Exercise, repetitions: int) -> None:
        """Something else is asked for.

        Args:
            wanted: what.
            exercise: that is meant, as it is for the patient.
            repetitions: of a set where nothing else is asked for, if anybody counts them.
        """
        self.wanted, self._exercise = wanted, exercise
        number = counted(wanted, exercise, repetitions)
        self.level = Level(min(max(wanted.extent, self.limits.least_extent), self.limits.most_extent), number)
        for _ in range(self._eased):
            self.level = eased(self.level, self.limits)

    def within(self, wanted: Prescription) -> Prescription:
        """What is asked for, within what the patient's therapist allows where it says nothing else."""
        return replace(wanted, limits=self.allowed) if wanted.limits == Limits() else wanted

    @property
    def exercise(self) -> Exercise | None:
        """Which, as it is for the patient, without the faults that a therapist had ignored; None: nothing."""
        if self._exercise is None:
            return None
        left = {name: one for name, one in self._exercise.faults.items() if (self._exercise.name, name) not in self._ignored}
        return replace(self._exercise, faults=left)

    def correct(self, correction: Correction) -> None:
        """Look at a fault no longer until the session is over, or again; from the next set on.

        Raises:
            ConfigError: the exercise has no such fault, or it may hurt.
        """
        faults = self._exercise.faults if self._exercise else {}
        if correction.fault not in faults:
            name = self._exercise.name if self._exercise else "nothing"
            raise ConfigError(f"{name} has no fault {correction.fault!r}; it has: {', '.join(faults) or 'none'}")
        if faults[correction.fault].safety and not correction.accepted:
            raise ConfigError(f"{correction.fault} may hurt, so it is never ignored; stop, or ask for something else")
        change = self._ignored.discard if correction.accepted else self._ignored.add
        change((self._exercise.name if self._exercise else "", correction.fault))

    @property
    def limits(self) -> Limits:
        """The therapist's."""
        return self.wanted.limits if self.wanted else self.allowed

    @property
    def goal(self) -> Goal:
        """What an attempt asks for."""
        if self.wanted is None:
            return Goal()
        return Goal(self.level.repetitions, self.wanted.side, self.level.extent, timed=self.wanted.seconds > 0.0)

    def rest_s(self, usual_s: float) -> float:
        """Rest before the next set [s], the usual one where nothing else is wanted."""
        wanted_s = self.wanted.rest_s if self.wanted else math.nan
        return usual_s if math.isnan(wanted_s) else wanted_s

    def first(self, number: int) -> SetStatus:
        """A set at its beginning, by its place from 1."""
        wanted = self.wanted or Prescription("")
        return self.updated(SetStatus(wanted.side, number, wanted.sets, goal_s=wanted.seconds))

    def updated(self, status: SetStatus) -> SetStatus:
        """The same set, as hard as it is now."""
        return replace(status, goal=self.level.repetitions, extent=self.level.extent)

    def stops(self, why: Why, value: int) -> str:
        """Why what the patient told (0-10) ends the session, in words; empty: it does not."""
        if why is not Why.PAIN or value < self.limits.pain_stop:
            return ""
        return f"pain {value}, and {self.limits.pain_stop} is where to stop; a therapist should look at it"

    def told(self, why: Why, value: int) -> Change | None:
        """The patient told of pain or effort (0-10); what that changes."""
        if why is Why.EFFORT:
            self._effort = value
        # What hurts is done more gently for the rest of the session, whatever comes next.
        self._eased += why is Why.PAIN and value >= self.limits.pain_ease
        return self._changed(after_report(self.level, self.limits, why, value)) if self.wanted else None

    def ended(self, status: SetStatus, expected: float = math.nan) -> None:
        """A set is over; how hard it was may still be told until :meth:`settle`.

        Args:
            status: of the set.
            expected: score of the next repetition; NaN: not told.
        """
        self._over, self._expected = status if status.repetitions + status.partial else None, expected

    def settle(self) -> Change | None:
        """What comes next begins; what the set before it, and what was told of that, change."""
        over, effort = self._over, self._effort
        self._over, self._effort = None, None
        if over is None:
            return None
        change = after_set(self.level, self.limits, over.repetitions, over.score, effort, self._expected)
        return None if change and change.why in HARDER and self._eased else self._changed(change)

    def _changed(self, change: Change | None) -> Change | None:
        if change is not None:
            self.level = change.after
        return change
