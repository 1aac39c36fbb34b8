"""Forward kinematics of a human: from lengths and joint angles to points in space.

The screen's figure, the simulated patient and synthetic training all draw the same body, so that what the coach shows, sees
in simulation and learns from never diverges.

Axes as in REP-103: the person stands on the floor z = 0, faces +x, has the left side at +y and the head at +z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from physio_core.errors import InputError
from physio_core.params import Parameters, param
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray

_SIDE_ANGLES = (
    "clavicle_elevation", "shoulder_flexion", "shoulder_abduction", "shoulder_rotation", "elbow_flexion", "wrist_flexion",
    "hip_flexion", "hip_abduction", "hip_rotation", "knee_flexion", "ankle_flexion", "ankle_roll",
)  # fmt: skip
_MIDDLE_ANGLES = ("spine_flexion", "spine_side", "spine_twist", "neck_flexion", "neck_side", "neck_twist")

JOINT_ANGLES: tuple[str, ...] = (
    _MIDDLE_ANGLES + tuple(f"left_{name}" for name in _SIDE_ANGLES) + tuple(f"right_{name}" for name in _SIDE_ANGLES)
)
"""Degrees of freedom [rad], all 0 when standing upright with the arms hanging.

Flexion moves spine and neck forward, arm and thigh forward, forearm and shank together, toes up. Abduction moves away from
the midline; ``shoulder_rotation`` is positive inwards, ``hip_rotation`` outwards; side and twist are positive to the left.
"""

BODY_JOINTS: tuple[str, ...] = OPENPOSE_18.joints + (
    "pelvis", "waist", "chest", "head", "head_top",
    "left_hand", "right_hand", "left_heel", "right_heel", "left_toe", "right_toe",
)  # fmt: skip
"""Points that :func:`positions` gives, in this order; left and right are the person's own."""


@dataclass(frozen=True)
class BodyShape(Parameters):
    """Lengths of one person: height and factors on the mean proportions of Drillis and Contini (1966)."""

    height_m: float = param(1.72, "Standing height.", unit="m", low=1.0, high=2.2)
    leg: float = param(1.0, "Leg length against the mean; the trunk makes up for it.", low=0.85, high=1.15)
    arm: float = param(1.0, "Arm length against the mean.", low=0.85, high=1.15)
    shoulder: float = param(1.0, "Shoulder width against the mean.", low=0.75, high=1.3)
    hip: float = param(1.0, "Hip width against the mean.", low=0.75, high=1.4)
    head: float = param(1.0, "Head size against the mean.", low=0.85, high=1.2)
    girth: float = param(1.0, "Thickness of trunk and limbs against the mean.", low=0.7, high=1.6)

    @staticmethod
    def random(rng: np.random.Generator) -> BodyShape:
        """A random adult, with about the variation of adults."""

        def factor(spread: float) -> float:
            return float(1.0 + spread * np.clip(rng.normal(), -2.5, 2.5))

        return BodyShape(
            height_m=float(np.clip(rng.normal(1.70, 0.10), 1.45, 2.02)),
            leg=factor(0.025), arm=factor(0.03), shoulder=factor(0.07), hip=factor(0.09), head=factor(0.04), girth=factor(0.12),
        )  # fmt: skip

    @property
    def thigh_m(self) -> float:
        """Hip joint to knee joint [m]."""
        return 0.245 * self.height_m * self.leg

    @property
    def shank_m(self) -> float:
        """Knee joint to ankle joint [m]."""
        return 0.246 * self.height_m * self.leg

    @property
    def ankle_m(self) -> float:
        """Height of the ankle joint above the sole [m]."""
        return 0.039 * self.height_m

    @property
    def hip_height_m(self) -> float:
        """Height of the hip joints, standing straight [m]."""
        return self.thigh_m + self.shank_m + self.ankle_m

    @property
    def trunk_m(self) -> float:
        """Middle of the hips to the middle of the shoulders [m]."""
        return 0.818 * self.height_m - self.hip_height_m

    @property
    def upper_arm_m(self) -> float:
        """Shoulder joint to elbow [m]."""
        return 0.172 * self.height_m * self.arm

    @property
    def forearm_m(self) -> float:
        """Elbow to wrist [m]."""
        return 0.150 * self.height_m * self.arm

    @property
    def arm_m(self) -> float:
        """Shoulder to wrist [m]."""
        return self.upper_arm_m + self.forearm_m

    @property
    def hand_m(self) -> float:
        """Wrist to the knuckles [m]."""
        return 0.055 * self.height_m

    @property
    def half_shoulders_m(self) -> float:
        """Middle line to shoulder joint [m]."""
        return 0.107 * self.height_m * self.shoulder

    @property
    def half_hips_m(self) -> float:
        """Middle line to hip joint [m]."""
        return 0.055 * self.height_m * self.hip

    @property
    def toe_m(self) -> float:
        """Ankle joint to the tip of the toes, along the sole [m]."""
        return 0.105 * self.height_m

    @property
    def heel_m(self) -> float:
        """Ankle joint back to the heel, along the sole [m]."""
        return 0.035 * self.height_m


