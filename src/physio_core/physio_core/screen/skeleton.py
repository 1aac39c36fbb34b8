"""The patient's own skeleton as lines on the screen, mirrored, so that it moves like a mirror image."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.errors import ConfigError
from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import HAND_21, layout_named
from physio_core.types import Skeleton

_FAR = 0.5
"""Joints further outside the image than this share of it are not drawn."""

_FACE = ("eye", "eye_inner", "eye_outer", "ear")
"""Joints that the disc of the head stands for."""


@dataclass(frozen=True)
class Bone:
    """A line between two joints [px]."""

    a_px: tuple[float, float]
    b_px: tuple[float, float]
    radius_px: float


def bones(
    skeleton: Skeleton | None, shown: tuple[float, float, float, float], radius_px: float, face: bool = False
) -> list[Bone]:
    """Lines to draw for a skeleton, mirrored inside the shown image; none while nobody is tracked.

    Args:
        skeleton: the patient's.
        shown: left, top, width and height of where the whole camera image is on the screen [px].
        radius_px: half the width of a limb.
        face: whether the face is visible anyway; otherwise a disc stands for the head.
    """
    if skeleton is None or not skeleton.tracked:
        return []
    try:
        layout = layout_named(skeleton.layout)
    except ConfigError:
        return []
    points = np.asarray(skeleton.points[:, :2], float)
    near = np.isfinite(points).all(axis=1) & (np.abs(points - 0.5) < 0.5 + _FAR).all(axis=1)
    usable = near & (skeleton.confidence >= VISIBLE)
    edges = [(layout.index(a), layout.index(b)) for a, b in layout.edges if not a.endswith(_FACE) and not b.endswith(_FACE)]
    left, top, width, height = shown
    places = [(left + (1.0 - x) * width, top + y * height) for x, y in np.where(near[:, None], points, 0.0)]
    lines = [Bone(places[a], places[b], radius_px) for a, b in edges if max(a, b) < len(points) and usable[a] and usable[b]]
    return lines if face else lines + _head(skeleton, places, usable)


def ghost_bones(ghost: tuple[tuple[float, float], ...], shown: tuple[float, float, float, float], radius_px: float) -> list[Bone]:
    """Lines to draw for the joints of a hand (shares of the image), mirrored inside the shown image; see :func:`bones`."""
    left, top, width, height = shown
    places = [(left + (1.0 - x) * width, top + y * height) for x, y in ghost]
    return [Bone(places[a], places[b], radius_px) for a, b in HAND_21.edge_indices.tolist()]


def _head(skeleton: Skeleton, places: list[tuple[float, float]], usable: npt.NDArray[np.bool_]) -> list[Bone]:
    """A disc about the nose, as wide as half the way down to the neck."""
    joints = layout_named(skeleton.layout).joints
    if "neck" not in joints:
        return []
    nose, neck = joints.index("nose"), joints.index("neck")
    if max(nose, neck) >= len(places) or not (usable[nose] and usable[neck]):
        return []
    return [Bone(places[nose], places[nose], 0.55 * math.dist(places[nose], places[neck]))]
