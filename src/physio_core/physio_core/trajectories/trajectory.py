"""A path of the hand through space: checked once, so that everything that measures or draws it can rely on it.

Positions are seen from the shoulder of the arm that draws: x forward, y to the person's left, z up (REP-103), in metres.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from physio_core.errors import InputError
from physio_core.types import FloatArray

Side = Literal["left", "right"]
SIDES: tuple[Side, ...] = get_args(Side)
FEWEST_POINTS = 8
"""Of a path: fewer show no shape."""
SHORTEST_S, LONGEST_S = 0.2, 600.0
"""Nobody draws a path in less, and none takes longer [s]."""
LEAST_RATE_HZ = 1.0
"""Points that lie further apart in time on average are milliseconds taken for seconds."""
FARTHEST_M = 3.0
"""No hand comes further from its shoulder, even where the trunk helps; what does is in millimetres [m]."""
LEAST_EXTENT_M = 0.005
"""A path that stays in such a ball stands still [m]."""
ANGLES = 4
"""Joints of the arm."""
MIRROR = np.array([1.0, -1.0, 1.0])
"""Positions of one side seen as those of the other."""


@dataclass(frozen=True)
class Trajectory:
    """A path of the hand, and of the arm's joints where they are known.

    Attributes:
        stamps_s: (n,) rising, n at least 8 [s].
        positions_m: (n, 3) of the end effector from the shoulder: x forward, y left, z up [m].
        angles_rad: (n, 4) of the arm's joints (:mod:`physio_core.trajectories.arm`), or None where they are unknown [rad].
        side: of the arm.

    Raises:
        InputError: fewer than 8 points, shapes that disagree, not finite, stamps that do not rise, a path that stands still,
            another unit than seconds, metres and radians, or an unknown side.
    """

    stamps_s: FloatArray
    positions_m: FloatArray
    angles_rad: FloatArray | None = field(default=None)
    side: Side = "left"

    def __post_init__(self) -> None:
        """Refuse what cannot be a path."""
        for name in ("stamps_s", "positions_m", "angles_rad"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, np.asarray(value, float))
        _check_shape(self.stamps_s, self.positions_m, self.angles_rad)
        if self.side not in SIDES:
            raise InputError(f"side {self.side!r} is not one of: {', '.join(SIDES)}")
        _check_times(self.stamps_s)
        _check_places(self.positions_m)
        if self.angles_rad is not None and np.abs(self.angles_rad).max() > 2.0 * np.pi:
            most = np.abs(self.angles_rad).max()
            raise InputError(f"a joint angle of {most:g} rad; degrees taken for radians? at most 2 pi is one turn")

    def __len__(self) -> int:
        """Number of points."""
        return len(self.stamps_s)

    @property
    def duration_s(self) -> float:
        """From the first to the last point [s]."""
        return float(self.stamps_s[-1] - self.stamps_s[0])

    @property
    def arc_m(self) -> FloatArray:
        """(n,) way along the path from its start [m]."""
        return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(self.positions_m, axis=0), axis=1))])

    @property
    def length_m(self) -> float:
        """Of the whole way [m]."""
        return float(self.arc_m[-1])

    def by_time(self, count: int) -> Trajectory:
        """The same path with ``count`` points evenly spaced in time."""
        return self.at(np.linspace(self.stamps_s[0], self.stamps_s[-1], count))

    def by_length(self, count: int) -> Trajectory:
        """The same path with ``count`` points evenly spaced along the way; each keeps the moment at which it was passed."""
        arc = self.arc_m + np.arange(len(self)) * 1e-12
        return self.at(np.interp(np.linspace(arc[0], arc[-1], count), arc, self.stamps_s))

    def places_at(self, stamps_s: FloatArray) -> FloatArray:
        """(m, 3) where the hand is at moments (m,), however far apart these are [m]."""
        return _interpolated(stamps_s, self.stamps_s, self.positions_m)

    def places_along(self, count: int) -> FloatArray:
        """(count, 3) places evenly spaced along the way, however few and however slowly it was drawn [m]."""
        arc = self.arc_m + np.arange(len(self)) * 1e-12
        return _interpolated(np.linspace(arc[0], arc[-1], count), arc, self.positions_m)

    def at(self, stamps_s: FloatArray) -> Trajectory:
        """The path at other moments, (m,) rising [s], by linear interpolation."""
        angles = None if self.angles_rad is None else _interpolated(stamps_s, self.stamps_s, self.angles_rad)
        return Trajectory(stamps_s, _interpolated(stamps_s, self.stamps_s, self.positions_m), angles, self.side)

    def between(self, start_s: float, end_s: float) -> Trajectory:
        """The points of a span of time [s].

        Raises:
            InputError: what is left is no path.
        """
        kept = (self.stamps_s >= start_s) & (self.stamps_s <= end_s)
        angles = None if self.angles_rad is None else self.angles_rad[kept]
        return Trajectory(self.stamps_s[kept], self.positions_m[kept], angles, self.side)

    def scaled(self, factor: float) -> Trajectory:
        """The path of a larger or smaller person; joint angles stay."""
        return Trajectory(self.stamps_s, self.positions_m * factor, self.angles_rad, self.side)

    def mirrored(self) -> Trajectory:
        """The path of the other arm; joint angles stay, since those of the right arm are the mirror image of the left's."""
        other: Side = "right" if self.side == "left" else "left"
        return Trajectory(self.stamps_s, self.positions_m * MIRROR, self.angles_rad, other)


