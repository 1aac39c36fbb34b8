"""Where a hand is that one camera sees, when nobody knows what it draws: the arm's own lengths say how far it is ahead.

A bone of known length that looks short in the image points towards the camera or away from it: the end of each lies on a cone
(C. J. Taylor, "Reconstruction of articulated objects from point correspondences in a single uncalibrated image", Computer Vision
and Image Understanding 80(3), 2000). Of a hand that draws before its owner both signs are forward. Errors that have a rule (a
camera that looks up from low down sees what is ahead too high, what is nearer looks larger) are undone by one linear map, which
was measured on people of whom everything is known: ``config/trajectories/camera.yaml``.
"""

from __future__ import annotations

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
FEATURES = 7
"""One, both bones across the image, and how far each may point ahead."""


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
        """(..., 3) the hand from the shoulder, as a left one [reach], of bones (..., 2, 2) as ``ArmReader.bones`` has them."""
        return np.asarray(bone_features(bones) @ np.array(self.map).T)


def bone_features(bones: FloatArray) -> FloatArray:
    """(..., FEATURES) of upper arm and forearm (..., 2, 2) across the image [trunks]."""
    seen = np.linalg.norm(bones, axis=-1)
    ahead = np.sqrt(np.maximum(_BONES**2 - seen**2, 0.0))
    flat = bones.reshape(*bones.shape[:-2], 4)
    return np.concatenate([np.ones((*flat.shape[:-1], 1)), flat, ahead], axis=-1)


@cache
def load_lift(path: Path | None = None) -> Lift:
    """The shipped one by default.

    Raises:
        ConfigError: the file cannot be read, lacks a key or holds an invalid value.
    """
    return read_model(path or shared_path("config", "trajectories", "camera.yaml"), Lift)
