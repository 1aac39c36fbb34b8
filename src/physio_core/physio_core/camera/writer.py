"""Writes pictures as a video file, whole or not at all (PyAV, FFmpeg's libraries)."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np

from physio_core.errors import SourceError
from physio_core.types import ByteImage

TICK = Fraction(1, 90000)
"""Unit of a file's stamps [s]."""
OPTIONS = {"preset": "veryfast", "crf": "20"}
"""Of H.264, which every player and browser shows; a quarter of MPEG-4's size at the same quality."""


class VideoWriter:
    """A video file (the ending says which container) that pictures are added to; use it in a ``with`` block.

    The file appears under its name when the block ends well; until then, and after a failure, whatever was there stays.
    """

    def __init__(self, path: Path, fps: float, width_px: int, height_px: int) -> None:
        """Create the file.

        Args:
            path: file to write.
            fps: pictures per second, where they have no stamps of their own [Hz].
            width_px: of every picture [px]; an odd one loses its last column.
            height_px: of every picture [px]; an odd one loses its last row.

        Raises:
            SourceError: the file cannot be written.
        """
        self._path = Path(path).resolve()  # a symbolic link stays, what it points to is written
        self._part = self._path.with_name(f".{self._path.stem}.part{self._path.suffix}")
        self._size, self._fps, self._count, self._last = (width_px, height_px), fps, 0, -1
        try:
            self._part.touch()  # FFmpeg does not say what is wrong with a folder
            self._container = av.open(f"file:{self._part}", "w")
        except (av.FFmpegError, OSError, ValueError) as error:
            self._part.unlink(missing_ok=True) if self._part.parent.is_dir() else None
            raise self._refusal(error) from error
        rate = Fraction(fps).limit_denominator(1000)
        self._stream = self._container.add_stream("libx264", rate=rate, options=OPTIONS)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width_px // 2 * 2, height_px // 2 * 2, "yuv420p"
        self._stream.codec_context.time_base = TICK

    def add(self, rgb: ByteImage, stamp_s: float | None = None) -> None:
        """Append one picture.

        Args:
            rgb: (H, W, 3), red first.
            stamp_s: when it is shown, from the beginning of the video [s]; None: one period after the last.

        Raises:
            SourceError: its size is not the video's, or the file cannot be written.
        """
        if rgb.shape[1::-1] != self._size:
            raise SourceError(f"picture of {rgb.shape[1]}x{rgb.shape[0]} px in a video of {self._size[0]}x{self._size[1]}")
        even = np.ascontiguousarray(rgb[: self._stream.height, : self._stream.width])
        picture = av.VideoFrame.from_ndarray(even, format="rgb24")
        at_s = self._count / self._fps if stamp_s is None else stamp_s
        self._last = max(self._last + 1, round(at_s / TICK))
        picture.pts, picture.time_base = self._last, TICK
        self._count += 1
        self._encode(picture)

    def __enter__(self) -> VideoWriter:
        """The writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Finish the file, or remove what there is of it after a failure."""
        try:
            if kind is None:
                self._encode(None)
                self._container.close()
                self._part.replace(self._path)
        except (av.FFmpegError, OSError) as failure:
            raise self._refusal(failure) from failure
        finally:
            with contextlib.suppress(av.FFmpegError, OSError):
                self._container.close()
            self._part.unlink(missing_ok=True)

    def _encode(self, picture: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(picture))
        except (av.FFmpegError, OSError) as error:
            raise self._refusal(error) from error

    def _refusal(self, error: BaseException) -> SourceError:
        why = getattr(error, "strerror", None) or str(error)
        return SourceError(f"cannot write the video {self._path}: {why}; does its folder exist, is it writable, is there space?")
