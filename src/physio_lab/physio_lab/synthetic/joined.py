"""One motion after the other, as people go over from what they did into what they do next."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio_core.motion.kinematics import Motion
from physio_core.types import FloatArray


def joined(motions: Sequence[Motion], rng: np.random.Generator, rate_hz: float) -> Motion:
    """One motion after the other, of one rate [Hz]; each goes over into the next within about a second."""
    whole = motions[0]
    for motion in motions[1:]:
        count = min(int(rng.uniform(0.4, 1.4) * rate_hz), len(motion))
        share = (0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, count)))[:, None]
        fields = []
        for old, new in zip(_arrays(whole), _arrays(motion), strict=True):
            eased = old[-1] + share * (new[:count] - old[-1])
            fields.append(np.concatenate([old, eased, new[count:]]))
        whole = Motion(*fields)
    return whole


def placed(motion: Motion, rng: np.random.Generator) -> Motion:
    """A motion about the same place and heading as others of one person, not exactly there."""
    return motion.placed(float(rng.normal(0.0, 0.1)), float(rng.normal(0.0, 0.1)), float(rng.normal(0.0, 0.3)))


def _arrays(motion: Motion) -> tuple[FloatArray, FloatArray, FloatArray]:
    return motion.angles_rad, motion.root_m, motion.root_rad
