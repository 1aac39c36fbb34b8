"""Planes, lines and circles that lie closest to points of space, and how far the points lie off them.

Planes and lines by singular values; circles within the plane by the algebraic fit of G. Taubin ("Estimation of planar curves
...", IEEE PAMI 13(11), 1991), which unlike plain least squares does not shrink short arcs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.types import FloatArray

TINY = 1e-12


@dataclass(frozen=True)
class Plane:
    """A plane.

    Attributes:
        point: (3,) the points' centre [m].
        axes: (3, 3) rows: two directions within it, that of the greater extent first, and the normal; right-handed.
        spread: (3,) root mean square of the points along each axis [m].
    """

    point: FloatArray
    axes: FloatArray
    spread: FloatArray

    @property
    def normal(self) -> FloatArray:
        """(3,) of unit length."""
        return np.asarray(self.axes[2])

    @property
    def off_m(self) -> float:
        """Root mean square of the points' distances from the plane [m]."""
        return float(self.spread[2])

    def within(self, points: FloatArray) -> FloatArray:
        """(n, 2) points by orthogonal projection, along the first two axes from the centre [m]."""
        return np.asarray((points - self.point) @ self.axes[:2].T)

    def lifted(self, points: FloatArray) -> FloatArray:
        """(n, 3) the points of space that lie at (n, 2) within the plane [m]."""
        return np.asarray(self.point + points @ self.axes[:2])


@dataclass(frozen=True)
class Circle:
    """A circle within a plane.

    Attributes:
        centre: (2,) within the plane [m].
        radius_m: [m].
        off_m: root mean square of the points' distances from it [m].
    """

    centre: FloatArray
    radius_m: float
    off_m: float

    def angles(self, points: FloatArray) -> FloatArray:
        """(n,) of points (n, 2) about the centre, without jumps at a full turn [rad]."""
        away = points - self.centre
        return np.asarray(np.unwrap(np.arctan2(away[:, 1], away[:, 0])))


def fit_plane(points: FloatArray) -> Plane:
    """The plane closest to points (n, 3) [m]."""
    centre = points.mean(axis=0)
    sizes, axes = _axes(points - centre)
    axes[2] = np.cross(axes[0], axes[1])
    return Plane(centre, axes, sizes / np.sqrt(len(points)))


def plane_through(point: FloatArray, normal: FloatArray, first: FloatArray) -> Plane:
    """The plane through a point (3,) with a normal (3,), its first axis towards ``first`` (3,) as well as it can."""
    up = normal / np.linalg.norm(normal)
    along = first - up * (first @ up)
    along = along / np.linalg.norm(along)
    return Plane(point, np.stack([along, np.cross(up, along), up]), np.zeros(3))


def fit_circle(points: FloatArray) -> Circle:
    """The circle closest to points (n, 2) of a plane [m]; points on a line give a circle whose radius is very large."""
    centre = points.mean(axis=0)
    away = points - centre
    square = (away**2).sum(axis=1)
    mean = max(float(square.mean()), TINY)
    rows = np.column_stack([(square - mean) / (2.0 * np.sqrt(mean)), away])
    first, second, third = _axes(rows)[1][2]
    first = first / (2.0 * np.sqrt(mean))
    if abs(first) < TINY:
        first = TINY
    middle = centre - np.array([second, third]) / (2.0 * first)
    radius = float(np.sqrt(second**2 + third**2 + 4.0 * first**2 * mean) / (2.0 * abs(first)))
    return Circle(middle, radius, _off(points, middle, radius))


def _axes(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Singular values (3,) and right singular vectors (3, 3) of rows (n, 3), which may be as few as one."""
    filled = np.zeros((max(len(rows), 3), 3))
    filled[: len(rows)] = rows
    _, sizes, axes = np.linalg.svd(filled, full_matrices=False)
    return sizes, axes


def fit_line(points: FloatArray) -> tuple[FloatArray, float]:
    """Direction (3,) of the line closest to points (n, 3), from the first to the farthest point, and their distance from it.

    Returns:
        The direction, of unit length, and the root mean square of the distances [m].
    """
    plane = fit_plane(points)
    along = plane.axes[0]
    from_start = points - points[0]
    far = from_start[int(np.argmax(np.linalg.norm(from_start, axis=1)))]
    return np.asarray(along if far @ along >= 0.0 else -along), float(np.hypot(plane.spread[1], plane.spread[2]))


def area_vector(points: FloatArray) -> FloatArray:
    """(3,) half the sum of cross products about the centre: along the normal about which a path turns, by its area [m2]."""
    away = points - points.mean(axis=0)
    return np.asarray(0.5 * np.cross(away, np.roll(away, -1, axis=0)).sum(axis=0))


def _off(points: FloatArray, centre: FloatArray, radius: float) -> float:
    distances = np.linalg.norm(points - centre, axis=1) - radius
    return float(np.sqrt((distances**2).mean()))
