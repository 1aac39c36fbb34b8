"""An arm of four joints, a person's or a teaching device's: where its hand is, and by which angles it comes somewhere.

Both have one form. At the left shoulder a yaw outward, then a pitch upward, lead to the upper arm; a pitch upward and a yaw
turn the forearm at its end. All angles zero is the arm stretched forward; the right arm is the mirror image of the left, so
that the same angles give the mirrored place. Lengths, offsets and limits are data, ``config/trajectories/arms.yaml``; those of
the device are fitted to its recordings, whose joints are told in whole degrees (:func:`residual_m`).

Inverse kinematics is damped least squares (C. W. Wampler, IEEE Transactions on Systems, Man, and Cybernetics 16(1), 1986), for
all points of a path at once, with the one joint too many drawn towards the posture of rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from physio_core.errors import ConfigError, InputError
from physio_core.share import shared_path
from physio_core.trajectories.trajectory import ANGLES, MIRROR, SIDES, Side, Trajectory
from physio_core.trajectories.types import Vector
from physio_core.types import FloatArray
from physio_core.yaml_file import Model, read_model

JOINTS = ("shoulder_yaw", "shoulder_pitch", "elbow_pitch", "elbow_yaw")
CLOSE_M = 0.005
"""A hand that comes so close has reached its target [m]."""
SWIVEL_RAD = 1.0
"""How far the elbow of an arm at rest is turned out from below the line between shoulder and hand [rad]."""
_STEPS = 36
_SETTLED = 20
"""Steps after which the arm is no longer drawn to rest."""
_CLOSE_ENOUGH_M = 1e-5
_DAMPING_M = 0.02
_DRAWN = 0.05
_LONGEST_STEP_RAD = 0.35

Four = Annotated[tuple[float, ...], Field(min_length=ANGLES, max_length=ANGLES)]


class ArmFile(Model):
    """One arm of ``config/trajectories/arms.yaml``, as a left one.

    Attributes:
        shoulder_m: its first joints, from the origin [m].
        upper_m: from the first joints to the elbow, in the upper arm [m].
        forearm_m: from the elbow to the hand, in the forearm [m].
        low_deg: least angles [deg].
        high_deg: greatest angles [deg].
        rest_deg: posture towards which the arm is drawn where its hand leaves it free [deg].
        fastest_deg_s: speed limits [deg/s].
    """

    shoulder_m: Vector = (0.0, 0.0, 0.0)
    upper_m: Vector
    forearm_m: Vector
    low_deg: Four
    high_deg: Four
    rest_deg: Four
    fastest_deg_s: Four

    @model_validator(mode="after")
    def _in_order(self) -> ArmFile:
        if not all(low <= rest <= high for low, rest, high in zip(self.low_deg, self.rest_deg, self.high_deg, strict=True)):
            raise ValueError("low_deg, rest_deg and high_deg must rise in this order for each joint")
        if min(self.fastest_deg_s) <= 0.0:
            raise ValueError("fastest_deg_s must be above 0")
        return self


@dataclass(frozen=True)
class Arm:
    """An arm; positions from the origin of :class:`~physio_core.trajectories.trajectory.Trajectory`.

    Attributes:
        side: left or right.
        shoulder_m: (3,) of a left arm [m].
        upper_m: (3,) likewise.
        forearm_m: (3,) likewise.
        low_rad: (4,) least angles [rad].
        high_rad: (4,) greatest angles [rad].
        rest_rad: (4,) posture of rest [rad].
        fastest_rad_s: (4,) speed limits [rad/s].
    """

    side: Side
    shoulder_m: FloatArray
    upper_m: FloatArray
    forearm_m: FloatArray
    low_rad: FloatArray
    high_rad: FloatArray
    rest_rad: FloatArray
    fastest_rad_s: FloatArray

    @property
    def reach_m(self) -> float:
        """From the shoulder to the hand of the stretched arm [m]."""
        return float(np.linalg.norm(self.upper_m) + np.linalg.norm(self.forearm_m))

    def forward(self, angles_rad: FloatArray) -> FloatArray:
        """(n, 3) where the hand is, for angles (n, 4) [m]."""
        return np.asarray(self.chain(angles_rad)[-1])

    def chain(self, angles_rad: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Shoulder, elbow and hand, each (n, 3), for angles (n, 4) [m]."""
        upper, lower = self._turned(angles_rad)
        shoulder = np.broadcast_to(self.shoulder_m, (len(upper), 3))
        elbow = shoulder + upper @ self.upper_m
        return tuple(place * self._mirror for place in (shoulder, elbow, elbow + lower @ self.forearm_m))  # type: ignore[return-value]

    def jacobian(self, angles_rad: FloatArray) -> FloatArray:
        """(n, 3, 4) change of the hand's place with each angle, for angles (n, 4) [m/rad]."""
        upper, lower = self._turned(angles_rad)
        forearm = lower @ self.forearm_m
        arm = upper @ self.upper_m + forearm
        yaw = np.broadcast_to([0.0, 0.0, 1.0], arm.shape)
        first_pitch = -_yaw(angles_rad[:, 0])[:, :, 1]
        columns = (
            np.cross(yaw, arm),
            np.cross(first_pitch, arm),
            np.cross(-upper[:, :, 1], forearm),
            np.cross(lower[:, :, 2], forearm),
        )
        return np.asarray(np.stack(columns, axis=-1) * self._mirror[:, None])

    def nearest(self, targets_m: FloatArray, start_rad: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
        """Angles (n, 4), always within the limits, that bring the hand as close to places (n, 3) [m] as it comes.

        Args:
            targets_m: (n, 3) [m].
            start_rad: (n, 4) or (4,) from where to search; near the posture of rest unless given [rad].

        Returns:
            Angles (n, 4) [rad], and how far (n,) the hand is from its place [m].

        Raises:
            InputError: places that are not (n, 3) or not finite.
        """
        targets = np.asarray(targets_m, float)
        if targets.ndim != 2 or targets.shape[1] != 3 or not np.isfinite(targets).all():
            raise InputError(f"targets of shape {targets.shape}; need finite (n, 3)")
        begin = self._guess(targets) if start_rad is None else start_rad
        angles = np.clip(np.broadcast_to(begin, (len(targets), ANGLES)).astype(float), self.low_rad, self.high_rad)
        best, least = angles, np.full(len(targets), np.inf)
        for step in range(_STEPS + 1):
            error = targets - self.forward(angles)
            off = np.linalg.norm(error, axis=1)
            closer = off < least - 1e-6
            best, least = np.where(closer[:, None], angles, best), np.where(closer, off, least)
            if step == _STEPS or (step > _SETTLED and off.max() < _CLOSE_ENOUGH_M):
                break
            moved = self._step(angles, error, _DRAWN * max(1.0 - step / _SETTLED, 0.0))
            angles = np.clip(angles + moved, self.low_rad, self.high_rad)
        return best, least

    def inverse(self, targets_m: FloatArray, start_rad: FloatArray | None = None, tolerance_m: float = CLOSE_M) -> FloatArray:
        """Angles (n, 4) within the limits whose hand is at places (n, 3) [m]; arguments as :meth:`nearest`.

        Raises:
            InputError: a place that the hand does not reach; it names how far off it stays.
        """
        angles, off = self.nearest(targets_m, start_rad)
        worst = int(np.argmax(off))
        if off[worst] > tolerance_m:
            far_m = float(np.linalg.norm(np.asarray(targets_m)[worst] - self.shoulder_m * self._mirror))
            raise InputError(
                f"the {self.side} hand stays {off[worst]:.3f} m from point {worst}, which is {far_m:.3f} m from the shoulder; "
                f"it reaches {self.reach_m:.3f} m, within the limits of its joints"
            )
        return angles

    def follow(self, path: Trajectory, tolerance_m: float = np.inf) -> Trajectory:
        """A path as the arm can draw it: within the limits of its joints and their speeds, positions and angles of one piece.

        Where the hand does not reach, it goes as near as it comes; where a joint would be too fast, the path takes longer.

        Raises:
            InputError: a path of the other arm, or a point from which the hand stays further than ``tolerance_m``.
        """
        if path.side != self.side:
            raise InputError(f"a path of the {path.side} arm; this is a {self.side} one")
        angles = self.inverse(path.positions_m, path.angles_rad, tolerance_m)
        return Trajectory(self.paced(path.stamps_s, angles), self.forward(angles), angles, self.side)

    def paced(self, stamps_s: FloatArray, angles_rad: FloatArray) -> FloatArray:
        """(n,) stamps, later where angles (n, 4) would else change faster than the joints may [s]."""
        needed = (np.abs(np.diff(angles_rad, axis=0)) / self.fastest_rad_s).max(axis=1)
        return np.asarray(np.concatenate([[stamps_s[0]], stamps_s[0] + np.cumsum(np.maximum(np.diff(stamps_s), needed))]))

    def allows(self, angles_rad: FloatArray) -> bool:
        """Whether all angles (n, 4) lie within the limits."""
        return bool(((angles_rad >= self.low_rad - 1e-9) & (angles_rad <= self.high_rad + 1e-9)).all())

    @property
    def _mirror(self) -> FloatArray:
        return np.ones(3) if self.side == "left" else MIRROR

    def _turned(self, angles_rad: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Rotations (n, 3, 3) of upper arm and forearm, of a left arm."""
        upper = _yaw(angles_rad[:, 0]) @ _pitch(angles_rad[:, 1])
        return upper, upper @ _pitch(angles_rad[:, 2]) @ _yaw(angles_rad[:, 3])

    def _guess(self, targets_m: FloatArray) -> FloatArray:
        """Angles (n, 4) of an arm without offsets whose hand is at places (n, 3), its elbow turned out as at rest."""
        upper, lower = np.linalg.norm(self.upper_m), np.linalg.norm(self.forearm_m)
        away = targets_m * self._mirror - self.shoulder_m
        far = np.clip(np.linalg.norm(away, axis=1), abs(upper - lower) + 1e-3, 0.999 * (upper + lower))
        along = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
        out = np.cross(along, [0.0, 0.0, -1.0])
        out = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        aside = np.cos(SWIVEL_RAD) * np.cross(out, along) + np.sin(SWIVEL_RAD) * out
        ahead = (far**2 + upper**2 - lower**2) / (2.0 * far * upper)
        elbow = along * ahead[:, None] + aside * np.sqrt(np.maximum(1.0 - ahead**2, 0.0))[:, None]
        yaw, pitch = np.arctan2(elbow[:, 1], elbow[:, 0]), np.arcsin(np.clip(elbow[:, 2], -1.0, 1.0))
        forearm = (along * far[:, None] - elbow * upper) / lower
        local = (np.swapaxes(_yaw(yaw) @ _pitch(pitch), 1, 2) @ forearm[:, :, None])[:, :, 0]
        return np.column_stack([yaw, pitch, np.arctan2(local[:, 2], local[:, 0]), np.arcsin(np.clip(local[:, 1], -1.0, 1.0))])

    def _step(self, angles: FloatArray, error: FloatArray, drawn: float) -> FloatArray:
        """(n, 4) one step of damped least squares, and towards the posture of rest as far as that leaves the hand."""
        jacobian = self.jacobian(angles)
        rest = drawn * (self.rest_rad - angles)
        free = np.ones(angles.shape, bool)
        for _ in range(2):
            held = jacobian * free[:, None, :]
            turned = np.swapaxes(held, 1, 2)
            square = held @ turned + _DAMPING_M**2 * np.eye(3)
            wanted = error - (held @ rest[:, :, None])[:, :, 0]
            moved = (turned @ np.linalg.solve(square, wanted[:, :, None]))[:, :, 0] + rest * free
            blocked = ((angles <= self.low_rad) & (moved < 0.0)) | ((angles >= self.high_rad) & (moved > 0.0))
            if not (blocked & free).any():
                break
            free &= ~blocked
        return np.asarray(np.clip(moved, -_LONGEST_STEP_RAD, _LONGEST_STEP_RAD))


@cache
def load_arm(name: str, side: Side) -> Arm:
    """An arm of the shipped file, e.g. ``device`` or ``human``; see :func:`human_arm`.

    Raises:
        ConfigError: no such arm or side, or a file that cannot be read.
    """
    files = read_model(shared_path("config", "trajectories", "arms.yaml"), dict[str, dict[str, ArmFile]])
    if name not in files or side not in files[name]:
        raise ConfigError(f"no {side} arm {name!r}; there are: {', '.join(files)}, each {' or '.join(SIDES)}")
    file = files[name][side]
    return Arm(
        side,
        *(np.array(one) for one in (file.shoulder_m, file.upper_m, file.forearm_m)),
        *(np.radians(one) for one in (file.low_deg, file.high_deg, file.rest_deg, file.fastest_deg_s)),
    )


def human_arm(reach_m: float, side: Side) -> Arm:
    """A person's arm from the shoulder to the wrist, of a length [m].

    Raises:
        InputError: a length that no arm has.
    """
    one = load_arm("human", side)
    if not 0.2 <= reach_m <= 1.2:
        raise InputError(f"an arm of {reach_m:g} m; need 0.2 .. 1.2 m from shoulder to hand")
    factor = reach_m / one.reach_m
    parts = {name: getattr(one, name) * factor for name in ("shoulder_m", "upper_m", "forearm_m")}
    return replace(one, **parts)


def residual_m(path: Trajectory, arm: Arm) -> FloatArray:
    """(n,) how far the hand by the arm's angles is from where the path says that it is [m].

    Raises:
        InputError: a path without angles.
    """
    if path.angles_rad is None:
        raise InputError("this path has no joint angles to compare with")
    return np.asarray(np.linalg.norm(arm.forward(path.angles_rad) - path.positions_m, axis=1))


def _yaw(angle: FloatArray) -> FloatArray:
    """(n, 3, 3) about the vertical axis, to the left."""
    zero, one = np.zeros_like(angle), np.ones_like(angle)
    rows = [np.cos(angle), -np.sin(angle), zero, np.sin(angle), np.cos(angle), zero, zero, zero, one]
    return np.asarray(np.stack(rows, axis=-1).reshape(-1, 3, 3))


def _pitch(angle: FloatArray) -> FloatArray:
    """(n, 3, 3) about the axis to the right, up."""
    zero, one = np.zeros_like(angle), np.ones_like(angle)
    rows = [np.cos(angle), zero, -np.sin(angle), zero, one, zero, np.sin(angle), zero, np.cos(angle)]
    return np.asarray(np.stack(rows, axis=-1).reshape(-1, 3, 3))
