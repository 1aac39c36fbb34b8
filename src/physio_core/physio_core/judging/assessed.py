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
from physio_core.judging.evidence import Evidence, Said
from physio_core.judging.gate import SetupGate
from physio_core.judging.judge import Goal, Judge, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.judging.label import LabelJudge, label_objection
from physio_core.types import UNKNOWN, Prediction, Reason, Skeleton, Verdict

TRIES, MORE_TRIES = 2, 3
"""A set is over after so many attempts for each repetition that is asked for, and at least so many more; who cannot get as far is
asked for less in the next."""
PRAISED_S = 4.0
"""Time after a complete repetition in which a movement that the recogniser was not taught still counts as seen [s]."""


class AssessedJudge:
    """See :class:`~physio_core.judging.judge.Judge`. Skeletons give the repetitions, predictions say of which movement."""

    input: tuple[type, ...] = (Prediction,)

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt; for the arguments see :class:`~physio_core.judging.judge.Judge`.

        Raises:
            ConfigError: the exercise's file does not say what a repetition is.
        """
        self._exercise, self._after_s = exercise, after_stamp_s
        self._gate = SetupGate(exercise.needs, config)
        self._evidence = Evidence(exercise.name, max(config.getting_ready_s, exercise.getting_ready_s), config, after_stamp_s)
        self._assessor = Assessor(exercise, goal.side)
        self._judgement = Judgement()
        self._praised_s = -1e18
        self._told = 0
        self.goal = goal

    @property
    def goal(self) -> Goal:
        """What is asked for; may be replaced while it runs."""
        return self._goal

    @goal.setter
    def goal(self, goal: Goal) -> None:
        self._goal = goal
        self._assessor.ask_for(goal.extent)

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        if not isinstance(observation, Skeleton | Prediction):
            return self._judgement
        if isinstance(observation, Skeleton):
            self._gate.update(observation)
        if turn_s is None or observation.stamp_s <= self._after_s:
            return self._judgement
        found = self._assessor.update(observation)
        if isinstance(observation, Prediction):
            self._judgement = self._judged(observation, turn_s)
        if found:
            self._credit(found)
        return self._tell()

    def lose_input(self) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        verdict, reason, _ = self._evidence.lose_input()
        self._judgement = replace(self._judgement, seen="", confidence=0.0, verdict=verdict, reason=reason, missing=())
        return self._judgement

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`."""
        self._credit(self._assessor.close())
        verdict, seen = self._evidence.decided()
        if verdict is Verdict.NONE and self._assessor.count() and (self._goal.repetitions or self._goal.timed):
            verdict, seen = Verdict.RIGHT, self._exercise.name
        unsure = verdict is Verdict.NONE
        self._judgement = replace(
            self._judgement,
            judging=False,
            seen=seen,
            verdict=Verdict.UNSURE if unsure else verdict,
            reason=self._evidence.doubt if unsure else Reason.NONE,
            missing=(),
        )
        return [self._tell() for _ in range(max(len(self._assessor.repetitions) - self._told, 1))]

    def _tell(self) -> Judgement:
        """The judgement with the next repetition: the recogniser lets several pass at once, and whoever follows must see each."""
        fresh = self._assessor.repetitions[self._told : self._told + 1]
        self._told += len(fresh)
        self._judgement = self._counted(self._judgement, fresh)
        return self._judgement

    def _judged(self, prediction: Prediction, turn_s: float) -> Judgement:
        """What a prediction says of which movement it is."""
        evidence, missing = self._evidence, self._gate.missing(prediction.stamp_s)
        taught = not prediction.labels or self._exercise.name in prediction.labels
        if not taught and prediction.label in self._exercise.looks_like:
            prediction = replace(prediction, label=UNKNOWN)
        said = evidence.add(prediction, turn_s, missing)
        if not taught and not missing and said.verdict is not Verdict.WRONG and prediction.stamp_s - self._praised_s < PRAISED_S:
            said = Said(Verdict.RIGHT, Reason.NONE)
        right_by_itself = said.verdict is Verdict.RIGHT and not taught
        return replace(
            self._judgement,
            stamp_s=prediction.stamp_s,
            ready=not missing,
            missing=said.missing,
            judging=evidence.judging,
            seen=self._seen(prediction, said, right_by_itself),
            confidence=prediction.confidence,
            verdict=said.verdict,
            reason=said.reason,
        )

    def _seen(self, prediction: Prediction, said: Said, right_by_itself: bool) -> str:
        if right_by_itself:
            return self._exercise.name
        return self._evidence.wrongly_seen if said.verdict is Verdict.WRONG else prediction.label

    def _credit(self, found: Sequence[Repetition]) -> None:
        """Let complete repetitions speak for a movement that the recogniser was not taught."""
        for one in found:
            if one.outcome is Outcome.COMPLETE and not self._assessor.taught:
                self._evidence.credit(one.duration_s)
                self._praised_s = one.end_s

    def _counted(self, judgement: Judgement, found: Sequence[Repetition]) -> Judgement:
        """The judgement with what is known of the repetitions."""
        assessor, evidence, told = self._assessor, self._evidence, self._assessor.repetitions[: self._told]
        complete = [one for one in told if one.outcome is Outcome.COMPLETE]
        partial = sum(one.outcome is Outcome.PARTIAL for one in told)
        newest = found[-1] if found else judgement.newest
        verdict = evidence.decided()[0]
        return replace(
            judgement,
            progress=self._progress(len(complete)),
            decided=self._decided(verdict, len(complete), partial),
            repetitions=len(complete),
            partial=partial,
            phase=assessor.phase,
            terms=mean_terms(complete) if found else judgement.terms,
            faults=newest.faults if newest else (),
            not_measured=tuple(one.name for one in assessor.not_measured),
            newest=newest,
        )

    def _progress(self, complete: int) -> float:
        wanted = self._goal.repetitions
        return min(complete / wanted, 1.0) if wanted else self._evidence.progress

    def _decided(self, verdict: Verdict, complete: int, partial: int) -> bool:
        if verdict is Verdict.WRONG:
            return True
        if self._goal.timed:
            return False
        wanted = self._goal.repetitions
        if not wanted:
            return verdict is Verdict.RIGHT
        return complete >= wanted or complete + partial >= max(TRIES * wanted, wanted + MORE_TRIES)


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
