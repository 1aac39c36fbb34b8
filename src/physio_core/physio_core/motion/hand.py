"""Forward kinematics of one hand: from lengths and joint angles to the 21 points that hand estimators give.

The teacher's hand on the screen, the simulated patient's hand and synthetic training draw the same hand, as bodies do with
:mod:`physio_core.motion.kinematics`.

Axes of the forearm and of the palm: x from the wrist to the fingers, z out of the back of the hand, and y to the thumb of a right
hand. A left hand is a right one mirrored in y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.motion.kinematics import apply, product, root_rotation
from physio_core.params import Parameters, param
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray

FINGERS = ("index", "middle", "ring", "pinky")
DIGITS = ("thumb", *FINGERS)
SIDES = ("right", "left")

_FINGER_LIMITS_DEG = {"mcp_flexion": (-30, 90), "mcp_abduction": (-15, 20), "pip_flexion": (-5, 110), "dip_flexion": (-10, 90)}
LIMITS_DEG: dict[str, tuple[float, float]] = {
    **{f"{finger}_{name}": limits for finger in FINGERS for name, limits in _FINGER_LIMITS_DEG.items()},
    "thumb_cmc_flexion": (-30, 40), "thumb_cmc_abduction": (-5, 60), "thumb_cmc_opposition": (0, 80),
    "thumb_mcp_flexion": (-10, 60), "thumb_ip_flexion": (-20, 80),
    "wrist_flexion": (-70, 80), "wrist_deviation": (-30, 20), "wrist_rotation": (-80, 80),
}  # fmt: skip
"""Active range of each degree of freedom, lowest and highest [deg].

Wrist, forearm and thumb: AAOS, Joint Motion: Method of Measuring and Recording (1965). Flexion and abduction of the fingers: Lin,
Wu and Huang, Modeling the constraints of human hand motion (2000), with the hyperextension that AAOS adds. The thumb's base,
which AAOS measures on the skin, has instead the excursion of its saddle joint, opposition being the turn about the hand's axis.
"""

HAND_ANGLES: tuple[str, ...] = tuple(LIMITS_DEG)
"""Degrees of freedom [rad], all 0 when the hand is flat, fingers straight and side by side, the thumb half out.

Flexion moves towards the palm, abduction of a finger away from the middle finger (of the middle finger: to the thumb), abduction
of the thumb out of the plane of the palm, its flexion across the palm and its opposition around to face the fingers; deviation
is positive to the thumb, rotation positive into supination.
"""

_INDEX = {name: index for index, name in enumerate(HAND_ANGLES)}
AWAY = {"index": 1.0, "middle": 1.0, "ring": -1.0, "pinky": -1.0}
FAN_RAD = {"index": 0.07, "middle": 0.0, "ring": -0.07, "pinky": -0.15}
THUMB_YAW_RAD, THUMB_ROLL_RAD = 0.65, -1.05
"""How a resting thumb points away from the hand's axis, and how its nail is turned from the back of the hand."""

_LENGTH_MM = 182.0
_KNUCKLES_MM = {
    "thumb": (18.0, 24.0, -8.0), "index": (91.0, 25.0, 0.0), "middle": (90.0, 3.5, 2.0), "ring": (83.0, -15.5, 0.0),
    "pinky": (74.0, -32.5, -5.0),
}  # fmt: skip
_PHALANGES_MM = {
    "thumb": (46.2, 31.6, 27.3), "index": (39.8, 22.4, 19.7), "middle": (44.6, 26.3, 21.4), "ring": (41.4, 25.7, 21.3),
    "pinky": (32.7, 18.1, 19.7),
}  # fmt: skip
"""Mean lengths of the bones, the last one to the tip of the flesh: Buryanov and Kotiuk, Proportions of hand segments (2010)."""

AGES_M = {"child": (0.135, 0.012), "adolescent": (0.165, 0.009), "adult": (0.186, 0.012), "large": (0.205, 0.005)}
"""Length of hands by kind, mean and standard deviation [m]: adults as in ANSUR II, children of 5 to 9 as in Snyder (1977)."""


