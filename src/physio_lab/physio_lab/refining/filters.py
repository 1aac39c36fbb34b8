"""Which estimated hands of a video can be believed, by what hands are and how they move: no network, no truth, and why not.

Spatial rules look at one image (bones, size, number of hands, joints), temporal ones at a hand over time (speed, jitter, gaps):
"Self-supervised Optimization of Hand Pose Estimation using Anatomical Features and Iterative Learning" (arXiv 2307.03007).
Speeds are in hand lengths per second, so that neither the distance of the camera nor its rate decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.hands.angles import ANGLES, hand_angles
from physio_core.hands.canonical import CHAINS, PARENTS, STANDARD_BONES
from physio_core.params import Parameters, param
from physio_core.types import BoolArray, FloatArray

HAND = float(STANDARD_BONES[CHAINS[2]].sum())
"""Length of a hand, wrist to the tip of the middle finger, in lengths from the wrist to its knuckle."""
SAME = 0.25
"""Mean distance in hand lengths below which two hands of one image are one."""
_FLEXIONS = np.array(["flexion" in name for name in ANGLES])
_BENT_DEG, _BACK_DEG, _SPREAD_DEG = 120.0, 30.0, 60.0
"""The most that a joint of a finger bends, bends back, and that two fingers spread, before anything is granted."""


@dataclass(frozen=True)
class FilterConfig(Parameters):
    """When a hand is believed; 0 switches a rule off, where it says so."""

    min_presence: float = param(0.5, "How sure the network must be that it is a hand.", low=0.0, high=1.0)
    longest_bone: float = param(
        2.0, "Longest bone, in its length in a mean hand of the same size; 0: off.", unit="times", low=0.0, high=10.0
    )
    least_size: float = param(0.08, "Length of the smallest hand, as a share of the image's height; 0: off.", low=0.0, high=2.0)
    most_size: float = param(1.2, "Length of the largest hand, likewise; 0: off.", low=0.0, high=5.0)
    beyond_limits_deg: float = param(
        40.0, "How far beyond its limits a joint may seem to be; 0: off.", unit="deg", low=0.0, high=180.0
    )
    most_hands: int = param(2, "Hands that can be in view.", low=1, high=8)
    max_speed: float = param(
        10.0, "Fastest that a hand moves, in hand lengths per second; 0: off.", unit="1/s", low=0.0, high=1000.0
    )
    max_jitter: float = param(
        0.2, "Farthest from where its neighbours in time say that a hand is, in hand lengths; 0: off.", low=0.0, high=10.0
    )
    least_run: int = param(3, "Images that a hand must be followed through; 1: off.", low=1, high=1000)
    longest_gap_s: float = param(
        0.4, "Longest time without a hand that is filled by a straight line; 0: none.", unit="s", low=0.0, high=10.0
    )
    smooth_s: float = param(0.04, "Width in time of the local line that steadies joints; 0: off.", unit="s", low=0.0, high=2.0)


NO_FILTER = FilterConfig(
    min_presence=0.0, longest_bone=0.0, least_size=0.0, most_size=0.0, beyond_limits_deg=0.0, most_hands=8, max_speed=0.0,
    max_jitter=0.0, least_run=1, longest_gap_s=0.0, smooth_s=0.0,
)  # fmt: skip
"""Everything is believed."""
RULES = ("presence", "bone", "size", "limits", "double", "number", "speed", "jitter", "alone")
"""Why a hand is dropped; a hand that several rules drop counts for the first of them."""
KEPT = -1
_NONE = -2


@dataclass(frozen=True)
class Candidates:
    """What an estimator found in a video: T images, at most K hands in each.

    Attributes:
        stamps_s: (T,) of the images, rising [s].
        points: (T, K, 21, 3) in pixels, depth in the same unit; NaN: no hand.
        presence: (T, K) how sure it is of a hand [0..1].
        left: (T, K) how sure that it is a left one [0..1].
        height_px: of the images.
    """

    stamps_s: FloatArray
    points: FloatArray
    presence: FloatArray
    left: FloatArray
    height_px: int

    def __post_init__(self) -> None:
        """Refuse arrays that disagree, and time that stands still."""
        shape = self.points.shape
        if len(shape) != 4 or shape[2:] != (21, 3) or not self.presence.shape == self.left.shape == shape[:2]:
            raise InputError(
                f"hands of shapes {shape}, {self.presence.shape}, {self.left.shape}; need (T, K, 21, 3), (T, K), (T, K)"
            )
        if self.stamps_s.shape != shape[:1] or (np.diff(self.stamps_s) <= 0.0).any():
            raise InputError(f"stamps of shape {self.stamps_s.shape}; need ({shape[0]},), each later than the one before")

    @property
    def found(self) -> BoolArray:
        """(T, K) where there is a hand, all of whose joints are numbers."""
        return np.asarray(np.isfinite(self.points).all((2, 3)))


@dataclass(frozen=True)
class Filtered:
    """What is believed. Hands stand in the same column throughout their track.

    Attributes:
        points: (T, K, 21, 3) [px], steadied and filled; NaN: none.
        kept: (T, K) hands that were found and are believed.
        filled: (T, K) hands between those.
        why: (T, K) index in :data:`RULES` of those that were dropped, :data:`KEPT`, or -2 where none was found.
    """

    points: FloatArray
    kept: BoolArray
    filled: BoolArray
    why: npt.NDArray[np.int64]

    @property
    def dropped(self) -> dict[str, int]:
        """How many hands each rule dropped."""
        return {rule: int((self.why == number).sum()) for number, rule in enumerate(RULES)}


def filter_hands(
    found: Candidates, config: FilterConfig | None = None, *, spatial: bool = True, temporal: bool = True
) -> Filtered:
    """Both filters, or one of them."""
    config = config or FilterConfig()
    found = tracked(found)
    why = np.where(found.found, KEPT, _NONE)
    if spatial:
        why = spatial_rules(found, config, why)
    scale = hand_length(found.points)
    if not temporal:
        kept = why == KEPT
        return Filtered(np.where(kept[..., None, None], found.points, np.nan), kept, np.zeros_like(kept), why)
    columns = [
        _over_time(found.stamps_s, found.points[:, column], scale[:, column], why[:, column], config)
        for column in range(found.points.shape[1])
    ]
    points, filled, why_then = (np.stack(parts, axis=1) for parts in zip(*columns, strict=True))
    return Filtered(points, why_then == KEPT, filled, why_then)


def hand_length(points: FloatArray) -> FloatArray:
    """Length of hands (..., 21, 3) in the unit of their points, by the middle one of all bones; NaN where there is none."""
    bones = np.linalg.norm(points[..., 1:, :] - points[..., PARENTS[1:], :], axis=-1)
    return np.asarray(HAND * np.median(bones / STANDARD_BONES[1:], axis=-1))


def tracked(found: Candidates) -> Candidates:
    """The same hands, each in one column from image to image: the nearest to where it was last."""
    count = found.points.shape[1]
    if count == 1:
        return found
    middles = np.where(found.found[..., None], np.nan_to_num(found.points[..., :2]).mean(2), np.nan)
    order = np.array(_follow(middles.tolist(), found.found.tolist()), np.intp).reshape(-1, count)
    rows = np.arange(len(order))[:, None]
    return Candidates(
        found.stamps_s, found.points[rows, order], found.presence[rows, order], found.left[rows, order], found.height_px
    )


def _follow(middles: list[list[list[float]]], there: list[list[bool]]) -> list[list[int]]:
    """Which candidate goes into each column; plain numbers, since arrays of so few are slow."""
    count = len(there[0]) if there else 0
    last: list[list[float] | None] = [None] * count
    orders = []
    for places, seen in zip(middles, there, strict=True):
        free, columns = [n for n in range(count) if seen[n]], [-1] * count
        pairs = sorted(
            ((places[n][0] - at[0]) ** 2 + (places[n][1] - at[1]) ** 2, column, n)
            for column, at in enumerate(last) if at is not None for n in free
        )  # fmt: skip
        for _, column, n in pairs:
            if columns[column] < 0 and n in free:
                columns[column] = n
                free.remove(n)
        # A hand that appears takes a column that never had one, before it takes over that of a hand that went.
        empty = sorted((column for column in range(count) if columns[column] < 0), key=lambda column: last[column] is not None)
        rest = free + [n for n in range(count) if not seen[n]]
        for column, n in zip(empty, rest, strict=True):
            columns[column] = n
        for column, n in enumerate(columns):
            if seen[n]:
                last[column] = places[n]
        orders.append(columns)
    return orders


def spatial_rules(found: Candidates, config: FilterConfig, why: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The rules that look at one image.

    Args:
        found: T images, K hands.
        config: of the rules.
        why: (T, K) as in :class:`Filtered`, what is known already.
    """
    why = why.copy()

    def drop(rule: str, bad: BoolArray) -> None:
        why[(why == KEPT) & bad] = RULES.index(rule)

    points = np.nan_to_num(found.points)
    length = hand_length(points)
    drop("presence", found.presence < config.min_presence)
    with np.errstate(divide="ignore", invalid="ignore"):
        if config.longest_bone:
            bones = np.linalg.norm(points[..., 1:, :] - points[..., PARENTS[1:], :], axis=-1)
            drop("bone", ~((bones * HAND / STANDARD_BONES[1:]).max(-1) <= config.longest_bone * length))
        share = length / found.height_px
        drop("size", (share < config.least_size) | (share > (config.most_size or np.inf)))
        if config.beyond_limits_deg:
            drop("limits", _beyond(points, found.left >= 0.5) > config.beyond_limits_deg)
    if points.shape[1] > 1:
        drop("double", _double(points, length, np.where(why == KEPT, found.presence, -1.0)))
        sure = np.where(why == KEPT, found.presence, -1.0)
        rank = np.argsort(np.argsort(-sure, axis=1, kind="stable"), axis=1)
        drop("number", rank >= config.most_hands)
    return why


