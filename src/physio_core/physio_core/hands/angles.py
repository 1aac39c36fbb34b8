"""The angles of a hand's joints from its landmarks, and landmarks whose bones keep their lengths.

A finger bends at its knuckle (mcp) and at two joints further out (pip, dip), the thumb at two (mcp, ip); fingers spread, the
thumb leaves the palm and comes over to the other fingers. The depth of landmarks is a guess from one image, and bones come out
shorter or longer by it; the person's own bones do not change. :func:`with_bone_lengths` moves landmarks by the least that gives
bones their lengths back, mostly along the line of sight; ``docs/laboratory/hands.md`` says what that is worth.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.hands.canonical import CHAINS, FINGERS, KNUCKLES, PARENTS, TIPS, WRIST, checked, palm_axes
from physio_core.types import FloatArray

FLEXIONS = ("thumb_mcp", "thumb_ip") + tuple(f"{finger}_{joint}" for finger in FINGERS[1:] for joint in ("mcp", "pip", "dip"))
SPREADS = ("thumb_index", "index_middle", "middle_ring", "ring_pinky")
ANGLES = tuple(f"{name}_flexion" for name in FLEXIONS) + tuple(f"{name}_spread" for name in SPREADS) + ("thumb_elevation",)
"""What :func:`hand_angles` gives, in this order: bent is positive, overstretched negative; spread apart is positive; the
thumb's metacarpal out of the plane of the palm."""
OPPOSITIONS = tuple(f"thumb_{finger}" for finger in FINGERS[1:])

_ALONG_CHAINS = [(int(PARENTS[joint]), joint) for joint in range(1, len(PARENTS))]
_PALM = [(int(a), int(b)) for a, b in pairwise(KNUCKLES)]
BONES: npt.NDArray[np.intp] = np.array(
    [*_ALONG_CHAINS, *_PALM, (int(KNUCKLES[0]), int(KNUCKLES[-1])), (int(CHAINS[0, 0]), int(KNUCKLES[0]))]
)
"""(26, 2): joints that keep their distance: the bones, and what spans the palm."""

DEPTH_FREEDOM = 9.0
"""How much more readily a landmark moves along the line of sight than across it: the ratio of the two variances."""
OVERSTRETCH_DEG = 45.0
"""A joint that seems to be bent backwards by more is bent forwards, and the depth was guessed wrong."""
ACROSS = 0.4
"""Cosine of the bend at the knuckle from which a finger points out of the palm rather than along it."""
ROUNDS = 25
"""Times that every bone is set right in turn; after so many, lengths are right to 1 %."""


