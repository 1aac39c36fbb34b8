"""Rate and losses from stamps alone."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.camera.pace import Pace


def paced(stamps_s):
    pace = Pace()
    for stamp_s in stamps_s:
        pace.update(stamp_s)
    return pace


def test_steady_images_lose_none():
    pace = paced(np.arange(100) / 30.0 + np.random.default_rng(0).normal(0, 0.003, 100))
    assert pace.lost == 0
    assert pace.rate_hz == pytest.approx(30.0, rel=0.05)


def test_every_lost_image_is_counted():
    kept = [index for index in range(120) if index not in (40, 70, 71, 100)]
    pace = paced(np.array(kept) / 30.0)
    assert pace.lost == 4
    assert pace.lost_share == pytest.approx(4 / 120, abs=0.002)


def test_a_clock_set_back_is_no_loss():
    assert paced([*(np.arange(50) / 30.0), *(np.arange(50) / 30.0)]).lost == 0


def test_nothing_is_known_at_the_start():
    assert (Pace().rate_hz, Pace().period_s, Pace().lost_share) == (0.0, 0.0, 0.0)
