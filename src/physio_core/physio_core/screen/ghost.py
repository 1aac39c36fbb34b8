"""The target hand over the patient's own: the posture that is asked for, with her hand's place, size and turn, and her own bones.

So that only what is to change lies apart: a finger that is bent too little sticks out of its ghost.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio_core.exercises.hand_figure import HandAngles
from physio_core.hands.canonical import KNUCKLES, PARENTS, WRIST, palm_axes
from physio_core.screen.layout import Crop
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray, Hand

LEFT = "left"
_MARGIN = 0.03


def ghost_of(hand: Hand | None, figure: object) -> tuple[tuple[float, float], ...]:
    """Where the joints of the target hand are over a hand that is seen, in shares of the image; none where it cannot be said.

    Args:
        hand: the patient's, as it is seen now.
        figure: of the exercise; only that of a hand has a target.
    """
    if hand is None or not hand.tracked or not isinstance(figure, HandAngles):
        return ()
    own, seen = hand.skeleton.world_m.astype(float), hand.skeleton
    if len(own) != len(HAND_21.joints) or not seen.width_px or not seen.height_px:
        return ()
    mirror = np.array([-1.0 if hand.side == LEFT else 1.0, 1.0, 1.0])
    target = figure.target_m()
    bones = (target - target[PARENTS]) @ palm_axes(target).T @ palm_axes(own * mirror) * mirror
    if not np.isfinite(bones).all():
        return ()
    return tuple(
        (float(x), float(y)) for x, y in _placed(bones, own, seen.points[:, :2].astype(float), seen.width_px / seen.height_px)
    )


def _placed(bones: FloatArray, own_m: FloatArray, points: FloatArray, aspect: float) -> FloatArray:
    """The target's bones (21, 3), as long as her own, from her wrist on: in shares of the image (21, 2)."""
    lengths = np.linalg.norm(own_m - own_m[PARENTS], axis=-1, keepdims=True)
    bones = bones / np.maximum(np.linalg.norm(bones, axis=-1, keepdims=True), 1e-9) * lengths
    placed = np.zeros_like(bones)
    for joint in range(len(bones)):
        if joint != WRIST:
            placed[joint] = placed[PARENTS[joint]] + bones[joint]
    wide = np.array([aspect, 1.0])
    palm = list(KNUCKLES)
    in_image = np.linalg.norm((points[palm] - points[WRIST]) * wide, axis=-1).sum()
    in_space = np.linalg.norm(own_m[palm, :2] - own_m[WRIST, :2], axis=-1).sum()
    shown: FloatArray = points[WRIST] + placed[:, :2] * (in_image / max(in_space, 1e-9)) / wide
    return shown


def with_ghost(crop: Crop | None, ghost: Sequence[tuple[float, float]]) -> Crop | None:
    """The part of an image that shows a hand and its ghost."""
    if crop is None or not ghost:
        return crop
    across, down = zip(*ghost, strict=True)
    return Crop(
        min(crop.left, min(across) - _MARGIN), min(crop.top, min(down) - _MARGIN),
        max(crop.right, max(across) + _MARGIN), max(crop.bottom, max(down) + _MARGIN),
    )  # fmt: skip
