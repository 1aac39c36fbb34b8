"""Which way a person is turned, for what has a direction: angles of a plane of the body, distances forward or to the left.

In space the shoulders and hips tell. In an image of the front, left and right do; in one of the side, the head does (the nose is
ahead of the ears) and so do the knees, which bend one way only. A head turned to the camera over straight legs tells nothing; the
last that was known holds, since nobody turns round unseen between two images.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from physio_core.errors import InputError
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.remapping import remap
from physio_core.types import FloatArray

TURNED = 0.3
"""Evidence from which a side is told: a head turned fully aside gives 0.45, one turned to the camera 0, give or take 0.1."""
BENT = 0.34
"""Sine of 20 degrees, from which a knee tells a side; less may be an error of the estimator."""
APART = 0.1
"""Distance between left and right shoulder, in trunk lengths, from which a front is told from a back."""
_TRUNK = ("spine_base", "neck")
_HEADS = tuple(("neck", f"{side}_ear", "nose") for side in ("left", "right"))
_PAIRS = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_LEGS = tuple((f"{side}_hip", f"{side}_knee", f"{side}_ankle") for side in ("left", "right"))
ANATOMY = tuple(dict.fromkeys((*_TRUNK, *_PAIRS, *sum(_HEADS + _LEGS, ()))))
"""The joints that tell."""


def placed(
    points: FloatArray, confidence: FloatArray, layouts: tuple[Layout, Layout], above: float
) -> tuple[FloatArray, FloatArray]:
    """Joints of one layout as those of another, in three dimensions.

    Args:
        points: (T, V, 2) in one unit for x and y, or (T, V, 3) in space.
        confidence: (T, V) [0..1].
        layouts: that of the points, and the other.
        above: least confidence of a joint.

    Returns:
        Places (T, J, 3), NaN where a joint is less sure; of an image the third coordinate is 0. And confidences (T, J).

    Raises:
        InputError: the shapes do not fit the layout.
    """
    source, target = layouts
    count, dims, joints = len(points), points.shape[-1], len(source.joints)
    if points.shape != (count, joints, dims) or dims not in (2, 3) or confidence.shape != points.shape[:2]:
        raise InputError(
            f"points {points.shape} and confidence {confidence.shape}; need (T, {joints}, 2 or 3) and (T, {joints}) "
            f"for layout {source.name}"
        )
    at, sure = remap(points.astype(float), confidence, source, target)
    at = np.concatenate([at, np.zeros((*at.shape[:-1], 3 - dims))], axis=-1)
    at[sure < above] = np.nan
    return at, sure


def vertical_of(up: tuple[float, ...] | None) -> FloatArray:
    """The vertical (3,), of two or three coordinates; None: against y, as in an image and in a camera's optical frame."""
    return np.array([*(up or (0.0, -1.0)), 0.0, 0.0])[:3]


class BodyAxes:
    """The axes of one person's body, from joints (T, V, 3) that come frame by frame or many frames at once.

    Of an image the third coordinate is 0; x points right, y down.
    """

    def __init__(self, at: Mapping[str, int]) -> None:
        """Prepare for joints at these indices, :data:`ANATOMY` among them."""
        self._at = at
        self.reset()

    def reset(self) -> None:
        """Forget which way the person was turned, as when someone else comes into view."""
        self._facing = self._fronting = 0.0

    def facing(self, at: FloatArray) -> FloatArray:
        """Where the person looks in an image from the side (T,): +1 right, -1 left, 0 before it is known."""
        signs, self._facing = _held(_sign(self._facing_evidence(at), TURNED), self._facing)
        return signs

    def fronting(self, at: FloatArray) -> FloatArray:
        """Where the person's left is in an image (T,): +1 right, as from the front, -1 left, 0 before it is known."""
        across = self.segment(at, "right_shoulder", "left_shoulder")[:, 0] / self.trunk_length(at)
        signs, self._fronting = _held(_sign(across, APART), self._fronting)
        return signs

    def left_in_space(self, at: FloatArray) -> FloatArray:
        """The person's left (T, 3), of unit length."""
        shoulders, hips = (unit(self.segment(at, f"right_{joint}", f"left_{joint}")) for joint in ("shoulder", "hip"))
        return unit(shoulders + hips)

    def trunk(self, at: FloatArray) -> FloatArray:
        """From the middle of the hips to the middle of the shoulders (T, 3)."""
        return self.segment(at, *_TRUNK)

    def trunk_length(self, at: FloatArray) -> FloatArray:
        """Length of the trunk (T,)."""
        length: FloatArray = np.linalg.norm(self.trunk(at), axis=-1)
        return length

    def segment(self, at: FloatArray, start: str, end: str) -> FloatArray:
        """From one joint to another (T, 3)."""
        vector: FloatArray = at[:, self._at[end]] - at[:, self._at[start]]
        return vector

    def _facing_evidence(self, at: FloatArray) -> FloatArray:
        """How much says that the person looks to the right of the image, (T,); to the left: negative."""
        left, right = (_sine(self.segment(at, neck, ear), self.segment(at, neck, nose)) for neck, ear, nose in _HEADS)
        head = (np.where(np.isnan(left), right, left) + np.where(np.isnan(right), left, right)) / 2.0
        knees = (_sine(self.segment(at, hip, knee), self.segment(at, knee, ankle)) for hip, knee, ankle in _LEGS)
        evidence: FloatArray = np.nansum([head, *(np.where(np.abs(knee) > BENT, knee, 0.0) for knee in knees)], axis=0)
        return evidence


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors (..., D) brought to length 1; NaN where there is none."""
    scaled: FloatArray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled


def _sine(first: FloatArray, second: FloatArray) -> FloatArray:
    """Sine of the turn from one vector (T, 3) of the image to another, (T,); from up to the right is positive."""
    cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    sine: FloatArray = cross / (np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1))
    return sine


def _sign(evidence: FloatArray, least: float) -> FloatArray:
    """+1, -1, or 0 where there is too little evidence."""
    return np.where(evidence > least, 1.0, np.where(evidence < -least, -1.0, 0.0))


def _held(signs: FloatArray, before: float) -> tuple[FloatArray, float]:
    """Signs (T,) with the last that was known in place of 0, and the last of all."""
    at = np.maximum.accumulate(np.where(signs != 0.0, np.arange(1, len(signs) + 1), 0))
    filled = np.concatenate([[before], signs])[at]
    return filled, float(filled[-1]) if len(filled) else before
