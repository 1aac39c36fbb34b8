"""Where a hand is that one camera sees, when nobody knows what it draws: the arm's own lengths say how far it is ahead.

Each joint lies somewhere on a line of sight. The shoulder is as far away as the upright trunk looks small; the end of a bone of
known length is where its line of sight comes that near to the joint before it, of two such places at the one towards the camera
(C. J. Taylor, "Reconstruction of articulated objects from point correspondences in a single uncalibrated image", Computer Vision
and Image Understanding 80(3), 2000, there for parallel lines of sight). What an estimator sees wrongly by a rule is undone by
one map of second degree, which was measured on people of whom everything is known: ``config/trajectories/camera.yaml``.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
from pydantic import Field

from physio_core.share import shared_path
from physio_core.types import FloatArray
from physio_core.yaml_file import Model, read_model

ARM_TRUNKS = 1.118
"""Length of an arm to the wrist, and of its bones, in lengths of a trunk: the mean of adults (Drillis and Contini 1966)."""
_BONES = ARM_TRUNKS * np.array([0.172, 0.150]) / 0.322
_PAIRS = np.triu_indices(6)
FEATURES = 7 + len(_PAIRS[0])
"""One, the two bones in space, and the products of their parts."""


class Lift(Model):
    """What is known of an arm before one camera that its owner faces.

    Attributes:
        map: (3, FEATURES) from :func:`bone_features` to x forward, y left, z up [reach].
        bias: by how much a whole drawing lies beside the truth along each axis, standard deviation [reach].
        gain: (3, 3) by how much it is stretched and sheared, standard deviation of each coefficient.
        wander: what is left along each axis from moment to moment, standard deviation [reach].
    """

    map: tuple[tuple[float, ...], ...] = Field(min_length=3, max_length=3)
    bias: tuple[float, float, float]
    gain: tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
    wander: tuple[float, float, float]

    def place(self, bones: FloatArray) -> FloatArray:
        """(..., 3) the hand from the shoulder, as a left one [reach], of bones (..., 2, 3) as ``ArmReader.bones`` has them."""
        return np.asarray(bone_features(bones) @ np.array(self.map).T)


def bone_features(bones: FloatArray) -> FloatArray:
    """(..., FEATURES) of upper arm and forearm (..., 2, 3) in space [trunks]."""
    flat = bones.reshape(*bones.shape[:-2], 6)
    return np.concatenate([np.ones((*flat.shape[:-1], 1)), flat, flat[..., _PAIRS[0]] * flat[..., _PAIRS[1]]], axis=-1)


def arm_bones(lines: FloatArray, away: float) -> FloatArray:
    """(2, 3) upper arm and forearm, away from the camera, right and up [trunks].

    Args:
        lines: (3, 3) along which shoulder, elbow and wrist are seen, of :func:`~physio_core.trajectories.sight.sight_lines`.
        away: how far the shoulder is along the floor [trunks].
    """
    joints = [lines[0] * away]
    for line, length in zip(lines[1:], _BONES, strict=True):
        along = line / np.linalg.norm(line)
        nearest = float(joints[-1] @ along)
        beside = float(joints[-1] @ joints[-1]) - nearest**2
        joints.append(along * (nearest - math.sqrt(max(length**2 - beside, 0.0))))
    return np.diff(np.stack(joints), axis=0)


@cache
def load_lift(path: Path | None = None) -> Lift:
    """The shipped one by default.

    Raises:
        ConfigError: the file cannot be read, lacks a key or holds an invalid value.
    """
    return read_model(path or shared_path("config", "trajectories", "camera.yaml"), Lift)
