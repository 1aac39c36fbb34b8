"""Writes images as a video file, whole or not at all (PyAV, FFmpeg's libraries)."""

from __future__ import annotations

import contextlib
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np

from physio_core.errors import OutputError, SourceError
from physio_core.files import unwritable, writing
from physio_core.types import ByteImage

TICK = Fraction(1, 90000)
"""Unit of a file's stamps [s]."""
OPTIONS = {"preset": "veryfast", "crf": "20"}
"""Of H.264, which every player and browser shows; a quarter of MPEG-4's size at the same quality."""


class VideoWriter:
    """A video file (the ending says which container) that images are added to; use it in a ``with`` block.

    The file appears under its name when the block ends well; until then, and after a failure, an earlier file stays.
    """

    def __init__(self, path: Path, fps: float, width_px: int, height_px: int) -> None:
        """Create the file.

        Args:
            path: file to write.
            fps: images per second, where they have no stamps of their own [Hz].
            width_px: of every image [px]; an odd one loses its last column.
            height_px: of every image [px]; an odd one loses its last row.

        Raises:
            OutputError: the file cannot be written.
        """
        self._path = path
        self._size, self._fps, self._count, self._last = (width_px, height_px), fps, 0, -1
        self._place = ExitStack()
        part = self._place.enter_context(writing(path))
        try:
            self._container = av.open(f"file:{part}", "w")
        except (av.FFmpegError, ValueError) as error:
            refusal = self._refusal(error)
            self._place.__exit__(type(refusal), refusal, None)
            raise refusal from error
        rate = Fraction(fps).limit_denominator(1000)
        self._stream = self._container.add_stream("libx264", rate=rate, options=OPTIONS)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width_px // 2 * 2, height_px // 2 * 2, "yuv420p"
        self._stream.codec_context.time_base = TICK

    def add(self, rgb: ByteImage, stamp_s: float | None = None) -> None:
        """Append one image.

        Args:
            rgb: (H, W, 3), red first.
            stamp_s: when it is shown, from the beginning of the video [s]; None: one period after the last.

        Raises:
            SourceError: its size is not the video's.
            OutputError: the file cannot be written.
        """
        if rgb.shape[1::-1] != self._size:
            raise SourceError(f"image of {rgb.shape[1]}x{rgb.shape[0]} px in a video of {self._size[0]}x{self._size[1]}")
        even = np.ascontiguousarray(rgb[: self._stream.height, : self._stream.width])
        image = av.VideoFrame.from_ndarray(even, format="rgb24")
        at_s = self._count / self._fps if stamp_s is None else stamp_s
        self._last = max(self._last + 1, round(at_s / TICK))
        image.pts, image.time_base = self._last, TICK
        self._count += 1
        self._encode(image)

    def __enter__(self) -> VideoWriter:
        """The writer itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Finish the file, or remove what there is of it after a failure."""
        with self._place:
            try:
                if kind is None and not self._count:
                    raise OutputError(f"cannot write {self._path}: a video needs at least one image")
                if kind is None:
                    self._encode(None)
                    self._close()
            finally:
                with contextlib.suppress(av.FFmpegError):
                    self._container.close()
            if error is not None:
                raise error

    def _close(self) -> None:
        try:
            self._container.close()
        except av.FFmpegError as error:
            raise self._refusal(error) from error

    def _encode(self, image: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(image))
        except av.FFmpegError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: BaseException) -> OutputError:
        if isinstance(error, OSError):
            return unwritable(self._path, error)
        return OutputError(f"cannot write the video {self._path}: {error}; give a name that ends in .mp4")