@dataclass(frozen=True)
class Motion:
    """A body over time.

    Attributes:
        angles_rad: (T, D) in the order of :data:`JOINT_ANGLES`.
        root_m: (T, 3) middle of the hips.
        root_rad: (T, 3) roll, pitch (forwards positive), yaw of the pelvis; turned in the order yaw, pitch, roll.

    Raises:
        InputError: the shapes disagree.
    """

    angles_rad: FloatArray
    root_m: FloatArray
    root_rad: FloatArray

    def __post_init__(self) -> None:
        """Refuse arrays that disagree."""
        count = len(self.angles_rad)
        shapes = (self.angles_rad.shape, self.root_m.shape, self.root_rad.shape)
        if shapes != ((count, len(JOINT_ANGLES)), (count, 3), (count, 3)):
            raise InputError(f"motion of shapes {shapes}; need (T, {len(JOINT_ANGLES)}), (T, 3), (T, 3)")

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.angles_rad)

    def __getitem__(self, frames: slice | FloatArray) -> Motion:
        """A part of the frames."""
        return Motion(self.angles_rad[frames], self.root_m[frames], self.root_rad[frames])

    def angle(self, name: str) -> FloatArray:
        """One degree of freedom over time (T,) [rad]."""
        return self.angles_rad[:, JOINT_ANGLES.index(name)]

    def placed(self, x_m: float = 0.0, y_m: float = 0.0, yaw_rad: float = 0.0) -> Motion:
        """The same motion elsewhere: turned about the vertical through the origin, then moved."""
        turned = apply(root_rotation(np.array([[0.0, 0.0, yaw_rad]])), self.root_m)
        return replace(self, root_m=turned + [x_m, y_m, 0.0], root_rad=self.root_rad + [0.0, 0.0, yaw_rad])


def joined(parts: Sequence[Motion]) -> Motion:
    """Motions one after the other."""
    return Motion(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("angles_rad", "root_m", "root_rad")))


@dataclass(frozen=True)
class Segment:
    """A part of the visible body between two joints, for drawing the body solid.

    Attributes:
        name: unique.
        joint_a: one end; the centre where ``ellipsoid``.
        joint_b: other end; the tip where ``ellipsoid``.
        radius_m: across, for a person 1.72 m tall; times :func:`girth_of` for others.
        part: colour group: skin, shirt, trousers, shoes or hair.
        ellipsoid: an ellipsoid about ``joint_a`` instead of a capsule from a to b.
    """

    name: str
    joint_a: str
    joint_b: str
    radius_m: float
    part: str
    ellipsoid: bool = False


def _pair(name: str, joint_a: str, joint_b: str, radius_m: float, part: str) -> tuple[Segment, Segment]:
    left, right = (
        Segment(f"{side}_{name}", f"{side}_{joint_a}", f"{side}_{joint_b}", radius_m, part) for side in ("left", "right")
    )
    return left, right


BONES: tuple[Segment, ...] = (
    Segment("head", "head", "head_top", 0.079, "skin", ellipsoid=True),
    Segment("throat", "neck", "head", 0.052, "skin"),
    Segment("shoulders", "left_shoulder", "right_shoulder", 0.062, "shirt"),
    Segment("breast", "chest", "neck", 0.100, "shirt"),
    Segment("belly", "waist", "chest", 0.118, "shirt"),
    Segment("seat", "left_hip", "right_hip", 0.092, "trousers"),
    Segment("loin", "pelvis", "waist", 0.112, "trousers"),
    *_pair("flank", "shoulder", "hip", 0.070, "shirt"),
    *_pair("upper_arm", "shoulder", "elbow", 0.047, "shirt"),
    *_pair("forearm", "elbow", "wrist", 0.037, "skin"),
    *_pair("hand", "wrist", "hand", 0.036, "skin"),
    *_pair("thigh", "hip", "knee", 0.076, "trousers"),
    *_pair("shank", "knee", "ankle", 0.051, "trousers"),
    *_pair("foot", "heel", "toe", 0.036, "shoes"),
)
"""The body as capsules and one ellipsoid."""


