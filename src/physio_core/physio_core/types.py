"""What flows through the coach, from image to verdict. Plain data; no behaviour beyond checking itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import ImageError, SkeletonError

FloatArray = npt.NDArray[np.floating[Any]]
BoolArray = npt.NDArray[np.bool_]
ByteImage = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Frame:
    """One image and when it was taken.

    Attributes:
        stamp_s: acquisition time [s], on the clock of the source.
        rgb: image (H, W, 3), uint8, red first.

    Raises:
        ImageError: empty, not (H, W, 3) or not uint8.
    """

    stamp_s: float
    rgb: ByteImage

    def __post_init__(self) -> None:
        """Refuse what no estimator could use."""
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise ImageError(f"image of shape {self.rgb.shape} and type {self.rgb.dtype}; need (H, W, 3) uint8")
        if min(self.rgb.shape[:2]) < 16:
            raise ImageError(f"image of {self.rgb.shape[1]}x{self.rgb.shape[0]} px; need at least 16x16")


class Side(str, Enum):
    """Of the patient's own body."""

    NONE = ""
    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side; of none, none."""
        return {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}.get(self, self)


class Tracking(Enum):
    """Whether a skeleton is there, and if not why."""

    TRACKED = 0
    NOBODY = 1
    DETECTOR_FAILED = 2
    SOMEBODY_ELSE = 3


@dataclass(frozen=True)
class Skeleton:
    """The joints of one person in one image.

    Attributes:
        stamp_s: acquisition time of the image [s].
        status: whether a person is tracked; the arrays are empty (0, ...) when not.
        layout: name of the joint order, see :mod:`physio_core.skeleton.layouts`.
        points: (V, 3): x [0..1 of the width, right], y [0..1 of the height, down], z [image widths from the middle of
            the hips, away from the camera; NaN where unknown]. Points may lie outside the image.
        confidence: (V,) [0..1].
        body_id: who, as REP-155 names bodies; empty when nobody is tracked.
        width_px: image width [px].
        height_px: image height [px].
        world_m: (V, 3) in space, as the estimator guesses it from the image: axes of the camera optical frame (REP-103: x right,
            y down, z away) [m], the origin in the middle of the hips; a joint without confidence is at the origin too. Empty
            (0, 3): the estimator guesses nothing.

    Raises:
        SkeletonError: shapes disagree, x, y, world or confidence not finite, confidence outside 0..1.
    """

    stamp_s: float
    status: Tracking
    layout: str = "openpose_18"
    points: FloatArray = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    confidence: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    body_id: str = ""
    width_px: int = 0
    height_px: int = 0
    world_m: FloatArray = field(default_factory=lambda: np.zeros((0, 3), np.float32))

    def __post_init__(self) -> None:
        """Refuse arrays that disagree or hold something that is not a number."""
        if self.points.ndim != 2 or self.points.shape != (len(self.confidence), 3):
            raise SkeletonError(f"points {self.points.shape} and confidence {self.confidence.shape}; need (V, 3) and (V,)")
        if self.world_m.shape not in ((0, 3), self.points.shape):
            raise SkeletonError(f"world {self.world_m.shape}; need {self.points.shape} as the points, or (0, 3)")
        if not all(np.isfinite(values).all() for values in (self.points[:, :2], self.confidence, self.world_m)):
            raise SkeletonError("skeleton holds NaN or infinite coordinates")
        if len(self.confidence) and (self.confidence.min() < 0.0 or self.confidence.max() > 1.0):
            raise SkeletonError(f"confidence {self.confidence.min():g} .. {self.confidence.max():g}; need 0 .. 1")

    @property
    def tracked(self) -> bool:
        """Whether the joints can be used."""
        return self.status is Tracking.TRACKED


class Abstain(str, Enum):
    """Why no exercise is named."""

    NONE = ""
    TOO_FEW_FRAMES = "too_few_frames"
    NOBODY = "nobody"
    SOMEBODY_ELSE = "somebody_else"
    OUT_OF_FRAME = "out_of_frame"
    LOW_FPS = "low_fps"
    UNFAMILIAR = "unfamiliar"
    DETECTOR_FAILED = "detector_failed"


class Reason(str, Enum):
    """Why the coach is unsure: every :class:`Abstain`, and what only the coach can tell. Each has a phrase in every language."""

    NONE = ""
    TOO_FEW_FRAMES = "too_few_frames"
    NOBODY = "nobody"
    SOMEBODY_ELSE = "somebody_else"
    OUT_OF_FRAME = "out_of_frame"
    LOW_FPS = "low_fps"
    UNFAMILIAR = "unfamiliar"
    DETECTOR_FAILED = "detector_failed"
    NO_CAMERA = "no_camera"
    """Predictions no longer arrive."""
    NOT_SEEN = "not_seen"
    """A person is there, but showed no exercise for long enough."""
    NO_HAND = "no_hand"
    WRONG_HAND = "wrong_hand"
    """The left is seen where the right is asked for, or the other way round."""
    TWO_HANDS = "two_hands"
    EDGE_ON = "edge_on"
    """The palm is seen from its edge, so that fingers hide each other."""
    DARK = "dark"


@dataclass(frozen=True)
class Hand:
    """One hand in one image.

    Attributes:
        skeleton: of layout ``hand_21``; in space its origin is the wrist.
        side: ``left`` or ``right``, the person's own, in an image that is not mirrored; empty: no hand.
        presence: how sure the estimator is that it is a hand [0..1].
        objection: why this is not the hand that is asked for; NONE: it is.
    """

    skeleton: Skeleton
    side: str = ""
    presence: float = 0.0
    objection: Reason = Reason.NONE

    @property
    def stamp_s(self) -> float:
        """Acquisition time of the image [s]."""
        return self.skeleton.stamp_s

    @property
    def tracked(self) -> bool:
        """Whether the joints can be used."""
        return self.skeleton.tracked


UNKNOWN = "unknown"
"""Label of a movement that is not one of the exercises."""


@dataclass(frozen=True)
class Prediction:
    """Which exercise is being done in the window that ends at ``stamp_s``.

    Attributes:
        stamp_s: acquisition time of the newest image used [s].
        label: best label, :data:`UNKNOWN`, or empty while abstaining.
        confidence: [0..1] of the label.
        labels: every label the model knows.
        scores: (len(labels),) summing to 1; empty while abstaining.
        abstain: why nothing is named; ``Abstain.NONE`` when something is.
        body_id: whose movement.
        window_start_s: stamp of the oldest image used [s].
        effective_fps: images per second inside the window [Hz].
    """

    stamp_s: float
    label: str = ""
    confidence: float = 0.0
    labels: tuple[str, ...] = ()
    scores: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    abstain: Abstain = Abstain.NONE
    body_id: str = ""
    window_start_s: float = 0.0
    effective_fps: float = 0.0


class Verdict(str, Enum):
    """The coach's verdict on the movement."""

    NONE = ""
    RIGHT = "right"
    WRONG = "wrong"
    UNSURE = "unsure"


