"""Signals by value: an arm is bent, and how far it went is read back."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.assessment.signals import SignalReader
from physio_core.exercises.definition import Signal
from physio_core.skeleton.layouts import BODY_25
from physio_core.types import Side

JUMP_FRAMES = 6


def highest_share_of_a_jump(steady_s: float) -> float:
    """Highest share that is read where an arm looks bent by a right angle for 0.2 s."""
    reader = SignalReader(Signal(angle="elbow_flexion", rest=0.0, target=90.0, steady_s=steady_s), BODY_25, 30.0)
    shares = []
    for frame in range(60):
        points = np.zeros((25, 2))
        points[BODY_25.index("left_elbow")] = 0.0, 0.1
        points[BODY_25.index("left_wrist")] = (0.1, 0.1) if 30 <= frame < 30 + JUMP_FRAMES else (0.0, 0.2)
        shares.append(reader.read(points, np.ones(25))[Side.LEFT])
    return max(shares)


def test_a_signal_that_is_steadied_for_longer_is_not_moved_by_a_joint_that_jumps():
    assert highest_share_of_a_jump(5 / 30) == pytest.approx(1.0)
    assert highest_share_of_a_jump(0.5) == pytest.approx(0.0)


def test_a_side_that_shakes_hardly_counts_however_sure_the_estimator_is_of_it():
    reader, rng, shares = (
        SignalReader(Signal(angle="elbow_flexion", rest=0.0, target=90.0), BODY_25, 30.0),
        np.random.default_rng(0),
        [],
    )
    for _ in range(60):
        points = np.zeros((25, 2))
        for side, aside in (("left", 0.0), ("right", 0.1 + rng.normal(0.0, 0.05))):
            points[BODY_25.index(f"{side}_elbow")] = 0.0, 0.1
            points[BODY_25.index(f"{side}_wrist")] = aside, 0.2
        shares.append(reader.read(points, np.ones(25))[Side.NONE])
    assert max(shares[30:]) < 0.1
