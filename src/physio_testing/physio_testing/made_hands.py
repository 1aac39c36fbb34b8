"""Hands made from angles, for tests: a palm, and fingers that bend alike at every joint."""

from __future__ import annotations

import numpy as np

from physio_core.hands.canonical import CHAINS, STANDARD_BONES
from physio_core.types import FloatArray

SPREADS_DEG = (-40.0, 0.0, 14.0, 28.0, 42.0)


def made_hand(
    bend_deg: tuple[float, ...] = (10.0, 5.0, 5.0, 5.0, 5.0), bones: FloatArray = STANDARD_BONES, spread: float = 1.0
) -> FloatArray:
    """A right hand (21, 3), palm along x and y, z out of it; each joint of a finger bent by so much."""
    points = np.zeros((21, 3))
    for chain, turn_deg, bend in zip(CHAINS, SPREADS_DEG, bend_deg, strict=True):
        turn, height_deg = np.radians(turn_deg), 0.0
        at = np.zeros(3)
        for place, joint in enumerate(chain):
            direction = turn if place == 0 else turn * (0.5 + 0.5 * spread)
            height_deg += bend if place else 0.0
            level, up = np.cos(np.radians(height_deg)), np.sin(np.radians(height_deg))
            at = at + bones[joint] * np.array([level * np.cos(direction), level * np.sin(direction), up])
            points[joint] = at
    return points


FIST = (20.0, 80.0, 80.0, 80.0, 80.0)


def turned(points: FloatArray, seed: int) -> FloatArray:
    """The same hand elsewhere, turned in any way, of any size."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    turn = turn * np.sign(np.linalg.det(turn))
    return np.asarray(rng.uniform(0.05, 300.0) * points @ turn.T + rng.normal(size=3))


def other_bones(seed: int) -> FloatArray:
    """Bones of another person: every one longer or shorter by a tenth or so."""
    return np.asarray(STANDARD_BONES * np.exp(np.random.default_rng(seed).normal(0.0, 0.1, 21)))
