"""How far a patient's hand comes: measured in the first seconds, so that nothing is asked for that she cannot reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.types import LEAST_REACH_M, MOST_REACH_M
from physio_core.types import FloatArray

LASTING = 0.9
"""A distance that the hand exceeds in a tenth of the time is one that it comes to."""
LEAST_SHARE, MOST_SHARE = 0.4, 1.0
"""Of the arm's length: one whose elbow stays bent comes less far, and none comes further."""
FEWEST = 10
"""Moments that are needed."""


@dataclass(frozen=True)
class Reach:
    """How far a hand comes.

    Attributes:
        arm_m: length from the shoulder by the elbow to the hand [m].
        reach_m: from the shoulder to the hand where it comes farthest [m].
    """

    arm_m: float
    reach_m: float

    @property
    def share(self) -> float:
        """Of the arm's length that it comes."""
        return self.reach_m / self.arm_m


class ReachMeter:
    """Looks on for some seconds, in which the patient had best stretch her arm once."""

    def __init__(self, seconds_s: float = 3.0) -> None:
        self.seconds_s = seconds_s
        self.reset()

    def reset(self) -> None:
        """Forget everything, for the next patient."""
        self._stamps: list[float] = []
        self._bones: list[float] = []
        self._away: list[float] = []

    def push(self, stamp_s: float, arm_m: float, hand_m: FloatArray) -> None:
        """Take one moment; what is not finite is left out.

        Args:
            stamp_s: [s].
            arm_m: length of the arm from the shoulder by the elbow to the hand, as it is seen [m].
            hand_m: (3,) from the shoulder [m].
        """
        away = float(np.linalg.norm(hand_m))
        if np.isfinite([arm_m, away]).all():
            self._stamps.append(stamp_s)
            self._bones.append(arm_m)
            self._away.append(away)

    @property
    def done(self) -> bool:
        """Whether it has seen enough."""
        return len(self._stamps) >= FEWEST and self._stamps[-1] - self._stamps[0] >= self.seconds_s

    @property
    def reach(self) -> Reach:
        """What was measured.

        Raises:
            InputError: it has not seen enough, or no person has such an arm.
        """
        if len(self._stamps) < FEWEST:
            raise InputError(f"the arm was seen {len(self._stamps)} times; need {FEWEST} to know how far it reaches")
        arm_m = float(np.median(self._bones))
        if not LEAST_REACH_M <= arm_m <= MOST_REACH_M:
            raise InputError(f"an arm of {arm_m:.2f} m; need {LEAST_REACH_M:g} .. {MOST_REACH_M:g} m from shoulder to hand")
        far_m = float(np.quantile(self._away, LASTING))
        return Reach(arm_m, float(np.clip(far_m, LEAST_SHARE * arm_m, MOST_SHARE * arm_m)))
