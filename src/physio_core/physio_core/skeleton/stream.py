"""One stream of prepared joints, for all that looks at a person's movement: recognition, assessment, recording, training.

::

    Skeleton (camera's rate) -> one unit for x and y -> gaps filled -> resampled -> JointFrame (rate of the consumer)

Each step is causal and written once: :class:`JointStream` takes skeletons as they come, :func:`prepare` a whole sequence, with
the same result. Any layout will do; what only makes sense for one kind of layout, such as centring on the hips
(:mod:`physio_core.skeleton.normalise`), is left to the consumer.

The order matters: gaps are filled before joints are resampled, since between a place and none lies nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from physio_core.errors import InputError, SkeletonError
from physio_core.skeleton.confidence import MISSING_BELOW
from physio_core.skeleton.layouts import Layout, bones_outward
from physio_core.skeleton.remapping import skeleton_in
from physio_core.skeleton.resample import Resampler, Stamps, resample
from physio_core.types import FloatArray, Skeleton

RATE_HZ = 30.0
"""Rate at which movements are judged [Hz]; faster cameras say no more about a repetition, a posture or a path."""
FPS_WINDOW_S = 2.0
"""Time over which the camera's rate is counted [s]."""


def to_isotropic(points: FloatArray, width_px: int, height_px: int) -> FloatArray:
    """Fractions of width and height (..., V, 2+) as image heights (..., V, 2), so that x and y have one unit.

    An image of unknown size (0) is taken to be 4:3.
    """
    aspect = width_px / height_px if width_px > 0 and height_px > 0 else 4.0 / 3.0
    return np.stack([points[..., 0] * np.float32(aspect), points[..., 1]], axis=-1)


class Imputer:
    """Fills gaps: holds a joint that is missing at its last place relative to its neighbour nearer to the layout's centre."""

    def __init__(self, layout: Layout, missing_below: float = MISSING_BELOW) -> None:
        self._pairs = bones_outward(layout)
        self._root = layout.index(layout.centre)
        self._below = missing_below
        self._last: FloatArray | None = None

    def reset(self) -> None:
        """Forget the last places."""
        self._last = None

    def step(self, points: FloatArray, confidence: FloatArray) -> FloatArray:
        """Points (..., V, 2) with the missing ones replaced; ``confidence`` (..., V) tells which."""
        missing = confidence < self._below
        if self._last is None:
            seen = (~missing)[..., None]
            middle = (points * seen).sum(-2, keepdims=True) / np.maximum(seen.sum(-2, keepdims=True), 1)
            self._last = np.broadcast_to(middle, points.shape).astype(points.dtype)
        out = points.copy()
        out[..., self._root, :] = np.where(
            missing[..., self._root, None], self._last[..., self._root, :], points[..., self._root, :]
        )
        for joint, parent in self._pairs:
            held = out[..., parent, :] + self._last[..., joint, :] - self._last[..., parent, :]
            out[..., joint, :] = np.where(missing[..., joint, None], held, points[..., joint, :])
        self._last = out
        return out


def fill_gaps(points: FloatArray, confidence: FloatArray, layout: Layout, missing_below: float = MISSING_BELOW) -> FloatArray:
    """Whole sequences as :class:`Imputer` fills them, frame by frame.

    Args:
        points: (..., T, V, 2) in one unit for x and y.
        confidence: (..., T, V).
        layout: joint order.
        missing_below: a joint with less confidence is filled in.

    Returns:
        (..., T, V, 2).
    """
    imputer = Imputer(layout, missing_below)
    frames = range(points.shape[-3])
    return np.stack([imputer.step(points[..., t, :, :], confidence[..., t, :]) for t in frames], axis=-3)


@dataclass(frozen=True)
class JointFrame:
    """The joints of one person at one moment. V joints.

    Attributes:
        stamp_s: on the clock of the camera [s].
        points: (V, 2) float32: x right, y down [image heights]; a joint that was missing is at its last known place.
        confidence: (V,) float32 [0..1]; between two images, between theirs.
        world_m: (V, 3) float32 in space, as of :class:`~physio_core.types.Skeleton` [m]; NaN where the estimator guesses nothing.
    """

    stamp_s: float
    points: FloatArray
    confidence: FloatArray
    world_m: FloatArray


@dataclass(frozen=True, eq=False)
class Track:
    """One person, seen without a long gap; each time someone comes into view is a track of its own.

    Attributes:
        body_id: as of the skeletons.
        first_s: stamp of the first skeleton [s].
    """

    body_id: str
    first_s: float


