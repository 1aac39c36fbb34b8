"""What other tools want to know of a skeleton: REP-155's joint order and box, and bones in space for a viewer.

REP-155 itself gives no order; its message hri_msgs/Skeleton2D does. It differs from OpenPose's, which the coach uses, in the
face: the left eye and ear come before the right ones.
"""

from __future__ import annotations

import math

import numpy as np

from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import OPENPOSE_18, layout_named
from physio_core.skeleton.remapping import skeleton_in
from physio_core.types import FloatArray, Skeleton

HRI_JOINTS = (*OPENPOSE_18.joints[:14], "left_eye", "right_eye", "left_ear", "right_ear")
"""The joints of hri_msgs/Skeleton2D, by index."""

_ORDER = np.array([OPENPOSE_18.index(joint) for joint in HRI_JOINTS], dtype=np.intp)


def hri_points(skeleton: Skeleton) -> FloatArray:
    """The joints as hri_msgs/Skeleton2D wants them (18, 3): x, y [0..1] and confidence; outside the image it is 0.

    Args:
        skeleton: tracked.

    Raises:
        SkeletonError: it has no such joints.
    """
    skeleton = skeleton_in(skeleton, OPENPOSE_18)
    places = skeleton.points[_ORDER, :2]
    inside = np.all((places >= 0.0) & (places <= 1.0), axis=1)
    sure = np.where(inside, np.clip(skeleton.confidence[_ORDER], 0.0, 1.0), 0.0)
    return np.column_stack([np.clip(np.nan_to_num(places), 0.0, 1.0), sure]).astype(np.float32)


def hri_box(skeleton: Skeleton) -> FloatArray:
    """The box around the joints that are seen (5,): left, top, right, bottom [0..1] and mean confidence; zeros: none seen."""
    joints = hri_points(skeleton)
    seen = joints[joints[:, 2] >= VISIBLE]
    if not len(seen):
        return np.zeros(5, np.float32)
    return np.array([*seen[:, :2].min(axis=0), *seen[:, :2].max(axis=0), seen[:, 2].mean()], np.float32)


def bones_in_space(skeleton: Skeleton, distance_m: float, hfov_rad: float) -> FloatArray:
    """Both ends of each bone that is seen (B, 2, 3) [m], in the camera's optical frame (REP-103).

    One camera does not tell how far away someone is, so the hips are drawn at a given distance, and the rest around them.

    Args:
        skeleton: tracked.
        distance_m: from the lens to the hips.
        hfov_rad: the camera's horizontal angle of view.
    """
    layout = layout_named(skeleton.layout)
    width_m = 2.0 * distance_m * math.tan(hfov_rad / 2.0)
    height_m = width_m * skeleton.height_px / max(skeleton.width_px, 1)
    depth_m = distance_m + np.nan_to_num(skeleton.points[:, 2]) * width_m
    scale = np.array([width_m, height_m]) * (depth_m / distance_m)[:, None]
    space = np.column_stack([(skeleton.points[:, :2] - 0.5) * scale, depth_m])
    bones = layout.edge_indices
    return np.asarray(space[bones[np.all(skeleton.confidence[bones] >= VISIBLE, axis=1)]], np.float32)
