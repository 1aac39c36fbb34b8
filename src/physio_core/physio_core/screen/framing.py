"""Where in the image the patient is, steadily, and which way she faces: the screen shows her large and her example alike.

The part of the image that she fills, with where her movement is to go, grows at once when she moves beyond it and shrinks
slowly, so that a squat looks like a squat and not like a zoom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from physio_core.errors import ConfigError
from physio_core.screen.layout import Crop, Rect
from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import layout_named
from physio_core.types import FloatArray, Skeleton

_GROW_S = 0.15
_SHRINK_S = 6.0
_GONE_S = 3.0
_MARGIN = 0.09
"""Room about the outermost joints, as a share of the person's height or width: head, hands and feet reach beyond them."""
_MARK_MARGIN = 0.045
"""Likewise about what marks on her skeleton lie between, which are as wide as her limbs."""
_LEAST = 0.25
_TURNED = 0.25
"""A nose this far beside the neck, as a share of the distance from nose to neck, faces that side."""


class Framing:
    """Follows one person; every time is steady [s]."""

    def __init__(self) -> None:
        """Start without a person."""
        self.crop: Crop | None = None
        self.faces_left = False
        """Whether the patient's mirror image faces left."""
        self._seen_s = -math.inf

    def update(self, skeleton: Skeleton, now_s: float, marked: Sequence[tuple[float, float]] = ()) -> None:
        """Take the newest skeleton.

        Args:
            skeleton: the person.
            now_s: when [s].
            marked: places that are to be seen with her, as shares of the image: where her movement is to go.
        """
        points = _usable(skeleton)
        if points is None:
            return
        size = float(np.ptp(points, axis=0).max())
        seen = _around(points, _MARGIN * size)
        marks = _near(np.asarray(marked, float).reshape(-1, 2))
        if len(marks):
            seen = _both(seen, _around(marks, _MARK_MARGIN * size))
        step_s, self._seen_s = now_s - self._seen_s, now_s
        self.crop = seen if self.crop is None or step_s > _GONE_S else _follow(self.crop, seen, step_s)
        self._look(skeleton)

    def _look(self, skeleton: Skeleton) -> None:
        joints = layout_named(skeleton.layout).joints
        if "neck" not in joints or len(skeleton.points) != len(joints):
            return
        nose, neck = joints.index("nose"), joints.index("neck")
        if min(skeleton.confidence[nose], skeleton.confidence[neck]) < VISIBLE:
            return
        aside, down = skeleton.points[nose, :2] - skeleton.points[neck, :2]
        if abs(aside) > _TURNED * math.hypot(aside, down):
            self.faces_left = bool(aside > 0)  # the image is shown as in a mirror


def _usable(skeleton: Skeleton) -> FloatArray | None:
    if not skeleton.tracked:
        return None
    try:
        layout_named(skeleton.layout)
    except ConfigError:
        return None
    points = np.asarray(skeleton.points[:, :2], float)
    usable = _near(points[skeleton.confidence >= VISIBLE])
    return usable if len(usable) >= 2 else None


def _near(points: FloatArray) -> FloatArray:
    """Those that lie in the image or not far beside it."""
    near: FloatArray = points[np.isfinite(points).all(axis=1) & (np.abs(points - 0.5) < 1.0).all(axis=1)]
    return near


def _around(points: FloatArray, margin: float) -> Crop:
    (left, top), (right, bottom) = points.min(axis=0) - margin, points.max(axis=0) + margin
    return Crop(float(left), float(top), float(right), float(bottom))


def _both(one: Crop, other: Crop) -> Crop:
    return Crop(min(one.left, other.left), min(one.top, other.top), max(one.right, other.right), max(one.bottom, other.bottom))


def _follow(old: Crop, new: Crop, step_s: float) -> Crop:
    grow, shrink = (1 - math.exp(-max(step_s, 0.0) / time_s) for time_s in (_GROW_S, _SHRINK_S))
    signs = (-1, -1, 1, 1)
    return Crop(*(a + (b - a) * (grow if sign * (b - a) > 0 else shrink) for a, b, sign in zip(old, new, signs, strict=True)))


def shown_rect(frame: Rect, size: tuple[int, int], crop: Crop | None, fill: bool) -> tuple[float, float, float, float]:
    """Where the whole camera image lies, mirrored, so that the person fills a frame.

    Args:
        frame: where the person is to be seen [px].
        size: width and height of the camera image [px].
        crop: the part of it that the person fills, not mirrored; None: show all of it.
        fill: leave no part of the frame without image.

    Returns:
        Left, top, width and height [px]; the image may reach beyond the frame.
    """
    width, height = size
    contain, cover = (choose(frame.width / width, frame.height / height) for choose in (min, max))
    left, top, right, bottom = crop or Crop(0.0, 0.0, 1.0, 1.0)
    wide, high = max(right - left, _LEAST) * width, max(bottom - top, _LEAST) * height
    scale = min(frame.width / wide, frame.height / high) if crop else contain
    scale = max(scale, cover if fill else 0.0)
    x = frame.x + frame.width / 2 - (1 - (left + right) / 2) * width * scale
    y = frame.y + frame.height / 2 - (top + bottom) / 2 * height * scale
    if fill:
        x = min(max(x, frame.right - width * scale), frame.x)
        y = min(max(y, frame.bottom - height * scale), frame.y)
    return x, y, width * scale, height * scale
