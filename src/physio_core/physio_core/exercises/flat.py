"""The whole body from the 18 joints that one camera saw: what is missing is guessed from how people are built."""

from __future__ import annotations

import numpy as np

from physio_core.motion.kinematics import BODY_JOINTS, BodyShape
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray

_SHAPE = BodyShape()
_STANDS_WITHIN_M = 0.25
"""A foot no higher than this above the floor keeps its toes there."""
_ARMS_AHEAD_M = 0.04


def whole_body(seen_m: FloatArray) -> FloatArray:
    """Joints (T, J, 3) in the order of :data:`BODY_JOINTS`: towards the viewer, right, up [m].

    Args:
        seen_m: (T, 18, 2) right and up [m], in ``openpose_18`` order.
    """
    at = {joint: seen_m[:, index] for index, joint in enumerate(OPENPOSE_18.joints)}
    at["pelvis"] = (at["left_hip"] + at["right_hip"]) / 2
    at["waist"] = at["pelvis"] + 0.25 * (at["neck"] - at["pelvis"])
    at["chest"] = at["pelvis"] + 0.6 * (at["neck"] - at["pelvis"])
    at["head"] = (at["left_ear"] + at["right_ear"]) / 2
    upwards = at["head"] - at["neck"]
    upwards = upwards / np.maximum(np.linalg.norm(upwards, axis=-1, keepdims=True), 1e-6)
    at["head_top"] = at["head"] + 0.066 * _SHAPE.height_m * upwards
    facing = float(np.clip((at["nose"] - at["head"])[:, 0].mean() / (0.055 * _SHAPE.height_m), -1.0, 1.0))
    for side, outwards in (("left", 1.0), ("right", -1.0)):
        forearm = at[f"{side}_wrist"] - at[f"{side}_elbow"]
        at[f"{side}_hand"] = at[f"{side}_wrist"] + forearm * (_SHAPE.hand_m / _SHAPE.forearm_m)
        _foot(at, side, facing, 0.03 * outwards * (1.0 - abs(facing)))
    towards = np.array([_towards_viewer_m(joint, facing) for joint in BODY_JOINTS])
    flat = np.stack([at[joint] for joint in BODY_JOINTS], axis=1)
    body: FloatArray = np.concatenate([np.broadcast_to(towards[None, :, None], (*flat.shape[:2], 1)), flat], axis=-1)
    return body


def _foot(at: dict[str, FloatArray], side: str, facing: float, outwards_m: float) -> None:
    """Heel under the ankle, toes ahead; near the floor they stay on it when the heel is raised."""
    ankle = at[f"{side}_ankle"]
    sole = ankle[:, 1] - _SHAPE.ankle_m
    stands = np.abs(sole) < _STANDS_WITHIN_M
    sole = np.where(stands, np.maximum(sole, 0.0), sole)
    toe = np.where(stands, 0.0, sole)
    at[f"{side}_heel"] = np.stack([ankle[:, 0] - facing * _SHAPE.heel_m, sole], axis=-1)
    at[f"{side}_toe"] = np.stack([ankle[:, 0] + facing * _SHAPE.toe_m + outwards_m, toe], axis=-1)


def _towards_viewer_m(joint: str, facing: float) -> float:
    """Who faces right shows the right side; seen from the front, arms are before the trunk."""
    side, _, part = joint.partition("_")
    half_m = _SHAPE.half_shoulders_m if part in ("shoulder", "elbow", "wrist", "hand") else _SHAPE.half_hips_m
    sign = {"left": -1.0, "right": 1.0}.get(side, 0.0)
    ahead = _ARMS_AHEAD_M if part in ("elbow", "wrist", "hand") else 0.0
    return sign * facing * half_m + ahead * (1.0 - abs(facing))
