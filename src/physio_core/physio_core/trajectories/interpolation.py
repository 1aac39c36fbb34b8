"""The next path to draw: harder than what the patient drew, and easier than what is asked for.

Both paths are aligned in time, then each pair of points is mixed by the weight of the patient's own. What comes out is closed
where the ideal is, and only what the arm can draw within the limits of its joints.
"""

from __future__ import annotations

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.alignment import align
from physio_core.trajectories.arm import Arm
from physio_core.trajectories.trajectory import Trajectory
from physio_core.types import FloatArray

POINTS = 200
"""Of the next path."""
ALIGNED_POINTS = 100
"""Of each path while they are aligned; finer brings nothing but time."""
CLOSED = 0.05
"""An ideal path whose end lies so near to its start, by its length, is closed."""
_EVEN_SHARE = 0.05
"""Share of the path over which the pairing is evened, against the steps of the alignment."""


def interpolate(own: Trajectory, wanted: Trajectory, weight: float, count: int = POINTS) -> Trajectory:
    """A path between two.

    Args:
        own: what the patient drew.
        wanted: the ideal path.
        weight: of the patient's own; 1: her path (closed, if the ideal is), 0: the ideal.
        count: number of points, evenly spaced in time.

    Raises:
        InputError: a weight outside 0 .. 1, or paths of different arms.
    """
    if not 0.0 <= weight <= 1.0:
        raise InputError(f"weight {weight:g}; need 0 (the ideal path) .. 1 (the patient's own)")
    if own.side != wanted.side:
        raise InputError(f"a path of the {own.side} arm and one of the {wanted.side}; both must be of one arm")
    own, wanted = _eased(own), _eased(wanted)
    own_at, wanted_at = _together(own, wanted)
    mixed = [_at(one, share) for one, share in ((own, own_at), (wanted, wanted_at))]
    places = weight * mixed[0][0] + (1.0 - weight) * mixed[1][0]
    stamps = weight * mixed[0][1] + (1.0 - weight) * mixed[1][1]
    stamps = stamps + np.arange(len(stamps)) * 1e-6
    if closes(wanted):
        share = np.linspace(0.0, 1.0, len(places))[:, None]
        places = places + (places[0] - places[-1]) * (share - 0.5)
    return Trajectory(stamps, places, side=own.side).by_time(count)


def next_path(own: Trajectory, wanted: Trajectory, weight: float, arm: Arm) -> Trajectory:
    """The next path for the patient, with the joint angles of an arm, all within its limits; arguments as :func:`interpolate`.

    Raises:
        InputError: a weight outside 0 .. 1, or paths of different arms.
    """
    return arm.follow(interpolate(own, wanted, weight))


def closes(path: Trajectory) -> bool:
    """Whether a path ends where it began."""
    return float(np.linalg.norm(path.positions_m[-1] - path.positions_m[0])) <= CLOSED * path.length_m


def _eased(path: Trajectory) -> Trajectory:
    """From time 0, with as many points as the alignment takes."""
    even = path.by_length(ALIGNED_POINTS)
    return Trajectory(even.stamps_s - even.stamps_s[0], even.positions_m, side=path.side)


def _together(own: Trajectory, wanted: Trajectory) -> tuple[FloatArray, FloatArray]:
    """Shares 0..1 of both ways that belong together, (k,) each, never falling."""
    centred = [path.positions_m - path.positions_m.mean(axis=0) for path in (own, wanted)]
    sizes = [max(float(np.sqrt((one**2).sum())), 1e-9) for one in centred]
    pairs = align(centred[0] / sizes[0], centred[1] / sizes[1]).pairs.astype(float) / (ALIGNED_POINTS - 1)
    even = np.linspace(0.0, 1.0, 2 * ALIGNED_POINTS)
    place = pairs.sum(axis=1) / 2.0
    half = int(_EVEN_SHARE * len(even) / 2.0)
    return tuple(_evened(np.interp(even, place, column), half) for column in pairs.T)  # type: ignore[return-value]


def _evened(values: FloatArray, half: int) -> FloatArray:
    """A running mean that keeps both ends where they are, since what lies beyond them goes on as their mirror image."""
    before, after = 2.0 * values[0] - values[half:0:-1], 2.0 * values[-1] - values[-2 : -half - 2 : -1]
    return np.convolve(np.concatenate([before, values, after]), np.ones(2 * half + 1) / (2 * half + 1), mode="valid")


def _at(path: Trajectory, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Places (k, 3) and stamps (k,) at shares (k,) of the way."""
    grid = np.linspace(0.0, 1.0, len(path))
    places = np.stack([np.interp(share, grid, column) for column in path.positions_m.T], axis=1)
    return places, np.asarray(np.interp(share, grid, path.stamps_s))
