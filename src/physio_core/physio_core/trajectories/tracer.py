"""Cuts what a hand does into attempts at a path: from the star where it begins to the last one, or from rest to rest.

An attempt begins where the hand turns away from the first star, and is over where it turned away from the last one, once all
are lit, or where it rests. Who does not find the first star draws from rest to rest. Lifting the arm to the start and lowering it
afterwards is none.
"""

from __future__ import annotations

import math

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.stars import Stars
from physio_core.trajectories.trajectory import Side, Trajectory
from physio_core.types import FloatArray

REST_S = 0.8
"""A hand that stays in its place for so long rests [s]."""
DRAWING_REST_S = 1.6
"""And so long while it draws or sets out: at the turn of an arc it stands for a second [s]."""
HANGING, BEGUN = 0.78, 0.35
"""A hand so far below the shoulder, by the reach, hangs: no path goes there. Who had lit no such share had only moved off."""
CLOSED = 0.5
"""Where both ends lie so near, by its size who did not begin at the first star drew one: all types end where they began."""
REST, STAYING = 0.05, 0.01
"""And such a place is so large, by the reach; what stays so near to where an attempt ends was not drawn any more."""
SLOWING, PACES = 0.3, 24
"""Who draws slowly does not rest: a hand that does goes at less than so much of the pace so far, taken from so many places."""
BEFORE_S = 0.3
"""So much of the time at the first star belongs to the attempt [s]."""
AWAY = 0.035
"""A hand that is so much further from the first or the last star than it was, by the reach, has turned away from it."""
LONGEST_S = 60.0
"""Nobody draws one path for longer [s]."""
EVENED = 5
"""Points over which a path that was seen is evened."""