def hand_angles(points: FloatArray, left: bool = False) -> FloatArray:
    """Joint angles of hands.

    Args:
        points: (..., 21, 3) in any one unit, axes x right, y down, z away; or canonical (then ``left`` stays False).
        left: of a person's left hand.

    Returns:
        (..., 19) [deg] in the order of :data:`ANGLES`; NaN where the palm has no axes.

    Raises:
        SkeletonError: not of that shape.
    """
    points = checked(points) * np.array([-1.0 if left else 1.0, 1.0, 1.0])
    normal = palm_axes(points)[..., 2, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        bones = points - points[..., PARENTS, :]
        bones = bones / np.linalg.norm(bones, axis=-1, keepdims=True)
        thumb = [_between(bones[..., a, :], bones[..., b, :]) for a, b in zip(CHAINS[0, 1:3], CHAINS[0, 2:], strict=True)]
        found = thumb + [angle for chain in CHAINS[1:] for angle in _finger(bones, chain, normal)]
        found += _spreads(bones, normal)
        root = bones[..., CHAINS[0, 1], :]
        found.append(np.arcsin(np.clip((root * normal).sum(-1), -1.0, 1.0)))
    return np.asarray(np.degrees(np.stack(np.broadcast_arrays(*found), axis=-1)))


def oppositions(canonical: FloatArray) -> FloatArray:
    """Distance of the thumb's tip from each other finger's tip (..., 4) in hands, of canonical hands (..., 21, 3)."""
    canonical = checked(canonical)
    return np.asarray(np.linalg.norm(canonical[..., TIPS[1:], :] - canonical[..., TIPS[:1], :], axis=-1))


def wrist_flexion_deg(points: FloatArray, elbow: FloatArray, left: bool = False) -> FloatArray:
    """How far the hand is bent at the wrist [deg] (...): positive towards the palm, negative towards its back.

    Args:
        points: (..., 21, 3), axes x right, y down, z away.
        elbow: (..., 3) in the same unit and place.
        left: of a person's left hand.
    """
    mirror = np.array([-1.0 if left else 1.0, 1.0, 1.0])
    points, elbow = checked(points) * mirror, np.asarray(elbow, np.float64) * mirror
    forearm = points[..., WRIST, :] - elbow
    axes = palm_axes(points)
    normal = axes[..., 2, :]
    ahead = points[..., KNUCKLES[1], :] - points[..., WRIST, :]
    ahead = ahead - normal * (ahead * normal).sum(-1, keepdims=True)
    ahead = ahead / np.linalg.norm(ahead, axis=-1, keepdims=True)
    # Seen from the palm, a forearm that comes from the palm's side means a hand bent towards it.
    return np.asarray(np.degrees(np.arctan2(-(forearm * normal).sum(-1), (forearm * ahead).sum(-1))))


def bone_lengths(frames: FloatArray) -> FloatArray:
    """A person's lengths (26,) of :data:`BONES`, in the unit of the points: the median over frames (T, 21, 3).

    Raises:
        InputError: no frame holds a hand.
        SkeletonError: not of that shape.
    """
    frames = checked(frames).reshape(-1, *np.shape(frames)[-2:])
    whole = frames[np.isfinite(frames).all(axis=(1, 2))]
    if not len(whole):
        raise InputError(f"no hand in {len(frames)} frames; bone lengths need at least one")
    return np.asarray(np.median(_lengths(whole), axis=0))


def with_bone_lengths(points: FloatArray, lengths: FloatArray, depth_freedom: float = DEPTH_FREEDOM) -> FloatArray:
    """Landmarks moved so that bones have their lengths, by position-based dynamics (Mueller et al. 2007).

    Args:
        points: (..., 21, 3), axes x and y across the line of sight, z along it, in the unit of the lengths.
        lengths: (26,) of :data:`BONES`.
        depth_freedom: see :data:`DEPTH_FREEDOM`.

    Returns:
        (..., 21, 3). NaN stays NaN.

    Raises:
        InputError: not one positive length a bone.
        SkeletonError: not of that shape.
    """
    placed = checked(points).copy()
    lengths = np.asarray(lengths, np.float64)
    if lengths.shape != (len(BONES),) or not (np.isfinite(lengths) & (lengths > 0.0)).all():
        raise InputError(f"bone lengths of shape {lengths.shape}; need {len(BONES)} positive numbers, as bone_lengths gives")
    weight = np.array([1.0, 1.0, depth_freedom])
    for _ in range(ROUNDS):
        for (a, b), length in zip(BONES, lengths, strict=True):
            along = placed[..., b, :] - placed[..., a, :]
            is_m = np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
            along = along / is_m
            move = along * weight * (is_m - length) / (2.0 * (along**2 * weight).sum(-1, keepdims=True))
            placed[..., a, :] += move
            placed[..., b, :] -= move
    return placed


def _lengths(points: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm(points[..., BONES[:, 0], :] - points[..., BONES[:, 1], :], axis=-1))


def _finger(bones: FloatArray, chain: npt.NDArray[np.intp], normal: FloatArray) -> list[FloatArray]:
    """Flexion at knuckle, pip and dip (...) [rad] of a finger, given all bones (..., 21, 3) of unit length."""
    palm, *phalanges = (bones[..., joint, :] for joint in chain)
    upright = normal - palm * (normal * palm).sum(-1, keepdims=True)
    upright = upright / np.linalg.norm(upright, axis=-1, keepdims=True)
    axis = np.cross(palm, upright)
    knuckle = np.arctan2((phalanges[0] * upright).sum(-1), (phalanges[0] * palm).sum(-1))
    return [knuckle] + [_between(a, b, axis) for a, b in pairwise(phalanges)]


def _between(first: FloatArray, second: FloatArray, axis: FloatArray | None = None) -> FloatArray:
    """Angle (...) [rad] from one direction (..., 3) to another; negative where the turn is against the axis."""
    across = np.cross(first, second)
    angle = np.arctan2(np.linalg.norm(across, axis=-1), (first * second).sum(-1))
    if axis is None:
        return np.asarray(angle)
    against = ((across * axis).sum(-1) < 0.0) & (angle < np.radians(OVERSTRETCH_DEG))
    return np.asarray(np.where(against, -angle, angle))


def _spreads(bones: FloatArray, normal: FloatArray) -> list[FloatArray]:
    """Angles (...) [rad] of the thumb's metacarpal to the index finger's, and between neighbouring fingers as seen on the palm.

    A finger that is bent across the palm has no direction on it, and counts as its metacarpal does.
    """
    found = [_between(bones[..., CHAINS[0, 1], :], bones[..., KNUCKLES[0], :])]
    on_palm = []
    for chain in CHAINS[1:]:
        palm, phalanx = (bones[..., joint, :] for joint in chain[:2])
        flat = phalanx - normal * (phalanx * normal).sum(-1, keepdims=True)
        across = (phalanx * palm).sum(-1, keepdims=True) < ACROSS
        on_palm.append(np.where(across, palm, flat))
    for first, second in pairwise(on_palm):
        turn = (np.cross(first, second) * normal).sum(-1)
        found.append(np.arctan2(turn, (first * second).sum(-1)))
    return found
