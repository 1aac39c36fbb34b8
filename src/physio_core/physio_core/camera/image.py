"""Image files, sizes, and skeletons drawn into images."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from physio_core.errors import SourceError
from physio_core.files import check_writable, write_bytes
from physio_core.skeleton.colours import side_rgb
from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import layout_named
from physio_core.types import ByteImage, Skeleton

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
"""File name endings that can be written."""
MIDDLE_RGB = (240, 240, 240)


def read_image(path: Path) -> ByteImage:
    """An image file as (H, W, 3) RGB.

    Raises:
        SourceError: not an image.
    """
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise SourceError(f"{path} cannot be read as an image")
    rgb: ByteImage = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    return rgb


def write_image(path: Path, rgb: ByteImage) -> None:
    """Write an (H, W, 3) RGB image, whole or not at all; the file's ending gives the format.

    Raises:
        OutputError: the ending is unknown, or the file cannot be written.
    """
    check_writable(path, endings=ENDINGS)
    write_bytes(path, cv2.imencode(path.suffix.lower(), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))[1].tobytes())


def fit(rgb: ByteImage, width_px: int, height_px: int) -> ByteImage:
    """The image, shrunk if need be to fit into width x height; its shape is kept, nothing is ever enlarged."""
    height, width = rgb.shape[:2]
    scale = min(width_px / width, height_px / height)
    if scale >= 1.0:
        return rgb
    size = (max(16, round(width * scale)), max(16, round(height * scale)))
    small: ByteImage = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return small


def from_planar(rows: ByteImage, blue_first: bool) -> ByteImage:
    """An image as hardware decoders and camera chips give it, as (H, W, 3) RGB.

    Args:
        rows: (3/2 H, W): brightness of all pixels, then H/2 rows of colours, two bytes for each square of four pixels.
        blue_first: the order of these two: NV12 has blue first, NV21 red.
    """
    rgb: ByteImage = cv2.cvtColor(rows, cv2.COLOR_YUV2RGB_NV12 if blue_first else cv2.COLOR_YUV2RGB_NV21)
    return rgb


def letterbox(rgb: ByteImage, width_px: int, height_px: int) -> ByteImage:
    """The image in one of exactly width x height: shrunk or enlarged with its shape kept, in the middle, with black bars."""
    height, width = rgb.shape[:2]
    scale = min(width_px / width, height_px / height)
    size = min(width_px, max(1, round(width * scale))), min(height_px, max(1, round(height * scale)))
    out = np.zeros((height_px, width_px, 3), np.uint8)
    left, top = (width_px - size[0]) // 2, (height_px - size[1]) // 2
    inner = out[top : top + size[1], left : left + size[0]]
    inner[:] = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR)
    return out


def stretch(rgb: ByteImage, width_px: int, height_px: int) -> ByteImage:
    """The image scaled to exactly width x height; its shape is not kept."""
    shrinks = rgb.shape[0] >= height_px and rgb.shape[1] >= width_px
    filled: ByteImage = cv2.resize(rgb, (width_px, height_px), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return filled


def draw_skeleton(rgb: ByteImage, skeleton: Skeleton, least_confidence: float = VISIBLE) -> ByteImage:
    """A copy of the image with bones and joints; joints below ``least_confidence`` are left out."""
    out = np.ascontiguousarray(rgb).copy()
    if not skeleton.tracked:
        return out
    layout = layout_named(skeleton.layout)
    height, width = out.shape[:2]
    # A joint far outside would overflow OpenCV's integers.
    pixels = np.clip(skeleton.points[:, :2], -2.0, 3.0) * (width, height)
    places = [(round(float(x)), round(float(y))) for x, y in pixels]
    sure = skeleton.confidence >= least_confidence
    thick = max(2, height // 160)
    for a, b in layout.edge_indices:
        if sure[a] and sure[b]:
            cv2.line(out, places[a], places[b], side_rgb(layout.joints[b], MIDDLE_RGB), thick, cv2.LINE_AA)
    for index, joint in enumerate(layout.joints):
        if sure[index]:
            cv2.circle(out, places[index], thick + 1, side_rgb(joint, MIDDLE_RGB), -1, cv2.LINE_AA)
    return out


def draw_text(rgb: ByteImage, text: str) -> ByteImage:
    """A copy of the image with a line of text on a dark bar at its lower edge; characters beyond ASCII become question marks."""
    out = np.ascontiguousarray(rgb).copy()
    height, width = out.shape[:2]
    text = text.encode("ascii", "replace").decode()
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, height / 480.0
    (wide, high), below = cv2.getTextSize(text, font, scale, 1)
    scale *= min(1.0, 0.95 * width / max(wide, 1))
    thick, margin = max(1, round(2 * scale)), high // 2
    bar = out[max(0, height - high - below - 2 * margin) :]
    bar[:] = bar // 4
    cv2.putText(out, text, (margin, height - below - margin), font, scale, (255, 255, 255), thick, cv2.LINE_AA)
    return out
