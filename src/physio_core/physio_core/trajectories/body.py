"""Where a person's hand is, as seen from her shoulder by one camera that she faces: joints of an image as places of a path.

Joints lie on the lines along which they are seen; how far the hand is ahead of the shoulder no single camera tells well (an
estimator's guess wanders by a third of such a circle). So it is taken to be as far ahead as the star that it is to light: a hand
that comes towards the camera looks larger, and higher where the camera is low. What needs a measured depth is not judged
(``depth`` in ``config/trajectories/score.yaml``). Where nobody knows what is drawn, the
arm's own lengths tell it (:mod:`physio_core.trajectories.lift`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import Layout, layout_named
from physio_core.skeleton.remapping import remap
from physio_core.skeleton.stream import JointFrame, to_isotropic
from physio_core.trajectories.alignment import align
from physio_core.trajectories.lift import ARM_TRUNKS, arm_bones, load_lift
from physio_core.trajectories.sight import image_of, sight_lines
from physio_core.trajectories.trajectory import MIRROR, Side, Trajectory
from physio_core.types import FloatArray, Skeleton

TRUNK_M = 0.5
"""From hips to shoulders of everybody [m]: people differ by a tenth, an estimator's guess of their size by three."""
SETTLE_S = 1.0
"""Time constant with which the size of the body in the image is followed [s]."""
ARM_PER_TRUNK = (1.0, 1.35)
"""Length of an arm to the wrist over that of the trunk; what is seen outside is foreshortened or not this person's arm."""
_ALIGNED = 100
_TRUNK = Layout("trunk", ("neck", "spine_base", "left_shoulder", "right_shoulder"), (), "neck")


@dataclass(frozen=True)
class ArmPlace:
    """An arm at one moment, from its shoulder: x forward, y left, z up [m].

    Attributes:
        stamp_s: [s].
        hand_m: (3,) the wrist.
        arm_m: length of the arm as it is seen [m].
    """

    stamp_s: float
    hand_m: FloatArray
    arm_m: float


@dataclass(frozen=True)
class _Seen:
    """Along which shoulder, elbow and wrist (3, 3) are seen; length of the trunk where it is one away; 1 facing it, else -1."""

    arm: FloatArray
    trunk: float
    facing: float


class ArmReader:
    """Reads one arm of one person, frame by frame."""

    def __init__(self, layout: Layout, side: Side, tilt_rad: float) -> None:
        """Prepare for joints in this order, seen by a camera that looks up so far [rad]."""
        arm = tuple(f"{side}_{joint}" for joint in ("shoulder", "elbow", "wrist"))
        self._wanted = Layout("arm", (*_TRUNK.joints, *arm[1:]), (), "neck")
        self._arm = tuple(self._wanted.index(joint) for joint in arm)
        self._side = side
        self._layout, self._tilt_rad = layout, tilt_rad
        self.reset()

    def reset(self) -> None:
        """Forget how far away the person is, as when someone else comes into view."""
        self._away_m, self._stamp_s = math.nan, math.nan

    def read(self, frame: JointFrame, aspect: float, ahead_m: float) -> ArmPlace | None:
        """The arm in a frame; None: it is not seen.

        Args:
            frame: of the stream.
            aspect: width of the image over its height.
            ahead_m: how far the hand is taken to be ahead of the shoulder [m].
        """
        seen = self._seen(frame, aspect)
        if seen is None:
            return None
        hand = seen.arm[2] * (self._away_m - min(ahead_m, 0.9 * self._away_m)) - seen.arm[0] * self._away_m
        bones = np.diff(seen.arm, axis=0) * self._away_m
        least, most = (share * self._away_m * seen.trunk for share in ARM_PER_TRUNK)
        place_m = np.array([ahead_m, seen.facing * hand[1], hand[2]])
        return ArmPlace(frame.stamp_s, place_m, float(np.clip(np.linalg.norm(bones, axis=1).sum(), least, most)))

    def read_unaided(self, frame: JointFrame, aspect: float) -> ArmPlace | None:
        """The arm in a frame where nobody knows what it draws; None: it is not seen.

        Args:
            frame: of the stream.
            aspect: width of the image over its height.
        """
        bones = self.bones(frame, aspect)
        if bones is None:
            return None
        arm_m = ARM_TRUNKS * TRUNK_M
        place = load_lift().place(bones) * arm_m
        return ArmPlace(frame.stamp_s, place if self._side == "left" else place * MIRROR, arm_m)

    def bones(self, frame: JointFrame, aspect: float) -> FloatArray | None:
        """(2, 3) upper arm and forearm: forward, left and up, as a left arm's [trunks]; None: not seen."""
        seen = self._seen(frame, aspect)
        if seen is None:
            return None
        outward = seen.facing if self._side == "left" else -seen.facing
        return arm_bones(seen.arm, self._away_m / TRUNK_M) * (-1.0, outward, 1.0)

    def _seen(self, frame: JointFrame, aspect: float) -> _Seen | None:
        at, sure = remap(frame.points[None].astype(float), frame.confidence[None], self._layout, self._wanted)
        joints = at[0]
        if not (np.isfinite(joints).all() and (sure[0] >= VISIBLE).all()):
            return None
        lines = sight_lines(joints - (aspect / 2.0, 0.5), self._tilt_rad)
        seen = _Seen(lines[list(self._arm)], _trunk(lines), _facing(joints))
        self._follow(TRUNK_M / seen.trunk, frame.stamp_s)
        return seen

    def _follow(self, away_m: float, stamp_s: float) -> None:
        passed_s = stamp_s - self._stamp_s
        share = 1.0 - math.exp(-passed_s / SETTLE_S) if passed_s >= 0.0 else 1.0
        self._away_m = away_m if math.isnan(self._away_m) else (1.0 - share) * self._away_m + share * away_m
        self._stamp_s = stamp_s


