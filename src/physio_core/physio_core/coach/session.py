"""The coach's judgement of one round after another: shows, watches, decides.

::

    ask()          show_s over           enough evidence, or watch_s over
    ------> SHOW -------------> WATCH ------------------------------------> VERDICT --- ask() ---> SHOW ...
                 pause() <-> resume() from any of them        stop(), finish() -> STOPPED, FINISHED

Evidence is time: each prediction adds the seconds since the one before it to the exercise it names. A round is decided
when one exercise has gathered enough and clearly more than the rest, so a flicker of the label decides nothing.
Times are passed in, never read from a clock, so that every rule can be tested in microseconds.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from enum import Enum

from physio_core.coach.exercises import Catalogue, require
from physio_core.params import Parameters, param
from physio_core.types import UNKNOWN, Prediction, Reason, Verdict


class State(str, Enum):
    """Where in a round the coach is."""

    IDLE = "idle"
    SHOW = "show"
    READY = "ready"
    WATCH = "watch"
    VERDICT = "verdict"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


GOING_ON = (State.SHOW, State.READY, State.WATCH, State.VERDICT, State.PAUSED)
"""States in which there is something to pause or to stop."""


NO_CAMERA, NOT_SEEN = Reason.NO_CAMERA, Reason.NOT_SEEN


@dataclass(frozen=True)
class SessionConfig(Parameters):
    """How long the coach shows, watches and needs to be sure."""

    show_s: float = param(4.0, "Time an exercise is shown before judging begins.", unit="s", low=0.0, high=60.0)
    watch_s: float = param(25.0, "Longest time to watch before the round ends unsure.", unit="s", low=1.0, high=600.0)
    right_s: float = param(3.0, "Seconds the asked exercise must be seen for `right`.", unit="s", low=0.1, high=60.0)
    wrong_s: float = param(4.0, "Seconds another exercise must be seen for `wrong`.", unit="s", low=0.1, high=60.0)
    dominance: float = param(2.0, "Evidence of the decided side over that of the other side.", low=1.0, high=100.0)
    min_confidence: float = param(0.5, "Predictions below count as no evidence.", low=0.0, high=1.0)
    lost_input_s: float = param(1.0, "Without predictions for longer, the camera counts as lost.", unit="s", low=0.1, high=10.0)


@dataclass(frozen=True)
class Status:
    """What the coach thinks at one moment; the fields of CoachStatus.msg, without the wire."""

    state: State = State.IDLE
    round: int = 0
    asked: str = ""
    seen: str = ""
    confidence: float = 0.0
    verdict: Verdict = Verdict.NONE
    reason: Reason = Reason.NONE
    progress: float = 0.0
    input_age_s: float = math.inf
    stamp_s: float = 0.0
    wait_s: float = 0.0
    rounds: int = 0
    attempt: int = 1
    next: str = ""
    time_left_s: float = math.nan
    judging: bool = True


@dataclass
class _Evidence:
    """Seconds gathered since judging began."""

    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    reasons: Counter[Reason] = field(default_factory=Counter)

    def best_other(self, asked: str) -> str:
        others = {label: time_s for label, time_s in self.seconds.items() if label != asked}
        return max(others, key=others.__getitem__, default="")


# One missing image more or less must not matter, but a gap in the stream is not evidence.
_LONGEST_STEP_S = 0.25


class Session:
    """Judges rounds; see the module for the states."""

    def __init__(self, catalogue: Catalogue, config: SessionConfig) -> None:
        """Start idle."""
        self._catalogue, self._config = catalogue, config
        self._status = Status()
        self._evidence = _Evidence()
        self._since_s = 0.0
        self._resume_to = State.IDLE
        self._paused_at_s = 0.0
        self._input_s = -math.inf
        self._stamp_s = 0.0

    def ask(self, exercise: str, now_s: float) -> Status:
        """Begin a round; an empty name ends the session's asking.

        Raises:
            UnknownExercise: no file describes it; the session goes on as before.
        """
        if not exercise:
            if self._status.state not in (State.STOPPED, State.FINISHED):
                self._status = Status(round=self._status.round)
            return self.status(now_s)
        require(exercise, self._catalogue)
        self._status = Status(State.SHOW, self._status.round + 1, asked=exercise)
        self._evidence, self._since_s = _Evidence(), now_s
        return self.status(now_s)

    def pause(self, now_s: float) -> Status:
        """Hold everything; judging goes on where it was after :meth:`resume`."""
        if self._status.state in (State.SHOW, State.WATCH, State.VERDICT):
            self._resume_to, self._paused_at_s = self._status.state, now_s
            self._status = replace(self._status, state=State.PAUSED)
        return self.status(now_s)

    def resume(self, now_s: float) -> Status:
        """Go on after :meth:`pause`; the time in between does not count."""
        if self._status.state is State.PAUSED:
            self._since_s += now_s - self._paused_at_s
            self._status = replace(self._status, state=self._resume_to)
        return self.status(now_s)

    def end(self, state: State, now_s: float) -> Status:
        """Stop, or finish after the last exercise."""
        self._status = Status(state, self._status.round)
        return self.status(now_s)

    def see(self, prediction: Prediction, now_s: float) -> Status:
        """Take in one prediction; a decided round changes no more."""
        step_s = min(max(prediction.stamp_s - self._stamp_s, 0.0), _LONGEST_STEP_S)
        self._stamp_s, self._input_s = prediction.stamp_s, now_s
        status = self._advance(now_s)
        if status.state is State.WATCH:
            self._gather(prediction, step_s)
            self._status = self._decide(self._live(status, prediction), now_s)
        return self.status(now_s)

    def tick(self, now_s: float) -> Status:
        """Let time pass without a prediction."""
        status = self._advance(now_s)
        if status.state is State.WATCH and now_s - max(self._input_s, self._since_s) > self._config.lost_input_s:
            self._evidence.reasons[NO_CAMERA] += 1
            self._status = replace(status, seen="", confidence=0.0, verdict=Verdict.UNSURE, reason=NO_CAMERA)
            self._status = self._decide(self._status, now_s)
        return self.status(now_s)

    def status(self, now_s: float) -> Status:
        """The present status with the age of the newest prediction."""
        return replace(self._status, input_age_s=now_s - self._input_s)

    def _advance(self, now_s: float) -> Status:
        if self._status.state is State.SHOW and now_s - self._since_s >= self._config.show_s:
            self._since_s = now_s
            self._status = replace(self._status, state=State.WATCH)
        return self._status

    def _gather(self, prediction: Prediction, step_s: float) -> None:
        if prediction.abstain.value:
            self._evidence.reasons[Reason(prediction.abstain.value)] += 1
        elif prediction.label == UNKNOWN or prediction.confidence < self._config.min_confidence:
            self._evidence.reasons[NOT_SEEN] += 1
        else:
            self._evidence.seconds[prediction.label] += step_s

    def _live(self, status: Status, prediction: Prediction) -> Status:
        verdict, reason = Verdict.UNSURE, Reason(prediction.abstain.value)
        if reason is Reason.NONE and prediction.label != UNKNOWN and prediction.confidence >= self._config.min_confidence:
            verdict = Verdict.RIGHT if prediction.label == status.asked else Verdict.WRONG
        elif reason is Reason.NONE:
            reason = NOT_SEEN
        return replace(
            status,
            seen=prediction.label,
            confidence=prediction.confidence,
            verdict=verdict,
            reason=reason,
            stamp_s=prediction.stamp_s,
        )

    def _decide(self, status: Status, now_s: float) -> Status:
        config, seconds = self._config, self._evidence.seconds
        other = self._evidence.best_other(status.asked)
        right_s, wrong_s = seconds[status.asked], seconds[other]
        status = replace(status, progress=min(1.0, max(right_s / config.right_s, wrong_s / config.wrong_s)))
        if right_s >= config.right_s and right_s >= config.dominance * wrong_s:
            return self._final(status, status.asked, Verdict.RIGHT, Reason.NONE, now_s)
        if wrong_s >= config.wrong_s and wrong_s >= config.dominance * right_s:
            return self._final(status, other, Verdict.WRONG, Reason.NONE, now_s)
        if now_s - self._since_s >= config.watch_s:
            reason = self._evidence.reasons.most_common(1)[0][0] if self._evidence.reasons else NOT_SEEN
            return self._final(status, "", Verdict.UNSURE, reason, now_s)
        return status

    def _final(self, status: Status, seen: str, verdict: Verdict, reason: Reason, now_s: float) -> Status:
        return replace(status, state=State.VERDICT, seen=seen, verdict=verdict, reason=reason, wait_s=now_s - self._since_s)
