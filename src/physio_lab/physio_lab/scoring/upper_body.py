"""Features of an upper body over time: angles of the working arm and the trunk, places of hand, elbow, shoulder and head.

In the person's own frame: the hips' middle at the beginning is the origin, x runs along the shoulders, the trunk is one long, and
whoever works with the right arm is mirrored, so that the working arm is the left one of everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.errors import InputError
from physio_core.skeleton.smoothness import sparc
from physio_core.types import FloatArray
from physio_lab.quality.takes import smoothed

JOINTS = (
    "spine_base", "upper_neck", "head", "left_shoulder", "left_elbow", "left_wrist", "left_hand", "right_shoulder", "right_elbow",
    "right_wrist", "right_hand", "left_hip", "right_hip", "spine_shoulder", "left_hand_tip", "left_thumb", "right_hand_tip",
    "right_thumb",
)  # fmt: skip
_AT = {name: index for index, name in enumerate(JOINTS)}
_SIDES = {"left": "right", "right": "left"}
_MIRROR = [
    _AT[f"{_SIDES[name.split('_')[0]]}_{name.split('_', 1)[1]}"] if name.split("_")[0] in _SIDES else at
    for name, at in _AT.items()
]
_BENDS = {
    "elbow": ("left_shoulder", "left_elbow", "left_wrist"), "other elbow": ("right_shoulder", "right_elbow", "right_wrist"),
    "arm to trunk": ("left_elbow", "left_shoulder", "left_hip"),
    "other arm to trunk": ("right_elbow", "right_shoulder", "right_hip"),
    "arm across": ("left_elbow", "left_shoulder", "right_shoulder"), "wrist": ("left_elbow", "left_wrist", "left_hand"),
    "other wrist": ("right_elbow", "right_wrist", "right_hand"), "neck": ("spine_base", "spine_shoulder", "head"),
    "fingers": ("left_wrist", "left_hand", "left_hand_tip"), "thumb": ("left_hand_tip", "left_hand", "left_thumb"),
}  # fmt: skip
_PLACES = (
    "left_hand", "left_elbow", "left_shoulder", "right_hand", "right_elbow", "head", "right_shoulder", "spine_shoulder"
)  # fmt: skip
_COURSES = ("left_hand", "left_elbow", "left_shoulder", "right_hand", "head", "spine_shoulder")
ANGLES = (*_BENDS, "lean forward", "lean aside", "turn", "shoulder tilt")
ANGLE_SCALE_DEG = 60.0
"""Angles are told in this unit, in which they are about as large as places."""
FIRST_FRAMES = 5
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
STILL = 0.15
"""Share of its usual greatest speed below which a joint rests."""
PEAK = 0.1
"""Share of the greatest speed from which a peak of it counts as a sub-movement."""


@dataclass(frozen=True, eq=False)
class UpperBody:
    """A recording in the person's own frame. T frames.

    Attributes:
        places: (T, J, 3) of :data:`JOINTS`, the working arm left [trunk lengths].
        angles: (T, A) of :data:`ANGLES` [:data:`ANGLE_SCALE_DEG`].
        rate_hz: frames a second [Hz].
    """

    places: FloatArray
    angles: FloatArray
    rate_hz: float

    @staticmethod
    def of(joints_m: FloatArray, rate_hz: float) -> UpperBody:
        """From joints (T, J, 3) in the camera's frame, y up [m].

        Raises:
            InputError: the trunk has no length.
        """
        places = smoothed(_in_own_frame(np.asarray(joints_m, float)))
        if _path(places, "right_wrist") > _path(places, "left_wrist"):
            places = places[:, _MIRROR] * np.array([-1.0, 1.0, 1.0])
        return UpperBody(places, _angles(places), rate_hz)

    @property
    def courses(self) -> FloatArray:
        """Places (T, P) of the joints that the tasks move."""
        return self.places[:, [_AT[joint] for joint in _PLACES]].reshape(len(self.places), -1)

    @property
    def seconds(self) -> float:
        """How long it lasts [s]."""
        return len(self.places) / self.rate_hz


def statistics(body: UpperBody) -> FloatArray:
    """Range, posture, tempo, smoothness (F,) of a recording; its duration is the last."""
    channels = np.concatenate([body.angles, body.courses], axis=1)
    quantiles = np.quantile(channels, QUANTILES, axis=0)
    speed = np.abs(np.diff(channels, axis=0)) * body.rate_hz
    return np.concatenate(
        [
            quantiles.ravel(), quantiles[-1] - quantiles[0], channels.std(0), channels[0], channels[-1],
            _log(speed.mean(0), 1e-3), _log(np.quantile(speed, 0.95, axis=0), 1e-3),
            *(_course(body, joint) for joint in _COURSES), [np.log(body.seconds)],
        ]
    )  # fmt: skip


def _course(body: UpperBody, joint: str) -> FloatArray:
    """How a joint moves: path, speed, smoothness, sub-movements, rest (14,)."""
    places = body.places[:, _AT[joint]]
    speed = np.linalg.norm(np.diff(places, axis=0), axis=-1) * body.rate_hz
    change = np.abs(np.diff(speed)).mean() * body.rate_hz
    path, extent = speed.sum() / body.rate_hz, float(np.linalg.norm(np.ptp(places, axis=0)))
    middle = speed[1:-1]
    peaks = int(((middle > speed[:-2]) & (middle >= speed[2:]) & (middle > PEAK * speed.max())).sum())
    logs = _log(np.array([path, speed.max(), np.median(speed), speed.mean(), extent, change]), 1e-2)
    ratios = _log(np.array([path / (extent + 1e-2), change / (speed.mean() + 1e-3), (peaks + 0.5) / body.seconds]), 1e-2)
    rest = float((speed < STILL * np.quantile(speed, 0.95)).mean())
    evenness, latest = speed.mean() / max(speed.max(), 1e-6), speed.argmax() / len(speed)
    smooth = float(np.nan_to_num(sparc(speed, body.rate_hz)))
    return np.array([*logs, *ratios, smooth, np.log1p(peaks), evenness, latest, rest])


def _log(values: FloatArray, above: float) -> FloatArray:
    return np.asarray(np.log(values + above))


def _path(places: FloatArray, joint: str) -> float:
    return float(np.linalg.norm(np.diff(places[:, _AT[joint]], axis=0), axis=-1).sum())


def _in_own_frame(joints_m: FloatArray) -> FloatArray:
    base, neck, left, right = (_AT[name] for name in ("spine_base", "spine_shoulder", "left_shoulder", "right_shoulder"))
    trunk_m = float(np.median(np.linalg.norm(joints_m[:, neck] - joints_m[:, base], axis=-1)))
    if not trunk_m > 0.0:
        raise InputError("the trunk has no length; are hips and shoulders in the recording?")
    first = joints_m[:FIRST_FRAMES].mean(0)
    across = first[left] - first[right]
    about = np.arctan2(across[2], across[0])
    cos, sin = np.cos(about), np.sin(about)
    turn = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    return np.asarray((joints_m - first[base]) @ turn.T / trunk_m)


def _angles(places: FloatArray) -> FloatArray:
    def at(name: str) -> FloatArray:
        return np.asarray(places[:, _AT[name]])

    bends = [_between(at(a) - at(b), at(c) - at(b)) for a, b, c in _BENDS.values()]
    up, across = at("spine_shoulder") - at("spine_base"), at("left_shoulder") - at("right_shoulder")
    trunk = [
        np.arctan2(up[:, 2], up[:, 1]), np.arctan2(up[:, 0], up[:, 1]), np.arctan2(across[:, 2], across[:, 0]),
        np.arctan2(across[:, 1], np.hypot(across[:, 0], across[:, 2])),
    ]  # fmt: skip
    return np.asarray(np.degrees(np.stack([*bends, *trunk], axis=1)) / ANGLE_SCALE_DEG)


def _between(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.asarray(np.arctan2(np.linalg.norm(np.cross(first, second), axis=-1), (first * second).sum(-1)))
