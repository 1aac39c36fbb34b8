"""Counts how often a hand is opened and closed, from one number: how open it is.

Openness is 1 for straight fingers and 0 for a fist: how far the tips of the four fingers are from their knuckles and from the
wrist, which the thumb, the spread, the bones and the side do not change. People open and close their hands as far as they can,
so the two thresholds lie within the range that was seen lately, once that is wide enough to be more than trembling.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from physio_core.hands.canonical import FINGERS, to_canonical
from physio_core.hands.shape import SHAPE_FEATURES, shape_features
from physio_core.params import Parameters, param
from physio_core.types import FloatArray

_COLUMNS = [[SHAPE_FEATURES.index(f"{kind}_{finger}") for finger in FINGERS[1:]] for kind in ("curl", "bend")]
FIST, STRAIGHT = np.array([0.30, 0.42]), np.array([0.97, 0.97])
"""Distance of the tips from the knuckles and from the wrist, as shares of straight fingers: of a fist and of straight fingers as
MediaPipe Hands shows them."""
CLOSED_AT, OPEN_AT = 0.35, 0.65
"""Thresholds, as shares of the range."""


@dataclass(frozen=True)
class CycleConfig(Parameters):
    """How openings and closings are counted."""

    least_range: float = param(0.5, "Openness that open and closed must differ by; less is trembling.", low=0.05, high=1.0)
    settles_s: float = param(0.12, "What lasts less is a landmark that jumped.", unit="s", low=0.0, high=5.0)
    lost_s: float = param(1.0, "After so long without a hand nothing is known of it.", unit="s", low=0.1, high=60.0)
    looks_back_s: float = param(20.0, "Time whose range counts.", unit="s", low=2.0, high=300.0)


def openness(canonical: FloatArray) -> FloatArray:
    """How open canonical hands (..., 21, 3) are (...): 0 a fist, 1 straight; NaN where a hand is NaN."""
    features = np.cos(shape_features(canonical))
    shares = [
        (features[..., columns].mean(axis=-1) - fist) / (straight - fist)
        for columns, fist, straight in zip(_COLUMNS, FIST, STRAIGHT, strict=True)
    ]
    return np.asarray(np.clip(np.mean(shares, axis=0), 0.0, 1.0))


@dataclass(frozen=True)
class Turn:
    """A hand that was opened, or closed.

    Attributes:
        stamp_s: threshold crossed [s].
        closed: whether it was closed.
        furthest: openness furthest from here since the turn before: how open it was, or how far closed.
    """

    stamp_s: float
    closed: bool
    furthest: float


class CycleCounter:
    """Follows the openness of one hand.

    Attributes:
        turns: openings and closings, in turn.
        closed: whether the hand is closed now; None before a hand was seen.
    """

    def __init__(self, config: CycleConfig | None = None) -> None:
        self._config = config or CycleConfig()
        self.reset()

    def reset(self) -> None:
        """Count from zero."""
        self.turns: list[Turn] = []
        self.closed: bool | None = None
        self._began_closed = False
        self._stamp_s = self._crossed_s = math.nan
        self._furthest = math.nan
        self._recent: deque[tuple[float, float]] = deque()

    @property
    def count(self) -> int:
        """How often it left the posture in which it was first seen: closings of an open hand, openings of a fist."""
        return sum(turn.closed is not self._began_closed for turn in self.turns)

    @property
    def returns(self) -> int:
        """How often it came back to the posture in which it was first seen: whole cycles."""
        return len(self.turns) - self.count

    def update(self, stamp_s: float, points: FloatArray | None, left: bool = False) -> Turn | None:
        """Take the hand (21, 3) of the next image, None without one; gives the turn that it ends."""
        return self.take(stamp_s, math.nan if points is None else float(openness(to_canonical(points, left))))

    def take(self, stamp_s: float, value: float) -> Turn | None:
        """As :meth:`update`, of an openness; NaN: no hand."""
        if not math.isfinite(value) or stamp_s <= self._stamp_s:
            return None
        if stamp_s - self._stamp_s > self._config.lost_s:
            self._recent.clear()
            self._crossed_s = math.nan
        self._stamp_s = stamp_s
        self._recent.append((stamp_s, value))
        while self._recent[0][0] < stamp_s - self._config.looks_back_s:
            self._recent.popleft()
        closed_at, open_at = self._thresholds()
        if self.closed is None:
            self.closed = self._began_closed = value < (closed_at + open_at) / 2.0
            self._furthest = value
            return None
        self._furthest = min(self._furthest, value) if self.closed else max(self._furthest, value)
        crossed = value > open_at if self.closed else value < closed_at
        if not crossed:
            self._crossed_s = math.nan
            return None
        if math.isnan(self._crossed_s):
            self._crossed_s = stamp_s
        return self._turn(value) if stamp_s - self._crossed_s >= self._config.settles_s else None

    def _turn(self, value: float) -> Turn:
        self.closed = not self.closed
        turn = Turn(self._crossed_s, self.closed, self._furthest)
        self.turns.append(turn)
        self._crossed_s, self._furthest = math.nan, value
        return turn

    def _thresholds(self) -> tuple[float, float]:
        values = [value for _, value in self._recent]
        low, high = min(values), max(values)
        if high - low < self._config.least_range:
            return 0.5 - self._config.least_range / 2.0, 0.5 + self._config.least_range / 2.0
        return low + CLOSED_AT * (high - low), low + OPEN_AT * (high - low)
