"""Stars along a path that are lit in order, as the hand passes them: connect the stars."""

from __future__ import annotations

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.trajectory import Trajectory
from physio_core.types import FloatArray

FEWEST, MOST = 3, 60


class Stars:
    """Stars at even distances along a path; the first is its start, the last its end.

    Attributes:
        places_m: (count, 3) [m].
        tolerance_m: how near the hand must come [m].
        lit: how many are lit, from the first on.
    """

    def __init__(self, path: Trajectory, count: int, tolerance_m: float) -> None:
        """Hang them up.

        Raises:
            InputError: fewer than 3 or more than 60, or a tolerance that is not above 0.
        """
        if not FEWEST <= count <= MOST:
            raise InputError(f"{count} stars; need {FEWEST} .. {MOST}")
        if not tolerance_m > 0.0:
            raise InputError(f"a tolerance of {tolerance_m:g} m; need more than 0")
        self.places_m: FloatArray = path.places_along(count)
        self.tolerance_m = tolerance_m
        self.lit = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self.places_m)

    @property
    def done(self) -> bool:
        """Whether all are lit."""
        return self.lit == len(self)

    @property
    def share(self) -> float:
        """Of the stars that are lit."""
        return self.lit / len(self)

    def reset(self) -> None:
        """Put all out, for the next attempt."""
        self.lit = 0

    def push(self, hand_m: FloatArray) -> int:
        """The hand is there, (3,) [m]: light the next star if it is near enough, and those after it that it touches as well.

        Returns:
            How many stars this lit.
        """
        before = self.lit
        while self.lit < len(self) and np.linalg.norm(self.places_m[self.lit] - hand_m) <= self.tolerance_m:
            self.lit += 1
        return self.lit - before

    def sweep(self, path: Trajectory) -> int:
        """The same for a whole path; returns how many stars it lit."""
        return sum(self.push(place) for place in path.positions_m)
