"""Rate and losses from stamps alone."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.camera.rate import RateMonitor


def paced(stamps_s):
    rate = RateMonitor()
    for stamp_s in stamps_s:
        rate.update(stamp_s)
    return rate


def test_steady_images_lose_none():
    rate = paced(np.arange(100) / 30.0 + np.random.default_rng(0).normal(0, 0.003, 100))
    assert rate.lost == 0
    assert rate.rate_hz == pytest.approx(30.0, rel=0.05)


def test_every_lost_image_is_counted():
    kept = [index for index in range(120) if index not in (40, 70, 71, 100)]
    rate = paced(np.array(kept) / 30.0)
    assert rate.lost == 4
    assert rate.lost_share == pytest.approx(4 / 120, abs=0.002)


def test_a_clock_set_back_is_no_loss():
    assert paced([*(np.arange(50) / 30.0), *(np.arange(50) / 30.0)]).lost == 0


def test_nothing_is_known_at_the_start():
    assert (RateMonitor().rate_hz, RateMonitor().period_s, RateMonitor().lost_share) == (0.0, 0.0, 0.0)


def test_images_that_come_late_are_told_and_are_no_loss():
    rate, order = RateMonitor(), [index + (index % 24 == 10) - (index % 24 == 11) for index in range(120)]
    newer = [rate.update(index / 24.0) for index in order]
    assert [index for index, is_newer in zip(order, newer, strict=True) if not is_newer] == [10, 34, 58, 82, 106]
    assert (rate.late, rate.lost, rate.fault) == (5, 0, "")


@pytest.mark.parametrize("stamp", [lambda at_s: 7.0, np.floor], ids=["all equal", "whole seconds"])
def test_stamps_that_do_not_rise_are_the_drivers_to_mend(stamp):
    assert "the driver must set header.stamp" in paced(stamp(at_s) for at_s in 5.0 + np.arange(90) / 30.0).fault


def test_a_topic_on_which_every_image_comes_twice_is_no_fault():
    rate = paced(np.repeat(np.arange(60) / 30.0, 2))
    assert (rate.fault, rate.lost) == ("", 0)