def _beyond(points: FloatArray, left: BoolArray) -> FloatArray:
    """(T, K) how far the worst joint is beyond what joints do [deg]; 0 where the palm has no axes."""
    mirrored = points * np.where(left[..., None, None], np.array([-1.0, 1.0, 1.0]), 1.0)
    angles = hand_angles(mirrored)
    flexion, spread = angles[..., _FLEXIONS], angles[..., ~_FLEXIONS]
    over = np.concatenate([flexion - _BENT_DEG, -_BACK_DEG - flexion, np.abs(spread) - _SPREAD_DEG], axis=-1)
    return np.asarray(np.nan_to_num(over, nan=0.0).max(-1).clip(0.0))


def _double(points: FloatArray, length: FloatArray, sure: FloatArray) -> BoolArray:
    """(T, K) hands that lie on one that is surer, or as sure and earlier in the image's list."""
    count = points.shape[1]
    double = np.zeros(sure.shape, bool)
    for one in range(count):
        for other in range(count):
            if one != other:
                apart = np.linalg.norm(points[:, one, :, :2] - points[:, other, :, :2], axis=-1).mean(-1)
                better = (sure[:, other] > sure[:, one]) | ((sure[:, other] == sure[:, one]) & (other < one))
                double[:, one] |= better & (sure[:, other] >= 0.0) & (apart < SAME * length[:, other])
    return double


