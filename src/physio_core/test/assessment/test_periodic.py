"""Repetitions without a definition: a body that moves to and fro is drawn, and what comes back is counted."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.assessment.periodic import PeriodicCounter, count_periods


def swinging(count: int, period_s: float, rate_hz: float = 30.0, noise: float = 0.01) -> np.ndarray:
    """Joints (T, 12) that stand, swing together so often, each its own way, drift, and stand again."""
    stamps = np.arange(0.0, (count * period_s) + 2.0, 1.0 / rate_hz)
    within = np.clip((stamps - 1.0) / period_s, 0.0, count)
    ways = np.linspace(-0.3, 0.4, 12)
    swing = (1.0 - np.cos(2.0 * np.pi * within)) / 2.0
    return (
        0.5
        + np.outer(swing, ways)
        + 0.1 * stamps[:, None] / stamps[-1]
        + noise * np.random.default_rng(1).normal(size=(len(stamps), 12))
    )


@pytest.mark.parametrize(("count", "period_s", "rate_hz"), [(3, 2.0, 30.0), (10, 1.2, 25.0), (6, 3.0, 15.0), (20, 0.8, 60.0)])
def test_what_comes_back_is_counted_whatever_the_tempo_and_the_camera(count: int, period_s: float, rate_hz: float):
    assert abs(count_periods(swinging(count, period_s, rate_hz), rate_hz) - count) <= (count > 5)


def test_frames_without_anybody_are_bridged_and_nobody_at_all_is_none():
    joints = swinging(6, 2.0)
    joints[40:46] = np.nan
    assert count_periods(joints, 30.0) == 6
    assert count_periods(np.full((100, 4), np.nan), 30.0) == 0
    assert count_periods(np.ones((100, 4)), 30.0) == 0


def test_joints_may_come_one_by_one_and_the_count_grows_while_they_do():
    joints = swinging(8, 1.5)
    counter = PeriodicCounter(30.0)
    counts = [counter.update(one) for one in joints]
    assert counter.close() == count_periods(joints, 30.0)
    assert 2 <= counts[len(counts) // 2] <= 5
