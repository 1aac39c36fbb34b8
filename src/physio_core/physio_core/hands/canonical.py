"""One frame for every hand, so that two hands can be compared: place, turn, size and side drop out.

The frame is of the palm: origin at the wrist, x towards the knuckle of the index finger, z out of the palm (across the knuckles
of index and little finger), y completes them. A left hand is mirrored into a right one. Lengths are in hands: from the wrist to
the knuckle of the middle finger.

What is still left is the shape of the person's hand: :func:`on_standard_bones` takes that too, by keeping the direction of each
bone only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from physio_core.errors import SkeletonError
from physio_core.motion.hand import HandShape, hand_positions, hand_still
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray, Skeleton

FINGERS = ("thumb", "index", "middle", "ring", "pinky")
JOINTS = len(HAND_21.joints)
WRIST = HAND_21.index("wrist")
CHAINS: npt.NDArray[np.intp] = np.array(
    [[HAND_21.index(joint) for joint in HAND_21.joints if joint.startswith(finger)] for finger in FINGERS]
)
"""(5, 4): the joints of each finger from its root to its tip."""
KNUCKLES: npt.NDArray[np.intp] = CHAINS[1:, 0]
TIPS: npt.NDArray[np.intp] = CHAINS[:, 3]
PARENTS: npt.NDArray[np.intp] = np.array([0, *(WRIST if joint in CHAINS[:, 0] else joint - 1 for joint in range(1, JOINTS))])
"""(21,): the joint at the other end of each joint's bone; every finger hangs from the wrist."""

EDGE_ON = 0.12
"""Sine of the angle at the wrist between the knuckles of index and little finger, below which the palm is a line and has no
normal. Of a hand it is 0.5."""


def _standard_bones() -> FloatArray:
    points = hand_positions(HandShape(), hand_still({}))[0]
    return np.asarray(np.linalg.norm(points - points[PARENTS], axis=-1) / np.linalg.norm(points[KNUCKLES[1]]))


STANDARD_BONES: FloatArray = _standard_bones()
"""(21,): length of each joint's bone of the mean hand [hands]."""


def checked(points: FloatArray) -> FloatArray:
    """Landmarks as float64.

    Raises:
        SkeletonError: not (..., 21, 3).
    """
    points = np.asarray(points, np.float64)
    if points.ndim < 2 or points.shape[-2:] != (JOINTS, 3):
        raise SkeletonError(f"landmarks of shape {points.shape}; one hand has ({JOINTS}, 3), in the order of hand_21")
    return points


def hand_points(skeleton: Skeleton) -> FloatArray | None:
    """The landmarks (21, 3) [px] of a tracked hand, depth included; None where none is tracked.

    MediaPipe's landmarks in the image, not those that it guesses in space: of a hand that points at the camera the latter have
    fingers of half the length.

    Raises:
        SkeletonError: it is of another layout than hand_21.
    """
    if not skeleton.tracked:
        return None
    return np.asarray(checked(skeleton.points) * np.array([skeleton.width_px, skeleton.height_px, skeleton.width_px]))


def palm_axes(points: FloatArray) -> FloatArray:
    """Axes x, y, z (..., 3, 3) of the palms of right hands (..., 21, 3), as rows; NaN where the palm has none.

    The palm has none where it is seen as a line (:data:`EDGE_ON`), or a joint of it is missing or in the wrong place.
    """
    wrist, index, pinky = (points[..., joint, :] for joint in (WRIST, KNUCKLES[0], KNUCKLES[-1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        x = (index - wrist) / np.linalg.norm(index - wrist, axis=-1, keepdims=True)
        other = (pinky - wrist) / np.linalg.norm(pinky - wrist, axis=-1, keepdims=True)
        across = np.cross(x, other)
        sine = np.linalg.norm(across, axis=-1, keepdims=True)
        z = np.where(sine < EDGE_ON, np.nan, across / sine)
    return np.stack([x, np.cross(z, x), z], axis=-2)


def to_canonical(points: FloatArray, left: bool = False) -> FloatArray:
    """Hands in the frame of their palms.

    Args:
        points: (..., 21, 3) in any one unit, axes x right, y down, z away from the camera (both of MediaPipe's kinds of
            landmarks, once x and y of the image are in one unit).
        left: of a person's left hand.

    Returns:
        (..., 21, 3) in hands; all NaN where the palm has no axes, or where a joint is not finite.

    Raises:
        SkeletonError: not of that shape.
    """
    points = checked(points)
    if left:
        points = points * np.array([-1.0, 1.0, 1.0])
    axes = palm_axes(points)
    from_wrist = points - points[..., WRIST : WRIST + 1, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        turned = np.einsum("...ij,...kj->...ki", axes, from_wrist)
        hand = np.linalg.norm(from_wrist[..., KNUCKLES[1], :], axis=-1)[..., None, None]
        found = turned / np.where(hand > 0.0, hand, np.nan)
    whole = np.isfinite(found).all(axis=(-1, -2), keepdims=True)
    return np.asarray(np.where(whole, found, np.nan))


def palm_towards_camera(points: FloatArray) -> FloatArray:
    """How squarely palms (..., 21, 3) are seen (...): 1 palm or back towards the camera, 0 edge-on, NaN without a palm.

    The depth of landmarks is a guess, and what is guessed of a palm seen edge-on is the palm's own direction.
    """
    return np.asarray(np.abs(palm_axes(checked(points))[..., 2, 2]))


def on_standard_bones(canonical: FloatArray) -> FloatArray:
    """The same posture of a standard hand: the direction of each bone, with the length of :data:`STANDARD_BONES`.

    Args:
        canonical: (..., 21, 3) from :func:`to_canonical`.

    Returns:
        (..., 21, 3) in hands.
    """
    canonical = checked(canonical)
    with np.errstate(invalid="ignore", divide="ignore"):
        bones = canonical - canonical[..., PARENTS, :]
        length = np.linalg.norm(bones, axis=-1, keepdims=True)
        bones = np.where(length > 0.0, bones / length, 0.0) * STANDARD_BONES[:, None]
    bones = np.where(np.isfinite(canonical).all(axis=(-1, -2), keepdims=True), bones, np.nan)
    placed = np.zeros_like(bones)
    for joint in range(1, JOINTS):
        placed[..., joint, :] = placed[..., PARENTS[joint], :] + bones[..., joint, :]
    return placed
