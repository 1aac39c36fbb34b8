"""The judge of tries that are scored: it watches a hand move from rest to rest, and says 0, 1 or 2 at its end, or why not.

During a try nothing is corrected, as in an assessment. What it says is an aid for the therapist, whose own score counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from physio_core.assessment.repetition import LEVEL_MOST, LEVEL_TERM, Fault, Outcome, Repetition, ScoreTerm, level_of, mean_terms
from physio_core.exercises.catalogue import Exercise
from physio_core.hands.canonical import hand_points, to_canonical
from physio_core.hands.scoring import FmaScorer, Score
from physio_core.hands.shape import shape_features
from physio_core.hands.trial import Trial
from physio_core.judging.held import HeldJudge
from physio_core.judging.judge import Goal, Judge, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.motion.hand import HandShape, hand_positions
from physio_core.motion.hand_movements import hand_movement_named
from physio_core.types import FloatArray, Hand, Reason, Side, Skeleton, Tracking, Verdict

BEGINS_S = 0.5
"""The posture that a try begins with is taken over this time, and so is the one it is in now [s]."""
RESTS_S = 1.0
"""The hand is back for so long before a try is over [s]."""
MOVED = 0.4
"""Change of the hand's shape from which it has moved, along the way of its item, across which most jitter of landmarks lies."""
BACK = 0.35
"""It is back when no more than this share is left of how far it went."""
SHORTEST_S = 2.0
"""What was watched for less when the time is up is no try [s]."""


class TriedJudge:
    """See :class:`~physio_core.judging.judge.Judge`. Hands are all that it looks at."""

    input: tuple[type, ...] = (Hand,)

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt; for the arguments see :class:`~physio_core.judging.judge.Judge`.

        Raises:
            ModelError: the scorer cannot be read.
        """
        assert exercise.hand is not None and exercise.hand.item, "only exercises with an item have this judge"
        self._exercise, self._definition, self._after_s = exercise, exercise.hand, after_stamp_s
        self._scorer = FmaScorer()
        # Which hand is seen, and why it is not the one that is asked for, is the same as where postures are held.
        self._view = HeldJudge(exercise, config, after_stamp_s, replace(goal, repetitions=0, timed=True))
        self._watched = _Watched(exercise.hand.item)
        self._done: list[Repetition] = []
        self._judgement = Judgement()
        self.goal = goal

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        view = self._view.update(observation, turn_s)
        if not isinstance(observation, Hand) or turn_s is None or observation.stamp_s <= self._after_s:
            return self._told(view)
        if view.ready or self._watched.skeletons:
            right = observation.objection is Reason.NONE and observation.side == (self._goal_side or observation.side)
            self._watched.add(observation.skeleton, observation.side if right else "")
        if self._watched.over or self._watched.lasts_s >= self._definition.try_s:
            self._end()
        return self._told(view)

    def lose_input(self) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        return self._told(self._view.lose_input())

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`. Whoever tried and showed no more than a trace is asked once more."""
        if self._watched.lasts_s >= SHORTEST_S and (self._watched.moved or not self._done):
            self._end()
        levels = [level for one in self._done if (level := level_of(one.terms)) is not None]
        verdict = Verdict.UNSURE if not levels else Verdict.RIGHT if max(levels) else Verdict.WRONG
        shown = self._told(self._view.close()[-1])
        doubt = shown.reason if shown.reason is not Reason.NONE else Reason.NOT_SEEN
        self._judgement = replace(
            shown, judging=False, verdict=verdict, seen=self._exercise.name if verdict is Verdict.RIGHT else "", missing=(),
            reason=doubt if verdict is Verdict.UNSURE else Reason.NONE,
        )  # fmt: skip
        return (self._judgement,)

    @property
    def _goal_side(self) -> str:
        return self.goal.side.value

    def _end(self) -> None:
        """One try is over."""
        watched, self._watched = self._watched, _Watched(self._definition.item)
        side = watched.side or self._goal_side
        score = self._scorer.score(Trial.of(watched.skeletons, side == Side.LEFT.value), self._definition.item)
        outcome = Outcome.INTERRUPTED if score.level is None else Outcome.COMPLETE
        self._done.append(_repetition(score, outcome, 1 + sum(one.outcome is outcome for one in self._done), side, watched))

    def _told(self, view: Judgement) -> Judgement:
        complete = [one for one in self._done if one.outcome is Outcome.COMPLETE]
        wanted, newest = self.goal.repetitions, self._done[-1] if self._done else None
        share = min(self._watched.lasts_s / self._definition.try_s, 1.0)
        self._judgement = replace(
            view, verdict=Verdict.UNSURE if view.reason is not Reason.NONE else Verdict.NONE, now=None, phase=share,
            seen=self._exercise.name if self._watched.moved else "", confidence=float(self._watched.moved),
            progress=min((len(complete) + share) / max(wanted, 1), 1.0), repetitions=len(complete), partial=0,
            terms=mean_terms(complete), faults=newest.faults if newest else (), newest=newest,
            decided=not self.goal.timed and len(complete) >= max(wanted, 1),
        )  # fmt: skip
        return self._judgement


