"""The slowest images are split into the steps that made them slow."""

from __future__ import annotations

import os

import numpy as np
import pytest

from physio_tools.tails import in_line_s, parts


def test_what_the_slowest_images_take_longer_is_shared_out_to_the_steps():
    ways_ms = np.tile([2.0, 15.0, 1.0], (200, 1))
    ways_ms[[50, 150]] += [0.0, 30.0, 10.0]
    waits_ms = np.zeros(200)
    waits_ms[[50, 150]] = 20.0
    told, seen, named, waited, whole = parts(ways_ms, waits_ms)
    assert (seen.median_ms, seen.slowest_ms, whole.median_ms, whole.slowest_ms) == (15.0, 45.0, 18.0, 58.0)
    assert [part.share for part in (told, seen, named, waited, whole)] == pytest.approx([0.0, 0.75, 0.25, 0.5, 1.0])


def test_the_kernel_counts_the_waiting_of_a_process_and_one_that_is_gone_waits_no_more():
    assert in_line_s(os.getpid()) >= 0.0 == in_line_s(2**22 + 1)
