"""Writes pictures as a video file; for simulated clips, never for what a camera sees of a patient."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import cv2
import numpy as np

from physio_core.errors import SourceError
from physio_core.types import ByteImage


class VideoWriter:
    """An mp4 file that pictures are added to; use it in a ``with`` block."""

    def __init__(self, path: Path, fps: float, width_px: int, height_px: int) -> None:
        """Create the file.

        Raises:
            SourceError: the file cannot be written.
        """
        self._path, self._size = path, (width_px, height_px)
        self._writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, self._size)
        if not self._writer.isOpened():
            raise SourceError(f"cannot write the video {path}; does its folder exist and is it writable?")

    def add(self, rgb: ByteImage) -> None:
        """Append one picture (H, W, 3), red first.

        Raises:
            SourceError: its size is not the video's.
        """
        if rgb.shape[1::-1] != self._size:
            raise SourceError(f"picture of {rgb.shape[1]}x{rgb.shape[0]} px in a video of {self._size[0]}x{self._size[1]}")
        self._writer.write(np.ascontiguousarray(rgb[..., ::-1]))

    def __enter__(self) -> VideoWriter:
        """The writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Finish the file."""
        self._writer.release()
