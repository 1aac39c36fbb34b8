"""A turned square of an image, at the size that a network takes."""

from __future__ import annotations

import cv2

from physio_core.types import ByteImage, FloatArray


def crop(rgb: ByteImage, to_image: FloatArray, size_px: int, *, black_outside: bool) -> ByteImage:
    """Pixels of an image, read between its own pixels (bilinear).

    Args:
        rgb: (H, W, 3).
        to_image: (2, 3): where in the image [px] each pixel (x, y, 1) of the result lies.
        size_px: width and height of the result.
        black_outside: what lies outside the image is black; else as the image's nearest pixel.

    Returns:
        (size_px, size_px, 3), in a memory of its own.
    """
    border = cv2.BORDER_CONSTANT if black_outside else cv2.BORDER_REPLICATE
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    made: ByteImage = cv2.warpAffine(rgb, to_image, (size_px, size_px), flags=flags, borderMode=border)
    return made
