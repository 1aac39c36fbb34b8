"""Assesses one attempt at an exercise as it happens: skeletons and predictions go in, repetitions come out.

The one place where counting and recognition meet; the judge at run time and the evaluation of recorded clips both use it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

from physio_core.assessment.counter import RepetitionCounter
from physio_core.assessment.recognition import Recognition
from physio_core.assessment.repetition import Outcome, Repetition, Side
from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import Exercise
from physio_core.skeleton.layouts import layout_named
from physio_core.skeleton.stream import JointStream, Track
from physio_core.types import Prediction, Skeleton

RATE_HZ = 30.0
"""Rate at which signals are looked at [Hz]; faster cameras say no more about a repetition."""


class Assessor:
    """One attempt.

    Attributes:
        repetitions: those that are decided, in the order in which they were.
        waiting: how many are not yet: the recogniser has not named the exercise near to them.
    """

    def __init__(self, exercise: Exercise, side: Side = Side.NONE) -> None:
        """Begin.

        Args:
            exercise: that was asked for.
            side: that was asked for; none: any.

        Raises:
            ConfigError: its file does not say what a repetition is.
        """
        if exercise.repetition is None:
            raise ConfigError(f"{exercise.name}: its file says nothing of a repetition; give `repetition: signals: ...` there")
        self._definition, self._side = exercise.repetition, side
        self._recognition = Recognition(exercise.name)
        self._stream: JointStream | None = None
        self._counter: RepetitionCounter | None = None
        self._track: Track | None = None
        self._waiting: list[Repetition] = []
        self._numbers: Counter[tuple[Outcome, Side]] = Counter()
        self._now_s = -math.inf
        self.repetitions: list[Repetition] = []

    @property
    def waiting(self) -> int:
        """Repetitions that are not yet decided."""
        return sum(one.outcome is Outcome.COMPLETE for one in self._waiting)

    @property
    def phase(self) -> float:
        """Of the present repetition [0..1]; NaN where it has none."""
        return self._counter.phase if self._counter else math.nan

    def count(self, outcome: Outcome = Outcome.COMPLETE) -> int:
        """How many repetitions had an outcome."""
        return sum(one.outcome is outcome for one in self.repetitions)

    def update(self, observation: Skeleton | Prediction) -> list[Repetition]:
        """Take what was seen; gives the repetitions that are decided now."""
        self._now_s = max(self._now_s, observation.stamp_s)
        if isinstance(observation, Prediction):
            self._recognition.update(observation)
        else:
            self._waiting += self._seen(observation)
        return self._decide()

    def close(self) -> list[Repetition]:
        """The attempt is over; what the recogniser did not name is dropped."""
        if self._counter:
            self._waiting += self._counter.close()
        found = self._decide()
        self._waiting = []
        return found

    def _seen(self, skeleton: Skeleton) -> list[Repetition]:
        found: list[Repetition] = []
        if self._stream is None or self._counter is None:
            if not skeleton.tracked:
                return found
            layout = layout_named(skeleton.layout)
            self._stream = JointStream(layout, RATE_HZ)
            self._counter = RepetitionCounter(self._definition, layout, RATE_HZ, self._side)
        frames = self._stream.update(skeleton)
        if self._stream.track is not self._track:
            if self._track is not None:
                found += self._counter.interrupt(skeleton.stamp_s)
            self._track = self._stream.track
        for frame in frames:
            found += self._counter.update(frame)
        return found

    def _decide(self) -> list[Repetition]:
        """Number those of which the recogniser now tells what they were."""
        decided: list[Repetition] = []
        undecided: list[Repetition] = []
        for one in self._waiting:
            right = self._recognition.decided(one.start_s, one.end_s, self._now_s)
            if right is None:
                undecided.append(one)
                continue
            outcome = one.outcome if right else Outcome.WRONG
            self._numbers[outcome, one.side] += 1
            decided.append(replace(one, number=self._numbers[outcome, one.side], outcome=outcome))
        self._waiting = undecided
        self.repetitions += decided
        return decided
