"""What scorers of hand movements look at in each image: some 140 numbers with names, of one hand over time.

Bends, spread and opposition, how far tips are from palm and wrist, how the palm is turned since the beginning, all joints in the
frame of the palm, how fast all of it changes, and whether the hand was seen. Side, size and place of the hand and the camera's
direction drop out. Images without a hand are filled in between those with one, and say so.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.hands.angles import ANGLES, OPPOSITIONS, hand_angles, oppositions
from physio_core.hands.canonical import FINGERS, KNUCKLES, TIPS, WRIST, checked, palm_axes, to_canonical
from physio_core.hands.cycles import openness
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import BoolArray, FloatArray

_BENDS = tuple(name for name in ANGLES if name.endswith("_flexion"))
_SPREAD = tuple(name for name in ANGLES if name not in _BENDS)
_JOINTS = tuple(joint for joint in HAND_21.joints if joint != "wrist")
_STATIC: dict[str, tuple[str, ...]] = {
    "flexion": _BENDS,
    "spread": _SPREAD,
    "opposition": OPPOSITIONS,
    "tips": tuple(f"{finger}_tip_to_{place}" for place in ("palm", "wrist") for finger in FINGERS),
    "openness": ("openness",),
    "palm": tuple(f"palm_turn_{axis}" for axis in "xyz"),
    "coordinates": tuple(f"{joint}_{axis}" for joint in _JOINTS for axis in "xyz"),
}
_MOVING = tuple(name for group, names in _STATIC.items() if group != "coordinates" for name in names)
GROUPS: dict[str, tuple[str, ...]] = {
    **_STATIC,
    "speed": tuple(f"{name}_speed" for name in _MOVING),
    "presence": ("seen", "unseen_s"),
}
"""Names of the features by what they are about, in the order of the columns: angles in units of :data:`ANGLE_SCALE_DEG`, lengths
in hands (from the wrist to the middle knuckle), turns in rad, speeds of each a second."""
FEATURES: tuple[str, ...] = tuple(name for names in GROUPS.values() for name in names)
ANGLE_SCALE_DEG = 60.0
"""A unit in which angles are about as large as lengths."""
SPEED_WINDOW_S = 0.1
"""Over which a speed is taken, so that a landmark's jitter is none."""
UNSEEN_AT_MOST_S = 1.0
_FIRST = 5
"""Images with a hand that say how the palm was turned at the beginning."""


def hand_features(stamps_s: npt.ArrayLike, points: FloatArray, left: bool = False) -> FloatArray:
    """Features of one hand over time.

    Args:
        stamps_s: (T,) increasing [s].
        points: (T, 21, 3) in any one unit, axes x right, y down, z away; NaN where no hand was seen.
        left: of a person's left hand.

    Returns:
        (T, F) in the order of :data:`FEATURES`, all finite.

    Raises:
        InputError: stamps that do not increase, or no image with a hand.
        SkeletonError: points of another shape.
    """
    stamps = np.asarray(stamps_s, float)
    points = checked(points) * np.array([-1.0 if left else 1.0, 1.0, 1.0])
    if stamps.shape != (len(points),) or not np.isfinite(stamps).all() or not (np.diff(stamps) > 0.0).all():
        raise InputError(f"{stamps.size} stamps for {len(points)} images; need one each, finite and increasing")
    canonical = to_canonical(points)
    seen = np.isfinite(canonical).all(axis=(1, 2))
    if not seen.any():
        raise InputError(f"no hand in {len(points)} images")
    static = _static(points[seen], canonical[seen])
    filled = np.stack([np.interp(stamps, stamps[seen], column) for column in static.T], axis=1)
    moving = filled[:, [_COLUMN[name] for name in _MOVING]]
    return np.concatenate([filled, speeds(stamps, moving), _presence(stamps, seen)], axis=1)


_COLUMN = {name: column for column, name in enumerate(name for names in _STATIC.values() for name in names)}


def _static(points: FloatArray, canonical: FloatArray) -> FloatArray:
    """Everything but speeds and presence (T, S), of images that all have a hand."""
    bends = hand_angles(canonical) / ANGLE_SCALE_DEG
    columns = [bends[:, [ANGLES.index(name) for name in names]] for names in (_BENDS, _SPREAD)]
    palm = canonical[:, [WRIST, *KNUCKLES]].mean(axis=1, keepdims=True)
    tips = canonical[:, TIPS]
    columns += [
        oppositions(canonical), np.linalg.norm(tips - palm, axis=-1), np.linalg.norm(tips - canonical[:, [WRIST]], axis=-1),
        openness(canonical)[:, None], _turns(palm_axes(points)), canonical[:, 1:].reshape(len(canonical), -1),
    ]  # fmt: skip
    return np.concatenate(columns, axis=1)


def speeds(stamps_s: FloatArray, values: FloatArray, window_s: float = SPEED_WINDOW_S) -> FloatArray:
    """How fast values (T, C) change (T, C) [1/s], over windows around each stamp (T,); 0 of a single image."""
    if len(stamps_s) < 2:
        return np.zeros_like(values)
    early = np.clip(stamps_s - window_s / 2.0, stamps_s[0], None)
    late = np.clip(stamps_s + window_s / 2.0, None, stamps_s[-1])
    ends = [np.stack([np.interp(at, stamps_s, column) for column in values.T], axis=1) for at in (early, late)]
    return np.asarray((ends[1] - ends[0]) / np.maximum(late - early, 1e-6)[:, None])


def _turns(axes: FloatArray) -> FloatArray:
    """Rotation (T, 3) [rad] of palms with axes (T, 3, 3) against the first ones, about the palm's own axes."""
    u, _, v = np.linalg.svd(axes[:_FIRST].mean(axis=0))
    first = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ v))]) @ v
    turn = axes @ first.T
    angle = np.arccos(np.clip((np.trace(turn, axis1=1, axis2=2) - 1.0) / 2.0, -1.0, 1.0))
    about = np.stack([turn[:, 2, 1] - turn[:, 1, 2], turn[:, 0, 2] - turn[:, 2, 0], turn[:, 1, 0] - turn[:, 0, 1]], axis=1)
    length = np.linalg.norm(about, axis=1)
    return np.asarray(about * (angle / np.maximum(length, 1e-9))[:, None])


def _presence(stamps_s: FloatArray, seen: BoolArray) -> FloatArray:
    """Whether a hand was seen, and how far in time the next image with one is (T, 2)."""
    at = stamps_s[seen]
    after = np.clip(np.searchsorted(at, stamps_s), 0, len(at) - 1)
    away = np.minimum(np.abs(stamps_s - at[after]), np.abs(stamps_s - at[np.maximum(after - 1, 0)]))
    return np.stack([seen.astype(float), np.minimum(away, UNSEEN_AT_MOST_S)], axis=1)


def columns_of(group: str) -> npt.NDArray[np.intp]:
    """Where the features of a group of :data:`GROUPS` stand."""
    return np.array([FEATURES.index(name) for name in GROUPS[group]])
