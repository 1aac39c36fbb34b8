"""What the judges of the body share: gate, evidence of which movement it is, when an attempt is over, and its verdict."""

from __future__ import annotations

from dataclasses import replace

from physio_core.exercises.catalogue import Exercise
from physio_core.judging.evidence import Evidence
from physio_core.judging.gate import SetupGate
from physio_core.judging.judge import Goal, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.types import Prediction, Reason, Skeleton, Verdict

TRIES, MORE_TRIES = 2, 3
"""A set is over after so many attempts for each repetition that is asked for, and at least so many more; who cannot get as far is
asked for less in the next."""


class MovementJudge:
    """See :class:`~physio_core.judging.judge.Judge`. Predictions are the evidence; whoever inherits counts repetitions."""

    input: tuple[type, ...] = (Prediction,)

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt; for the arguments see :class:`~physio_core.judging.judge.Judge`."""
        self._exercise, self._config, self._after_s = exercise, config, after_stamp_s
        self._gate = SetupGate(exercise.needs, config)
        self._evidence = Evidence(exercise.name, max(config.getting_ready_s, exercise.getting_ready_s), config, after_stamp_s)
        self._judgement = Judgement()
        self.goal = goal

    def lose_input(self) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        verdict, reason, _ = self._evidence.lose_input()
        self._judgement = replace(self._judgement, seen="", confidence=0.0, verdict=verdict, reason=reason, missing=())
        return self._judgement

    def _counts(self, observation: Observation, turn_s: float | None) -> bool:
        """Show an observation to the gate; whether it belongs to the attempt."""
        if isinstance(observation, Skeleton):
            self._gate.update(observation)
        return turn_s is not None and observation.stamp_s > self._after_s

    def _judged(self, prediction: Prediction, turn_s: float) -> Judgement:
        """What a prediction says of which movement it is."""
        evidence, missing = self._evidence, self._gate.missing(prediction.stamp_s)
        verdict, reason, said_missing = evidence.add(prediction, turn_s, missing)
        return replace(
            self._judgement,
            stamp_s=prediction.stamp_s,
            ready=not missing,
            missing=said_missing,
            judging=evidence.judging,
            seen=evidence.wrongly_seen if verdict is Verdict.WRONG else prediction.label,
            confidence=prediction.confidence,
            verdict=verdict,
            reason=reason,
        )

    def _closed(self, complete: int) -> Judgement:
        """The closing judgement; what was counted is of the movement that was asked for, so it is right however short it was."""
        verdict, seen = self._evidence.decided()
        if verdict is Verdict.NONE and complete and (self.goal.repetitions or self.goal.timed):
            verdict, seen = Verdict.RIGHT, self._exercise.name
        unsure = verdict is Verdict.NONE
        return replace(
            self._judgement,
            judging=False,
            seen=seen,
            verdict=Verdict.UNSURE if unsure else verdict,
            reason=self._evidence.doubt if unsure else Reason.NONE,
            missing=(),
        )

    def _progress(self, complete: int) -> float:
        """Share of what praise takes [0..1]."""
        wanted = self.goal.repetitions
        return min(complete / wanted, 1.0) if wanted else self._evidence.progress

    def _decided(self, complete: int, attempts: int) -> bool:
        """Whether it is over: with the last repetition, with too many attempts, or with another movement."""
        verdict = self._evidence.decided()[0]
        if verdict is Verdict.WRONG:
            return True
        if self.goal.timed:
            return False
        wanted = self.goal.repetitions
        if not wanted:
            return verdict is Verdict.RIGHT
        return complete >= wanted or attempts >= max(TRIES * wanted, wanted + MORE_TRIES)
