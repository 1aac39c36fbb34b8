"""The camera's parameters."""

from __future__ import annotations

from dataclasses import dataclass

from physio_core.params import Parameters, param

SOURCES = ("device", "video", "folder")


@dataclass(frozen=True)
class CameraConfig(Parameters):
    """What to look through, and how fast."""

    source: str = param("device", "Where images come from.", choices=SOURCES)
    path: str = param("", "Video file, image folder, or device file (/dev/v4l/by-id/...); empty: use `device`.")
    device: int = param(0, "Number of the camera, as in /dev/video0.", low=0, high=63)
    width: int = param(640, "Width asked of the device; images of a file are shrunk to fit.", unit="px", low=64, high=3840)
    height: int = param(480, "Height asked of the device; images of a file are shrunk to fit.", unit="px", low=48, high=2160)
    fps: float = param(30.0, "Rate asked of the device; pace of an image folder.", unit="Hz", low=1.0, high=120.0)
    speed: float = param(1.0, "Pace of a video or folder: 2 plays twice as fast.", low=0.1, high=10.0)
    loop: bool = param(False, "Start a video or folder again when it ends.")
    retry_s: float = param(1.0, "Time between attempts to open a lost camera again.", unit="s", low=0.1, high=60.0)
    frozen_s: float = param(
        2.0, "A device that repeats one image, bit by bit, for this long counts as lost; 0: never.", unit="s", low=0.0, high=60.0
    )