class HoldReason(str, Enum):
    """Why the base is held at zero, or why the motion asked for now is held back."""

    NONE = ""
    WAITING_FOR_CONTROLLER = "waiting_for_controller"
    WAITING_FOR_GUARD = "waiting_for_guard"
    GUARD_LOST = "guard_lost"
    GUARD_ENDED = "guard_ended"
    GUARD_RESTARTED = "guard_restarted"
    GUARD_WAS_HELD = "guard_was_held"
    CONTROLLER_LOST = "controller_lost"
    CONTROLLER_RESTARTED = "controller_restarted"
    CONTROLLER_HELD = "controller_held"
    CONTROLLER_WAS_HELD = "controller_was_held"
    COMMAND_STALE = "command_stale"
    NOT_FINITE = "not_finite"
    OVER_LIMIT = "over_limit"
    FOREIGN_PUBLISHER = "foreign_publisher"
    KEEP_OUT = "keep_out"
    NO_SCAN = "no_scan"


@dataclass(frozen=True)
class GuardState:
    """What the stop guard publishes 20 times a second.

    Attributes:
        sent_s: steady clock of the machine when it was sent [s].
        armed: whether motion is passed on.
        reason: why not; while armed, what holds back the motion asked for now.
    """

    sent_s: float
    armed: bool
    reason: HoldReason = HoldReason.NONE