class Tracer:
    """Follows one hand.

    Attributes:
        stars: of the path that is asked for.
        trail: what was drawn so far in the present attempt.
    """

    def __init__(self, path: Trajectory, stars: int, tolerance_m: float, attempt_from: float, reach_m: float) -> None:
        """Wait for the hand.

        Args:
            path: that is asked for [m].
            stars: how many hang along it.
            tolerance_m: how near to a star the hand must come [m].
            attempt_from: share of the path's length from which a movement from rest to rest is an attempt.
            reach_m: how far the hand comes [m].

        Raises:
            InputError: as of :class:`~physio_core.trajectories.stars.Stars`.
        """
        self._count, self._tolerance_m, self._share, self._reach_m = stars, tolerance_m, attempt_from, reach_m
        self._seen: list[tuple[float, FloatArray]] = []
        self._drawing = False
        self._nearest, self._nearest_m, self._first_m = 0, math.inf, math.inf
        self.ask_for(path)

    def ask_for(self, path: Trajectory) -> None:
        """Another path is asked for from now on; what was begun is forgotten."""
        self._side: Side = path.side
        self._length_m = path.length_m
        self.stars = Stars(path, self._count, self._tolerance_m)
        self._forget()

    def push(self, stamp_s: float, hand_m: FloatArray) -> Trajectory | None:
        """The hand is there, (3,) [m]; gives the attempt that is over with it."""
        if self._seen and stamp_s <= self._seen[-1][0]:
            return None
        self._seen.append((stamp_s, hand_m))
        first = float(np.linalg.norm(hand_m - self.stars.places_m[0]))
        if not self._drawing:
            if first <= self._tolerance_m:
                self._first_m = min(self._first_m, first)
                if first <= self._first_m + AWAY * self._reach_m:  # who draws slowly is long under way before a star is left
                    self._seen = [one for one in self._seen if one[0] >= stamp_s - BEFORE_S]
                self.stars.lit = 1
            elif self.stars.lit:
                self._drawing = True
        if self._drawing:
            self.stars.push(hand_m)
        return self._over(stamp_s, hand_m)

    @property
    def ahead_m(self) -> float:
        """How far the next star is ahead of the shoulder [m]."""
        return float(self.stars.places_m[min(self.stars.lit, len(self.stars) - 1), 0])

    @property
    def trail(self) -> FloatArray:
        """(n, 3) what was drawn so far in the present attempt [m]."""
        return np.array([place for _, place in self._seen]) if self._drawing else np.zeros((0, 3))

    @property
    def since_s(self) -> float:
        """When the present attempt was begun [s]; NaN: none is."""
        return self._seen[0][0] if self._drawing else math.nan

    def close(self) -> Trajectory | None:
        """No more comes; gives what was drawn, if it is long enough."""
        return self._cut(len(self._seen))

    def _over(self, stamp_s: float, hand_m: FloatArray) -> Trajectory | None:
        if self._drawing and self.stars.done:
            away = float(np.linalg.norm(hand_m - self.stars.places_m[-1]))
            if away < self._nearest_m:
                self._nearest_m, self._nearest = away, len(self._seen)
            elif away > self._nearest_m + AWAY * self._reach_m:
                return self._cut(self._nearest)
        if hand_m[2] < -HANGING * self._reach_m:
            if self.stars.share < BEGUN:
                self._forget()
                return None
            return self._cut(len(self._seen))
        if stamp_s - self._seen[0][0] > LONGEST_S or self._rests(stamp_s):
            return self._cut(len(self._seen))
        return None

    def _rests(self, stamp_s: float) -> bool:
        lasts_s = DRAWING_REST_S if self._drawing or self.stars.lit else REST_S
        recent = [place for at_s, place in self._seen if at_s >= stamp_s - lasts_s]
        if len(recent) == len(self._seen) or len(recent) < 3:
            return False
        if np.ptp(np.array(recent), axis=0).max() > REST * self._reach_m:
            return False
        return not self._drawing or float(np.linalg.norm(recent[-1] - recent[0])) <= SLOWING * self._pace_m_s() * lasts_s

    def _pace_m_s(self) -> float:
        """How fast the present attempt was drawn so far, without its tremor."""
        way = np.array([place for _, place in self._seen[:: max(len(self._seen) // PACES, 1)]])
        passed_s = max(self._seen[-1][0] - self._seen[0][0], 1e-6)
        return float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum()) / passed_s

    def _cut(self, count: int) -> Trajectory | None:
        """What was seen up to there as a path; None: it is none, or too short. The rest is forgotten."""
        seen, drawing = self._seen[:count], self._drawing
        self._forget(keep_lit=True)
        at_end = seen[-1][1] if seen else np.zeros(3)
        while len(seen) > 1 and np.linalg.norm(seen[-2][1] - at_end) < STAYING * self._reach_m:
            seen.pop()
        try:
            path = _evened(Trajectory(np.array([one[0] for one in seen]), np.array([one[1] for one in seen]), side=self._side))
        except InputError:
            path = None
        long_enough = path is not None and path.length_m >= self._share * self._length_m * (0.5 if drawing else 1.0)
        if path is None or not long_enough or not (drawing or closed(path)):
            self.stars.reset()
            return None
        return path

    def _forget(self, keep_lit: bool = False) -> None:
        self._seen = []
        self._drawing = False
        self._nearest, self._nearest_m, self._first_m = 0, math.inf, math.inf
        if not keep_lit:
            self.stars.reset()


def closed(path: Trajectory) -> bool:
    """Whether a path ends near where it began, by its size."""
    away = np.linalg.norm(path.positions_m - path.positions_m[0], axis=1)
    return bool(away[-1] <= CLOSED * away.max())


def _evened(path: Trajectory) -> Trajectory:
    """A running mean of places that keeps both ends."""
    half = EVENED // 2
    padded = np.pad(path.positions_m, ((half, half), (0, 0)), "reflect", reflect_type="odd")
    kernel = np.ones(EVENED) / EVENED
    places = np.column_stack([np.convolve(column, kernel, mode="valid") for column in padded.T])
    return Trajectory(path.stamps_s, places, side=path.side)
