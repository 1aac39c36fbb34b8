"""Images are taken in order; what cannot be used is counted by its encoding, and the next good one clears the trouble."""

from __future__ import annotations

import pytest
from builtin_interfaces.msg import Time
from sensor_msgs.msg import Image

from physio_core.errors import ImageError
from physio_nodes.intake import Intake


def image(stamp_ms: int, encoding: str = "rgb8") -> Image:
    msg = Image(encoding=encoding, width=16, height=16, step=48, data=bytes(768))
    msg.header.stamp = Time(sec=10, nanosec=stamp_ms * 1_000_000)
    return msg


def test_images_are_taken_in_order_and_late_ones_are_left_out():
    intake = Intake(0.0)
    taken = [intake.take(image(stamp_ms), 1.0) for stamp_ms in (0, 66, 33, 99)]
    assert [frame is not None for frame in taken] == [True, True, False, True]
    assert intake.newest_s == 1.0 and intake.rate.late == 1


def test_what_cannot_be_used_is_counted_and_a_good_image_clears_the_trouble():
    intake = Intake(0.0)
    with pytest.raises(ImageError, match="32FC1"):
        intake.take(image(0, "32FC1"), 1.0)
    assert dict(intake.rejected) == {"32FC1": 1} and "32FC1" in intake.rejecting
    intake.take(image(33), 2.0)
    assert intake.rejecting == "" and "32FC1" in intake.last_rejection


def test_what_nobody_looks_at_is_not_lost():
    intake = Intake(0.0)
    intake.take(image(0), 1.0)
    for stamp_ms in range(33, 300, 33):
        intake.skip(image(stamp_ms), 2.0)
    intake.take(image(330), 3.0)
    assert intake.rate.lost == 0
