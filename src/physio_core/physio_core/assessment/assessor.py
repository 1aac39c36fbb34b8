"""Assesses one attempt at an exercise as it happens: skeletons and predictions go in, repetitions come out.

Joints are brought to one rate; what the exercise's file calls a repetition is counted in them and measured for faults, ranges and
score. A repetition waits until the recogniser has told whether it was the exercise, and comes out with a number, or as one of
another movement. The judge at run time and the evaluation of recorded clips use it alike; a movement whose file defines no
repetition is counted by :mod:`physio_core.assessment.named_counter`.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

from physio_core.assessment.counter import RepetitionCounter
from physio_core.assessment.easing import eased
from physio_core.assessment.faults import FaultFinder, NotMeasured
from physio_core.assessment.recognition import Recognition
from physio_core.assessment.repetition import Outcome, Repetition
from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import Exercise
from physio_core.skeleton.heading import HeadingEstimator
from physio_core.skeleton.layouts import Layout, layout_named
from physio_core.skeleton.stream import RATE_HZ, JointStream, Track
from physio_core.types import Prediction, Side, Skeleton


class Assessor:
    """One attempt.

    Attributes:
        repetitions: those that are decided, in the order in which they were.
        not_measured: what nothing can be said of, of the newest repetition.
    """

    def __init__(self, exercise: Exercise, side: Side = Side.NONE, counts_only: bool = False) -> None:
        """Begin.

        Args:
            exercise: that was asked for.
            side: that was asked for; none: any.
            counts_only: faults, ranges and score are not looked for, which takes most of the time.

        Raises:
            ConfigError: its file does not say what a repetition is.
        """
        if exercise.repetition is None:
            raise ConfigError(f"{exercise.name}: its file says nothing of a repetition; give `repetition: signals: ...` there")
        self._exercise, self._side, self._counts_only = exercise, side, counts_only
        self._recognition = Recognition(exercise.name, exercise.looks_like)
        self._asked, self._extent = exercise, 1.0
        self._watcher: _Watcher | None = None
        self.not_measured: tuple[NotMeasured, ...] = ()
        self._waiting: list[Repetition] = []
        self._numbers: Counter[tuple[Outcome, Side]] = Counter()
        self._now_s = -math.inf
        self.repetitions: list[Repetition] = []

    @property
    def taught(self) -> bool:
        """Whether the recogniser can name the exercise; so it is taken to be until something is known of it."""
        return self._recognition.knows is not False

    @property
    def phase(self) -> float:
        """Of the present repetition [0..1]; NaN where it has none."""
        return self._watcher.counter.phase if self._watcher else math.nan

    def count(self, outcome: Outcome = Outcome.COMPLETE) -> int:
        """How many repetitions had an outcome."""
        return sum(one.outcome is outcome for one in self.repetitions)

    def ask_for(self, extent: float) -> None:
        """Ask for a share of the exercise's range from now on; 1: as its file says."""
        if extent == self._extent:
            return
        self._asked, self._extent = eased(self._exercise, extent), extent
        if self._watcher:
            self._watcher.ask_for(self._asked)

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
        if self._watcher:
            self._waiting += self._watcher.close()
        found = self._decide()
        self._waiting = []
        return found

    def _seen(self, skeleton: Skeleton) -> list[Repetition]:
        if not skeleton.tracked and self._watcher is None:
            return []
        watcher = self._watcher = self._watcher or _Watcher(
            self._asked, layout_named(skeleton.layout), self._side, self._counts_only
        )
        found = watcher.see(skeleton)
        if found:
            self.not_measured = watcher.not_measured
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


class _Watcher:
    """Watches one person's joints, in one joint order: counts, and looks at what was counted."""

    def __init__(self, exercise: Exercise, layout: Layout, side: Side, counts_only: bool) -> None:
        definition = exercise.repetition
        assert definition is not None
        self._stream = JointStream(layout, RATE_HZ)
        self.counter = RepetitionCounter(definition, layout, RATE_HZ, side)
        self._finder = FaultFinder(exercise, layout)
        self._heading = HeadingEstimator(layout)
        self._counts_only = counts_only
        self._track: Track | None = None
        self.not_measured: tuple[NotMeasured, ...] = ()

    def ask_for(self, exercise: Exercise) -> None:
        """Go by what this says from now on."""
        if exercise.repetition is not None:
            self.counter.ask_for(exercise.repetition)
        self._finder.ask_for(exercise.faults)

    def see(self, skeleton: Skeleton) -> list[Repetition]:
        """Take the skeleton of the next image; gives the repetitions that end with it."""
        found = []
        frames = self._stream.update(skeleton)
        if self._stream.track is not self._track:
            if self._track is not None:
                found += self.counter.interrupt(skeleton.stamp_s)
            self._track = self._stream.track
            self._finder.reset()
            self._heading.reset()
        for frame in frames:
            view = self._heading.view(frame)
            if not self._counts_only:
                self._finder.add(frame, view)
            found += self.counter.update(frame, view)
        return [self._assessed(one) for one in found]

    def close(self) -> list[Repetition]:
        """The images end; gives the repetition that is more than half-way back."""
        return [self._assessed(one) for one in self.counter.close()]

    def _assessed(self, repetition: Repetition) -> Repetition:
        if self._counts_only or repetition.outcome is Outcome.INTERRUPTED:
            return repetition
        assessment = self._finder.assess(repetition)
        self.not_measured = assessment.not_measured
        return replace(repetition, terms=assessment.terms, faults=assessment.faults, ranges=assessment.ranges)