def girth_of(shape: BodyShape) -> float:
    """Factor on :attr:`Segment.radius_m` for this person."""
    return shape.height_m / 1.72 * shape.girth


def rotation(flexion: FloatArray, abduction: FloatArray, turn: FloatArray) -> FloatArray:
    """Rotation matrices (T, 3, 3) of a left limb: about its own axis, then sideways, then forwards."""
    cf, sf, ca, sa, cr, sr = (f(x) for x in (flexion, abduction, turn) for f in (np.cos, np.sin))
    return _matrices(
        cf * cr - sf * sa * sr, -cf * sr - sf * sa * cr, -sf * ca,
        ca * sr, ca * cr, -sa,
        sf * cr + cf * sa * sr, -sf * sr + cf * sa * cr, cf * ca,
    )  # fmt: skip


def root_rotation(root_rad: FloatArray) -> FloatArray:
    """Rotation matrices (T, 3, 3) of roll, pitch, yaw (T, 3), fixed axes as in REP-103."""
    cx, sx, cy, sy, cz, sz = (f(root_rad[..., axis]) for axis in range(3) for f in (np.cos, np.sin))
    return _matrices(
        cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx,
        sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx,
        -sy, cy * sx, cy * cx,
    )  # fmt: skip


def _matrices(*entries: FloatArray) -> FloatArray:
    """Nine entries (T,), row by row, as matrices (T, 3, 3)."""
    stacked: FloatArray = np.stack(np.broadcast_arrays(*entries), axis=-1)
    return stacked.reshape(*stacked.shape[:-1], 3, 3)


@dataclass(frozen=True)
class Frames:
    """Where every joint is and how every part is oriented.

    Attributes:
        at: joint name to points (T, 3) [m].
        turned: part name (root, chest, head, left_shank ...) to rotation matrices (T, 3, 3).
    """

    at: dict[str, FloatArray]
    turned: dict[str, FloatArray]


def positions(shape: BodyShape, motion: Motion) -> FloatArray:
    """Points of the body (T, J, 3) [m], J in the order of :data:`BODY_JOINTS`."""
    at = frames(shape, motion).at
    return np.stack([at[joint] for joint in BODY_JOINTS], axis=1)


LIMBS = ("left_arm", "right_arm", "left_leg", "right_leg")


def frames(shape: BodyShape, motion: Motion, limbs: tuple[str, ...] = LIMBS) -> Frames:
    """Forward kinematics with the rotations kept, for inverse kinematics; an arm includes trunk and head."""
    angle = dict(zip(JOINT_ANGLES, motion.angles_rad.T, strict=True))
    out = Frames({"pelvis": motion.root_m}, {"root": root_rotation(motion.root_rad)})
    if any(limb.endswith("arm") for limb in limbs):
        _trunk(shape, angle, out)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        if f"{side}_arm" in limbs:
            _arm(shape, angle, out, side, sign)
        if f"{side}_leg" in limbs:
            _leg(shape, angle, out, side, sign)
    return out


def _trunk(shape: BodyShape, angle: dict[str, FloatArray], out: Frames) -> None:
    at, turned = out.at, out.turned
    half = rotation(-angle["spine_flexion"] / 2, -angle["spine_side"] / 2, angle["spine_twist"] / 2)
    turned["waist"] = product(turned["root"], half)
    turned["chest"] = product(turned["waist"], half)
    at["waist"] = at["pelvis"] + turned["root"][..., 2] * (0.25 * shape.trunk_m)
    at["chest"] = at["waist"] + turned["waist"][..., 2] * (0.35 * shape.trunk_m)
    at["neck"] = at["chest"] + turned["chest"][..., 2] * (0.40 * shape.trunk_m)
    bowed = rotation(-angle["neck_flexion"], -angle["neck_side"], angle["neck_twist"])
    turned["head"] = product(turned["chest"], bowed)
    size = shape.height_m * shape.head
    neck_m = 0.182 * shape.height_m - 0.066 * size
    places = {
        "head": (0.012, 0.0, 0.0), "head_top": (0.010, 0.0, 0.066), "nose": (0.067, 0.0, -0.006),
        "left_eye": (0.052, 0.019, 0.010), "right_eye": (0.052, -0.019, 0.010),
        "left_ear": (0.006, 0.043, 0.002), "right_ear": (0.006, -0.043, 0.002),
    }  # fmt: skip
    for joint, place in places.items():
        at[joint] = at["neck"] + apply(turned["head"], np.array(place) * size + [0.0, 0.0, neck_m])


