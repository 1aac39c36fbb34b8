"""The judge of postures of a hand that are held: the hand that is asked for, in the posture, for long enough, and let go.

A repetition is one hold. It counts as soon as the posture was held for the time that the exercise asks for, so that a patient is
told at once; the next one begins only after the hand has left the posture, so that opening and closing is counted by cycles.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from physio_core.assessment.repetition import Fault, Outcome, Repetition, ScoreTerm, mean_terms
from physio_core.exercises.catalogue import Exercise
from physio_core.hands.states import GOOD
from physio_core.judging.gate import SetupGate
from physio_core.judging.judge import Goal, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.judging.posture import Posture, PostureReader
from physio_core.skeleton.layouts import HAND_21
from physio_core.skeleton.stream import RATE_HZ, JointFrame, JointStream
from physio_core.types import Hand, Reason, Side, Verdict

SET_UP_S = 1.0
"""The hand is in view for so long before it is judged [s]."""
SETTLES_S = 0.2
"""A state counts once it was seen for so long, and is left once another was [s]."""
GAP_S = 0.5
"""A hand that is not seen for no longer than this is still held as it was [s]."""
SHORT_FROM = 0.3
"""A hold counts as too short, and not as passing through, from this share of the time that is asked for."""
TRIED_S = 1.0
"""A hand that was seen for less showed nothing, neither right nor wrong [s]."""
NEAR = 60.0
"""Rating from which a hand that is not right yet is nearly so."""
FAULT_FROM = 0.15
"""A finger that was off by more than this share of its margin on average is a fault of the repetition."""


@dataclass
class _Hold:
    """A posture while it is held."""

    since_s: float
    last_s: float
    seen: list[Posture] = field(default_factory=list)

    @property
    def lasts_s(self) -> float:
        return self.last_s - self.since_s


class HeldJudge:
    """See :class:`~physio_core.judging.judge.Judge`. Hands are all that it looks at."""

    input: tuple[type, ...] = (Hand,)

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt; for the arguments see :class:`~physio_core.judging.judge.Judge`.

        Raises:
            ModelError: states that were learnt cannot be read.
        """
        assert exercise.hand is not None, "the catalogue refuses an exercise of kind hand without it"
        self._exercise, self._definition, self._after_s = exercise, exercise.hand, after_stamp_s
        self._gate = SetupGate(exercise.needs, replace(config, set_up_s=max(config.set_up_s, SET_UP_S)))
        self._reader = PostureReader(exercise.hand)
        self._stream = JointStream(HAND_21, RATE_HZ)
        self._judgement = Judgement()
        self._state, self._next, self._next_since_s = "", "", -math.inf
        self._hold: _Hold | None = None
        self._released_s = math.nan
        self._counted_hold = False
        self._tried = 0
        self._numbers: Counter[Outcome] = Counter()
        self._complete: list[Repetition] = []
        self._objection = Reason.NO_HAND
        self.goal = goal

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        if not isinstance(observation, Hand) or observation.skeleton.layout != HAND_21.name:
            return self._judgement
        self._reader.extent = self.goal.extent
        wrong_side = self.goal.side.value not in ("", observation.side) and observation.tracked
        hand = replace(observation, objection=Reason.WRONG_HAND) if wrong_side else observation
        self._objection = hand.objection
        if hand.objection is Reason.NONE:
            self._gate.update(hand.skeleton)
        if turn_s is None or hand.stamp_s <= self._after_s:
            return self._judgement
        usable = hand.tracked and hand.objection is Reason.NONE
        frames = self._stream.update(hand.skeleton) if usable else []
        missing = self._gate.missing(hand.stamp_s)
        self._judgement = replace(self._judgement, stamp_s=hand.stamp_s, ready=not missing)
        if not usable:
            return self._unsure(self._objection, hand.stamp_s)
        if missing:
            outside = Reason.OUT_OF_FRAME if self._outside(hand) else Reason.NONE
            self._judgement = replace(
                self._judgement, judging=outside is not Reason.NONE, verdict=Verdict.UNSURE if outside else Verdict.NONE,
                reason=outside, missing=missing if outside else (), now=None,
            )  # fmt: skip
            return self._judgement
        for frame in frames:
            self._see(frame, hand.side)
        return self._judgement

    def lose_input(self) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        return self._unsure(Reason.NO_CAMERA, self._judgement.stamp_s)

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`."""
        self._let_go(self._judgement.stamp_s)
        done, tried = bool(self._complete), self._tried >= TRIED_S * RATE_HZ
        verdict = Verdict.RIGHT if done else Verdict.WRONG if tried else Verdict.UNSURE
        self._judgement = replace(
            self._judgement, judging=False, verdict=verdict, seen=self._exercise.name if done else "", now=None, missing=(),
            reason=Reason.NONE if verdict is not Verdict.UNSURE else self._objection or Reason.NOT_SEEN,
        )  # fmt: skip
        return (self._judgement,)

    def _outside(self, hand: Hand) -> bool:
        points = hand.skeleton.points[:, :2]
        return bool((points < 0.0).any() or (points > 1.0).any())

    def _unsure(self, reason: Reason, stamp_s: float) -> Judgement:
        """Nothing can be said; what was held goes on where the gap is short."""
        if self._hold is not None and stamp_s - self._hold.last_s > GAP_S:
            self._let_go(stamp_s)
        self._judgement = replace(
            self._judgement, judging=True, seen="", confidence=0.0, verdict=Verdict.UNSURE, reason=reason, missing=(), now=None,
        )  # fmt: skip
        return self._judgement

    def _see(self, frame: JointFrame, side: str) -> None:
        posture = self._reader.read(frame.world_m, side)
        if posture.doubt is not Reason.NONE:
            self._unsure(posture.doubt, frame.stamp_s)
            return
        self._tried += 1
        self._settle(posture.state, frame.stamp_s)
        if self._state == GOOD:
            self._held(posture, frame.stamp_s, Side(side))
        elif self._hold is not None:
            self._let_go(frame.stamp_s)
        self._judgement = self._told(posture, side)

    def _settle(self, seen: str, stamp_s: float) -> None:
        if seen != self._next:
            self._next, self._next_since_s = seen, stamp_s
        if seen != self._state and stamp_s - self._next_since_s >= SETTLES_S:
            self._state = seen

    def _held(self, posture: Posture, stamp_s: float, side: Side) -> None:
        if self._hold is None:
            self._hold, self._counted_hold = _Hold(self._next_since_s, stamp_s), False
        self._hold.last_s = stamp_s
        self._hold.seen.append(posture)
        if not self._counted_hold and self._hold.lasts_s >= self._definition.hold_s:
            self._counted_hold = True
            self._end(self._hold, Outcome.COMPLETE, side)

    def _let_go(self, stamp_s: float) -> None:
        hold, self._hold = self._hold, None
        if hold is None:
            return
        if not self._counted_hold and hold.lasts_s >= SHORT_FROM * self._definition.hold_s:
            self._end(hold, Outcome.PARTIAL, self.goal.side)
        self._released_s, self._state, self._next = stamp_s, "", ""

    def _end(self, hold: _Hold, outcome: Outcome, side: Side) -> None:
        """One hold is over; its score is how near each finger was."""
        self._numbers[outcome] += 1
        near = {finger: [one.nearness[finger] for one in hold.seen] for finger in hold.seen[0].nearness}
        terms = [ScoreTerm(finger, sum(values) / len(values)) for finger, values in near.items()]
        held = min(hold.lasts_s / self._definition.hold_s, 1.0)
        terms.append(ScoreTerm("hold", held))
        faults = _faults(hold.seen)
        if outcome is Outcome.PARTIAL:
            missing_s = self._definition.hold_s - hold.lasts_s
            faults = (Fault("hold_short", missing_s, "s", side, direction="low", severity=1.0 - held), *faults)
        rating = sum(one.rating for one in hold.seen) / len(hold.seen)
        repetition = Repetition(
            self._numbers[outcome], outcome, side, hold.since_s, hold.since_s, hold.last_s,
            out_s=hold.since_s - self._released_s, hold_s=hold.lasts_s, extent=rating / 100.0, terms=tuple(terms), faults=faults,
            trace=tuple(one.rating / 100.0 for one in hold.seen[:: max(len(hold.seen) // 20, 1)]),
        )  # fmt: skip
        if outcome is Outcome.COMPLETE:
            self._complete.append(repetition)
        complete, wanted = len(self._complete), self.goal.repetitions
        self._judgement = replace(
            self._judgement, newest=repetition, repetitions=complete, partial=self._numbers[Outcome.PARTIAL],
            terms=mean_terms(self._complete), faults=repetition.faults,
            decided=not self.goal.timed and complete >= max(wanted, 1),
        )  # fmt: skip

    def _told(self, posture: Posture, side: str) -> Judgement:
        right = self._state == GOOD
        wrong = self._state in self._definition.wrong
        share = min(self._hold.lasts_s / self._definition.hold_s, 1.0) if self._hold else 0.0
        wanted = max(self.goal.repetitions, 1)
        return replace(
            self._judgement,
            judging=True,
            seen=self._exercise.name if right else "",
            confidence=posture.rating / 100.0,
            verdict=Verdict.RIGHT if right else Verdict.WRONG if wrong or posture.rating < NEAR else Verdict.UNSURE,
            reason=Reason.NONE,
            missing=(),
            phase=0.0 if self._counted_hold and not right else share,
            progress=min((len(self._complete) + (0.0 if self._counted_hold else share)) / wanted, 1.0),
            now=None if right else Fault(self._state, 0.0, side=Side(side)) if wrong else posture.off,
        )


def held_objection(exercise: Exercise, _: Sequence[str]) -> str:
    """Why an exercise of a hand cannot be judged; empty: it can."""
    return "" if exercise.hand else "its file does not say which posture is held; give `hand: good: ...` there"


def _faults(seen: Sequence[Posture]) -> tuple[Fault, ...]:
    """What was off throughout a hold, the worst first."""
    by: dict[tuple[str, str], list[Fault]] = {}
    for posture in seen:
        if posture.off is not None:
            by.setdefault((posture.off.name, posture.off.joint), []).append(posture.off)
    means = [
        replace(
            found[0], size=sum(one.size for one in found) / len(seen), severity=sum(one.severity for one in found) / len(seen)
        )
        for found in by.values()
    ]
    return tuple(sorted((one for one in means if one.severity > FAULT_FROM), key=lambda one: -one.severity))