class _Watched:
    """A try while it lasts."""

    def __init__(self, item: str) -> None:
        self._way = _way_of(item)
        self.skeletons: list[Skeleton] = []
        self.side = ""
        self._shapes: list[tuple[float, FloatArray]] = []
        self._first: FloatArray | None = None
        self._farthest = 0.0
        self._back_since_s = np.inf

    @property
    def lasts_s(self) -> float:
        """Since it began [s]."""
        return self.skeletons[-1].stamp_s - self.skeletons[0].stamp_s if self.skeletons else 0.0

    @property
    def moved(self) -> bool:
        """Whether the hand did something."""
        return self._farthest >= MOVED

    @property
    def over(self) -> bool:
        """Whether the hand is back where it began, and rests."""
        return self.moved and bool(self._shapes) and self._shapes[-1][0] - self._back_since_s >= RESTS_S

    def add(self, skeleton: Skeleton, side: str) -> None:
        """The next image; without a side the hand that is asked for is not seen in it."""
        if self.skeletons and skeleton.stamp_s <= self.skeletons[-1].stamp_s:
            return
        seen = skeleton if side else Skeleton(skeleton.stamp_s, Tracking.NOBODY, skeleton.layout)
        self.skeletons.append(seen)
        self.side = self.side or side
        points = hand_points(seen)
        if points is None:
            return
        shape = shape_features(to_canonical(points, side == Side.LEFT.value))
        if np.isfinite(shape).all():
            self._follow(skeleton.stamp_s, shape)

    def _follow(self, stamp_s: float, shape: FloatArray) -> None:
        self._shapes = [(at, one) for at, one in self._shapes if stamp_s - at < BEGINS_S] + [(stamp_s, shape)]
        now = np.mean([one for _, one in self._shapes], axis=0)
        if self._first is None:
            if stamp_s - self.skeletons[0].stamp_s >= BEGINS_S:
                self._first = now
            return
        gone = float((now - self._first) @ self._way)
        self._farthest = max(self._farthest, gone)
        if gone > BACK * self._farthest:
            self._back_since_s = np.inf
        elif not np.isfinite(self._back_since_s):
            self._back_since_s = stamp_s


@cache
def _way_of(item: str) -> FloatArray:
    """Where to a mean hand's shape changes from the beginning of an item to its end (C,), one long."""
    movement = hand_movement_named(item).motion(np.array([0.0, 0.5]))
    begun, done = shape_features(to_canonical(hand_positions(HandShape(), movement), left=False))
    way: FloatArray = done - begun
    return way / np.linalg.norm(way)


def begin_hand(exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> Judge:
    """The judge of an exercise of a hand: of scored tries where its file names an item, else of postures that are held."""
    judge = TriedJudge if exercise.hand and exercise.hand.item else HeldJudge
    return judge(exercise, config, after_stamp_s, goal)


def _repetition(score: Score, outcome: Outcome, number: int, side: str, watched: _Watched) -> Repetition:
    first_s, last_s = watched.skeletons[0].stamp_s, watched.skeletons[-1].stamp_s
    start_s, end_s = (score.points.start_s, score.points.end_s) if score.points else (first_s, last_s)
    share = 0.0 if score.level is None else score.level / LEVEL_MOST
    return Repetition(
        number, outcome, Side(side), start_s, 0.5 * (start_s + end_s), end_s, extent=share,
        terms=() if score.level is None else (ScoreTerm(LEVEL_TERM, share),),
        faults=() if score.level is not None else (Fault(score.doubt, 0.0, side=Side(side)),),
    )  # fmt: skip