def _arm(shape: BodyShape, angle: dict[str, FloatArray], out: Frames, side: str, sign: float) -> None:
    at, turned = out.at, out.turned
    raised = angle[f"{side}_clavicle_elevation"]
    across = np.stack([np.zeros_like(raised), sign * np.cos(raised), np.sin(raised)], axis=-1) * shape.half_shoulders_m
    at[f"{side}_shoulder"] = at["neck"] + apply(turned["chest"], across)
    shoulder = (angle[f"{side}_shoulder_{axis}"] for axis in ("flexion", "abduction", "rotation"))
    flexion, abduction, inward = shoulder
    turned[f"{side}_upper_arm"] = product(turned["chest"], rotation(flexion, sign * abduction, -sign * inward))
    at[f"{side}_elbow"] = at[f"{side}_shoulder"] - turned[f"{side}_upper_arm"][..., 2] * shape.upper_arm_m
    none = np.zeros_like(raised)
    turned[f"{side}_forearm"] = product(turned[f"{side}_upper_arm"], rotation(angle[f"{side}_elbow_flexion"], none, none))
    at[f"{side}_wrist"] = at[f"{side}_elbow"] - turned[f"{side}_forearm"][..., 2] * shape.forearm_m
    hand = product(turned[f"{side}_forearm"], rotation(angle[f"{side}_wrist_flexion"], none, none))
    at[f"{side}_hand"] = at[f"{side}_wrist"] - hand[..., 2] * shape.hand_m


def _leg(shape: BodyShape, angle: dict[str, FloatArray], out: Frames, side: str, sign: float) -> None:
    at, turned = out.at, out.turned
    at[f"{side}_hip"] = at["pelvis"] + turned["root"][..., 1] * (sign * shape.half_hips_m)
    flexion, abduction, outward = (angle[f"{side}_hip_{axis}"] for axis in ("flexion", "abduction", "rotation"))
    turned[f"{side}_thigh"] = product(turned["root"], rotation(flexion, sign * abduction, sign * outward))
    at[f"{side}_knee"] = at[f"{side}_hip"] - turned[f"{side}_thigh"][..., 2] * shape.thigh_m
    none = np.zeros_like(flexion)
    turned[f"{side}_shank"] = product(turned[f"{side}_thigh"], rotation(-angle[f"{side}_knee_flexion"], none, none))
    at[f"{side}_ankle"] = at[f"{side}_knee"] - turned[f"{side}_shank"][..., 2] * shape.shank_m
    tilt = rotation(angle[f"{side}_ankle_flexion"], sign * angle[f"{side}_ankle_roll"], none)
    turned[f"{side}_foot"] = product(turned[f"{side}_shank"], tilt)
    at[f"{side}_toe"] = at[f"{side}_ankle"] + apply(turned[f"{side}_foot"], np.array([shape.toe_m, 0.0, -shape.ankle_m]))
    at[f"{side}_heel"] = at[f"{side}_ankle"] + apply(turned[f"{side}_foot"], np.array([-shape.heel_m, 0.0, -shape.ankle_m]))


def product(first: FloatArray, then: FloatArray) -> FloatArray:
    """Matrix products (..., 3, 3), by plain sums.

    A BLAS may round the same product differently from call to call, by its threads and by where the numbers lie; the same
    style must give the same motion.
    """
    turned: FloatArray = (first[..., :, :, None] * then[..., None, :, :]).sum(-2)
    return turned


def apply(turned: FloatArray, vectors: FloatArray) -> FloatArray:
    """Vectors (..., 3) turned by matrices (..., 3, 3), by plain sums as in :func:`product`."""
    moved: FloatArray = (turned * vectors[..., None, :]).sum(-1)
    return moved


def mirrored(motion: Motion) -> Motion:
    """The same motion with left and right exchanged, about the plane y = 0."""
    angles = motion.angles_rad.copy()
    half = len(_SIDE_ANGLES)
    start = len(_MIDDLE_ANGLES)
    angles[:, start : start + half] = motion.angles_rad[:, start + half :]
    angles[:, start + half :] = motion.angles_rad[:, start : start + half]
    for name in ("spine_side", "spine_twist", "neck_side", "neck_twist"):
        angles[:, JOINT_ANGLES.index(name)] *= -1.0
    return Motion(angles, motion.root_m * [1.0, -1.0, 1.0], motion.root_rad * [-1.0, 1.0, -1.0])