def _over_time(
    stamps_s: FloatArray, points: FloatArray, length: FloatArray, why: npt.NDArray[np.int64], config: FilterConfig
) -> tuple[FloatArray, BoolArray, npt.NDArray[np.int64]]:
    """The temporal rules for one column: points (T, 21, 3), which are filled in (T,), why (T,)."""
    why, nothing = why.copy(), np.zeros(len(why), bool)
    chosen = np.flatnonzero(why == KEPT)
    if len(chosen):
        if config.max_jitter:
            off = _off_neighbours(stamps_s[chosen], points[chosen], length[chosen], config.longest_gap_s)
            why[chosen[off > config.max_jitter]] = RULES.index("jitter")
            chosen = np.flatnonzero(why == KEPT)
        size, jumped = _runs(stamps_s[chosen], points[chosen], length[chosen], config)
        short = size < config.least_run
        why[chosen[short]] = np.where(jumped, RULES.index("speed"), RULES.index("alone"))[short]
        chosen = chosen[~short]
    if not len(chosen):
        return np.full_like(points, np.nan), nothing, why
    at = np.full_like(points, np.nan)
    at[chosen] = _steadied(stamps_s[chosen], points[chosen], config.smooth_s)
    filled = _fill(stamps_s, at, chosen, length, config)
    return at, filled, why


