"""Turns skeletons of one joint layout into another's, so that sets from different sensors can be mixed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from physio_core.errors import ConfigError, SkeletonError
from physio_core.skeleton.layouts import LAYOUTS, Layout
from physio_core.types import FloatArray, Skeleton

_MIDDLE = {
    "neck": (("left_shoulder", "right_shoulder"),),
    "spine_shoulder": (("left_shoulder", "right_shoulder"),),
    "spine_base": (("left_hip", "right_hip"),),
    # A little above half way between hips and shoulders, in Kinect v2 and UI-PRMD alike.
    "spine_mid": ((*("left_hip", "right_hip") * 2, *("left_shoulder", "right_shoulder") * 3),),
    "upper_neck": (
        ("spine_shoulder", "spine_shoulder", "head"),
        (*("left_shoulder", "right_shoulder") * 2, "left_ear", "right_ear"),
        (*("left_shoulder", "right_shoulder"), "head"),
    ),
    "head": (("left_ear", "right_ear"), ("nose",), ("head_base", "head_top")),
    "nose": (("head",), ("head_base", "head_top")),
    "head_base": (("upper_neck",),),
}
_LEFT = {
    "left_collar": (("left_shoulder", "left_shoulder", "left_shoulder", "right_shoulder", "right_shoulder"),),
    "left_hand": (("left_index", "left_pinky"),),
    "left_index": (("left_hand",),),
    "left_pinky": (("left_hand",),),
    "left_foot": (("left_foot_index",),),
    "left_foot_index": (("left_foot",),),
    "left_eye_inner": (("left_eye",),),
    "left_eye_outer": (("left_eye",),),
}
_SWAP = {"left": "right", "right": "left"}


def _right(joint: str) -> str:
    side, _, rest = joint.partition("_")
    return f"{_SWAP[side]}_{rest}"


SUBSTITUTES: dict[str, tuple[tuple[str, ...], ...]] = {
    **_MIDDLE,
    **_LEFT,
    **{_right(joint): tuple(tuple(map(_right, joints)) for joints in choices) for joint, choices in _LEFT.items()},
}
"""What stands in for a joint that a layout lacks: choices in order of preference, each the mean of some joints (one named twice
weighs twice)."""


@cache
def source_joints(source: Layout, target: Layout) -> tuple[tuple[int, ...], ...]:
    """For each joint of ``target`` the indices in ``source`` whose mean it is; empty: nothing stands in for it.

    Raises:
        ConfigError: the layouts have nothing in common, such as a hand and a body.
    """
    found = []
    for joint in target.joints:
        choices = ((joint,), *SUBSTITUTES.get(joint, ()))
        choice = next((one for one in choices if set(one) <= set(source.joints)), ())
        found.append(tuple(source.index(one) for one in choice))
    if not any(found):
        raise ConfigError(f"skeletons of layout {source.name} cannot become {target.name}: no joint in common")
    return tuple(found)


def remap(points: FloatArray, confidence: FloatArray, source: Layout, target: Layout) -> tuple[FloatArray, FloatArray]:
    """Turn one layout into another.

    A joint that the source lacks is the mean of those that stand in for it (the neck of the shoulders, say), with the lowest of
    their confidences; where that is 0, or nothing stands in for it, it is missing: at 0 with confidence 0.

    Args:
        points: (..., V, D) in ``source`` order.
        confidence: (..., V); 0: missing.
        source: layout of the input.
        target: layout of the result.

    Returns:
        points (..., W, D) and confidence (..., W) in ``target`` order.

    Raises:
        ConfigError: the layouts have nothing in common.
    """
    out = np.zeros((*points.shape[:-2], len(target.joints), points.shape[-1]), points.dtype)
    sure = np.zeros((*confidence.shape[:-1], len(target.joints)), confidence.dtype)
    sources = source_joints(source, target)
    # Most joints are copied, all at once: this is done for every image.
    copied = [index for index, of in enumerate(sources) if len(of) == 1]
    taken = [sources[index][0] for index in copied]
    out[..., copied, :], sure[..., copied] = points[..., taken, :], confidence[..., taken]
    for index, of in enumerate(sources):
        if len(of) > 1:
            sure[..., index] = confidence[..., of].min(axis=-1)
            out[..., index, :] = points[..., of, :].mean(axis=-2) * (sure[..., index, None] > 0)
    return out, sure


def skeleton_in(skeleton: Skeleton, layout: Layout) -> Skeleton:
    """A skeleton with the joints of another layout, so that everybody takes what one estimator publishes.

    Raises:
        SkeletonError: its layout is unknown, has another number of joints, or cannot give every joint of the other one.
    """
    if not skeleton.tracked:
        return skeleton
    source = LAYOUTS.get(skeleton.layout)
    if source is None or len(skeleton.points) != len(source.joints) or not _gives(source, layout):
        raise SkeletonError(f"skeleton in layout {skeleton.layout!r} with {len(skeleton.points)} joints; need {layout.name}")
    if source is layout:
        return skeleton
    both = np.concatenate([skeleton.points, skeleton.world_m], axis=1) if len(skeleton.world_m) else skeleton.points
    both, confidence = remap(both, skeleton.confidence, source, layout)
    world_m = both[:, 3:] if len(skeleton.world_m) else skeleton.world_m
    return replace(skeleton, layout=layout.name, points=both[:, :3], confidence=confidence, world_m=world_m)


def _gives(source: Layout, target: Layout) -> bool:
    """Whether every joint of the target can be had."""
    try:
        return all(source_joints(source, target))
    except ConfigError:
        return False
