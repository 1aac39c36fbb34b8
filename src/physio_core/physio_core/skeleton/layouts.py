"""Every joint layout in one table, so that indices, edges and mirror partners are never typed twice.

A joint's name means a place on the body, the same in every layout; :mod:`physio_core.skeleton.remapping` relies on it. Where a
vendor uses one word for different places (Kinect v2's "neck" lies above the shoulders, OpenPose's between them), ours differ.

``openpose_18`` is OpenPose's order of COCO's joints, which ST-GCN uses too (hri_msgs, REP-155's messages, differ in the face:
:mod:`physio_core.skeleton.sharing`); ``blazepose_33`` is what MediaPipe Pose gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.errors import ConfigError, SkeletonError


@dataclass(frozen=True)
class Layout:
    """A joint order.

    Attributes:
        name: as used in messages and model cards.
        joints: names by index; left and right are the person's own.
        edges: bones as (joint, joint) names.
        centre: the joint that the spatial partition of a graph network is measured from.
        depth: of a depth camera, which gives metres; not of images.
    """

    name: str
    joints: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    centre: str
    depth: bool = False

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
        """Index of each joint's left-right partner (V,); a joint on the middle line, or of one hand, is its own partner."""
        return np.array([self.index(other_side(joint)) for joint in self.joints], dtype=np.intp)


def other_side(joint: str) -> str:
    """A joint's left-right partner: ``right_knee`` for ``left_knee``; one without a side is its own."""
    if joint.startswith("left_"):
        return "right_" + joint.removeprefix("left_")
    if joint.startswith("right_"):
        return "left_" + joint.removeprefix("right_")
    return joint


def sideless(joint: str) -> str:
    """A joint's name without its side: ``knee`` for both."""
    return joint.removeprefix("left_").removeprefix("right_")


