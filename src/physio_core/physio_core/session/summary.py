"""What was done in a session, exercise by exercise: gathered from its events, for the page at its end."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from physio_core.session.events import Event, EventKind
from physio_core.session.status import SetStatus

MOST = 60
"""Exercises that are kept; a session has far fewer."""
MOST_SETS = 200
"""Sets of one exercise that are kept."""


@dataclass(frozen=True)
class Done:
    """What was done of one exercise.

    Attributes:
        exercise: its name.
        repetitions: complete ones of all its sets.
        goal: how many were asked for; 0: they were not what it is about.
        score: mean of its sets, by their repetitions [0..100]; NaN: not measured.
        fault: what was most often not as it should be; empty: nothing.
    """

    exercise: str
    repetitions: int = 0
    goal: int = 0
    score: float = math.nan
    fault: str = ""


@dataclass
class _Exercise:
    """What is kept of one exercise: the newest attempt at each set, and how often each fault was seen."""

    sets: dict[tuple[int, int], SetStatus] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)


class Summary:
    """Gathers what is done; a new session begins with the first exercise of a list."""

    def __init__(self) -> None:
        """Start with nothing done."""
        self._exercises: dict[str, _Exercise] = {}

    def update(self, event: Event) -> None:
        """Take what happened next."""
        status = event.status
        if event.kind is EventKind.ASKED and status.round <= 1 and status.attempt <= 1:
            self._exercises.clear()
        elif event.kind is EventKind.VERDICT:
            sets = self._of(event.exercise).sets
            if len(sets) < MOST_SETS:
                sets[status.round, status.current_set.set] = status.current_set
        elif event.kind is EventKind.REPETITION and (newest := event.judgement.newest) and newest.outcome.counts:
            self._of(event.exercise).faults.update({fault.name for fault in newest.faults})

    def done(self) -> tuple[Done, ...]:
        """What was done, in the order in which it was."""
        return tuple(_done(name, one) for name, one in self._exercises.items() if one.sets)

    def _of(self, exercise: str) -> _Exercise:
        one = _Exercise()
        return self._exercises.setdefault(exercise, one) if len(self._exercises) < MOST else self._exercises.get(exercise, one)


def _done(name: str, one: _Exercise) -> Done:
    sets = one.sets.values()
    measured = [(work.score, work.repetitions) for work in sets if work.repetitions and math.isfinite(work.score)]
    weight = sum(repetitions for _, repetitions in measured)
    score = sum(score * repetitions for score, repetitions in measured) / weight if weight else math.nan
    fault = one.faults.most_common(1)[0][0] if one.faults else ""
    return Done(name, sum(work.repetitions for work in sets), sum(work.goal for work in sets), score, fault)
