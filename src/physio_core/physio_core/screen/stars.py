"""The stars of a path on the patient's own mirror image: where each is seen from the camera, which are lit, and what was drawn.

Start and end are told by colour, by shape and by a word; a star that is nearer to the camera is drawn larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from physio_core.errors import ConfigError
from physio_core.trajectories.body import Viewpoint, viewpoint
from physio_core.trajectories.drawing import Drawing, Places
from physio_core.types import Skeleton

SIZE_M = 0.022
"""Radius of a star that is as far from the camera as the shoulder [m]."""
NEARER_LARGER = 0.6
"""So much larger is one that is a whole reach nearer."""
NEXT_LARGER = 1.5
MARGIN = 0.12
"""About what is shown, by the reach."""

Place = tuple[float, float]


class Role(Enum):
    """What a star is on the way."""

    START = "start"
    END = "end"
    BETWEEN = "between"


@dataclass(frozen=True)
class StarMark:
    """One star [px].

    Attributes:
        place_px: its middle.
        radius_px: its size.
        role: start, end or between.
        lit: whether the hand passed it.
        next: whether it is the one to light now.
    """

    place_px: Place
    radius_px: float
    role: Role
    lit: bool
    next: bool


@dataclass(frozen=True)
class Constellation:
    """All stars, and the lines [px].

    Attributes:
        stars: in order.
        trail: what the hand has drawn.
        arrow: from the newest lit star to the next, which way to go; empty: all are lit.
    """

    stars: tuple[StarMark, ...]
    trail: tuple[Place, ...]
    arrow: tuple[Place, ...]


def constellation(
    drawing: Drawing | None, skeleton: Skeleton | None, shown: tuple[float, float, float, float]
) -> Constellation | None:
    """What to draw over a mirror image; None: nothing is drawn, or the person's trunk is not seen.

    Args:
        drawing: what is drawn.
        skeleton: the patient's.
        shown: left, top, width and height of where the whole camera image is on the screen [px].
    """
    view = _view(drawing, skeleton)
    if view is None or drawing is None:
        return None
    stars = _on_screen(drawing.stars, view, shown)
    last = len(stars) - 1
    size_px = SIZE_M / view.scale_m * shown[3]
    marks = []
    hidden = last if drawing.lit == 0 else 0  # where a path ends where it began, one mark would lie on the other
    closed = float(np.linalg.norm(np.subtract(drawing.stars[0], drawing.stars[last]))) < 2.0 * SIZE_M
    for index, (place, (ahead_m, _, _)) in enumerate(zip(stars, drawing.stars, strict=True)):
        if closed and index == hidden:
            continue
        role = Role.START if index == 0 else Role.END if index == last else Role.BETWEEN
        nearer = NEARER_LARGER * max(ahead_m, 0.0) / max(drawing.reach_m, 0.1)
        larger = (1.0 + nearer) * (NEXT_LARGER if index == drawing.lit else 1.0)
        marks.append(StarMark(place, size_px * larger, role, index < drawing.lit, index == drawing.lit))
    to = min(max(drawing.lit, 1), last)
    arrow = (stars[to - 1], stars[to]) if drawing.lit <= last else ()
    return Constellation(tuple(marks), _on_screen(drawing.trail, view, shown), arrow)


def crop_of(drawing: Drawing | None, skeleton: Skeleton | None) -> tuple[float, float, float, float] | None:
    """The part of the camera image that stars, chest and head fill, as fractions: left, top, right, bottom; None: not known."""
    view = _view(drawing, skeleton)
    if view is None or drawing is None or skeleton is None:
        return None
    aspect = skeleton.width_px / skeleton.height_px
    reach = drawing.reach_m / view.scale_m
    trunk = view.shoulder + np.array([[-0.45, -0.55], [0.45, 0.35]]) * reach
    at = np.vstack([view.image_of(np.array(drawing.stars)), trunk])
    low, high = at.min(axis=0) - MARGIN * reach, at.max(axis=0) + MARGIN * reach
    return float(0.5 + low[0] / aspect), float(0.5 + low[1]), float(0.5 + high[0] / aspect), float(0.5 + high[1])


def _view(drawing: Drawing | None, skeleton: Skeleton | None) -> Viewpoint | None:
    if drawing is None or not drawing.stars or skeleton is None or not skeleton.tracked:
        return None
    try:
        return viewpoint(skeleton, "left" if drawing.side == "left" else "right", drawing.tilt_rad)
    except ConfigError:
        return None


def _on_screen(places: Places, view: Viewpoint, shown: tuple[float, float, float, float]) -> tuple[Place, ...]:
    """Places of a path on the mirrored image [px]."""
    if not places:
        return ()
    left, top, width, height = shown
    at = view.image_of(np.array(places))
    return tuple((left + width / 2.0 - float(u) * height, top + height / 2.0 + float(v) * height) for u, v in at)
