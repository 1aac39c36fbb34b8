"""What is told of a path that is being drawn or was drawn, as plain data: the screen shows it and records keep it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.trajectories.trajectory import Trajectory
from physio_core.types import FloatArray

Places = tuple[tuple[float, float, float], ...]
"""Places from the shoulder of the arm: x forward, y left, z up [m]."""
TOLD_POINTS = 60
"""Points of a path as it is told, evenly in time: enough for a screen and a report."""


@dataclass(frozen=True)
class Paths:
    """The paths of a drawing with their time, for programs that take part; neither in messages of a session nor in the record.

    Attributes:
        ideal: the path as the type means it.
        asked: that is asked for now.
        drawn: the attempt that is over with this; None: none is.
    """

    ideal: Trajectory
    asked: Trajectory
    drawn: Trajectory | None = None


@dataclass(frozen=True)
class Drawing:
    """One path of the hand, star by star.

    Attributes:
        type: of :mod:`physio_core.trajectories.types`.
        side: of the arm.
        reach_m: how far the hand comes [m].
        stars: to be lit in order; the first is the start, the last the end.
        lit: how many are lit.
        trail: what the hand has drawn, the newest last; empty: nothing yet.
        ideal: the path as the type means it; only of one that was drawn to its end.
        following: the path that comes next; likewise.
        grade: 1 to 4, likewise; 0: not known yet.
        duration_s: how long it took, likewise [s].
        weight: of the patient's own path in the one that comes next, likewise.
        tilt_rad: how far the camera looks up that sees it.
    """

    type: str
    side: str
    reach_m: float
    stars: Places = ()
    lit: int = 0
    trail: Places = ()
    ideal: Places = ()
    following: Places = ()
    grade: int = 0
    duration_s: float = 0.0
    weight: float = 0.0
    tilt_rad: float = 0.0


@dataclass(frozen=True)
class PathWanted:
    """A path that another program wants to be drawn next, in place of the one that the coach would ask for.

    Attributes:
        stamp_s: when it was wanted [s].
        path: from the shoulder of the arm, as long as the patient's own reach allows [m].
    """

    stamp_s: float
    path: Trajectory


def told(path: Trajectory) -> Places:
    """A path in :data:`TOLD_POINTS` points evenly in time."""
    return places(path.places_at(np.linspace(path.stamps_s[0], path.stamps_s[-1], TOLD_POINTS)))


def places(points_m: FloatArray) -> Places:
    """Points (n, 3) [m] as plain numbers, to the millimetre."""
    return tuple((float(x), float(y), float(z)) for x, y, z in np.round(points_m, 3))