def _interpolated(at_s: FloatArray, stamps_s: FloatArray, values: FloatArray) -> FloatArray:
    return np.stack([np.interp(at_s, stamps_s, column) for column in values.T], axis=1)


def _check_shape(stamps_s: FloatArray, positions_m: FloatArray, angles_rad: FloatArray | None) -> None:
    count = len(stamps_s) if stamps_s.ndim == 1 else 0
    if positions_m.shape != (count, 3) or (angles_rad is not None and angles_rad.shape != (count, ANGLES)):
        given = f"stamps {stamps_s.shape}, positions {positions_m.shape}"
        angles = "" if angles_rad is None else f", angles {angles_rad.shape}"
        raise InputError(f"{given}{angles}; need (n,), (n, 3) and (n, {ANGLES})")
    if count < FEWEST_POINTS:
        raise InputError(f"a path of {count} points; need at least {FEWEST_POINTS}")
    for name, values in (("stamps", stamps_s), ("positions", positions_m), ("angles", angles_rad)):
        if values is not None and not np.isfinite(values).all():
            row = int(np.flatnonzero(~np.isfinite(values.reshape(count, -1)).all(axis=1))[0])
            raise InputError(f"{name} hold {values[row]} at point {row}, which is not finite; leave such points out")


def _check_times(stamps_s: FloatArray) -> None:
    steps = np.diff(stamps_s)
    if not (steps > 0.0).all():
        row = int(np.flatnonzero(steps <= 0.0)[0]) + 1
        raise InputError(f"time does not rise at point {row}: {stamps_s[row - 1]:g} s, then {stamps_s[row]:g} s; sort the points")
    duration_s = stamps_s[-1] - stamps_s[0]
    if duration_s > LONGEST_S or steps.mean() > 1.0 / LEAST_RATE_HZ:
        raise InputError(
            f"a path of {duration_s:g} s with {steps.mean():g} s from point to point; milliseconds taken for seconds? "
            f"at most {LONGEST_S:g} s, and {1.0 / LEAST_RATE_HZ:g} s from point to point"
        )
    if duration_s < SHORTEST_S:
        raise InputError(f"a path of {duration_s:g} s; at least {SHORTEST_S:g} s, with stamps in seconds")


def _check_places(positions_m: FloatArray) -> None:
    farthest_m = float(np.linalg.norm(positions_m, axis=1).max())
    if farthest_m > FARTHEST_M:
        raise InputError(
            f"a hand {farthest_m:g} m from its shoulder; millimetres taken for metres? at most {FARTHEST_M:g} m from the shoulder"
        )
    extent_m = float(np.ptp(positions_m, axis=0).max())
    if extent_m < LEAST_EXTENT_M:
        raise InputError(f"the path stays within {extent_m * 1000.0:.3g} mm; a path goes {LEAST_EXTENT_M * 1000.0:g} mm or more")
