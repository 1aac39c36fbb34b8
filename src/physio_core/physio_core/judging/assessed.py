"""The judge of movements whose repetitions are defined: which movement it is, how often, and how well it is done.

Which movement it is, the recogniser says where it was taught it. Of a movement that it was not taught, complete repetitions of
the exercise's own definition are the evidence, and whatever else the recogniser names speaks against them. Where a number of
repetitions is wanted, the attempt is over with the last of them; another movement ends it earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from physio_core.assessment.assessor import Assessor
from physio_core.assessment.repetition import Outcome, Repetition, mean_terms
from physio_core.assessment.signals import check_signals
from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import Exercise
from physio_core.judging.judge import Goal, Judge, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.judging.label import LabelJudge, label_objection
from physio_core.judging.movement import MovementJudge
from physio_core.types import UNKNOWN, Prediction, Reason, Skeleton, Verdict

PRAISED_S = 4.0
"""Time after a complete repetition in which a movement that the recogniser was not taught still counts as seen [s]."""


class AssessedJudge(MovementJudge):
    """See :class:`~physio_core.judging.judge.Judge`. Skeletons give the repetitions, predictions say of which movement."""

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt; for the arguments see :class:`~physio_core.judging.judge.Judge`.

        Raises:
            ConfigError: the exercise's file does not say what a repetition is.
        """
        super().__init__(exercise, config, after_stamp_s, goal)
        self._assessor = Assessor(exercise, goal.side)
        self._praised_s = -1e18
        self._told = 0

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        if not isinstance(observation, Skeleton | Prediction) or not self._counts(observation, turn_s):
            return self._judgement
        self._assessor.ask_for(self.goal.extent)
        found = self._assessor.update(observation)
        if isinstance(observation, Prediction) and turn_s is not None:
            self._judgement = self._judged(observation, turn_s)
        if found:
            self._credit(found)
        return self._tell()

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`."""
        self._credit(self._assessor.close())
        self._judgement = self._closed(self._assessor.count())
        return [self._tell() for _ in range(max(len(self._assessor.repetitions) - self._told, 1))]

    def _tell(self) -> Judgement:
        """The judgement with the next repetition: the recogniser lets several pass at once, and whoever follows must see each."""
        fresh = self._assessor.repetitions[self._told : self._told + 1]
        self._told += len(fresh)
        self._judgement = self._with_repetitions(fresh)
        return self._judgement

    def _judged(self, prediction: Prediction, turn_s: float) -> Judgement:
        """See the base; a movement that the recogniser was not taught is seen by its complete repetitions."""
        taught = not prediction.labels or self._exercise.name in prediction.labels
        if not taught and prediction.label in self._exercise.looks_like:
            prediction = replace(prediction, label=UNKNOWN)
        said = super()._judged(prediction, turn_s)
        if taught or said.verdict is Verdict.WRONG:
            return said
        if said.ready and prediction.stamp_s - self._praised_s < PRAISED_S:
            said = replace(said, verdict=Verdict.RIGHT, reason=Reason.NONE, missing=())
        return replace(said, seen=self._exercise.name) if said.verdict is Verdict.RIGHT else said

    def _credit(self, found: Sequence[Repetition]) -> None:
        """Let complete repetitions speak for a movement that the recogniser was not taught."""
        for one in found:
            if one.outcome is Outcome.COMPLETE and not self._assessor.taught:
                self._evidence.credit(one.duration_s)
                self._praised_s = one.end_s

    def _with_repetitions(self, found: Sequence[Repetition]) -> Judgement:
        """The judgement with what is known of the repetitions."""
        assessor, judgement, told = self._assessor, self._judgement, self._assessor.repetitions[: self._told]
        complete = [one for one in told if one.outcome is Outcome.COMPLETE]
        partial = sum(one.outcome is Outcome.PARTIAL for one in told)
        newest = found[-1] if found else judgement.newest
        return replace(
            judgement,
            progress=self._progress(len(complete)),
            decided=self._decided(len(complete), len(complete) + partial),
            repetitions=len(complete),
            partial=partial,
            phase=assessor.phase,
            terms=mean_terms(complete) if found else judgement.terms,
            faults=newest.faults if newest else (),
            not_measured=tuple(one.name for one in assessor.not_measured),
            newest=newest,
        )


def begin(exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> Judge:
    """The judge of an exercise of the body: by its repetitions where its file defines them, else by its name alone."""
    judge = LabelJudge if exercise.repetition is None else AssessedJudge
    return judge(exercise, config, after_stamp_s, goal)


def assessed_objection(exercise: Exercise, labels: Sequence[str]) -> str:
    """Why an exercise cannot be judged where the recogniser knows these labels; empty: it can."""
    if exercise.repetition is not None:
        try:
            check_signals(exercise.repetition)
        except ConfigError as error:
            return str(error)
        return ""
    why = label_objection(exercise, labels)
    return f"{why}; or say in its file what a repetition is (`repetition: signals: ...`)" if why else ""
