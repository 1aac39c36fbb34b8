"""Inverse kinematics: a builder of poses that puts hands and feet where a movement needs them, by two-bone chains."""

from __future__ import annotations

import numpy as np

from physio_core.motion.kinematics import (
    JOINT_ANGLES,
    BodyShape,
    Frames,
    Motion,
    apply,
    frames,
    product,
    root_rotation,
)
from physio_core.types import FloatArray

SIDES = ("left", "right")
_MIRROR = np.array([1.0, -1.0, 1.0])


def two_bone(
    target: FloatArray, pole: FloatArray, upper_m: float, lower_m: float, bends_back: bool
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Angles of a left limb whose end reaches a target.

    Args:
        target: (T, 3) from the first joint, in its parent's frame [m]; brought into reach when too far or too near.
        pole: (T, 3) the direction in which the middle joint points.
        upper_m: length of the first bone [m].
        lower_m: length of the second bone [m].
        bends_back: True for a knee, False for an elbow.

    Returns:
        flexion, abduction, rotation about the limb's axis (matrix sense) and bend, each (T,) [rad].
    """
    far = np.linalg.norm(target, axis=-1, keepdims=True)
    along = target / np.maximum(far, 1e-9)
    reach = np.clip(far[:, 0], abs(upper_m - lower_m) + 0.12 * lower_m, 0.9995 * (upper_m + lower_m))
    across = pole - along * np.sum(pole * along, axis=-1, keepdims=True)
    across = across / np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)
    at_root = np.arccos(np.clip((upper_m**2 + reach**2 - lower_m**2) / (2 * upper_m * reach), -1, 1))[:, None]
    bend = np.pi - np.arccos(np.clip((upper_m**2 + lower_m**2 - reach**2) / (2 * upper_m * lower_m), -1, 1))
    axis_z = -(along * np.cos(at_root) + across * np.sin(at_root))
    axis_x = (across * np.cos(at_root) - along * np.sin(at_root)) * (1.0 if bends_back else -1.0)
    axis_y = np.cross(axis_z, axis_x)
    flexion, abduction, turn = decompose(np.stack([axis_x, axis_y, axis_z], axis=-1))
    return flexion, abduction, turn, bend


def decompose(turned: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Inverse of :func:`~physio_core.motion.kinematics.rotation`; flexion is in -90..270 degrees: arms go overhead smoothly."""
    abduction = np.arcsin(np.clip(-turned[..., 1, 2], -1.0, 1.0))
    flexion = np.arctan2(-turned[..., 0, 2], turned[..., 2, 2])
    return np.mod(flexion + np.pi / 2, 2 * np.pi) - np.pi / 2, abduction, np.arctan2(turned[..., 1, 0], turned[..., 1, 1])


class PoseBuilder:
    """Builds a motion: set trunk and root first, then limbs by angle or by the targets of their ends."""

    def __init__(self, shape: BodyShape, count: int) -> None:
        """Start from standing upright at the origin.

        Args:
            shape: whose body.
            count: number of frames T.
        """
        self.shape = shape
        self.count = count
        self.angles = np.zeros((count, len(JOINT_ANGLES)))
        self.root_m = np.tile([0.0, 0.0, shape.hip_height_m], (count, 1))
        self.root_rad = np.zeros((count, 3))

    @staticmethod
    def of(shape: BodyShape, motion: Motion) -> PoseBuilder:
        """Start from a motion, to change it."""
        pose = PoseBuilder(shape, len(motion))
        pose.angles[:], pose.root_m[:], pose.root_rad[:] = motion.angles_rad, motion.root_m, motion.root_rad
        return pose

    @property
    def motion(self) -> Motion:
        """What has been set so far."""
        return Motion(self.angles.copy(), self.root_m.copy(), self.root_rad.copy())

    @property
    def frames(self) -> Frames:
        """Where every joint is now."""
        return frames(self.shape, self.motion)

    def part(self, limb: str) -> Frames:
        """Where one limb is now, for speed: left_arm, left_leg ..."""
        return frames(self.shape, self.motion, (limb,))

    def set(self, side: str = "", /, **angles: FloatArray | float) -> PoseBuilder:
        """Set degrees of freedom [rad]; a name without its side sets both unless ``side`` is given."""
        for name, value in angles.items():
            full = (name,) if name in JOINT_ANGLES else tuple(f"{prefix}_{name}" for prefix in ((side,) if side else SIDES))
            for angle in full:
                self.angles[:, JOINT_ANGLES.index(angle)] = value
        return self

    def angle(self, name: str) -> FloatArray:
        """One degree of freedom so far (T,) [rad]."""
        return self.angles[:, JOINT_ANGLES.index(name)]

    def lean(self, pitch: FloatArray | float, round_back: float = 0.15, gaze: float = 0.6) -> PoseBuilder:
        """Lean the trunk forwards by ``pitch``: a share by rounding the back, and the head lifted against it by ``gaze``."""
        share = np.asarray(pitch) * (1.0 - round_back)
        self.root_rad[:, 1] = share
        return self.set(spine_flexion=pitch - share, neck_flexion=-np.asarray(pitch) * gaze)

    def foot(
        self,
        side: str,
        place: FloatArray,
        yaw: FloatArray | float = 0.0,
        heel_lift: FloatArray | float = 0.0,
        pole: FloatArray | None = None,
    ) -> PoseBuilder:
        """Solve one leg so that its foot stands at a place.

        Args:
            side: left or right.
            place: (T, 3) point of the floor under the ankle of the flat foot [m].
            yaw: outward turn of the foot [rad].
            heel_lift: angle by which the heel rises about the tip of the toes [rad].
            pole: (T, 3) direction of the knee; along the foot unless given.
        """
        sign = 1.0 if side == "left" else -1.0
        none = np.zeros(self.count)
        turned = root_rotation(np.stack([none, none + heel_lift, none + sign * np.asarray(yaw)], axis=-1))
        flat = root_rotation(np.stack([none, none, none + sign * np.asarray(yaw)], axis=-1))
        toe = place + flat[..., 0] * self.shape.toe_m
        ankle = toe + apply(turned, np.array([-self.shape.toe_m, 0.0, self.shape.ankle_m]))
        return self.keep_foot(side, ankle, turned, flat[..., 0] if pole is None else pole)

    def keep_foot(self, side: str, ankle: FloatArray, turned: FloatArray, pole: FloatArray) -> PoseBuilder:
        """Solve one leg: ankle there (T, 3) [m], foot turned so (T, 3, 3), knee along ``pole`` (T, 3)."""
        sign = 1.0 if side == "left" else -1.0
        self.ankle(side, ankle, pole)
        shank = self.part(f"{side}_leg").turned[f"{side}_shank"]
        flexion, roll, _ = decompose(product(np.swapaxes(shank, -1, -2), turned))
        return self.set(side, ankle_flexion=np.clip(flexion, -1.0, 0.9), ankle_roll=np.clip(sign * roll, -0.75, 0.75))

    def ankle(self, side: str, target: FloatArray, pole: FloatArray) -> PoseBuilder:
        """Solve hip and knee so that the ankle is at ``target`` (T, 3) [m] and the knee points along ``pole`` (T, 3)."""
        sign = np.ones(3) if side == "left" else _MIRROR
        root = root_rotation(self.root_rad)
        back = np.swapaxes(root, -1, -2)
        hip = self.root_m + root[..., 1] * (sign[1] * self.shape.half_hips_m)
        flexion, abduction, turn, bend = two_bone(
            apply(back, target - hip) * sign, apply(back, pole) * sign, self.shape.thigh_m, self.shape.shank_m, True
        )
        return self.set(side, hip_flexion=flexion, hip_abduction=abduction, hip_rotation=turn, knee_flexion=bend)

    def wrist(self, side: str, target: FloatArray, pole: FloatArray, in_chest: bool = False) -> PoseBuilder:
        """Solve shoulder and elbow so that the wrist is at ``target`` and the elbow points along ``pole``.

        Args:
            side: left or right.
            target: (T, 3) or (3,) [m], in the world, or from the middle of the shoulders in the chest's frame.
            pole: (T, 3) or (3,) in the same frame.
            in_chest: which frame.
        """
        sign = np.ones(3) if side == "left" else _MIRROR
        now = self.part(f"{side}_arm")
        target, pole = (np.broadcast_to(np.asarray(v, float), (self.count, 3)) for v in (target, pole))
        back = np.swapaxes(now.turned["chest"], -1, -2)
        shoulder = apply(back, now.at[f"{side}_shoulder"] - now.at["neck"])
        if not in_chest:
            target, pole = apply(back, target - now.at["neck"]), apply(back, pole)
        flexion, abduction, turn, bend = two_bone(
            (target - shoulder) * sign, pole * sign, self.shape.upper_arm_m, self.shape.forearm_m, False
        )
        return self.set(side, shoulder_flexion=flexion, shoulder_abduction=abduction, shoulder_rotation=-turn, elbow_flexion=bend)

    def point_hand(self, side: str, direction: FloatArray) -> PoseBuilder:
        """Bend the wrist so that the hand points along ``direction`` (3,) in the world as well as one hinge can."""
        forearm = self.part(f"{side}_arm").turned[f"{side}_forearm"]
        local = apply(np.swapaxes(forearm, -1, -2), np.broadcast_to(direction, (self.count, 3)))
        return self.set(side, wrist_flexion=np.arctan2(local[:, 0], -local[:, 2]))

    def settle(self) -> PoseBuilder:
        """Move the body up or down until its lowest point lies on the floor."""
        at = self.frames.at
        flesh = {"toe": 0.0, "heel": 0.0, "knee": 0.03, "hand": 0.01, "elbow": 0.02, "hip": 0.05, "shoulder": 0.04}
        ends = [at[f"{side}_{joint}"][:, 2] - self.shape.height_m * deep for side in SIDES for joint, deep in flesh.items()]
        self.root_m[:, 2] -= np.min([*ends, at["head"][:, 2] - 0.05 * self.shape.height_m], axis=0)
        return self
