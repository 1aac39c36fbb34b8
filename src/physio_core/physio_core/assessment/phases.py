r"""The phases of one repetition, from a single signal: rest, out, back and rest again, with hysteresis.

The signal is a share: 0 at rest, 1 at the target of the exercise's file. People differ in how they stand at rest and in how far
they go, so the machine measures against the person's own rest, inside limits, and against how far this repetition went::

    share 1 |        .--.            turn: PULL_BACK below the highest
            |       /    \
            |      /      \
            |     /        \         back: return_to of the own way above rest
          0 |____/          \____
             rest  out  back  rest

A signal that falls a little and rises again at the far end trembles there; one that comes back half-way and leaves again ended a
repetition that did not come back.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum

from physio_core.assessment.repetition import Outcome
from physio_core.exercises.definition import RepetitionDefinition

LEAVES_BY = 0.15
"""Share above rest at which rest is left; less is trembling, or the estimator."""
PULL_BACK = 0.15
"""Share below the highest at which the way back has begun."""
REST_LIMIT = 0.45
"""Share up to which someone may be at rest: not all stand upright, nor stretch their arms in full."""
FALLS_TO_HALF = 0.5
"""A way back that ends above this share of the own way and goes out again was a bounce at the far end."""
FOLLOWS_BACK, FOLLOWS_HALF_WAY = 0.5, 0.25
"""Shares by which rest follows where someone came back to, and where someone turned round before coming back."""
REST_FOLLOWS_S = 2.0
"""Time in which rest follows someone who rests higher than before."""
SINKS_S = 0.2
"""Time in which rest follows someone who rests lower: a joint that jumps down for a moment is not where the person rests."""
ENDS_FROM = 0.6
"""Share of the own way above rest below which a repetition counts when the images end."""
STILL_PER_S = 0.2
"""Share of the own way per second below which someone near to rest has arrived."""
MOMENT_S = 0.15
"""Time over which speed is looked at."""
AT_ONCE_S = 0.5
"""Whoever is away from rest so soon after the beginning is taken to be in the middle of a repetition."""
SURELY_MORE = 0.2
"""Share beyond a complete way that is far enough where it is not known yet where the person rests: getting into place goes less
far."""


class Phase(str, Enum):
    """Where in a repetition."""

    AWAY = "away"
    """Not at rest, nobody knows since when: getting into place, or lost on the way."""
    REST = "rest"
    OUT = "out"
    BACK = "back"


@dataclass(frozen=True)
class Cycle:
    """One way out and back.

    Attributes:
        outcome: complete or partial; what was lost on the way is interrupted.
        start_s: rest was left [s].
        turn_s: furthest [s].
        end_s: rest was reached again, or the way back ended [s].
        extent: greatest share above the person's own rest.
        rest: share at which the person rests.
    """

    outcome: Outcome
    start_s: float
    turn_s: float
    end_s: float
    extent: float
    rest: float


class PhaseMachine:
    """Follows one signal; see the module.

    Attributes:
        definition: what a repetition is; may be replaced while it runs.
        phase: now.
        extent: share above rest, now.
    """

    def __init__(self, definition: RepetitionDefinition) -> None:
        self.definition = definition
        self._begun_s: float | None = None
        self.reset(first=True)

    def reset(self, first: bool = False) -> None:
        """Forget where it was; ``first``: what is seen at once may be the middle of a repetition."""
        self.phase, self.extent = Phase.AWAY, 0.0
        self._may_be_within, self._within = first, False
        self._knows_rest = False
        self._stamp_s = self._start_s = self._turn_s = 0.0
        self._rest = self._low = self._peak = self._valley = 0.0
        self._recent: deque[tuple[float, float]] = deque()

    def interrupt(self, stamp_s: float) -> Cycle | None:
        """The signal was lost: the cycle under way, if it was far enough to be an attempt, and begin again."""
        under_way = self.phase in (Phase.OUT, Phase.BACK) and self._peak - self._rest >= self.definition.attempt_from
        way = self._peak - self._rest
        cycle = Cycle(Outcome.INTERRUPTED, self._start_s, self._turn_s, stamp_s, way, self._rest)
        self.reset()
        return cycle if under_way else None

    def close(self) -> Cycle | None:
        """The images end, or are cut: a way back of which enough is done counts as done, since signals lag behind people."""
        way = self._peak - self._rest
        if self.phase is not Phase.BACK or self.extent > ENDS_FROM * way:
            return None
        cycle = self._ended(self._rest)
        self.reset()
        return cycle

    def update(self, stamp_s: float, share: float) -> Cycle | None:
        """Take the next value of the signal; gives the cycle that it ends."""
        passed_s = stamp_s - self._stamp_s
        self._begun_s = stamp_s if self._begun_s is None else self._begun_s
        self._stamp_s = stamp_s
        self._recent.append((stamp_s, share))
        while self._recent[0][0] < stamp_s - MOMENT_S:
            self._recent.popleft()
        step = {Phase.AWAY: self._away, Phase.REST: self._at_rest, Phase.OUT: self._going_out, Phase.BACK: self._coming_back}
        if share > self.definition.at_most:
            self.reset()
        cycle = step[self.phase](share, passed_s)
        self.extent = share - self._rest
        return cycle

    def _away(self, share: float, _: float) -> None:
        assert self._begun_s is not None
        within = self._may_be_within and self.definition.may_begin_within and share <= self.definition.at_most
        if share <= REST_LIMIT:
            self._settle(share)
        elif within and self._stamp_s - self._begun_s <= AT_ONCE_S:
            self.phase, self._rest, self._start_s, self._within = Phase.OUT, 0.0, self._begun_s, True
            self._peak, self._turn_s = share, self._stamp_s
        self._may_be_within = False

    def _settle(self, share: float) -> None:
        self.phase, self._low, self._start_s, self._within = Phase.REST, share, self._stamp_s, False
        self._rest = min(max(share, -REST_LIMIT), REST_LIMIT)

    def _at_rest(self, share: float, passed_s: float) -> None:
        follows_s = REST_FOLLOWS_S if share > self._low else SINKS_S
        self._low += (share - self._low) * min(passed_s / follows_s, 1.0)
        self._rest = min(max(self._low, -REST_LIMIT), REST_LIMIT)
        if share - self._rest <= LEAVES_BY / 2.0:
            self._start_s = self._stamp_s
        elif share - self._rest > LEAVES_BY:
            self.phase, self._peak, self._turn_s = Phase.OUT, share, self._stamp_s

    def _going_out(self, share: float, _: float) -> Cycle | None:
        if share > self._peak:
            self._peak, self._turn_s = share, self._stamp_s
        elif share < self._peak - PULL_BACK * max(self._peak - self._rest, 1.0):
            self.phase, self._valley = Phase.BACK, share
            return self._returned(share)
        elif share - self._rest <= LEAVES_BY / 2.0:
            self._settle(share)
        return None

    def _coming_back(self, share: float, _: float) -> Cycle | None:
        way = self._peak - self._rest
        self._valley = min(self._valley, share)
        risen = share - self._valley
        if risen > self.definition.attempt_from * 0.5 and self._valley - self._rest > FALLS_TO_HALF * way:
            self.phase = Phase.OUT
            if share > self._peak:
                self._peak, self._turn_s = share, self._stamp_s
        elif risen > self.definition.attempt_from:
            knew, followed, cycle = self._knows_rest, self._followed(), self._ended(self._valley)
            came_back = cycle is not None and cycle.outcome is Outcome.COMPLETE
            self._rest_at_valley(followed if came_back or not knew else FOLLOWS_HALF_WAY)
            self.phase, self._peak, self._turn_s = Phase.OUT, share, self._stamp_s
            return cycle
        return self._returned(share)

    def _returned(self, share: float) -> Cycle | None:
        """Back at rest: near to it, and no longer on the way."""
        way = self._peak - self._rest
        near = share - self._rest <= max(self.definition.return_to * way, LEAVES_BY / 2.0)
        if not near or self._sinks(share) > STILL_PER_S * way:
            return None
        followed, cycle = self._followed(), self._ended(self._valley)
        self._rest_at_valley(followed)
        return cycle

    def _followed(self) -> float:
        """Share by which rest follows where someone came back to: the first time in full."""
        return FOLLOWS_BACK if self._knows_rest else 1.0

    def _rest_at_valley(self, followed: float) -> None:
        self._settle(self._rest + followed * (self._valley - self._rest))

    def _sinks(self, share: float) -> float:
        """How fast the signal fell in the last moment [share per second]."""
        then_s, then = self._recent[0]
        return (then - share) / (self._stamp_s - then_s) if self._stamp_s > then_s else math.inf

    def _ended(self, share: float) -> Cycle | None:
        """The cycle that ends here; None: too small or too short to be one.

        Before the first, people get into place: where the first ends is their rest, if they came back far enough.
        """
        definition, rest = self.definition, min(self._rest, max(share, -REST_LIMIT))
        surely = definition.complete_from + SURELY_MORE
        least = surely if self._within else definition.attempt_from
        if self._peak - rest < least or self._stamp_s - self._start_s < definition.shortest_s:
            return None
        if not self._knows_rest and self._peak - share >= surely:
            rest = max(share, -REST_LIMIT)
        self._knows_rest = True
        way, left = self._peak - rest, share - rest
        back = left <= max(definition.return_to * way, LEAVES_BY)
        in_time = self._stamp_s - self._start_s <= definition.longest_s
        complete = way >= definition.complete_from and back and in_time
        outcome = Outcome.COMPLETE if complete else Outcome.PARTIAL
        return Cycle(outcome, self._start_s, self._turn_s, self._stamp_s, way, rest)
