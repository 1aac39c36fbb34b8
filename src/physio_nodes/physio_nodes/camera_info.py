"""What camera_info says: a calibration file in ROS 2's own format, or a pinhole from the angle of view."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import yaml
from sensor_msgs.msg import CameraInfo

from physio_core.errors import ConfigError


def info_topic(image_topic: str) -> str:
    """Where image_transport looks for the camera_info of an image topic: beside it, wherever it was remapped to."""
    return f"{image_topic.rpartition('/')[0]}/camera_info"


def pinhole(width_px: int, height_px: int, hfov_rad: float) -> CameraInfo:
    """An ideal camera with square pixels and that horizontal angle of view."""
    focal_px = width_px / (2.0 * math.tan(hfov_rad / 2.0))
    x, y = width_px / 2.0, height_px / 2.0
    return CameraInfo(
        width=width_px,
        height=height_px,
        distortion_model="plumb_bob",
        d=[0.0] * 5,
        k=[focal_px, 0.0, x, 0.0, focal_px, y, 0.0, 0.0, 1.0],
        r=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        p=[focal_px, 0.0, x, 0.0, 0.0, focal_px, y, 0.0, 0.0, 0.0, 1.0, 0.0],
    )


def read_calibration(path: str | Path) -> CameraInfo:
    """A file as written by camera_calibration.

    Raises:
        ConfigError: missing, not YAML, or without one of the entries; the message names it.
    """
    try:
        data = yaml.safe_load(Path(path).expanduser().read_text())
        return CameraInfo(
            width=int(data["image_width"]),
            height=int(data["image_height"]),
            distortion_model=str(data["distortion_model"]),
            d=_matrix(data, "distortion_coefficients"),
            k=_matrix(data, "camera_matrix", 9),
            r=_matrix(data, "rectification_matrix", 9),
            p=_matrix(data, "projection_matrix", 12),
        )
    except OSError as error:
        raise ConfigError(f"calibration {path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"calibration {path} is not a file of camera_calibration: {error}") from error


def _matrix(data: Any, name: str, size: int | None = None) -> list[float]:
    numbers = [float(number) for number in data[name]["data"]]
    if size is not None and len(numbers) != size:
        raise ValueError(f"{name} holds {len(numbers)} numbers, need {size}")
    return numbers
