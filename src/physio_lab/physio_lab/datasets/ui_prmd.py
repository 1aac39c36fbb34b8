"""UI-PRMD as its authors publish it: a Kinect's offsets and angles, bone by bone, which become positions here.

Each repetition has two text files, ``Kinect/Positions/m01_s01_e01_positions.txt`` and ``Kinect/Angles/m01_s01_e01_angles.txt``
(``_inc`` at the end: done wrong on purpose), as they are or packed by gzip.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from physio_core.errors import InputError
from physio_core.motion.kinematics import apply, product, root_rotation
from physio_core.skeleton.layouts import KINECT_22
from physio_core.types import FloatArray

PATTERNS = tuple(f"{above}Kinect/Positions/m*_s*_e*_positions*.txt*" for above in ("", "*/"))
_NAME = re.compile(r"(m(\d+)_s(\d+)_e\d+)_positions(_inc)?\.txt(\.gz)?$")
_CHAINS = ((0, 1, 2, 3, 4, 5), (2, 6, 7, 8, 9), (2, 10, 11, 12, 13), (0, 14, 15, 16, 17), (0, 18, 19, 20, 21))
"""Joints from the middle outwards, as in the data set's own MATLAB code; the arms begin with the chest's turn alone."""


@dataclass(frozen=True)
class Repetition:
    """One repetition: its name, numbers of movement and subject from 1, and positions (T, 22, 3) [m], y up, z to the sensor."""

    name: str
    movement: int
    subject: int
    correct: bool
    points_m: FloatArray


def read_repetitions(folder: Path) -> Iterator[Repetition]:
    """Every repetition below a folder, in the order of the names.

    Raises:
        InputError: none there, a file without its partner, or a damaged one.
    """
    paths = sorted({path for pattern in PATTERNS for path in folder.glob(pattern)})
    if not paths:
        raise InputError(f"{folder} holds no Kinect/Positions/m01_s01_e01_positions.txt, nor does a folder in it")
    for path in paths:
        if found := _NAME.match(path.name):
            name, movement, subject, wrong, _ = found.groups()
            angles = path.parents[1] / "Angles" / path.name.replace("_positions", "_angles")
            points_m = positions_m(_numbers(path), np.radians(_numbers(angles)), path)
            yield Repetition(name, int(movement), int(subject), not wrong, points_m)


def positions_m(offsets_cm: FloatArray, turned_rad: FloatArray, what: object = "UI-PRMD") -> FloatArray:
    """Positions (T, 22, 3) [m] from each joint's offset in the frame of the one before it and its turn about x, y, z.

    Args:
        offsets_cm: (T, 66).
        turned_rad: (T, 66).
        what: where they are from, for the message.

    Raises:
        InputError: numbers of another shape, or not finite.
    """
    joints = len(KINECT_22.joints)
    if offsets_cm.shape != turned_rad.shape or offsets_cm.shape[1] != 3 * joints:
        raise InputError(f"{what}: offsets {offsets_cm.shape} and angles {turned_rad.shape}; need (T, {3 * joints}) of each")
    if not (np.isfinite(offsets_cm).all() and np.isfinite(turned_rad).all()):
        raise InputError(f"{what}: NaN or infinite numbers")
    offsets_m = offsets_cm.reshape(-1, joints, 3) / 100
    turns = root_rotation(turned_rad.reshape(-1, joints, 3))
    points_m = offsets_m.copy()
    for first, *others in _CHAINS:
        before, turned = first, turns[:, first]
        for joint in others:
            points_m[:, joint] = points_m[:, before] + apply(turned, offsets_m[:, joint])
            before, turned = joint, product(turned, turns[:, joint])
    return points_m


def _numbers(path: Path) -> FloatArray:
    try:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            return np.loadtxt(file, delimiter=",", ndmin=2)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
