"""The base of every change to a skeleton sequence, so that each of them needs only a few lines.

A transform maps points and confidence to the same; it knows nothing about files, networks or rates. Lengths are in one unit
for all axes, and the origin is the middle of the image (or of the room), as in ST-GCN's feeder; where sizes matter they are
measured in bones, so images and metres are treated alike. A joint with confidence 0 is missing: its coordinates mean nothing,
are never used and never moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.params import Parameters, param
from physio_core.skeleton.layouts import Layout
from physio_core.types import FloatArray

Pair = tuple[FloatArray, FloatArray]
"""Points (..., T, V, D) and confidence (..., T, V)."""


class Changed(NamedTuple):
    """What came of a change, for those who have more to change than skeletons.

    Attributes:
        points: (..., S, V, D).
        confidence: (..., S, V).
        showing: (S,) which frame of what was given each one shows, counted from 0, also between two; NaN: none.
        mirrored: whether left is right now.
    """

    points: FloatArray
    confidence: FloatArray
    showing: FloatArray
    mirrored: bool = False


@dataclass(frozen=True)
class Transform(Parameters):
    """A change to skeletons, drawn again for each call. What is before T (people of one image) shares the draw of a camera."""

    mirrors: ClassVar[bool] = False

    probability: float = param(1.0, "Probability that it is applied.", low=0.0, high=1.0)

    def __call__(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """Changed copies; the arrays given stay as they are.

        Args:
            points: (..., T, V, D), D 2 or 3, x right, y down, z away; z is unknown where it is 0 throughout.
            confidence: (..., T, V) [0..1].
            layout: joint order.
            rng: source of chance; the same state gives the same result.

        Returns:
            points and confidence of the same type; T may differ where the transform says so.

        Raises:
            InputError: shapes that disagree or do not fit the layout, no frame, NaN.
        """
        changed = self.traced(points, confidence, layout, rng)
        return changed.points, changed.confidence

    def traced(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Changed:
        """The same as a call, with what was done to time and side; errors as there."""
        _check(points, confidence, layout)
        if rng.random() >= self.probability:
            return Changed(points.copy(), confidence.copy(), np.arange(points.shape[-3], dtype=float))
        changed = self.shown(points, confidence, layout, rng)
        moved, sure = changed.points.astype(points.dtype, copy=False), changed.confidence.astype(confidence.dtype, copy=False)
        return changed._replace(points=moved, confidence=sure)

    def shown(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Changed:
        """:meth:`change` of every frame at its place; what plays frames at other times does so here."""
        moved, sure = self.change(points, confidence, layout, rng)
        return Changed(moved, sure, np.arange(points.shape[-3], dtype=float), self.mirrors)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """What the transform does; arguments are checked already and must not be written to."""
        raise NotImplementedError


def _check(points: FloatArray, confidence: FloatArray, layout: Layout) -> None:
    if points.ndim < 3 or points.shape[-1] not in (2, 3) or points.shape[:-1] != confidence.shape:
        raise InputError(f"points {points.shape} and confidence {confidence.shape}; need (..., T, V, 2 or 3) and (..., T, V)")
    if points.shape[-2] != len(layout.joints):
        raise InputError(f"{points.shape[-2]} joints; layout {layout.name} has {len(layout.joints)}; convert them first")
    if points.shape[-3] == 0:
        raise InputError("no frames; leave out empty sequences")
    if not (np.isfinite(points).all() and np.isfinite(confidence).all()):
        raise InputError("NaN or infinite numbers; mark a missing joint by confidence 0, and leave out z where it is unknown")


def seen_only(moved: FloatArray, points: FloatArray, confidence: FloatArray) -> FloatArray:
    """``moved`` where a joint is there, the old ``points`` where it is missing (..., T, V, D)."""
    return np.where((confidence > 0)[..., None], moved, points)


def without(points: FloatArray, confidence: FloatArray, missing: npt.NDArray[np.bool_]) -> Pair:
    """Joints where ``missing`` (broadcast to (..., T, V)) removed as the formats write it: all zero."""
    return np.where(missing[..., None], 0.0, points), np.where(missing, 0.0, confidence)


def body_size(points: FloatArray, confidence: FloatArray, layout: Layout) -> float:
    """Root mean square length of the bones seen, median over all frames and people; 0 without a bone."""
    a, b = layout.edge_indices.T
    seen = (confidence[..., a] > 0) & (confidence[..., b] > 0)
    square = ((points[..., a, :] - points[..., b, :]) ** 2).sum(-1) * seen
    count = seen.sum(-1)
    found = count > 0
    return float(np.sqrt(np.median(square.sum(-1)[found] / count[found]))) if found.any() else 0.0


def middle_of(points: FloatArray, confidence: FloatArray) -> FloatArray:
    """Mean position of all visible joints (D,); 0 without any."""
    seen = (confidence > 0)[..., None]
    axes = tuple(range(points.ndim - 1))
    middle: FloatArray = (points * seen).sum(axes) / max(int(seen.sum()), 1)
    return middle


def slow_noise(rng: np.random.Generator, shape: tuple[int, ...], knot_frames: float) -> FloatArray:
    """Noise of about unit size (T, ...) that changes over ``knot_frames`` frames: straight lines between random knots."""
    knots = max(2, int(np.ceil((shape[0] - 1) / knot_frames)) + 1)
    values = rng.normal(size=(knots, *shape[1:]))
    place = np.linspace(0.0, knots - 1.0, shape[0])
    before = np.minimum(place.astype(int), knots - 2)
    share = (place - before).reshape((-1,) + (1,) * (len(shape) - 1))
    noise: FloatArray = values[before] * (1.0 - share) + values[before + 1] * share
    return noise


def spans(rng: np.random.Generator, frames: int, share: float, longest: int) -> npt.NDArray[np.bool_]:
    """Which of the frames (T,) lie in random spans of 1 to ``longest`` frames that cover about ``share`` of them."""
    inside = np.zeros(frames, bool)
    goal = round(share * frames)
    while inside.sum() < goal:
        start = int(rng.integers(frames))
        inside[start : start + int(rng.integers(1, min(longest, goal - int(inside.sum())) + 1))] = True
    return inside
