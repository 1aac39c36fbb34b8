"""The one door for images: right images pass quickly, wrong ones are refused with a reason."""

from __future__ import annotations

import array
import time

import cv2
import numpy as np
import pytest
from builtin_interfaces.msg import Time
from sensor_msgs.msg import Image

from physio_core.errors import ImageError
from physio_nodes.images import from_rgb, to_frame

STAMP = Time(sec=12, nanosec=345_000_000)
RGB = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)


def message(pixels, encoding, step=None):
    height, width = pixels.shape[:2]
    data = array.array("B", pixels.tobytes())
    msg = Image(height=height, width=width, encoding=encoding, step=step or len(data) // height, data=data)
    msg.header.stamp = STAMP
    return msg


def short_message():
    msg = message(np.zeros((480, 640, 3), np.uint8), "rgb8")
    msg.data = msg.data[:1000]
    return msg


def test_there_and_back_keeps_picture_and_stamp():
    msg = from_rgb(RGB, STAMP, "camera")
    frame = to_frame(msg)
    assert (frame.rgb == RGB).all()
    assert frame.stamp_s == pytest.approx(12.345)
    assert (msg.header.stamp, msg.header.frame_id) == (STAMP, "camera")


@pytest.mark.parametrize(
    ("encoding", "code"), [("bgr8", cv2.COLOR_RGB2BGR), ("rgba8", cv2.COLOR_RGB2RGBA), ("bgra8", cv2.COLOR_RGB2BGRA)]
)
def test_other_colour_orders_and_four_channels_are_converted(encoding, code):
    assert (to_frame(message(cv2.cvtColor(RGB, code), encoding)).rgb == RGB).all()


def test_grey_becomes_three_equal_channels():
    grey = RGB[..., 0]
    assert (to_frame(message(grey, "mono8")).rgb == grey[..., None]).all()


COLOURS = np.repeat(np.array([[[200, 40, 30]], [[30, 60, 190]]], np.uint8), 24, axis=0).repeat(64, axis=1)


@pytest.mark.parametrize("encoding", ["nv12", "nv21"])
def test_planar_formats_have_the_right_colours_with_and_without_padding(encoding):
    planar = cv2.cvtColor(COLOURS, cv2.COLOR_RGB2YUV_I420)
    blue, red = planar[48:].reshape(2, -1)
    colours = np.stack((blue, red) if encoding == "nv12" else (red, blue), axis=1).reshape(24, 64)
    rows = np.pad(np.concatenate([planar[:48], colours]), ((0, 0), (0, 8)))
    msg = message(rows, encoding)
    msg.width, msg.height = 64, 48
    assert np.abs(to_frame(msg).rgb.astype(int) - COLOURS).max() < 6
    msg.data = msg.data[:3500]
    with pytest.raises(ImageError, match=r"need step >= 64 and step \* height \* 3/2 bytes"):
        to_frame(msg)


def test_opencvs_own_types_are_blue_first_as_cv_bridge_writes_them():
    assert (to_frame(message(RGB[..., ::-1], "8UC3")).rgb == RGB).all()
    assert (to_frame(message(RGB[..., 0], "8UC1")).rgb == RGB[..., :1]).all()


@pytest.mark.parametrize("big", [0, 1])
def test_of_sixteen_bits_of_grey_the_upper_are_the_picture(big):
    grey = RGB[..., 0].astype(np.uint16) << 8 | 77
    msg = message(grey.astype(">u2" if big else "<u2"), "mono16")
    msg.is_bigendian = big
    assert (to_frame(msg).rgb == RGB[..., :1]).all()


@pytest.mark.parametrize("encoding", ["yuv422_yuy2", "uyvy", "bayer_rggb8"])
def test_raw_camera_formats_are_converted(encoding):
    channels = 1 if encoding.startswith("bayer") else 2
    grey = np.full((48, 64, channels), 128, np.uint8)
    assert np.abs(to_frame(message(grey, encoding)).rgb.astype(int) - 128).max() < 10


def test_padding_at_the_end_of_rows_is_left_out():
    for encoding in ("rgb8", "bgr8"):
        padded = np.zeros((48, 64 * 3 + 8), np.uint8)
        padded[:, : 64 * 3] = RGB.reshape(48, -1)
        msg = message(padded, encoding)
        msg.width = 64
        assert (np.sort(to_frame(msg).rgb) == np.sort(RGB)).all()


@pytest.mark.parametrize(
    ("msg", "reason"),
    [
        (Image(), "encoding ''"),
        (Image(encoding="rgb8"), "empty"),
        (message(RGB.astype(np.float32)[..., 0], "32FC1"), "32FC1"),
        (message(RGB.astype(np.uint16)[..., 0], "16UC1"), "16UC1"),
        (message(RGB, "rgb8", step=30), "need step >= 192"),
        (short_message(), "1000 bytes"),
        (from_rgb(RGB, Time(), "camera"), "without a time stamp"),
        (message(np.zeros((1, 1, 3), np.uint8), "rgb8"), "1x1"),
        (message(np.zeros((17, 33, 2), np.uint8), "yuyv"), "even sizes"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_reason(msg, reason):
    with pytest.raises(ImageError, match=reason):
        to_frame(msg)


def test_a_vga_picture_takes_less_than_four_milliseconds_there_and_back():
    vga = np.zeros((480, 640, 3), np.uint8)
    msg = message(vga, "bgr8")
    times_s = []
    for _ in range(20):
        begun_s = time.perf_counter()
        from_rgb(to_frame(msg).rgb, STAMP, "camera")
        times_s.append(time.perf_counter() - begun_s)
    assert min(times_s) < 0.004
