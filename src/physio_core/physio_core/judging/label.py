"""The judge of movements that a recogniser names: right is the label that was asked for, held for long enough.

How often it was done is counted by what comes back in the joints, since nobody says what a repetition of it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from physio_core.assessment.named_counter import NamedCounter
from physio_core.exercises.catalogue import Exercise
from physio_core.judging.evidence import opinion
from physio_core.judging.judge import Goal, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.judging.movement import MovementJudge
from physio_core.types import UNKNOWN, Prediction, Skeleton, Verdict


class LabelJudge(MovementJudge):
    """See :class:`~physio_core.judging.judge.Judge`. Predictions are the evidence; skeletons open the gate and are counted."""

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt; for the arguments see :class:`~physio_core.judging.judge.Judge`."""
        super().__init__(exercise, config, after_stamp_s, goal)
        self._counter = NamedCounter(exercise.name)

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        if isinstance(observation, Skeleton | Prediction):
            if self._counts(observation, turn_s) and self._tells(observation):
                self._counter.update(observation)
            if isinstance(observation, Prediction) and turn_s is not None:
                self._judgement = self._with_count(self._judged(observation, turn_s))
        return self._judgement

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`."""
        return (self._with_count(self._closed(self._counter.close())),)

    def _tells(self, observation: Skeleton | Prediction) -> bool:
        """Whether it may be counted by: no name that is unsure, or given while joints are missing, is evidence."""
        if isinstance(observation, Skeleton):
            return True
        said = opinion(observation, self._exercise.name, self._config.min_confidence)
        return said.verdict is Verdict.RIGHT and not self._gate.missing(observation.stamp_s)

    def _with_count(self, judgement: Judgement) -> Judgement:
        count = self._counter.count
        return replace(judgement, repetitions=count, progress=self._progress(count), decided=self._decided(count, count))


def label_objection(exercise: Exercise, labels: Sequence[str]) -> str:
    """Why a recogniser that knows these labels cannot tell an exercise; empty: it can, or nothing is known of it yet."""
    if not labels or exercise.name in labels:
        return ""
    known = ", ".join(label for label in labels if label != UNKNOWN)
    return (
        f"the model does not know it, only {known}; teach it with `physio action learn CLIPS --name {exercise.name} "
        "--out models/mine` and name that model"
    )
