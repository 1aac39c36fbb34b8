"""What one attempt at an exercise has shown so far.

Evidence is time: each prediction adds the seconds since the one before it to the exercise it names, so a flicker of the
label decides nothing. What the patient is told while moving is steadier still: praise at once, everything else only after it
has held for a while.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from physio_core.assessment.recognition import LONGEST_STEP_S
from physio_core.params import Parameters, param
from physio_core.types import UNKNOWN, Prediction, Reason, Verdict


@dataclass(frozen=True)
class EvidenceConfig(Parameters):
    """How much must be seen before it is said and before it decides."""

    right_s: float = param(3.0, "Seconds the asked exercise must be seen for `right`.", unit="s", low=0.1, high=60.0, live=True)
    wrong_s: float = param(4.0, "Seconds another exercise must be seen for `wrong`.", unit="s", low=0.1, high=60.0, live=True)
    dominance: float = param(2.0, "Evidence of the decided side over that of the other side.", low=1.0, high=100.0, live=True)
    min_confidence: float = param(0.5, "Predictions below count as no evidence.", low=0.0, high=1.0, live=True)
    getting_ready_s: float = param(
        3.0,
        "Time the patient has to get into place: until then only the asked exercise counts. An exercise file may ask for more.",
        unit="s",
        low=0.0,
        high=60.0,
        live=True,
    )
    say_after_s: float = param(
        0.7, "What is not praise is said once it has held so long; more: calmer, later.", unit="s", low=0.0, high=10.0, live=True
    )


class Said(NamedTuple):
    """What the patient is told: the verdict, why there is none, and which joints (without side) to bring into view."""

    verdict: Verdict
    reason: Reason
    missing: tuple[str, ...] = ()


NOTHING = Said(Verdict.NONE, Reason.NONE)

UNDER_WAY_S = 0.5
"""Seconds of the asked exercise after which the patient is in place, however early."""

_OF_THE_MOVEMENT = (Reason.NOT_SEEN, Reason.UNFAMILIAR, Reason.TOO_FEW_FRAMES)
"""Reasons that a patient who is getting into place cannot do anything about."""


def opinion(prediction: Prediction, asked: str, min_confidence: float) -> Said:
    """What one prediction says by itself of an exercise that was asked for."""
    if prediction.abstain.value:
        return Said(Verdict.UNSURE, Reason(prediction.abstain.value))
    if prediction.label in ("", UNKNOWN) or not prediction.confidence >= min_confidence:
        return Said(Verdict.UNSURE, Reason.NOT_SEEN)
    return Said(Verdict.RIGHT if prediction.label == asked else Verdict.WRONG, Reason.NONE)


class Evidence:
    """Seconds in which each exercise was seen, and what follows from them.

    Attributes:
        judging: whether what is seen counts; the patient may still be getting into place.
        wrongly_seen: the newest exercise seen that was not asked for; what :attr:`Verdict.WRONG` speaks of while it is held.
    """

    def __init__(self, asked: str, getting_ready_s: float, config: EvidenceConfig, after_stamp_s: float = -1e18) -> None:
        """Know nothing yet.

        Args:
            asked: the exercise that was asked for.
            getting_ready_s: time that it takes to get into place for it.
            config: see there.
            after_stamp_s: when it was asked for, on the clock of the images; a prediction that looks back further
                shows the round before.
        """
        self._asked, self._getting_ready_s, self._config = asked, getting_ready_s, config
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._reasons: Counter[Reason] = Counter()
        self._after_s, self._stamp_s = after_stamp_s, after_stamp_s
        self._said, self._candidate, self._candidate_s = NOTHING, NOTHING, 0.0
        self.judging = False
        self.wrongly_seen = ""

    def add(self, prediction: Prediction, turn_s: float, missing: tuple[str, ...] = ()) -> Said:
        """Take in one prediction, and give what to tell the patient now.

        Args:
            prediction: the newest.
            turn_s: how long it has been the patient's turn [s].
            missing: joints that the exercise needs and that are not in view; with any of them nothing counts.
        """
        step_s = min(max(prediction.stamp_s - self._stamp_s, 0.0), LONGEST_STEP_S)
        if prediction.stamp_s < self._stamp_s:  # another clock
            self._after_s = prediction.stamp_s
        self._stamp_s = prediction.stamp_s
        verdict, reason, _ = opinion(prediction, self._asked, self._config.min_confidence)
        if not prediction.abstain.value and 0.0 < prediction.window_start_s < self._after_s:
            verdict, reason = Verdict.UNSURE, Reason.NOT_SEEN
        if missing and (reason is Reason.NONE or reason in _OF_THE_MOVEMENT):
            verdict, reason = Verdict.UNSURE, Reason.OUT_OF_FRAME
        self.judging = self.judging or turn_s >= self._getting_ready_s
        if verdict is Verdict.RIGHT or (verdict is Verdict.WRONG and self.judging):
            self._seconds[prediction.label] += step_s
        self.judging = self.judging or self._seconds[self._asked] >= UNDER_WAY_S
        if verdict is Verdict.WRONG:
            self.wrongly_seen = prediction.label
        if reason is not Reason.NONE:
            self._reasons[reason] += 1
        if not self.judging:
            verdict, reason = Verdict.NONE, Reason.NONE if reason in _OF_THE_MOVEMENT else reason
        return self._steady(Said(verdict, reason, missing if reason is Reason.OUT_OF_FRAME else ()), turn_s)

    def credit(self, seconds: float) -> None:
        """Count time of the asked exercise that was told by something else than predictions [s]."""
        self._seconds[self._asked] += seconds
        self.judging = True

    def lose_input(self) -> Said:
        """No prediction came for too long; gives what to tell the patient."""
        self._reasons[Reason.NO_CAMERA] += 1
        self._said = Said(Verdict.UNSURE, Reason.NO_CAMERA)
        return self._said

    @property
    def progress(self) -> float:
        """Share of what praise takes [0..1]."""
        right_s, wrong_s = self._seconds[self._asked], self._config.dominance * self._other()[1]
        return min(1.0, right_s / self._config.right_s, right_s / wrong_s if wrong_s > 0.0 else 1.0)

    def decided(self) -> tuple[Verdict, str]:
        """The verdict and the exercise seen, once there is enough of one; else no verdict."""
        config, right_s, (other, wrong_s) = self._config, self._seconds[self._asked], self._other()
        if right_s >= config.right_s and right_s >= config.dominance * wrong_s:
            return Verdict.RIGHT, self._asked
        if wrong_s >= config.wrong_s and wrong_s >= config.dominance * right_s:
            return Verdict.WRONG, other
        return Verdict.NONE, ""

    @property
    def doubt(self) -> Reason:
        """Why nothing could be decided: what was most often in the way."""
        return self._reasons.most_common(1)[0][0] if self._reasons else Reason.NOT_SEEN

    def _other(self) -> tuple[str, float]:
        others = [(label, time_s) for label, time_s in self._seconds.items() if label != self._asked]
        return max(others, key=lambda one: one[1], default=("", 0.0))

    def _steady(self, now: Said, turn_s: float) -> Said:
        if now != self._candidate:
            self._candidate, self._candidate_s = now, turn_s
        if now.verdict is Verdict.RIGHT or turn_s - self._candidate_s >= self._config.say_after_s:
            self._said = now
        return self._said
