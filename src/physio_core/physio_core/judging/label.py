"""The judge of movements that a recogniser names: right is the label that was asked for, held for long enough.

How often it was done is counted by what comes back in the joints, since nobody says what a repetition of it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from physio_core.assessment.named import NamedCounter
from physio_core.exercises.catalogue import Exercise
from physio_core.judging.evidence import Evidence
from physio_core.judging.gate import SetupGate
from physio_core.judging.judge import Goal, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.types import UNKNOWN, Prediction, Reason, Skeleton, Verdict


class LabelJudge:
    """See :class:`~physio_core.judging.judge.Judge`. Predictions are the evidence; skeletons open the gate and are counted."""

    input: tuple[type, ...] = (Prediction,)

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt; for the arguments see :class:`~physio_core.judging.judge.Judge`."""
        getting_ready_s = max(config.getting_ready_s, exercise.getting_ready_s)
        self._gate = SetupGate(exercise.needs, config)
        self._evidence = Evidence(exercise.name, getting_ready_s, config, after_stamp_s)
        self._counter, self._after_s = NamedCounter(exercise.name), after_stamp_s
        self._judgement = Judgement()
        self.goal = goal

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        if not isinstance(observation, Skeleton | Prediction):
            return self._judgement
        if isinstance(observation, Skeleton):
            self._gate.update(observation)
        if turn_s is None:
            return self._judgement
        if observation.stamp_s > self._after_s:
            self._counter.update(observation)
        if isinstance(observation, Prediction):
            self._judgement = self._judged(observation, turn_s)
        return self._judgement

    def lose_input(self) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        verdict, reason, _ = self._evidence.lose_input()
        self._judgement = replace(self._judgement, seen="", confidence=0.0, verdict=verdict, reason=reason, missing=())
        return self._judgement

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`."""
        verdict, seen = self._evidence.decided()
        count = self._counter.close()
        unsure = verdict is Verdict.NONE
        closed = replace(
            self._judgement,
            judging=False,
            repetitions=count,
            seen=seen,
            verdict=Verdict.UNSURE if unsure else verdict,
            reason=self._evidence.doubt if unsure else Reason.NONE,
        )
        return (closed,)

    def _judged(self, prediction: Prediction, turn_s: float) -> Judgement:
        evidence, missing = self._evidence, self._gate.missing(prediction.stamp_s)
        verdict, reason, said_missing = evidence.add(prediction, turn_s, missing)
        return Judgement(
            stamp_s=prediction.stamp_s,
            ready=not missing,
            missing=said_missing,
            judging=evidence.judging,
            seen=evidence.wrongly_seen if verdict is Verdict.WRONG else prediction.label,
            confidence=prediction.confidence,
            verdict=verdict,
            reason=reason,
            progress=self._progress(),
            decided=self._decided(),
            repetitions=self._counter.count,
        )

    def _progress(self) -> float:
        wanted = self.goal.repetitions
        return min(self._counter.count / wanted, 1.0) if wanted else self._evidence.progress

    def _decided(self) -> bool:
        verdict = self._evidence.decided()[0]
        if verdict is Verdict.WRONG:
            return True
        if self.goal.timed:
            return False
        return self._counter.count >= self.goal.repetitions if self.goal.repetitions else verdict is not Verdict.NONE


def label_objection(exercise: Exercise, labels: Sequence[str]) -> str:
    """Why a recogniser that knows these labels cannot tell an exercise; empty: it can, or nothing is known of it yet."""
    if not labels or exercise.name in labels:
        return ""
    known = ", ".join(label for label in labels if label != UNKNOWN)
    return (
        f"the model does not know it, only {known}; teach it with `physio action learn CLIPS --name {exercise.name} "
        "--out models/mine` and name that model"
    )
