"""From joints to what a network learns from, one way for synthetic and recorded sequences."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import NormaliserConfig, normalise
from physio_core.skeleton.stream import fill_gaps
from physio_core.types import FloatArray

IGNORE_INDEX = -1
"""Label of a tick that is not learnt from."""

Labels = npt.NDArray[np.int64]


def features_of(points: FloatArray, confidence: FloatArray, config: NormaliserConfig) -> FloatArray:
    """Fill in missing joints and normalise, exactly as the stream does.

    Args:
        points: (N, T, V, 2) in picture heights at ``config.rate_hz``, joints of ``openpose_18``.
        confidence: (N, T, V).
        config: settings.

    Returns:
        (N, C, T, V).
    """
    return normalise(fill_gaps(points, confidence, OPENPOSE_18, config.missing_below), confidence, OPENPOSE_18, config)


def come_into_view(features: FloatArray, labels: Labels, ahead: int, unsure: int) -> None:
    """Put repeats of the first frame in front, as a fresh stream does, and leave out what nobody could know yet; in place.

    Args:
        features: (C, T, V) of one sequence.
        labels: (T,).
        ahead: frames to put in front; as many are lost at the end.
        unsure: ticks after them that are not learnt from.
    """
    frames = len(labels)
    if ahead:
        features[:, ahead:], labels[ahead:] = features[:, : frames - ahead].copy(), labels[: frames - ahead].copy()
        features[:, :ahead] = features[:, ahead : ahead + 1]
        features[3:, : ahead + 1] = 0.0
    labels[: ahead + unsure] = IGNORE_INDEX