@dataclass(frozen=True)
class HandShape(Parameters):
    """Lengths of one hand: its length and factors on mean proportions."""

    length_m: float = param(0.186, "Wrist to the tip of the straight middle finger.", unit="m", low=0.10, high=0.23)
    width: float = param(1.0, "Width of the palm against the mean.", low=0.8, high=1.25)
    fingers: float = param(1.0, "Length of the fingers against the mean; the palm makes up for it.", low=0.85, high=1.15)
    thumb: float = param(1.0, "Length of the thumb against the mean.", low=0.85, high=1.15)
    girth: float = param(1.0, "Thickness of fingers and palm against the mean.", low=0.7, high=1.4)

    @staticmethod
    def random(rng: np.random.Generator, age: str = "adult") -> HandShape:
        """A random hand of one of :data:`AGES_M`.

        Raises:
            ConfigError: no such age.
        """
        if age not in AGES_M:
            raise ConfigError(f"no hands of age {age!r}; choose from: {', '.join(AGES_M)}")

        def factor(spread: float) -> float:
            return float(1.0 + spread * np.clip(rng.normal(), -2.5, 2.5))

        mean_m, spread_m = AGES_M[age]
        length_m = mean_m + spread_m * float(np.clip(rng.normal(), -2.5, 2.5))
        return HandShape(length_m, factor(0.05), factor(0.03), factor(0.04), factor(0.08))

    def bones_m(self, digit: str) -> tuple[FloatArray, tuple[float, float, float]]:
        """Of one digit: where it leaves the palm, from the wrist (3,), and the lengths of its three bones [m]."""
        scale = self.length_m / _LENGTH_MM
        own = self.thumb if digit == "thumb" else self.fingers
        first, second, third = (own * scale * length for length in _PHALANGES_MM[digit])
        palm = (_LENGTH_MM - self.fingers * (_LENGTH_MM - _KNUCKLES_MM["middle"][0])) / _KNUCKLES_MM["middle"][0]
        knuckle = np.array(_KNUCKLES_MM[digit]) * scale * [palm, self.width, 1.0]
        return knuckle, (first, second, third)


@dataclass(frozen=True)
class HandMotion:
    """A hand over time.

    Attributes:
        angles_rad: (T, A) in the order of :data:`HAND_ANGLES`.
        wrist_m: (T, 3) where the wrist is.
        forearm_rad: (T, 3) roll, pitch, yaw of the forearm (REP-103); all 0: fingers along x, back of the hand up.
        side: ``right`` or ``left``.

    Raises:
        InputError: the shapes disagree, or there is no such side.
    """

    angles_rad: FloatArray
    wrist_m: FloatArray
    forearm_rad: FloatArray
    side: str = "right"

    def __post_init__(self) -> None:
        """Refuse arrays that disagree."""
        count = len(self.angles_rad)
        shapes = (self.angles_rad.shape, self.wrist_m.shape, self.forearm_rad.shape)
        if shapes != ((count, len(HAND_ANGLES)), (count, 3), (count, 3)):
            raise InputError(f"hand motion of shapes {shapes}; need (T, {len(HAND_ANGLES)}), (T, 3), (T, 3)")
        if self.side not in SIDES:
            raise InputError(f"no hand at side {self.side!r}; choose from: {', '.join(SIDES)}")

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.angles_rad)

    def __getitem__(self, frames: slice | FloatArray) -> HandMotion:
        """A part of the frames."""
        return HandMotion(self.angles_rad[frames], self.wrist_m[frames], self.forearm_rad[frames], self.side)

    def angle(self, name: str) -> FloatArray:
        """One degree of freedom over time (T,) [rad]."""
        return self.angles_rad[:, _INDEX[name]]


@dataclass(frozen=True)
class HandFrames:
    """Where every joint is and how every bone is oriented.

    Attributes:
        points_m: (T, 21, 3) in the order of ``hand_21`` [m].
        turned: (T, 21, 3, 3): of the bone that begins at the joint, x along it and z out of the back; of a tip, the bone before;
            of the wrist, the palm. Of a left hand they are improper, mirrored as the hand is.
        forearm: (T, 3, 3).
    """

    points_m: FloatArray
    turned: FloatArray
    forearm: FloatArray


def hand_still(angles_deg: Mapping[str, float], side: str = "right", count: int = 1) -> HandMotion:
    """A hand that holds some angles [deg], the others 0, with the wrist at the origin.

    Raises:
        ConfigError: a name that is no angle of the hand.
        InputError: no such side.
    """
    angles_rad = np.tile(hand_angles_rad(angles_deg), (count, 1))
    return HandMotion(angles_rad, np.zeros((count, 3)), np.zeros((count, 3)), side)


