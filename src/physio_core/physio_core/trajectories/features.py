"""What a classifier is told of a path: tokens evenly spaced along the way for the network, and numbers of its geometry.

Both see a path as the left arm's and in units of the reach, without the hand's rest before and after. Nothing here depends on how
fast someone is; only the geometry's first half is spaced in time, so that where someone lingers counts.
"""

from __future__ import annotations

import numpy as np

from physio_core.trajectories.trajectory import MIRROR, Side, Trajectory
from physio_core.types import BoolArray, FloatArray

TOKENS, CHANNELS = 48, 10
SPACING = 0.055
"""Between tokens along the way, where that leaves few enough [reach]."""
FEWEST_TOKENS = 8
DEVICE_REACH_M = 0.69
"""Of the arm whose recordings were learnt from; paths of unknown reach are taken as its [m]."""
SMOOTH_S = 0.15
"""Mean over so long, against tremor and noise [s]."""
STILL = 0.15
"""A hand slower than this share of its usual speed is at rest, before the first and after the last movement."""
_TINY = 1e-9


def as_left(positions_m: FloatArray, side: Side) -> FloatArray:
    """Positions (n, 3) as the left arm's would be."""
    return np.asarray(positions_m * MIRROR if side == "right" else positions_m)


def moving(stamps_s: FloatArray, positions_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Stamps (m,) and places (m, 3), smoothed, from the first movement to the last."""
    stamps_s, places = stamps_s, smoothed(stamps_s, positions_m)
    speed = np.linalg.norm(np.gradient(places, stamps_s, axis=0), axis=1)
    swift = np.flatnonzero(np.convolve(speed, np.full(5, 0.2), "same") > STILL * np.percentile(speed, 80))
    if len(swift) < FEWEST_TOKENS:
        return stamps_s, places
    first, last = max(swift[0] - 1, 0), min(swift[-1] + 2, len(places))
    return stamps_s[first:last], places[first:last]


def evenly(places: FloatArray, count: int) -> FloatArray:
    """(count, 3) places evenly spaced along the way of places (n, 3)."""
    arc = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(places, axis=0), axis=1) + _TINY)])
    at = np.linspace(0.0, arc[-1], count)
    return np.stack([np.interp(at, arc, column) for column in places.T], axis=1)


def tokens_wanted(length: float) -> int:
    """How many tokens a way of a length [reach] has."""
    return int(np.clip(round(length / SPACING) + 1, FEWEST_TOKENS, TOKENS))


def tokens(places: FloatArray) -> tuple[FloatArray, BoolArray]:
    """What the network reads of places (n, 3) [reach]: tokens (TOKENS, CHANNELS), and which of them (TOKENS,) are there."""
    length = float(np.linalg.norm(np.diff(places, axis=0), axis=1).sum())
    count = tokens_wanted(length)
    filled, there = np.zeros((TOKENS, CHANNELS), np.float32), np.arange(TOKENS) < count
    filled[:count] = channels(evenly(places, count)[None], np.array([length]), np.ones((1, count), bool))[0]
    return filled, there


def channels(places: FloatArray, lengths: FloatArray, there: BoolArray) -> FloatArray:
    """Place, place from the centre, direction and length of the way (B, T, CHANNELS) of places (B, T, 3) [reach].

    Args:
        places: evenly spaced; those that are not ``there`` hold the last one.
        lengths: (B,) of the ways [reach].
        there: (B, T).
    """
    weight = there[..., None].astype(float)
    centred = places - (places * weight).sum(1, keepdims=True) / weight.sum(1, keepdims=True)
    ahead = np.gradient(places, axis=1)
    ahead = ahead / (np.linalg.norm(ahead, axis=2, keepdims=True) + 1e-6)
    length = np.broadcast_to(lengths[:, None, None] - 2.3, (*places.shape[:2], 1))
    return np.asarray(np.concatenate([places * 1.7, centred * 2.2, ahead, length], axis=2) * weight, np.float32)


def geometry(stamps_s: FloatArray, places: FloatArray) -> FloatArray:
    """(F,) numbers of the geometry of stamps (n,) and places (n, 3) [reach], most of them of order one.

    Centre, extents, covariance, signed area vector, turns within the plane, length, five places: once evenly in time, once along
    the way.
    """
    in_time = np.linspace(stamps_s[0], stamps_s[-1], 32)
    timed = np.stack([np.interp(in_time, stamps_s, column) for column in places.T], axis=1)
    way = evenly(places, 64)
    return np.asarray(np.concatenate([_plain(timed), _plain(way), _turning(way)]), np.float32)


def _plain(places: FloatArray) -> FloatArray:
    centred = places - places.mean(0)
    covariance = centred.T @ centred / len(places)
    area = 0.5 * np.cross(centred[:-1], centred[1:]).sum(0)
    length = np.linalg.norm(np.diff(places, axis=0), axis=1).sum()
    low, high = places.min(0), places.max(0)
    five = places[[0, len(places) // 4, len(places) // 2, 3 * len(places) // 4, len(places) - 1]]
    return np.concatenate(
        [places.mean(0), covariance[np.triu_indices(3)], area, [length], five.ravel(), low, high, high - low]
    )  # fmt: skip


def _turning(way: FloatArray) -> FloatArray:
    """Turns about the normal that looks forward, area against extent, shape and directions of the axes."""
    centred = way - way.mean(0)
    covariance = centred.T @ centred / len(way)
    spread, axes = np.linalg.eigh(covariance)
    spread = np.maximum(spread, _TINY)
    normal = axes[:, 0] * (1.0 if axes[0, 0] >= 0.0 else -1.0)
    first = axes[:, 2] * (1.0 if axes[2, 2] >= 0.0 else -1.0)
    across = np.cross(normal, first)
    phase = np.unwrap(np.arctan2(centred @ across / np.sqrt(spread[1] + 1e-6), centred @ first / np.sqrt(spread[2] + 1e-6)))
    turns = (phase[-1] - phase[0]) / (2.0 * np.pi)
    area = 0.5 * np.cross(centred, np.roll(centred, -1, axis=0)).sum(0)
    relative = np.clip(area / (4.0 * np.pi * np.sqrt(spread[2] * (spread[1] + 1e-6)) + 1e-4), -2.0, 2.0)
    gap = np.linalg.norm(way[0] - way[-1])
    shape = covariance[np.triu_indices(3)] / spread.sum()
    return np.concatenate(
        [
            [np.clip(turns, -2.0, 2.0), np.tanh(2.0 * turns), np.sign(area[0]) * min(1.0, 3.0 * abs(relative[0])), gap],
            relative, np.sqrt(spread / spread[2]), shape, first, normal,
        ]
    )  # fmt: skip


def of_path(path: Trajectory, reach_m: float = DEVICE_REACH_M) -> tuple[FloatArray, FloatArray]:
    """Stamps (m,) [s] and places (m, 3) [reach] of a path while it moves, as the left arm's."""
    return in_reach(path.stamps_s, as_left(path.positions_m, path.side), reach_m)


def in_reach(stamps_s: FloatArray, left_m: FloatArray, reach_m: float = DEVICE_REACH_M) -> tuple[FloatArray, FloatArray]:
    """The same of stamps (n,) and positions (n, 3) that are the left arm's already."""
    at_s, places_m = moving(stamps_s, left_m)
    return at_s, places_m / reach_m


def smoothed(stamps_s: FloatArray, places: FloatArray, over_s: float = SMOOTH_S) -> FloatArray:
    """(n, 3) a running mean of places (n, 3) over so long [s]."""
    width = max(1, round(over_s / float(np.median(np.diff(stamps_s))))) | 1
    if width < 3 or len(places) < width:
        return places
    padded = np.pad(places, ((width // 2, width // 2), (0, 0)), "edge")
    sums = np.cumsum(np.concatenate([np.zeros((1, places.shape[1])), padded]), axis=0)
    return np.asarray((sums[width:] - sums[:-width]) / width)
