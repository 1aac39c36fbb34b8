"""Changes of place: another side, another camera, another body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from physio_core.errors import ConfigError
from physio_core.params import param
from physio_core.skeleton.layouts import Layout, bones_outward
from physio_core.types import FloatArray
from physio_lab.augment.transform import (
    Pair,
    Transform,
    body_size,
    middle_of,
    seen_only,
    slow_noise,
    without,
)


@dataclass(frozen=True)
class Mirror(Transform):
    """The same movement led by the other side: x changes sign, left and right change names. Doubles what is learnt from."""

    mirrors: ClassVar[bool] = True

    probability: float = param(0.5, "Probability that it is applied.", low=0.0, high=1.0)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        turned = seen_only(points * ([-1.0] + [1.0] * (points.shape[-1] - 1)), points, confidence)
        return turned[..., layout.mirror, :], confidence[..., layout.mirror]


@dataclass(frozen=True)
class RandomMove(Transform):
    """ST-GCN's random moving: turn, size and place go from one random value to the next, as if the camera moved.

    Yan, Xiong and Lin, "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition", AAAI 2018; the
    defaults are its feeder's. About the origin, in the image plane; z is only made larger or smaller.
    """

    angles_deg: tuple[float, ...] = param((-10.0, -5.0, 0.0, 5.0, 10.0), "Turns to draw from.", unit="deg", low=-180, high=180)
    scales: tuple[float, ...] = param((0.9, 1.0, 1.1), "Sizes to draw from.", low=0.1, high=10.0)
    shifts: tuple[float, ...] = param((-0.2, -0.1, 0.0, 0.1, 0.2), "Shifts to draw from, in the unit of the points.")
    moves: int = param(1, "Straight movements one after the other.", low=1, high=100)

    def __post_init__(self) -> None:
        """Refuse what nothing can be drawn from."""
        super().__post_init__()
        for name in ("angles_deg", "scales", "shifts"):
            if not getattr(self, name):
                raise ConfigError(f"{name} is empty; give at least one number")

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        frames, knots = points.shape[-3], self.moves + 1
        when = np.linspace(0.0, frames - 1.0, knots)

        def path(values: tuple[float, ...]) -> FloatArray:
            return np.interp(np.arange(frames), when, rng.choice(values, knots))[:, None]

        turn, scale = np.radians(path(self.angles_deg)), path(self.scales)
        x, y = points[..., 0], points[..., 1]
        moved = points * scale[..., None]
        moved[..., 0] = scale * (np.cos(turn) * x - np.sin(turn) * y) + path(self.shifts)
        moved[..., 1] = scale * (np.sin(turn) * x + np.cos(turn) * y) + path(self.shifts)
        return seen_only(moved, points, confidence), confidence


@dataclass(frozen=True)
class RotateView(Transform):
    """The camera goes round the body: a turn about the vertical and a tilt, seen from afar.

    Where z is unknown the body counts as flat, which is only true for small turns: they foreshorten and shear the image.
    """

    turn_deg: float = param(180.0, "Largest turn about the vertical where z is known.", unit="deg", low=0.0, high=180.0)
    flat_turn_deg: float = param(25.0, "Largest turn about the vertical where z is unknown.", unit="deg", low=0.0, high=60.0)
    tilt_deg: float = param(15.0, "Largest tilt up or down.", unit="deg", low=0.0, high=60.0)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        deep = points.shape[-1] == 3 and bool(np.any(points[..., 2][confidence > 0] != 0.0))
        most = self.turn_deg if deep else self.flat_turn_deg
        turn, tilt = np.radians(rng.uniform(-1.0, 1.0, 2) * [most, self.tilt_deg])
        middle = middle_of(points, confidence)
        x, y = (points[..., axis] - middle[axis] for axis in (0, 1))
        z = points[..., 2] - middle[2] if deep else np.zeros_like(x)
        aside, ahead = np.cos(turn) * x + np.sin(turn) * z, np.cos(turn) * z - np.sin(turn) * x
        seen = [aside, np.cos(tilt) * y - np.sin(tilt) * ahead]
        if points.shape[-1] == 3:
            seen.append(np.sin(tilt) * y + np.cos(tilt) * ahead if deep else z)
        return seen_only(np.stack(seen, axis=-1) + middle, points, confidence), confidence


@dataclass(frozen=True)
class CropPicture(Transform):
    """The camera stands too near: a side of the image cuts off part of the body, and joints beyond it are missing."""

    most: float = param(0.4, "Largest share of the body's height or width that is cut off.", low=0.0, high=1.0)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        axis, low_side, share = int(rng.integers(2)), rng.random() < 0.5, rng.uniform(0.0, self.most)
        place, seen = points[..., axis], confidence > 0
        if not seen.any():
            return points.copy(), confidence.copy()
        low, high = place[seen].min(), place[seen].max()
        edge = low + share * (high - low) if low_side else high - share * (high - low)
        return without(points, confidence, place < edge if low_side else place > edge)


@dataclass(frozen=True)
class CameraMotion(Transform):
    """A camera in the hand: the whole image drifts slowly and shakes a little."""

    drift: float = param(0.3, "Middle size of the slow movement, in mean bone lengths.", low=0.0, high=10.0)
    shake: float = param(0.02, "Middle size of the shaking, in mean bone lengths.", low=0.0, high=10.0)
    roll_deg: float = param(2.0, "Middle size of the slow turn about the line of sight.", unit="deg", low=0.0, high=45.0)
    slow_frames: float = param(20.0, "Frames over which the slow movement changes.", unit="frames", low=1.0, high=1000.0)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        frames, size = points.shape[-3], body_size(points, confidence, layout)
        shift = self.drift * slow_noise(rng, (frames, 2), self.slow_frames) + self.shake * rng.normal(size=(frames, 2))
        roll = np.radians(self.roll_deg) * slow_noise(rng, (frames, 1), self.slow_frames)
        middle = middle_of(points, confidence)
        x, y = (points[..., axis] - middle[axis] for axis in (0, 1))
        moved = points.astype(float)
        moved[..., 0] = middle[0] + np.cos(roll) * x - np.sin(roll) * y + size * shift[:, [0]]
        moved[..., 1] = middle[1] + np.sin(roll) * x + np.cos(roll) * y + size * shift[:, [1]]
        return seen_only(moved, points, confidence), confidence


@dataclass(frozen=True)
class LimbProportions(Transform):
    """Another body: every bone longer or shorter by a factor of its own, the same on both sides, from the centre outwards.

    Directions of bones stay. Where an inner joint is missing, the bones at it keep their length.
    """

    spread: float = param(0.1, "Middle change of a bone's length.", low=0.0, high=0.5)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        factors = np.exp(self.spread * np.clip(rng.normal(size=len(layout.joints)), -2.5, 2.5))
        factor = np.sqrt(factors * factors[layout.mirror])
        shift = np.zeros(points.shape)
        for joint, parent in bones_outward(layout):
            both = ((confidence[..., joint] > 0) & (confidence[..., parent] > 0))[..., None]
            longer = (factor[joint] - 1.0) * (points[..., joint, :] - points[..., parent, :])
            shift[..., joint, :] = shift[..., parent, :] + np.where(both, longer, 0.0)
        return seen_only(points + shift, points, confidence), confidence
