"""Every joint layout in one table, so that indices, edges and mirror partners are never typed twice.

``openpose_18`` is the order of REP-155 and of ST-GCN; ``blazepose_33`` is what MediaPipe Pose gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.errors import ConfigError
from physio_core.types import FloatArray


@dataclass(frozen=True)
class Layout:
    """A joint order.

    Attributes:
        name: as used in messages and model cards.
        joints: names by index; left and right are the person's own.
        edges: bones as (joint, joint) names.
        centre: the joint that the spatial partition of a graph network is measured from.
    """

    name: str
    joints: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    centre: str

    def index(self, joint: str) -> int:
        """Index of a joint.

        Raises:
            ConfigError: the layout has no such joint.
        """
        try:
            return self.joints.index(joint)
        except ValueError:
            raise ConfigError(f"layout {self.name} has no joint {joint!r}; it has: {', '.join(self.joints)}") from None

    @property
    def edge_indices(self) -> npt.NDArray[np.intp]:
        """Bones as indices (E, 2)."""
        return np.array([[self.index(a), self.index(b)] for a, b in self.edges], dtype=np.intp)

    @property
    def mirror(self) -> npt.NDArray[np.intp]:
        """Index of each joint's left-right partner (V,); a joint on the middle line is its own partner."""
        return np.array([self.index(_other_side(joint)) for joint in self.joints], dtype=np.intp)


def _other_side(joint: str) -> str:
    if joint.startswith("left_"):
        return "right_" + joint.removeprefix("left_")
    if joint.startswith("right_"):
        return "left_" + joint.removeprefix("right_")
    return joint


def _both_sides(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Repeat bones, written for the left side, on the right."""
    return pairs + tuple((_other_side(a), _other_side(b)) for a, b in pairs)


OPENPOSE_18 = Layout(
    name="openpose_18",
    joints=(
        "nose", "neck",
        "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
        "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        "right_eye", "left_eye", "right_ear", "left_ear",
    ),
    edges=(("nose", "neck"),)
    + _both_sides(
        ("neck", "left_shoulder"), ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
        ("neck", "left_hip"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
        ("nose", "left_eye"), ("left_eye", "left_ear"),
    ),
    centre="neck",
)  # fmt: skip

BLAZEPOSE_33 = Layout(
    name="blazepose_33",
    joints=(
        "nose",
        "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
        "left_ear", "right_ear", "left_mouth", "right_mouth",
        "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
        "left_pinky", "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb",
        "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
        "left_heel", "right_heel", "left_foot_index", "right_foot_index",
    ),
    edges=(("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"), ("left_mouth", "right_mouth"))
    + _both_sides(
        ("nose", "left_eye_inner"), ("left_eye_inner", "left_eye"), ("left_eye", "left_eye_outer"),
        ("left_eye_outer", "left_ear"),
        ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"), ("left_wrist", "left_pinky"),
        ("left_wrist", "left_index"), ("left_wrist", "left_thumb"), ("left_shoulder", "left_hip"), ("left_hip", "left_knee"),
        ("left_knee", "left_ankle"), ("left_ankle", "left_heel"), ("left_heel", "left_foot_index"),
    ),
    centre="nose",
)  # fmt: skip

LAYOUTS = {layout.name: layout for layout in (OPENPOSE_18, BLAZEPOSE_33)}


def layout_named(name: str) -> Layout:
    """The layout of that name.

    Raises:
        ConfigError: no layout has it.
    """
    if name not in LAYOUTS:
        raise ConfigError(f"unknown skeleton layout {name!r}; known: {', '.join(LAYOUTS)}")
    return LAYOUTS[name]


def convert(points: FloatArray, confidence: FloatArray, source: Layout, target: Layout) -> tuple[FloatArray, FloatArray]:
    """Reorder joints from one layout into another.

    A joint that the source lacks is the middle of its two sides (neck from the shoulders) with the lower of their
    confidences, or else (0, 0, 0) with confidence 0.

    Args:
        points: (..., V, 3) in ``source`` order.
        confidence: (..., V).
        source: layout of the input.
        target: layout of the result.

    Returns:
        points (..., W, 3) and confidence (..., W) in ``target`` order.
    """
    out = np.zeros((*points.shape[:-2], len(target.joints), 3), points.dtype)
    sure = np.zeros((*confidence.shape[:-1], len(target.joints)), confidence.dtype)
    middles = {"neck": ("left_shoulder", "right_shoulder")}
    for index, joint in enumerate(target.joints):
        if joint in source.joints:
            out[..., index, :] = points[..., source.index(joint), :]
            sure[..., index] = confidence[..., source.index(joint)]
        elif joint in middles:
            left, right = (source.index(side) for side in middles[joint])
            out[..., index, :] = (points[..., left, :] + points[..., right, :]) / 2
            sure[..., index] = np.minimum(confidence[..., left], confidence[..., right])
    return out, sure