@dataclass(frozen=True)
class Viewpoint:
    """From where one camera sees an arm.

    Attributes:
        shoulder: (2,) of it, from the middle of the image, right and down [image heights].
        shoulder_m: (3,) of it, away from the camera, right and up.
        scale_m: length that one image height is at the body's distance [m].
        facing: 1 where the person looks to the camera, -1 where away from it.
        tilt_rad: how far the camera looks up.
    """

    shoulder: FloatArray
    shoulder_m: FloatArray
    scale_m: float
    facing: float
    tilt_rad: float

    def image_of(self, places_m: FloatArray) -> FloatArray:
        """(n, 2) where places (n, 3) of a path are seen, from the middle of the image, right and down [image heights]."""
        ahead_m = np.minimum(places_m[:, 0], 0.9 * self.shoulder_m[0])
        places = self.shoulder_m + np.column_stack([-ahead_m, self.facing * places_m[:, 1], places_m[:, 2]])
        return image_of(places, self.tilt_rad)


def viewpoint(skeleton: Skeleton, side: Side, tilt_rad: float) -> Viewpoint | None:
    """From where an image was taken, by a camera that looks up so far [rad]; None: shoulders or hips are not seen."""
    layout = layout_named(skeleton.layout)
    if not skeleton.tracked or len(skeleton.points) != len(layout.joints) or not skeleton.height_px:
        return None
    points = to_isotropic(skeleton.points, skeleton.width_px, skeleton.height_px).astype(float)
    at, sure = remap(points[None], skeleton.confidence[None].astype(float), layout, _TRUNK)
    joints = at[0] - (skeleton.width_px / skeleton.height_px / 2.0, 0.5)
    if not (np.isfinite(joints).all() and (sure[0] >= VISIBLE).all()):
        return None
    lines, shoulder = sight_lines(joints, tilt_rad), 2 if side == "left" else 3
    scale_m = TRUNK_M / max(float(np.linalg.norm(joints[0] - joints[1])), 1e-6)
    shoulder_m = lines[shoulder] * (TRUNK_M / _trunk(lines))
    return Viewpoint(joints[shoulder], shoulder_m, scale_m, _facing(joints), tilt_rad)


def _trunk(lines: FloatArray) -> float:
    """How far apart neck and hips, the first two of lines (n, 3), are where they are one away."""
    return max(float(np.linalg.norm(lines[0] - lines[1])), 1e-6)


def _facing(joints: FloatArray) -> float:
    """1 where joints in the order of the trunk face the camera, -1 where they turn their back to it."""
    return 1.0 if joints[2, 0] >= joints[3, 0] else -1.0


def deepened(path: Trajectory, wanted: Trajectory) -> Trajectory:
    """A path that one camera saw, as far ahead at each point as the path that was asked for is where it was drawn."""
    drawn, meant = path.by_length(_ALIGNED), wanted.by_length(_ALIGNED).positions_m
    pairs = align(drawn.positions_m[:, 1:], meant[:, 1:]).pairs
    ahead = np.array([meant[pairs[pairs[:, 0] == index, 1], 0].mean() for index in range(_ALIGNED)])
    places = np.column_stack([ahead, drawn.positions_m[:, 1:]])
    return Trajectory(drawn.stamps_s, places, side=path.side)