class JointStream:
    """Prepares the joints of whoever is tracked, skeleton by skeleton.

    Attributes:
        layout: joint order of the frames, and of the skeletons unless they can be turned into it.
        rate_hz: rate of the frames [Hz].
        lost_s: a person unseen for longer starts over, and a stamp that jumps back further is a new clock [s]; may be changed at
            any time.
        track: who is in view; None: nobody yet, or not for longer than ``lost_s``. Whoever keeps something of a person forgets it
            when this is another track.
    """

    def __init__(self, layout: Layout, rate_hz: float, missing_below: float = MISSING_BELOW, lost_s: float = 1.0) -> None:
        self.layout, self.rate_hz, self.lost_s = layout, rate_hz, lost_s
        self.track: Track | None = None
        self._imputer = Imputer(layout, missing_below)
        self._resampler = Resampler(rate_hz)
        self._stamps: deque[float] = deque()
        self._last_s = 0.0

    def reset(self) -> None:
        """Forget everybody, and the camera's rate."""
        self._begin(None)
        self._stamps.clear()

    @property
    def images(self) -> int:
        """How many images of the last two seconds :attr:`effective_fps` was counted from."""
        return len(self._stamps)

    @property
    def effective_fps(self) -> float:
        """Images per second over the last two seconds, with or without anybody in them [Hz]; 0 before the second image."""
        span_s = self._stamps[-1] - self._stamps[0] if self._stamps else 0.0
        return (len(self._stamps) - 1) / span_s if span_s > 0 else 0.0

    def update(self, skeleton: Skeleton) -> list[JointFrame]:
        """Take the skeleton of one image.

        Args:
            skeleton: of the next image; one that is not newer than the last changes nothing.

        Returns:
            The frames that became known, oldest first: none, one or several, as the camera is faster or slower than ``rate_hz``.

        Raises:
            SkeletonError: a stamp that is not finite, or a tracked skeleton without a joint of the stream's layout.
        """
        stamp_s = skeleton.stamp_s
        if not np.isfinite(stamp_s):
            raise SkeletonError(f"stamp {stamp_s} s is not a finite time")
        if self._stamps and stamp_s < self._stamps[-1] - self.lost_s:
            self.reset()
        if self._stamps and stamp_s <= self._stamps[-1]:
            return []
        self._stamps.append(stamp_s)
        while len(self._stamps) > 2 and self._stamps[0] < stamp_s - FPS_WINDOW_S:
            self._stamps.popleft()
        if self.track and stamp_s - self._last_s > self.lost_s:
            self._begin(None)
        return self._prepare(skeleton) if skeleton.tracked else []

    def _begin(self, track: Track | None) -> None:
        self.track = track
        self._imputer.reset()
        self._resampler.reset()

    def _prepare(self, skeleton: Skeleton) -> list[JointFrame]:
        skeleton = skeleton_in(skeleton, self.layout)
        if self.track is None or self.track.body_id != skeleton.body_id:
            self._begin(Track(skeleton.body_id, skeleton.stamp_s))
        self._last_s = skeleton.stamp_s
        points = to_isotropic(skeleton.points.astype(np.float32), skeleton.width_px, skeleton.height_px)
        filled = self._imputer.step(points, skeleton.confidence)
        world_m = skeleton.world_m if len(skeleton.world_m) else np.full((len(filled), 3), np.nan, np.float32)
        joints = np.concatenate([_with_confidence(filled, skeleton.confidence), world_m], axis=-1)
        steps = self._resampler.push(skeleton.stamp_s, joints)
        return [JointFrame(stamp_s, step[:, :2], step[:, 2], step[:, 3:]) for stamp_s, step in steps]


def prepare(
    stamps_s: Stamps,
    points: FloatArray,
    confidence: FloatArray,
    layout: Layout,
    rate_hz: float,
    size_px: tuple[int, int],
    missing_below: float = MISSING_BELOW,
) -> tuple[Stamps, FloatArray, FloatArray]:
    """A whole sequence of one person, as :class:`JointStream` prepares it.

    Args:
        stamps_s: (T,) strictly increasing [s].
        points: (T, V, 2+): x and y as fractions of the image's width and height; the rest is not used.
        confidence: (T, V) [0..1].
        layout: joint order.
        rate_hz: rate of the result [Hz].
        size_px: width and height of the images [px].
        missing_below: a joint with less confidence is filled in.

    Returns:
        Stamps (S,) [s], points (S, V, 2) [image heights] and confidence (S, V), as of a :class:`JointFrame`.

    Raises:
        InputError: shapes that do not fit each other or the layout, no frame, or stamps that do not increase.
    """
    if points.shape[:2] != (len(stamps_s), len(layout.joints)) or confidence.shape != points.shape[:2]:
        raise InputError(
            f"points {points.shape} and confidence {confidence.shape}; need ({len(stamps_s)}, {len(layout.joints)}, 2) and "
            f"({len(stamps_s)}, {len(layout.joints)}) for {len(stamps_s)} stamps and layout {layout.name}"
        )
    filled = fill_gaps(to_isotropic(points.astype(np.float32), *size_px), confidence, layout, missing_below)
    steps_s, joints = resample(stamps_s, _with_confidence(filled, confidence), rate_hz)
    return steps_s, joints[..., :2], joints[..., 2]


def _with_confidence(points: FloatArray, confidence: FloatArray) -> FloatArray:
    """Points (..., V, 2) and confidence (..., V) as one array (..., V, 3), which is resampled together."""
    return np.concatenate([points, confidence[..., None].astype(np.float32)], axis=-1)
