"""Image messages to frames and back; the one door for them. What cannot be right is refused.

Colours are converted by cv_bridge where ROS 2 brings it, else by the library rosbags-image; both bring OpenCV, 14 MB, and are
loaded with the first image that is not as the coach's own camera sends it (rgb8), so that the screen has none of it.
"""

from __future__ import annotations

import array
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from builtin_interfaces.msg import Time
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from physio_core.errors import ImageError
from physio_core.types import ByteImage, Frame
from physio_nodes.stamps import to_seconds

UNNAMED = {"8UC1": "mono8", "8UC3": "bgr8", "8UC4": "bgra8"}
"""What OpenCV's types mean when the colour order is not given: cv_bridge writes them so by default, in OpenCV's order."""
BYTES_PER_PIXEL = {
    "rgb8": 3, "bgr8": 3, "rgba8": 4, "bgra8": 4, "mono8": 1, "mono16": 2, "yuv422": 2, "uyvy": 2, "yuyv": 2, "yuv422_yuy2": 2,
    "bayer_rggb8": 1, "bayer_bggr8": 1, "bayer_gbrg8": 1, "bayer_grbg8": 1, "nv12": 1, "nv21": 1,
    **dict(zip(UNNAMED, (1, 3, 4), strict=True)),
}  # fmt: skip
"""The encodings of sensor_msgs/image_encodings.hpp that hold an image for the eye; 16UC1, which is depth, does not."""
PLANAR = ("nv12", "nv21")
"""Brightness of all pixels, then half as many rows of colours."""


@dataclass(frozen=True)
class HandedOver:
    """An image that stays within its process: what its message would say, and the image itself, which nobody may change."""

    header: Header
    frame: Frame
    encoding: str = "rgb8"


def to_frame(msg: Image | HandedOver) -> Frame:
    """The image of a message, red first, with its time of acquisition.

    Raises:
        ImageError: empty, of an encoding that is not an image for the eye, with less data than it claims, or without a stamp.
    """
    if isinstance(msg, HandedOver):
        return msg.frame
    if msg.encoding not in BYTES_PER_PIXEL:
        raise ImageError(f"image encoding {msg.encoding!r} is not one of: {', '.join(BYTES_PER_PIXEL)}")
    if not msg.height or not msg.width:
        raise ImageError(f"image of {msg.width}x{msg.height} px is empty")
    if not (msg.header.stamp.sec or msg.header.stamp.nanosec):
        raise ImageError("image without a time stamp; its driver must set header.stamp to the time of acquisition")
    if msg.encoding.startswith(("yu", "uy", "nv", "bayer")) and (msg.width % 2 or msg.height % 2):
        raise ImageError(f"{msg.encoding} image of {msg.width}x{msg.height} px; this encoding needs even sizes")
    row = msg.width * BYTES_PER_PIXEL[msg.encoding]
    rows = msg.height * 3 // 2 if msg.encoding in PLANAR else msg.height
    if msg.step < row or len(msg.data) < msg.step * rows:
        raise ImageError(
            f"{msg.width}x{msg.height} {msg.encoding} image with step {msg.step} and {len(msg.data)} bytes;"
            f" need step >= {row} and step * {'height * 3/2' if msg.encoding in PLANAR else 'height'} bytes"
        )
    pixels = np.frombuffer(msg.data, np.uint8, msg.step * rows).reshape(rows, msg.step)
    return Frame(to_seconds(msg.header.stamp), _rgb(msg, np.ascontiguousarray(pixels[:, :row])))


def _rgb(msg: Image, pixels: ByteImage) -> ByteImage:
    """The image of rows without padding (rows, bytes of a row)."""
    encoding = UNNAMED.get(msg.encoding, msg.encoding)
    if encoding == "rgb8":
        return pixels.reshape(msg.height, msg.width, 3)
    if encoding in PLANAR:
        from physio_core.camera.image import from_planar

        return from_planar(pixels, blue_first=encoding == "nv12")
    if encoding == "mono16":  # the upper byte is the image
        encoding, pixels = "mono8", np.ascontiguousarray(pixels[:, (0 if msg.is_bigendian else 1) :: 2])
    packed = SimpleNamespace(
        height=msg.height, width=msg.width, encoding=encoding, is_bigendian=0, step=pixels.shape[1], data=pixels.data.cast("B")
    )
    return _convert(packed)


def _convert(image: Any) -> ByteImage:
    try:
        from cv_bridge import CvBridge
    except ImportError:
        from rosbags.image import image_to_cvimage

        return np.asarray(image_to_cvimage(image, "rgb8"))
    return np.asarray(CvBridge().imgmsg_to_cv2(image, "rgb8"))


def from_rgb(rgb: ByteImage, stamp: Time, frame_id: str) -> Image:
    """An image (H, W, 3), red first, as a message."""
    height, width = rgb.shape[:2]
    msg = Image(height=height, width=width, encoding="rgb8", is_bigendian=0, step=3 * width)
    msg.header.stamp, msg.header.frame_id = stamp, frame_id
    data = array.array("B")  # any other type is copied byte by byte, which takes 58 ms
    data.frombytes(np.ascontiguousarray(rgb).data.cast("B"))
    msg.data = data
    return msg
