"""One try of a hand item: cut out where the hand moves, and brought to 200 points in time, whatever the camera's rate.

Rest, movement, rest: the movement begins where the hand's shape begins to change and ends where it no longer does. Interpolation
is on the true stamps, gaps are told, and what is too short or hardly seen is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from physio_core.errors import InputError
from physio_core.hands.canonical import JOINTS, checked, hand_points, to_canonical
from physio_core.hands.features import FEATURES, hand_features, speeds
from physio_core.hands.shape import shape_features
from physio_core.params import Parameters, param
from physio_core.types import FloatArray, Skeleton

POINTS = 200
"""Points in time that a trial is brought to."""
WINDOW_S = 0.3
"""Over which the speed of the hand's shape is taken [s]."""


@dataclass(frozen=True)
class TrialConfig(Parameters):
    """What of a recording is the movement, and what is too little to be scored."""

    moves_above: float = param(0.25, "Share of the greatest speed from which the hand moves.", low=0.05, high=0.9)
    least_change: float = param(0.35, "Change of the hand's shape below which it does not move.", low=0.01, high=2.0)
    margin_s: float = param(0.25, "Rest that is kept before and after.", unit="s", low=0.0, high=2.0)
    least_s: float = param(0.6, "A trial that is shorter is none.", unit="s", low=0.1, high=10.0)
    least_frames: int = param(10, "Images with a hand that a trial needs.", low=4, high=1000)
    least_seen: float = param(0.6, "Share of the images in which the hand must be seen.", low=0.1, high=1.0)
    longest_gap_s: float = param(0.8, "Time without a hand after which nothing is known of it.", unit="s", low=0.1, high=5)


@dataclass(frozen=True, eq=False)
class Trial:
    """One hand over time. T images.

    Attributes:
        stamps_s: (T,) increasing [s].
        points: (T, 21, 3) in any one unit, axes x right, y down, z away; NaN where no hand was seen.
        left: of a person's left hand.
    """

    stamps_s: FloatArray
    points: FloatArray
    left: bool = False

    @staticmethod
    def of(skeletons: Iterable[Skeleton], left: bool = False) -> Trial:
        """What an estimator said of each image; images that are not newer than the one before are left out."""
        stamps: list[float] = []
        points: list[FloatArray] = []
        for one in skeletons:
            if not stamps or one.stamp_s > stamps[-1]:
                found = hand_points(one)
                stamps.append(one.stamp_s)
                points.append(np.full((JOINTS, 3), np.nan) if found is None else found)
        return Trial(np.array(stamps, float), np.array(points).reshape(-1, JOINTS, 3), left)


@dataclass(frozen=True, eq=False)
class TimePoints:
    """A trial as scorers see it.

    Attributes:
        values: (:data:`POINTS`, F) of :data:`~physio_core.hands.features.FEATURES`.
        start_s: where the movement begins, on the trial's clock [s].
        end_s: where it ends [s].
        moved: whether the hand moved at all; else the whole trial is taken.
        seen: share of the movement's images with a hand.
        gap_s: longest time without one [s].
    """

    values: FloatArray
    start_s: float
    end_s: float
    moved: bool
    seen: float
    gap_s: float


def time_points(trial: Trial, config: TrialConfig | None = None) -> TimePoints:
    """Cut a trial and bring it to :data:`POINTS` points.

    Raises:
        InputError: too few images or too little time, a hand that is hardly seen, or not for too long.
        SkeletonError: points of another shape.
    """
    config = config or TrialConfig()
    stamps = np.asarray(trial.stamps_s, float)
    canonical = to_canonical(checked(trial.points), trial.left)
    seen = np.isfinite(canonical).all(axis=(1, 2))
    if int(seen.sum()) < config.least_frames:
        raise InputError(f"a hand in {int(seen.sum())} of {len(seen)} images; a trial needs {config.least_frames} or more")
    if stamps[-1] - stamps[0] < config.least_s:
        raise InputError(f"{stamps[-1] - stamps[0]:.2f} s; a trial lasts {config.least_s:g} s or longer")
    features = hand_features(stamps, trial.points, trial.left)
    start_s, end_s, moved = _cut(stamps[seen], shape_features(canonical[seen]), config)
    within = (stamps >= start_s) & (stamps <= end_s)
    share, gap_s = float(seen[within].mean()), _longest_gap(stamps[seen], start_s, end_s)
    if share < config.least_seen:
        raise InputError(f"the hand is seen in {share:.0%} of the movement's images; {config.least_seen:.0%} are needed")
    if gap_s > config.longest_gap_s:
        raise InputError(f"the hand is not seen for {gap_s:.1f} s of the movement; {config.longest_gap_s:g} s at most")
    at = np.linspace(start_s, end_s, POINTS)
    values = np.stack([np.interp(at, stamps, column) for column in features.T], axis=1).astype(np.float32)
    assert values.shape == (POINTS, len(FEATURES))
    return TimePoints(values, start_s, end_s, moved, share, gap_s)


def _cut(stamps_s: FloatArray, shape: FloatArray, config: TrialConfig) -> tuple[float, float, bool]:
    """Begin and end of the movement [s], of shapes (T, C) at stamps (T,), and whether there is one.

    Looked at is the direction in which the shape changes most: openness, of a hand that opens and closes.
    """
    first, last = float(stamps_s[0]), float(stamps_s[-1])
    centred = shape - shape.mean(axis=0)
    along = centred @ np.linalg.svd(centred, full_matrices=False)[2][0]
    smooth = _smoothed(stamps_s, along)
    speed = np.abs(speeds(stamps_s, smooth[:, None], WINDOW_S)[:, 0])
    if float(np.ptp(smooth)) < config.least_change:
        return first, last, False
    moving = np.flatnonzero(speed > config.moves_above * float(speed.max()))
    start_s, end_s = float(stamps_s[moving[0]]) - config.margin_s, float(stamps_s[moving[-1]]) + config.margin_s
    middle, half = (start_s + end_s) / 2.0, max(config.least_s, end_s - start_s) / 2.0
    return max(first, middle - half), min(last, middle + half), True


def _smoothed(stamps_s: FloatArray, values: FloatArray) -> FloatArray:
    """Means of values (T,) over :data:`WINDOW_S` around each stamp: the jitter of landmarks is no movement."""
    after = np.concatenate([[0.0], np.cumsum(values)])
    low = np.searchsorted(stamps_s, stamps_s - WINDOW_S / 2.0)
    high = np.searchsorted(stamps_s, stamps_s + WINDOW_S / 2.0, side="right")
    return np.asarray((after[high] - after[low]) / (high - low))


def _longest_gap(seen_s: FloatArray, start_s: float, end_s: float) -> float:
    """Longest time [s] without a hand between begin and end, given the stamps of images with one."""
    inside = seen_s[(seen_s > start_s) & (seen_s < end_s)]
    return float(np.diff(np.concatenate([[start_s], inside, [end_s]])).max())