def _both_sides(*pairs: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Repeat bones, written for the left side, on the right."""
    return pairs + tuple((other_side(a), other_side(b)) for a, b in pairs)


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

BODY_25 = Layout(
    name="body_25",
    joints=(
        "nose", "neck",
        "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
        "spine_base", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        "right_eye", "left_eye", "right_ear", "left_ear",
        "left_foot_index", "left_small_toe", "left_heel", "right_foot_index", "right_small_toe", "right_heel",
    ),
    edges=(("nose", "neck"), ("neck", "spine_base"))
    + _both_sides(
        ("neck", "left_shoulder"), ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
        ("spine_base", "left_hip"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"), ("left_ankle", "left_heel"),
        ("left_ankle", "left_foot_index"), ("left_foot_index", "left_small_toe"),
        ("nose", "left_eye"), ("left_eye", "left_ear"),
    ),
    centre="neck",
)  # fmt: skip
"""OpenPose's default since 2018: MidHip is ``spine_base``, a big toe ``foot_index``."""

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

COCO_17 = Layout(
    name="coco_17",
    joints=(
        "nose", "left_eye", "right_eye", "left_ear", "right_ear",
        "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
        "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    ),
    # Without a neck the shoulders hang from the nose, as in PYSKL, so that the graph is in one piece.
    edges=_both_sides(
        ("nose", "left_eye"), ("left_eye", "left_ear"), ("nose", "left_shoulder"), ("left_shoulder", "left_elbow"),
        ("left_elbow", "left_wrist"), ("left_shoulder", "left_hip"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
    ),
    centre="nose",
)  # fmt: skip

_ARMS_AND_LEGS = (
    ("spine_shoulder", "left_shoulder"), ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
    ("spine_base", "left_hip"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"), ("left_ankle", "left_foot"),
)  # fmt: skip

KINECT_25 = Layout(
    name="kinect_25",
    joints=(
        "spine_base", "spine_mid", "upper_neck", "head",
        "left_shoulder", "left_elbow", "left_wrist", "left_hand", "right_shoulder", "right_elbow", "right_wrist", "right_hand",
        "left_hip", "left_knee", "left_ankle", "left_foot", "right_hip", "right_knee", "right_ankle", "right_foot",
        "spine_shoulder", "left_hand_tip", "left_thumb", "right_hand_tip", "right_thumb",
    ),
    edges=(
        ("spine_base", "spine_mid"), ("spine_mid", "spine_shoulder"), ("spine_shoulder", "upper_neck"), ("upper_neck", "head"),
    ) + _both_sides(
        *_ARMS_AND_LEGS, ("left_wrist", "left_hand"), ("left_hand", "left_hand_tip"), ("left_wrist", "left_thumb"),
    ),
    centre="spine_shoulder",
    depth=True,
)  # fmt: skip
"""Kinect v2, and NTU RGB+D: SpineBase, SpineMid, Neck, Head, ShoulderLeft .."""

KINECT_22 = Layout(
    name="kinect_22",
    joints=(
        "spine_base", "spine_mid", "spine_shoulder", "neck", "head_base", "head_top",
        "left_collar", "left_shoulder", "left_elbow", "left_wrist",
        "right_collar", "right_shoulder", "right_elbow", "right_wrist",
        "left_hip", "left_knee", "left_ankle", "left_foot", "right_hip", "right_knee", "right_ankle", "right_foot",
    ),
    edges=(
        ("spine_base", "spine_mid"), ("spine_mid", "spine_shoulder"), ("spine_shoulder", "neck"), ("neck", "head_base"),
        ("head_base", "head_top"),
    ) + _both_sides(("spine_shoulder", "left_collar"), ("left_collar", "left_shoulder"), *_ARMS_AND_LEGS[1:]),
    centre="spine_shoulder",
    depth=True,
)  # fmt: skip
"""UI-PRMD: Waist, Spine, Chest, Neck, Head, HeadTip, LCollar, LUpperArm .. A limb's position is where it begins: an upper
arm's is the shoulder, a hand's the wrist. Head is at the chin's height, so it is called ``head_base``."""

KINECT_20 = Layout(
    name="kinect_20",
    joints=(
        "head", "spine_shoulder", "spine_mid", "spine_base",
        "left_shoulder", "left_elbow", "left_wrist", "left_hand", "right_shoulder", "right_elbow", "right_wrist", "right_hand",
        "left_hip", "left_knee", "left_ankle", "left_foot", "right_hip", "right_knee", "right_ankle", "right_foot",
    ),
    edges=(("spine_base", "spine_mid"), ("spine_mid", "spine_shoulder"), ("spine_shoulder", "head"))
    + _both_sides(*_ARMS_AND_LEGS, ("left_wrist", "left_hand")),
    centre="spine_shoulder",
    depth=True,
)  # fmt: skip
"""Kinect v1 in the order of UTD-MHAD."""

PENN_13 = Layout(
    name="penn_13",
    joints=(
        "head",
        "right_shoulder", "left_shoulder", "right_elbow", "left_elbow", "right_wrist", "left_wrist",
        "right_hip", "left_hip", "right_knee", "left_knee", "right_ankle", "left_ankle",
    ),
    edges=_both_sides(
        ("head", "left_shoulder"), ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
        ("left_shoulder", "left_hip"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
    ) + (("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")),
    centre="head",
)  # fmt: skip
"""Penn Action. Its own notes call joint 1 left; but it lies at the smaller x in 87 % of the front views and at the larger in
79 % of the back views (a test counts them), so it is the person's right."""

_FINGERS = ("index", "middle", "ring", "pinky")

HAND_21 = Layout(
    name="hand_21",
    joints=("wrist", "thumb_cmc", "thumb_mcp", "thumb_ip", "thumb_tip")
    + tuple(f"{finger}_{part}" for finger in _FINGERS for part in ("mcp", "pip", "dip", "tip")),
    edges=(
        ("wrist", "thumb_cmc"), ("thumb_cmc", "thumb_mcp"), ("thumb_mcp", "thumb_ip"), ("thumb_ip", "thumb_tip"),
        ("wrist", "index_mcp"), ("index_mcp", "middle_mcp"), ("middle_mcp", "ring_mcp"), ("ring_mcp", "pinky_mcp"),
        ("wrist", "pinky_mcp"),
    ) + tuple(
        (f"{finger}_{a}", f"{finger}_{b}") for finger in _FINGERS for a, b in (("mcp", "pip"), ("pip", "dip"), ("dip", "tip"))
    ),
    centre="wrist",
)  # fmt: skip
"""One hand as MediaPipe Hands gives it."""

LAYOUTS = {
    layout.name: layout
    for layout in (OPENPOSE_18, BODY_25, COCO_17, BLAZEPOSE_33, KINECT_25, KINECT_22, KINECT_20, PENN_13, HAND_21)
}


def layout_named(name: str) -> Layout:
    """The layout of that name.

    Raises:
        ConfigError: no layout has it.
    """
    if name not in LAYOUTS:
        raise ConfigError(f"unknown skeleton layout {name!r}; known: {', '.join(LAYOUTS)}")
    return LAYOUTS[name]


def layout_with(joints: int, what: object = "skeletons", image: bool = True) -> Layout:
    """The layout of so many joints, since formats of the field store no name.

    Args:
        joints: how many.
        what: where they are, for the message.
        image: whether they lie in an image; decides between the two of 25 joints, OpenPose's and the depth camera Kinect's.

    Raises:
        SkeletonError: no layout has.
    """
    fitting = [layout for layout in LAYOUTS.values() if len(layout.joints) == joints]
    if fitting:
        return next((layout for layout in fitting if layout.depth != image), fitting[0])
    known = ", ".join(f"{len(layout.joints)} ({layout.name})" for layout in LAYOUTS.values())
    raise SkeletonError(f"{what}: no skeleton layout has {joints} joints; known: {known}")


def bones_outward(layout: Layout) -> list[tuple[int, int]]:
    """(joint, parent) of every bone once, from the centre outwards; parts that hang together with nothing else come after."""
    edges = layout.edge_indices.tolist()
    found: list[int] = []
    pairs: list[tuple[int, int]] = []
    for root in (layout.index(layout.centre), *range(len(layout.joints))):
        if root in found:
            continue
        found.append(root)
        for parent in (front := [root]):
            for joint in [b if a == parent else a for a, b in edges if parent in (a, b)]:
                if joint not in found:
                    found.append(joint)
                    front.append(joint)
                    pairs.append((joint, parent))
    return pairs