def hand_angles_rad(angles_deg: Mapping[str, float]) -> FloatArray:
    """Named angles [deg] as (A,) in the order of :data:`HAND_ANGLES` [rad], the others 0.

    Raises:
        ConfigError: a name that is no angle of the hand.
    """
    if unknown := set(angles_deg) - set(HAND_ANGLES):
        raise ConfigError(f"a hand has no angle {', '.join(sorted(unknown))}; it has: {', '.join(HAND_ANGLES)}")
    return np.radians([float(angles_deg.get(name, 0.0)) for name in HAND_ANGLES])


def within_limits(angles_rad: FloatArray) -> FloatArray:
    """Angles (..., A) brought into :data:`LIMITS_DEG`."""
    low, high = np.radians(np.array(list(LIMITS_DEG.values()), float)).T
    inside: FloatArray = np.clip(angles_rad, low, high)
    return inside


def hand_positions(shape: HandShape, motion: HandMotion) -> FloatArray:
    """Points of the hand (T, 21, 3) [m] in the order of ``hand_21``."""
    return hand_frames(shape, motion).points_m


def hand_frames(shape: HandShape, motion: HandMotion) -> HandFrames:
    """Forward kinematics with the rotations kept, for drawing the hand solid."""
    count = len(motion)
    points, turned = np.zeros((count, 21, 3)), np.zeros((count, 21, 3, 3))
    pronated = _turn(motion, roll=motion.angle("wrist_rotation"))
    palm = product(pronated, _turn(motion, pitch=motion.angle("wrist_flexion"), yaw=motion.angle("wrist_deviation")))
    turned[:, 0] = palm
    for digit in DIGITS:
        start_m, lengths_m = shape.bones_m(digit)
        first = HAND_21.index(f"{digit}_{'cmc' if digit == 'thumb' else 'mcp'}")
        points[:, first] = apply(palm, start_m)
        now = product(palm, _root_of(digit, motion))
        bends = ("mcp", "ip") if digit == "thumb" else ("pip", "dip")
        for step, length_m in enumerate(lengths_m):
            if step:
                now = product(now, _turn(motion, pitch=motion.angle(f"{digit}_{bends[step - 1]}_flexion")))
            turned[:, first + step] = now
            points[:, first + step + 1] = points[:, first + step] + now[..., 0] * length_m
        turned[:, first + 3] = now
    return _placed(points, turned, pronated, motion)


def _placed(points: FloatArray, turned: FloatArray, pronated: FloatArray, motion: HandMotion) -> HandFrames:
    """Mirrored for a left hand, and brought from the forearm's frame to where the hand is."""
    if motion.side == "left":
        over = np.array([1.0, -1.0, 1.0])
        points, turned, pronated = points * over, turned * over[:, None], pronated * over[:, None]
    forearm = root_rotation(motion.forearm_rad)
    return HandFrames(
        apply(forearm[:, None], points) + motion.wrist_m[:, None],
        product(forearm[:, None], turned),
        product(forearm, pronated),
    )


def _root_of(digit: str, motion: HandMotion) -> FloatArray:
    """Turn (T, 3, 3) of the first bone of a digit against the palm."""
    if digit != "thumb":
        yaw = FAN_RAD[digit] + AWAY[digit] * motion.angle(f"{digit}_mcp_abduction")
        return _turn(motion, pitch=motion.angle(f"{digit}_mcp_flexion"), yaw=yaw)
    flexion, abduction, opposition = (motion.angle(f"thumb_cmc_{name}") for name in ("flexion", "abduction", "opposition"))
    out = _turn(motion, pitch=abduction, yaw=THUMB_YAW_RAD - flexion, roll=np.full(len(motion), THUMB_ROLL_RAD))
    return product(_turn(motion, roll=-opposition), out)


def _turn(
    motion: HandMotion, roll: FloatArray | None = None, pitch: FloatArray | None = None, yaw: FloatArray | None = None
) -> FloatArray:
    none = np.zeros(len(motion))
    return root_rotation(np.stack([none if angle is None else angle for angle in (roll, pitch, yaw)], axis=-1))


def mirrored_hand(motion: HandMotion) -> HandMotion:
    """The same motion by the other hand, about the plane y = 0; the angles stay as they are."""
    other = SIDES[1 - SIDES.index(motion.side)]
    return HandMotion(motion.angles_rad, motion.wrist_m * [1.0, -1.0, 1.0], motion.forearm_rad * [-1.0, 1.0, -1.0], other)
