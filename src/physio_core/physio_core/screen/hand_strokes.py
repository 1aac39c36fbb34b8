"""The hand that shows an exercise, as strokes: palm, fingers and the end of the forearm, the farther fingers lighter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from physio_core.skeleton.layouts import HAND_21

FINGERS = ("thumb", "index", "middle", "ring", "pinky")
FOREARM_M = 0.055
"""So much of the forearm is shown [m]."""
_FINGER_M, _PALM_M, _WRIST_M = 0.0085, 0.0125, 0.021
_FAR_M, _FADE = 0.012, 0.35
_RIM_M = 0.0018

Stroke = tuple[str, str, float, float | None]
"""From joint, to joint, half the width [m], how much lighter [0..1]; None: a rim in the colour of the ground."""


def strokes(depth_m: Mapping[str, float]) -> Iterator[Stroke]:
    """What to draw of a hand, the farthest first.

    Args:
        depth_m: how far each joint of ``hand_21`` is from the viewer [m].
    """
    palm_m = sum(depth_m[f"{finger}_mcp"] for finger in FINGERS[1:]) / 4
    parts = {finger: _chain(finger) for finger in FINGERS}
    far = {
        finger: sum(depth_m[joint] for pair in chain[1:] for joint in pair) / (2 * len(chain[1:])) - palm_m
        for finger, chain in parts.items()
    }
    behind = [finger for finger in sorted(far, key=far.__getitem__, reverse=True) if far[finger] > _FAR_M]
    before = [finger for finger in sorted(far, key=far.__getitem__, reverse=True) if finger not in behind]
    for finger in behind:
        yield from _finger(parts[finger], _FADE)
    yield "wrist", "elbow", _WRIST_M, 0.0
    for finger in FINGERS[1:]:
        yield "wrist", f"{finger}_mcp", _PALM_M, 0.0
    for first, second in pairwise(FINGERS[1:]):
        yield f"{first}_mcp", f"{second}_mcp", _PALM_M, 0.0
    yield "wrist", "thumb_cmc", _PALM_M, 0.0
    yield "thumb_cmc", "index_mcp", _PALM_M, 0.0
    for finger in before:
        yield from _finger(parts[finger], 0.0)


def _finger(chain: list[tuple[str, str]], fade: float) -> Iterator[Stroke]:
    for a, b in chain:
        yield a, b, _FINGER_M + _RIM_M, None
    for a, b in chain:
        yield a, b, _FINGER_M, fade


def _chain(finger: str) -> list[tuple[str, str]]:
    joints = [joint for joint in HAND_21.joints if joint.startswith(finger)]
    return list(pairwise(joints))