def _off_neighbours(stamps_s: FloatArray, points: FloatArray, length: FloatArray, within_s: float) -> FloatArray:
    """(N,) mean distance of joints from the line between the images before and after [hand lengths]; 0 without both."""
    off = np.zeros(len(points))
    if len(points) < 3:
        return off
    before, after = stamps_s[1:-1] - stamps_s[:-2], stamps_s[2:] - stamps_s[1:-1]
    share = (before / (before + after))[:, None, None]
    line = points[:-2] + share * (points[2:] - points[:-2])
    apart = np.linalg.norm((points[1:-1] - line)[..., :2], axis=-1).mean(-1) / length[1:-1]
    near = (before + after) <= max(within_s, 2.5 * float(np.median(np.diff(stamps_s))))
    off[1:-1] = np.where(near, apart, 0.0)
    # The neighbours of one that jumped are off by half as much: only the worst of three is.
    worst = off >= np.maximum(np.r_[0.0, off[:-1]], np.r_[off[1:], 0.0])
    return np.where(worst, off, 0.0)


def _runs(
    stamps_s: FloatArray, points: FloatArray, length: FloatArray, config: FilterConfig
) -> tuple[npt.NDArray[np.int64], BoolArray]:
    """How many images the run of each has (N,), and whether a jump begins or ends it; too long a time without a hand does too."""
    apart = np.linalg.norm(np.diff(points[..., :2], axis=0), axis=-1).mean(-1)
    time_s = np.diff(stamps_s)
    longest_s = max(config.longest_gap_s, 1.5 * float(np.median(time_s))) if len(time_s) else 0.0
    jumps = apart > (config.max_speed or np.inf) * time_s * np.maximum(length[1:], length[:-1])
    runs = np.concatenate([[0], np.cumsum(jumps | (time_s > longest_s))])
    by_jump = np.zeros(runs[-1] + 1, bool)
    by_jump[runs[1:][jumps]] = by_jump[runs[:-1][jumps]] = True
    return np.bincount(runs)[runs], by_jump[runs]


def _steadied(stamps_s: FloatArray, points: FloatArray, width_s: float) -> FloatArray:
    """On a line through two images before and after each, by how near they are in time: constant speed, not constant place."""
    if not width_s or len(points) < 3:
        return points
    count = len(points)
    around = np.clip(np.arange(count)[:, None] + np.arange(-2, 3), 0, count - 1)
    real = (np.arange(count)[:, None] + np.arange(-2, 3)) == around
    away = stamps_s[around] - stamps_s[:, None]
    weight = np.exp(-0.5 * (away / width_s) ** 2) * real
    total, first, second = weight.sum(1), (weight * away).sum(1), (weight * away**2).sum(1)
    slope_free = total * second - first**2
    flat = slope_free <= 1e-9 * total**2 * width_s**2
    share = np.where(
        flat[:, None], weight / total[:, None],
        weight * (second[:, None] - first[:, None] * away) / np.where(flat, 1.0, slope_free)[:, None],
    )  # fmt: skip
    return np.asarray(sum(share[:, n, None, None] * points[around[:, n]] for n in range(5)))


def _fill(
    stamps_s: FloatArray, at: FloatArray, chosen: npt.NDArray[np.int64], length: FloatArray, config: FilterConfig
) -> BoolArray:
    """Straight lines over gaps that are short enough and not a jump, written into ``at``; where."""
    filled = np.zeros(len(at), bool)
    before, after = chosen[:-1], chosen[1:]
    time_s = stamps_s[after] - stamps_s[before]
    holes = (after - before > 1) & (time_s <= config.longest_gap_s)
    if config.max_speed:
        apart = np.linalg.norm((at[after] - at[before])[..., :2], axis=-1).mean(-1)
        holes &= apart <= config.max_speed * time_s * np.maximum(length[after], length[before])
    for start, end in zip(before[holes], after[holes], strict=True):
        inside = np.arange(start + 1, end)
        share = ((stamps_s[inside] - stamps_s[start]) / (stamps_s[end] - stamps_s[start]))[:, None, None]
        at[inside] = at[start] + share * (at[end] - at[start])
        filled[inside] = True
    return filled
