"""How the next round or session is made harder or easier: by the score that is to be expected, with the reason for the record.

The forecast is damped exponential smoothing (E. S. Gardner, E. McKenzie, Management Science 31(10), 1985): the newest scores
count most, and a trend fades, so that three good rounds promise no perfect fourth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from physio_core.errors import ConfigError, InputError

LEVEL, TREND, DAMPING = 0.5, 0.3, 0.8
"""Share of the newest score in the level and in the trend, and what remains of the trend a step later."""
FEWEST = 2
"""Scores without which nothing is changed."""
RAISE_FROM, LOWER_BELOW = 76.0, 51.0
"""An expected score of grade 1 makes it harder, one of grade 3 or 4 easier."""


class Reason(str, Enum):
    """Why the next round is as it is; each has a text."""

    TOO_FEW = "too_few"
    RAISED = "raised"
    LOWERED = "lowered"
    KEPT = "kept"
    AT_LIMIT = "at_limit"


@dataclass(frozen=True)
class Difficulty:
    """How hard the next path is.

    Attributes:
        easier: how much more of the patient's own path than her score alone says; less than 0: less of it.
        size: share of her reach that the path takes.
        slower: by what its time is multiplied.
    """

    easier: float = 0.0
    size: float = 1.0
    slower: float = 1.0


@dataclass(frozen=True)
class DifficultyLimits:
    """Between what a therapist lets it lie, and how much one step changes.

    Raises:
        ConfigError: a lower limit above its upper one, a size outside 0.3 .. 1, or a step that is not above 0.
    """

    easier_low: float = -0.2
    easier_high: float = 0.4
    size_low: float = 0.7
    size_high: float = 1.0
    slower_low: float = 0.8
    slower_high: float = 1.6
    step: float = 0.1

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        for name in ("easier", "size", "slower"):
            low, high = getattr(self, f"{name}_low"), getattr(self, f"{name}_high")
            if low > high:
                raise ConfigError(f"limits of {name}: {low:g} is above {high:g}")
        if not 0.3 <= self.size_low <= self.size_high <= 1.0 or self.slower_low <= 0.0 or self.step <= 0.0:
            raise ConfigError("limits of difficulty: size lies within 0.3 .. 1, slower and step above 0")


@dataclass(frozen=True)
class Change:
    """What follows from the last scores.

    Attributes:
        difficulty: of the next path.
        expected: score that is to be expected as things are.
        reason: why.
    """

    difficulty: Difficulty
    expected: float
    reason: Reason


def forecast(scores: Sequence[float]) -> float:
    """The next score, 0 to 100, to be expected after those, oldest first.

    Raises:
        InputError: no score, or one that is not within 0 .. 100.
    """
    if not scores or not all(0.0 <= score <= 100.0 for score in scores):
        raise InputError(f"scores {list(scores)}; need at least one, each 0 .. 100")
    level, trend = float(scores[0]), 0.0
    for score in scores[1:]:
        before = level
        level = LEVEL * score + (1.0 - LEVEL) * (level + DAMPING * trend)
        trend = TREND * (level - before) + (1.0 - TREND) * DAMPING * trend
    return min(max(level + DAMPING * trend, 0.0), 100.0)


def next_difficulty(scores: Sequence[float], now: Difficulty, limits: DifficultyLimits | None = None) -> Change:
    """How hard the next path is: one step harder or easier than now, or as it is.

    Args:
        scores: of the last rounds or sessions at about this difficulty, oldest first.
        now: how hard the last was.
        limits: the therapist's.

    Raises:
        InputError: no score, or one that is not within 0 .. 100.
    """
    limits = limits or DifficultyLimits()
    expected = forecast(scores)
    if len(scores) < FEWEST:
        return Change(now, expected, Reason.TOO_FEW)
    if LOWER_BELOW <= expected < RAISE_FROM:
        return Change(now, expected, Reason.KEPT)
    way = -1.0 if expected >= RAISE_FROM else 1.0
    changed = Difficulty(
        _within(now.easier + way * limits.step, limits.easier_low, limits.easier_high),
        _within(now.size - way * limits.step / 2.0, limits.size_low, limits.size_high),
        _within(now.slower + way * limits.step, limits.slower_low, limits.slower_high),
    )
    reason = Reason.AT_LIMIT if changed == now else Reason.RAISED if way < 0.0 else Reason.LOWERED
    return Change(changed, expected, reason)


def _within(value: float, low: float, high: float) -> float:
    return round(min(max(value, low), high), 6)
