"""A movement in numbers that have names: range of motion, posture, tempo, smoothness, difference of sides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from physio_core.skeleton.smoothness import sparc
from physio_core.types import FloatArray
from physio_lab.quality.takes import JOINTS, Take

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
STILL = 0.0
"""Smoothness of a joint that does not move: nothing is rough."""


def statistics_of(takes: Sequence[Take]) -> FloatArray:
    """Numbers (N, F) of each take; the same for takes of one layout."""
    return np.stack([_of(take) for take in takes]).astype(np.float32)


@lru_cache(maxsize=4096)  # the same take is looked at in every fold
def _of(take: Take) -> FloatArray:
    channels = np.concatenate([take.flat_places, take.directions, take.bends], axis=1)
    velocity = np.diff(channels, axis=0) * take.rate_hz
    speed = np.linalg.norm(np.diff(take.places, axis=0), axis=-1) * take.rate_hz
    quantiles = np.quantile(channels, QUANTILES, axis=0)
    ranges = quantiles[-1] - quantiles[0]
    joint_ranges = np.linalg.norm(ranges[: 3 * len(JOINTS.joints)].reshape(-1, 3), axis=-1)
    smoothness = [sparc(one, take.rate_hz) for one in speed.T]
    return np.concatenate(
        [
            quantiles.ravel(), channels.mean(0), channels.std(0), ranges,
            channels[0], channels[-1], channels[-1] - channels[0],
            np.abs(velocity).max(0), np.abs(velocity).mean(0), velocity.std(0), speed.max(0), speed.mean(0),
            np.nan_to_num(smoothness, nan=STILL), joint_ranges - joint_ranges[JOINTS.mirror],
            [np.log(len(take.places) / take.rate_hz)],
        ]
    )  # fmt: skip
