"""Decides what the coach says about how an exercise is done: at most one cue at a time, the most useful, and not too often.

What may hurt is said at once. Everything else must have been seen in two of the last three repetitions (one slip is nobody's
habit), and waits until some time and some repetitions have passed since the last cue. Which cue is most useful: weight of the
fault in the score, times its severity, times how long ago it was said. When what was corrected is better, that is said too.
A posture that is held is corrected while it is, and so is another path than was asked for: what is off must have stood for a
moment, and cues are no more often than else.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from physio_core.assessment.repetition import Fault, Outcome, Repetition
from physio_core.coaching.advice import Advice, AdviceKind
from physio_core.coaching.phrasing import Phrasing
from physio_core.exercises.definition import FaultDefinition
from physio_core.judging.judgement import Judgement
from physio_core.params import Parameters, param
from physio_core.types import Side

SEEN_IN, SEEN_OF = 2, 3
"""A fault counts when it was seen in so many of so many repetitions."""
FRESH_AFTER = 6
"""Repetitions after which a cue that was said is as useful as one that was not."""
STANDS_S = 1.5
"""What is off at a moment must be so for this long until it is told [s]."""
IMPROVED = 0.5
"""A fault is better when its severity is at most this share of what it was when it was corrected."""
NOT_FAR = "range"
"""Fault of an exercise whose file has none of its own that says how far is far enough."""


@dataclass(frozen=True)
class AdviceConfig(Parameters):
    """How much the coach says during an exercise."""

    cue_every_s: float = param(
        6.0, "Cues are no more often than this; what may hurt is said at once.", unit="s", low=0.0, high=120.0, live=True
    )
    cue_every_repetitions: int = param(2, "Nor more often than after so many repetitions.", low=1, high=20, live=True)
    safety_every_s: float = param(4.0, "What may hurt is said no more often than this.", unit="s", low=1.0, high=60.0, live=True)
    praise_every_repetitions: int = param(
        4, "After so many good repetitions in a row without a word, one is praised; 0: never.", low=0, high=50, live=True
    )
    count_aloud: bool = param(True, "Say the number of each complete repetition.", live=True)


@dataclass
class _Habit:
    """What is remembered of one fault."""

    said_at: int = -FRESH_AFTER
    corrected: float = math.nan


@dataclass
class _Turn:
    """What is remembered of one attempt at an exercise."""

    faults: Mapping[str, FaultDefinition] = field(default_factory=dict)
    goal: int = 0
    newest: tuple[float, float] | None = None
    counted: int = 0
    seen: int = 0
    cued_at: int = -10_000
    cued_s: float = -math.inf
    safety_s: float = -math.inf
    good: int = 0
    told: set[int] = field(default_factory=set)
    recent: deque[tuple[Fault, ...]] = field(default_factory=lambda: deque(maxlen=SEEN_OF))
    habits: dict[tuple[str, str], _Habit] = field(default_factory=dict)
    off: tuple[str, str] = ("", "")
    off_s: float = math.inf


class Adviser:
    """Advises one patient through the exercises of a session.

    Attributes:
        config: may be replaced while it runs.
        phrasing: the words; remembers which variants were said.
    """

    def __init__(self, phrasing: Phrasing, config: AdviceConfig | None = None) -> None:
        """Wait for the first exercise."""
        self.phrasing = phrasing
        self.config = config or AdviceConfig()
        self._turn = _Turn()

    def begin(self, faults: Mapping[str, FaultDefinition], goal: int = 0) -> None:
        """An attempt begins.

        Args:
            faults: of the exercise's file, by name.
            goal: how many repetitions are asked for; 0: not by number.
        """
        self._turn = _Turn(faults, goal, self._turn.newest)

    def update(self, judgement: Judgement, now_s: float) -> tuple[Advice, ...]:
        """What to say now: nothing, most of the time; after a repetition its number, and at most one cue.

        Args:
            judgement: the attempt so far.
            now_s: time on a steady clock [s].
        """
        newest = judgement.newest
        if newest is None or self._turn.newest == (newest.start_s, newest.end_s):
            return ()
        turn = self._turn
        turn.newest = (newest.start_s, newest.end_s)
        said = self._count(judgement.repetitions)
        if newest.outcome in (Outcome.WRONG, Outcome.INTERRUPTED):
            return said
        turn.seen += 1
        turn.recent.append(_faults(newest, turn.faults))
        turn.good = 0 if turn.recent[-1] else turn.good + 1
        cue = self._safety(now_s) or (self._cue(newest, judgement.repetitions) if self._may_speak(now_s) else None)
        if cue is not None:
            turn.cued_at, turn.cued_s, turn.good = turn.seen, now_s, 0
            said += (replace(cue, repetition=judgement.repetitions),)
        return said

    def correct_now(self, fault: Fault | None, repetitions: int, now_s: float) -> tuple[Advice, ...]:
        """A cue about what is off at this moment, of a posture or of which path is drawn; nothing, most of the time.

        Args:
            fault: what is most off now; None: nothing.
            repetitions: complete ones so far.
            now_s: time on a steady clock [s].
        """
        turn = self._turn
        off = (fault.name, fault.joint) if fault else ("", "")
        if off != turn.off:
            turn.off, turn.off_s = off, now_s
        if fault is None or now_s - turn.off_s < STANDS_S or now_s - turn.cued_s < self.config.cue_every_s:
            return ()
        turn.cued_at, turn.cued_s, turn.good = turn.seen, now_s, 0
        key, text = self.phrasing.correction(fault, Side.NONE, turn.faults.get(fault.name))
        return (Advice(AdviceKind.CORRECT, text, key, fault.name, fault.side, repetitions),)

    def _count(self, repetitions: int) -> tuple[Advice, ...]:
        more = repetitions > self._turn.counted
        self._turn.counted = repetitions
        if not more or not self.config.count_aloud:
            return ()
        key, text = self.phrasing.number(repetitions)
        return (Advice(AdviceKind.COUNT, text, key, repetition=repetitions),)

    def _may_speak(self, now_s: float) -> bool:
        turn = self._turn
        passed = turn.seen - turn.cued_at >= self.config.cue_every_repetitions
        return passed and now_s - turn.cued_s >= self.config.cue_every_s

    def _safety(self, now_s: float) -> Advice | None:
        risky = [fault for fault in self._turn.recent[-1] if fault.safety]
        if not risky or now_s - self._turn.safety_s < self.config.safety_every_s:
            return None
        self._turn.safety_s = now_s
        return self._correct(max(risky, key=self._use), AdviceKind.SAFETY)

    def _cue(self, newest: Repetition, repetitions: int) -> Advice | None:
        habits = [fault for fault in self._turn.recent[-1] if not fault.safety and self._is_habit(fault)]
        return (
            self._better(newest)
            or (self._correct(max(habits, key=self._use), AdviceKind.CORRECT) if habits else None)
            or self._nearly(repetitions)
            or self._praise()
        )

    def _is_habit(self, fault: Fault) -> bool:
        return sum(any(_same(fault, other) for other in faults) for faults in self._turn.recent) >= SEEN_IN

    def _use(self, fault: Fault) -> float:
        """How useful it is to speak of a fault now."""
        weight = self._turn.faults[fault.name].weight if fault.name in self._turn.faults else 1.0
        ago = self._turn.seen - self._habit(fault).said_at
        return weight * fault.severity * min(ago / FRESH_AFTER, 1.0)

    def _habit(self, fault: Fault) -> _Habit:
        return self._turn.habits.setdefault((fault.name, fault.direction), _Habit())

    def _correct(self, fault: Fault, kind: AdviceKind) -> Advice:
        habit = self._habit(fault)
        habit.said_at, habit.corrected = self._turn.seen, fault.severity
        sides = {other.side for faults in self._turn.recent for other in faults if _same(fault, other)}
        side = fault.side if sides == {fault.side} else Side.NONE
        key, text = self.phrasing.correction(fault, side, self._turn.faults.get(fault.name))
        return Advice(kind, text, key, fault.name, side)

    def _better(self, newest: Repetition) -> Advice | None:
        """Praise for what was corrected: it was measured again, and is less."""
        measured = {term.name for term in newest.terms}
        for (name, direction), habit in self._turn.habits.items():
            now = [one.severity for one in self._turn.recent[-1] if (one.name, one.direction) == (name, direction)]
            if name in measured and max(now, default=0.0) <= IMPROVED * habit.corrected:
                habit.corrected = math.nan
                key, text = self.phrasing.improvement(name)
                return Advice(AdviceKind.BETTER, text, key, name)
        return None

    def _nearly(self, repetitions: int) -> Advice | None:
        left = self._turn.goal - repetitions
        group = {2: "nearly", 1: "last"}.get(left, "") if self._turn.goal > 3 else ""
        if not group or left in self._turn.told:
            return None
        self._turn.told.add(left)
        key, text = self.phrasing.one_of(group)
        return Advice(AdviceKind.ENCOURAGE, text, key)

    def _praise(self) -> Advice | None:
        every = self.config.praise_every_repetitions
        if not every or self._turn.good < every:
            return None
        key, text = self.phrasing.one_of("praise")
        return Advice(AdviceKind.PRAISE, text, key)


def _faults(repetition: Repetition, asked: Mapping[str, FaultDefinition]) -> tuple[Fault, ...]:
    """Those of a repetition; one that was not complete and does not say why was not far enough, as the exercise calls that."""
    known = {name: one for name, one in asked.items() if one.far_enough or one.timing == "return"}
    if repetition.outcome is not Outcome.PARTIAL or any(fault.name in known for fault in repetition.faults):
        return repetition.faults
    name, own = next(((name, one) for name, one in known.items() if one.far_enough), (NOT_FAR, None))
    return (*repetition.faults, Fault(name, 0.0, direction="high" if own and own.low is None else "low"))


def _same(one: Fault, other: Fault) -> bool:
    return (one.name, one.direction) == (other.name, other.direction)
