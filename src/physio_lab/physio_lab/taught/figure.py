"""The figure of a movement that was learnt from clips: the cleanest single repetition among them.

A repetition is clean where the movement comes back to the pose it began with, after having gone far from it, and where the
joints were seen well. It is smoothed, closed and brought to the size of the body that the screen draws. Every figure faces right
or the viewer, because the screen turns it from there to the side that the patient's mirror image faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.exercises.figure import Points
from physio_core.exercises.keyframes import sampled
from physio_core.motion.kinematics import JOINT_ANGLES, BodyShape, Motion, positions
from physio_core.motion.projection import to_openpose_18
from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray

KEYFRAMES = 24
SHORTEST_S, LONGEST_S = 0.6, 8.0
_SMOOTH = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
_TURNED = 0.25
"""A nose this far beside the neck, as a share of the distance from nose to neck, faces that side; as on the screen."""
_LONG = 0.5
_LIMBS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_SHAPE = BodyShape()
_J = OPENPOSE_18.index
_LEGS = [_J(f"{side}_{joint}") for side in ("left", "right") for joint in ("knee", "ankle")]
_MOVING = [_J(f"{side}_{joint}") for side in ("left", "right") for joint in _LIMBS]


@dataclass(frozen=True)
class Repetition:
    """One repetition in a clip.

    Attributes:
        clip: which of the clips.
        start: first frame.
        frames: how many until the movement begins again.
        cost: how far it is from clean: the gap between its ends and the largest jump, over its size, and the share that was not
            seen; 0 is best.
    """

    clip: int
    start: int
    frames: int
    cost: float


def best_repetition(clips: Sequence[tuple[FloatArray, FloatArray]], rate_hz: float) -> Repetition | None:
    """The cleanest repetition of all clips; where none comes back to its beginning, the one that comes nearest.

    Args:
        clips: points (T, 18, 2 or 3) in ``openpose_18`` order, right and down, equal units; and confidence (T, 18).
        rate_hz: frames per second.

    Returns:
        None where every clip is shorter than any repetition.
    """
    repetitions = [
        repetition
        for index, (points, sure) in enumerate(clips)
        for repetition in _repetitions(index, points[..., :2], sure, rate_hz)
    ]
    return min(repetitions, key=lambda repetition: repetition.cost, default=None)


def _repetitions(index: int, points: FloatArray, confidence: FloatArray, rate_hz: float) -> list[Repetition]:
    """The best start for each possible length in one clip."""
    shortest, longest = round(SHORTEST_S * rate_hz), round(LONGEST_S * rate_hz)
    if len(points) <= shortest:
        return []
    moved = _smooth(points[:, _MOVING]) / max(_trunk(points), 1e-6)
    speed = np.gradient(moved, axis=0)
    hidden = np.concatenate([[0.0], np.cumsum(1.0 - np.minimum(confidence[:, _MOVING], 1.0).mean(axis=1))])
    apart = _apart(moved[:, None], moved[None])
    size = max(float(np.percentile(apart, 95)), 1e-6)
    jump = np.diagonal(apart, 1)
    reached = np.maximum.accumulate(np.triu(apart), axis=1)
    repetitions = []
    for frames in range(shortest, min(longest, len(moved) - 1) + 1):
        start = np.arange(len(moved) - frames)
        end = start + frames
        gap = apart[start, end] + _apart(speed[start], speed[end]) + _apart(speed[start], np.zeros_like(speed[start]))
        torn = np.lib.stride_tricks.sliding_window_view(jump, frames).max(axis=1)
        cost = (gap + torn) / size + 2.0 * np.maximum(1.0 - reached[start, end] / size, 0.0)
        cost += (hidden[end] - hidden[start]) / frames
        best = int(cost.argmin())
        # Two repetitions return as well as one does; prefer the shorter.
        repetitions.append(Repetition(index, best, frames, float(cost[best]) + _LONG * frames / longest))
    return repetitions


def _apart(first: FloatArray, second: FloatArray) -> FloatArray:
    """Largest distance of any joint between poses (..., J, 2), (...)."""
    distance: FloatArray = np.linalg.norm(first - second, axis=-1).max(axis=-1)
    return distance


def learnt(clips: Sequence[tuple[FloatArray, FloatArray]], rate_hz: float, one_sided: bool = False) -> tuple[Points, str] | None:
    """A figure of the movement that clips show, and its view (front, side or oblique); never facing left.

    Args:
        clips: see :func:`best_repetition`.
        rate_hz: frames per second.
        one_sided: left and right are different movements.
    """
    best = best_repetition(clips, rate_hz)
    if best is None:
        return None
    points, confidence = clips[best.clip]
    seen = slice(best.start, best.start + best.frames + 1)
    flat, sure = _smooth(np.asarray(points[seen, :, :2], float)), confidence[seen]
    if _faces_left(flat, sure):
        flat = flat * [-1.0, 1.0]
        if not one_sided:  # else the joints keep their names: the same arm moves, as someone sees it in a mirror
            flat, sure = flat[:, OPENPOSE_18.mirror], sure[:, OPENPOSE_18.mirror]
    drift = np.linspace(0.0, 1.0, len(flat))[:, None, None] * (flat[-1] - flat[0])
    closed = flat - drift
    at = np.arange(KEYFRAMES) / KEYFRAMES * best.frames
    rows = np.stack([np.interp(at, np.arange(len(closed)), column) for column in closed.reshape(len(closed), -1).T], axis=-1)
    body = _from_rest(_to_size(rows.reshape(KEYFRAMES, *flat.shape[1:]), sure.mean(axis=0)))
    joints = {
        joint: {"right": sampled(body[:, index, 0], 3), "up": sampled(body[:, index, 1], 3)}
        for index, joint in enumerate(OPENPOSE_18.joints)
    }
    return Points(round(best.frames / rate_hz, 2), None, joints), _view(closed)


def _to_size(points: FloatArray, confidence: FloatArray) -> FloatArray:
    """Joints right and up [m], the feet on the floor; legs that were hardly seen are drawn standing."""
    hidden = bool((confidence[_LEGS] < VISIBLE).any())
    leg = 0.0 if hidden else _length(points, "hip", "knee") + _length(points, "knee", "ankle")
    whole_m = _SHAPE.trunk_m + (0.0 if hidden else _SHAPE.thigh_m + _SHAPE.shank_m)
    scale = whole_m / max(_trunk(points) + leg, 1e-6)
    hips = (points[:, _J("left_hip")] + points[:, _J("right_hip")]) / 2
    body: FloatArray = (points - hips.mean(axis=0)) * [scale, -scale]
    if hidden:
        for side in ("left", "right"):
            for joint, below_m in (("knee", _SHAPE.thigh_m), ("ankle", _SHAPE.thigh_m + _SHAPE.shank_m)):
                body[:, _J(f"{side}_{joint}")] = body[:, _J(f"{side}_hip")] - [0.0, below_m]
    ankles = body[:, [_J("left_ankle"), _J("right_ankle")], 1]
    body[..., 1] += _SHAPE.ankle_m - np.percentile(ankles, 25)
    return body


def _from_rest(body: FloatArray) -> FloatArray:
    """The same repetition, begun in the pose that is most like standing with hanging arms."""
    hips = np.array([[0.0, 0.0, _SHAPE.hip_height_m]])
    upright = Motion(np.zeros((1, len(JOINT_ANGLES))), hips, np.zeros((1, 3)))
    standing = to_openpose_18(positions(_SHAPE, upright))[0, :, 2]
    start = int(np.abs(body[..., 1] - standing).mean(axis=1).argmin())
    return np.roll(body, -start, axis=0)


def _view(points: FloatArray) -> str:
    """From where a body was seen, by the width of its shoulders against its trunk."""
    across = np.linalg.norm(points[:, _J("left_shoulder")] - points[:, _J("right_shoulder")], axis=-1)
    width = float(np.median(across)) / max(_trunk(points), 1e-6)
    straight = 2 * _SHAPE.half_shoulders_m / _SHAPE.trunk_m
    return "front" if width > 0.75 * straight else "oblique" if width > 0.4 * straight else "side"


def _faces_left(points: FloatArray, confidence: FloatArray) -> bool:
    """Whether the nose is to the left of the neck, over the frames that show both."""
    nose, neck = _J("nose"), _J("neck")
    both = (confidence[:, [nose, neck]] >= VISIBLE).all(axis=1)
    if not both.any():
        return False
    away = points[both, nose] - points[both, neck]
    return bool(np.median(away[:, 0]) < -_TURNED * np.median(np.linalg.norm(away, axis=-1)))


def _trunk(points: FloatArray) -> float:
    """Length of the trunk where it is seen in full."""
    hips = (points[:, _J("left_hip")] + points[:, _J("right_hip")]) / 2
    return float(np.percentile(np.linalg.norm(points[:, _J("neck")] - hips, axis=-1), 90))


def _length(points: FloatArray, joint: str, other: str) -> float:
    """Length of a bone, where it is seen in full on either side."""
    ends = [(_J(f"{side}_{joint}"), _J(f"{side}_{other}")) for side in ("left", "right")]
    bones = [np.linalg.norm(points[:, start] - points[:, end], axis=-1) for start, end in ends]
    return float(np.percentile(np.maximum(*bones), 90))


def _smooth(points: FloatArray) -> FloatArray:
    """Points (T, ...) without trembling."""
    half = len(_SMOOTH) // 2
    padded = np.pad(points, ((half, half), *([(0, 0)] * (points.ndim - 1))), "edge")
    shifted = [weight * padded[shift : shift + len(points)] for shift, weight in enumerate(_SMOOTH)]
    return np.asarray(np.sum(shifted, axis=0), float)
