"""What speaks against an exercise although its scores are high: how the person held arms and hips in the last seconds.

The network looks back on four seconds and takes who fetches something from the floor for one who does a deadlift. So what an
exercise cannot be is asked of the joints themselves, by rules that hold from every side, and that a therapist would agree with:

- a bar or two weights are lifted with both arms straight and both hands alike (what is straight looks straight from everywhere);
- who sat or knelt in rest gets up next, and that is neither a squat nor a lunge yet.

Which exercises these are, the parameters say. Any other is never spoken against, nor any by a layout without arms, hips, ankles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from physio_core.skeleton.confidence import GUESSED_BELOW
from physio_core.skeleton.layouts import Layout
from physio_core.types import BoolArray, FloatArray

ARMS_S = 6.0
"""How far back arms are looked at [s]."""
STRAIGHT = 0.97
"""Shoulder to wrist as a share of the way by the elbow, from which an arm is straight; less is a bend of some 28 degrees."""
ALIKE = 0.35
"""By how much one hand may be above the other [lengths of the trunk]."""
OTHERWISE = 0.2
"""Share of the time seen in which arms may be otherwise: getting hold of a bar, and a joint that jumps."""
FEWEST = 5
"""Of so few images in which an arm was seen nothing is concluded."""

REST_S = 3.0
"""Who stays down for so long rests there [s]; a slow squat, and one that is held for a moment, is under way."""
STILL = 0.1
"""By how much the hips may move in it [lengths of the trunk]."""
DOWN = 0.75
"""Hips below this share of their height when standing are down."""
AS_LARGE = 0.8
"""Share of the longest trunk from which a person is as near, and as upright, as when that was seen, so that heights compare."""
SINCE_S = 10.0
"""For how long it is remembered that someone rested, and how high the hips were [s]."""

TRUNK_S = 8.0
"""Time over which the length of the trunk is taken, as it is when it is not foreshortened [s]."""
MOST = 0.9
"""Quantile in place of a maximum, which one wild joint would decide; less this, in place of a minimum."""

_JOINTS = ("shoulder", "elbow", "wrist", "hip", "ankle")
_SHOULDER, _ELBOW, _WRIST, _HIP, _ANKLE = range(len(_JOINTS))


class BodyPosture:
    """Watches one person at a steady rate. K labels, V joints."""

    def __init__(
        self, layout: Layout, labels: Sequence[str], rate_hz: float, both_arms: Sequence[str], from_standing: Sequence[str]
    ) -> None:
        """Watch for exercises that are done with straight arms, both alike, and for those that begin upright."""
        self._sides = _sides(layout)
        self._by_both_arms = np.array([label in both_arms for label in labels])
        self._from_standing = np.array([label in from_standing for label in labels])
        self._rest_steps = round(REST_S * rate_hz)
        self._trunks = deque[float](maxlen=round(TRUNK_S * rate_hz))
        self._otherwise = deque[bool | None](maxlen=round(ARMS_S * rate_hz))
        since = round(SINCE_S * rate_hz)
        self._heights, self._sizes = deque[float](maxlen=since), deque[float](maxlen=since)
        self._rests = deque[tuple[float, float]](maxlen=since)

    def reset(self) -> None:
        """Another person, or the same after a while."""
        for kept in (self._trunks, self._otherwise, self._heights, self._sizes, self._rests):
            kept.clear()

    def step(self, points: FloatArray, confidence: FloatArray) -> BoolArray:
        """Take the joints of one more step.

        Args:
            points: (V, 2) x right, y down, in one unit.
            confidence: (V,).

        Returns:
            (K,) whether the posture speaks against the label.
        """
        if self._sides is None:
            return np.zeros(len(self._by_both_arms), bool)
        at, seen = points[self._sides], confidence[self._sides] >= GUESSED_BELOW  # (2 sides, joints, 2), (2, joints)
        middle = at.mean(0)
        size = float(np.linalg.norm(middle[_SHOULDER] - middle[_HIP]))
        self._trunks.append(size)
        self._sizes.append(size)
        trunk = max(float(np.quantile(self._trunks, MOST)), 1e-6)
        self._otherwise.append(_otherwise(at / trunk, seen[:, [_ELBOW, _WRIST]].all(1)))
        guessed = not seen[:, [_HIP, _ANKLE]].any(0).all()
        self._heights.append(np.nan if guessed else float(middle[_ANKLE, 1] - middle[_HIP, 1]))
        self._rests.append(self._rest())
        return (self._by_both_arms & self._arms_otherwise()) | (self._from_standing & self._rested())

    def _arms_otherwise(self) -> bool:
        known = [one for one in self._otherwise if one is not None]
        return len(known) >= FEWEST and sum(known) > OTHERWISE * len(known)

    def _rest(self) -> tuple[float, float]:
        """The height at which the hips rested until now, infinite where they moved or were guessed; and the trunk meanwhile."""
        lately, size = _known(list(self._heights)[-self._rest_steps :]), _long(list(self._sizes)[-self._rest_steps :])
        if len(lately) < MOST * self._rest_steps:
            return np.inf, size
        low, high = np.quantile(lately, (1.0 - MOST, MOST))
        return float(np.median(lately)) if high - low < STILL * size else np.inf, size

    def _rested(self) -> bool:
        """Whether the hips rested down there lately, against the highest that they were, and not merely farther away."""
        known, longest = _known(self._heights), _long(self._sizes)
        low = DOWN * _long(known) if known else -np.inf
        return any(height < low and size >= AS_LARGE * longest for height, size in self._rests)


def _known(heights: Iterable[float]) -> list[float]:
    """Those that were not guessed."""
    return [one for one in heights if not np.isnan(one)]


def _long(lengths: Sequence[float]) -> float:
    """The longest, but for a few."""
    return float(np.quantile(lengths, MOST))


def _sides(layout: Layout) -> npt.NDArray[np.intp] | None:
    """(2, joints) indices of what is looked at, left and right; None: the layout lacks some of it."""
    wanted = [[f"{side}_{joint}" for joint in _JOINTS] for side in ("left", "right")]
    if not set(wanted[0] + wanted[1]) <= set(layout.joints):
        return None
    return np.array([[layout.index(joint) for joint in side] for side in wanted], np.intp)


def _otherwise(at: FloatArray, seen: BoolArray) -> bool | None:
    """Whether an arm is bent or one hand is higher; None: no arm is seen. ``at`` (2, joints, 2) in trunks, ``seen`` (2,)."""
    if not seen.any():
        return None
    upper, lower, whole = (
        np.linalg.norm(at[:, one] - at[:, other], axis=-1)
        for one, other in ((_SHOULDER, _ELBOW), (_ELBOW, _WRIST), (_SHOULDER, _WRIST))
    )
    bent = seen & (whole < STRAIGHT * (upper + lower))
    return bool(bent.any() or (seen.all() and abs(at[0, _WRIST, 1] - at[1, _WRIST, 1]) > ALIKE))
