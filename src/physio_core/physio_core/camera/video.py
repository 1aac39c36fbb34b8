"""Video files, with the time of each image as the file tells it: the only file that decodes them (PyAV, FFmpeg's libraries).

Real files have variable rates, phones' rotation flags, sizes that change, long pauses, damaged parts and missing ends. What can
be shown is shown at its true time; what could not be is said in ``notes``.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
import av.logging
import numpy as np
from av.video.reformatter import VideoReformatter

from physio_core.camera.image import letterbox
from physio_core.errors import SourceError
from physio_core.types import ByteImage, Frame

FALLBACK_FPS = 30.0
THREADS = 2
"""Decoding threads of one file; several files are decoded side by side."""
JUMP_BACK_S = 1.0
"""Stamps that fall back by more begin a new time line (files joined end to end); less is a flaw of one stamp."""
CUT_OFF_S = 0.5
"""A file that ends this much earlier than its header says is cut off."""
TELLS_DURATION = {"mov", "matroska", "avi", "asf"}
"""Containers whose header tells how long they are; of others it is a guess of the library's."""
IN_CODING_ORDER = {"avi"}
"""Containers that store no presentation times, only an order of decoding."""
SQUARE = 0.02
"""Deviation from square pixels that nobody sees."""
av.logging.set_level(av.logging.PANIC)  # what FFmpeg's libraries print on stderr is in the notes


class VideoReader:
    """Decodes one file frame by frame, as fast as it can.

    All images have the size of the first, upright and with square pixels; where the size changes they are shrunk or enlarged
    to fit, with black bars.

    Attributes:
        path: the file.
        period_s: usual time between images [s].
        notes: what is odd about the file as far as it was read: damaged parts, an end that is missing, sizes that change.

    Raises:
        SourceError: no such file, an empty file, not a video, or one without images that can be decoded.
    """

    def __init__(self, path: str | Path, start_s: float = 0.0) -> None:
        """Open the file and find its first image.

        Args:
            path: video file.
            start_s: images before are left out [s].
        """
        self.path = Path(path)
        self.notes: list[str] = []
        _check_file(self.path)
        try:
            # Without the protocol, "a:b.mp4" is taken for one; and no playlist may make it load anything from elsewhere.
            self._container = av.open(f"file:{self.path}", options={"protocol_whitelist": "file"}, metadata_errors="replace")
        except (av.FFmpegError, ValueError) as error:
            raise SourceError(
                f"{self.path} cannot be read as a video: {_why(error)}; it is not a video, or its beginning or end is missing"
            ) from error
        try:
            self._open_stream(start_s)
        except BaseException:
            self.close()
            raise

    def _open_stream(self, start_s: float) -> None:
        self._stream = self._choose()
        context = self._stream.codec_context
        context.thread_type, context.thread_count = "AUTO", THREADS
        rate = float(self._stream.average_rate or 0.0)
        self.period_s = 1.0 / (rate if 1.0 <= rate <= 1000.0 else FALLBACK_FPS)
        self._origin_s = (self._container.start_time or 0) / av.time_base
        self._shift_s, self._last_s, self._end_s = 0.0, -math.inf, 0.0
        self._size: tuple[int, int] | None = None
        self._resized = False
        self._damaged, self._failure = 0, ""
        self._converter = VideoReformatter()
        self._start_s = start_s
        if start_s > 0.0:
            self._seek(start_s)
        self._frames = self._decode()
        self._next = next(self._frames, None)
        if self._next is None and not self._size:
            reason = f" ({self._failure})" if self._failure else ""
            raise SourceError(f"{self.path} holds no image that can be decoded{reason}; it has {self._streams()}")

    def read(self) -> Frame | None:
        """The next image, stamped with its time in the file as a player shows it [s]; None at the end.

        Raises:
            SourceError: not enough memory for the image after it.
        """
        frame = self._next
        if frame is not None:
            self._next = next(self._frames, None)
        return frame

    def close(self) -> None:
        """Close the file."""
        self._next = None
        self._container.close()

    def _choose(self) -> av.VideoStream:
        """The largest video stream that is not an attached cover and can be decoded."""
        videos = [
            stream for stream in self._container.streams.video if not stream.disposition & av.stream.Disposition.attached_pic
        ]
        known = [stream for stream in videos if stream.codec_context is not None]
        if not known:
            if videos:
                lack = "images of a codec that cannot be decoded; convert it to .mp4 with H.264"
            else:
                lack = "no images but a cover" if self._container.streams.video else "no images"
            raise SourceError(f"{self.path} holds {lack}; it has {self._streams()}")
        return max(known, key=lambda stream: stream.codec_context.width * stream.codec_context.height)

    def _streams(self) -> str:
        """What the file holds, for a person who must find out what is wrong with it."""
        return ", ".join(f"{stream.type} ({_codec_of(stream)})" for stream in self._container.streams) or "no streams"

    def _seek(self, start_s: float) -> None:
        try:
            self._container.seek(int((start_s + self._origin_s) * av.time_base), backward=True)
        except av.FFmpegError:  # some containers cannot: all is decoded, and what comes before is left out
            self._container.seek(0)

    def _decode(self) -> Iterator[Frame]:
        for packet in self._packets():
            try:
                decoded = packet.decode()
            except av.FFmpegError as error:
                self._damaged, self._failure = self._damaged + 1, _why(error)
                continue
            for image in decoded:
                self._damaged += image.is_corrupt
                stamp_s = self._stamp_s(image)
                if stamp_s >= self._start_s - self.period_s / 2.0:
                    yield Frame(stamp_s, self._upright(image))
                else:
                    self._size = self._size or (0, 0)
        self._conclude()

    def _packets(self) -> Iterator[av.packet.Packet[av.VideoStream]]:
        """Of the chosen stream; of the others only the time, which tells where the file ends."""
        packets = self._container.demux()
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError as error:
                self._damaged, self._failure = self._damaged + 1, _why(error)
                return
            if packet.pts is not None:
                self._end_s = max(self._end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base) - self._origin_s)
            if isinstance(packet.stream, av.VideoStream) and packet.stream.index == self._stream.index:
                yield cast("av.packet.Packet[av.VideoStream]", packet)

    def _stamp_s(self, image: av.VideoFrame) -> float:
        after_s = self._last_s + self.period_s if self._last_s > -math.inf else 0.0
        ticks = image.dts if self._container.format.name in IN_CODING_ORDER else image.pts
        stamp_s = after_s
        if ticks is not None and self._stream.time_base is not None:
            stamp_s = float(ticks * self._stream.time_base) - self._origin_s + self._shift_s
        if stamp_s < self._last_s - JUMP_BACK_S:
            self._shift_s += after_s - stamp_s
        if stamp_s <= self._last_s:
            stamp_s = after_s
        self._last_s = max(0.0, stamp_s)
        return self._last_s

    def _upright(self, image: av.VideoFrame) -> ByteImage:
        width_px, height_px = image.width, image.height
        ratio = float(self._stream.sample_aspect_ratio or 1.0)
        if abs(ratio - 1.0) > SQUARE and 0.1 < ratio < 10.0:
            width_px = max(1, round(width_px * ratio))
        try:
            # One converter for all images: to_ndarray(format=...) sets one up each time, which takes longer than decoding.
            pixels = self._converter.reformat(image, width_px, height_px, "rgb24").to_ndarray()
            rgb: ByteImage = np.ascontiguousarray(np.rot90(pixels, round(image.rotation / 90.0) % 4), np.uint8)
        except (MemoryError, av.FFmpegError) as error:
            why = _why(error) or "not enough memory"
            raise SourceError(f"{self.path}: the image at {self._last_s:.2f} s cannot be decoded: {why}") from error
        size = rgb.shape[1], rgb.shape[0]
        if not self._size or not all(self._size):
            self._size = size
        if size == self._size:
            return rgb
        if not self._resized:
            self._resized = True
            was = "{}x{}".format(*self._size)
            self.notes.append(f"from {self._last_s:.2f} s on images are {size[0]}x{size[1]}, before {was}: all shown as {was}")
        return letterbox(rgb, *self._size)

    def _conclude(self) -> None:
        if self._damaged:
            parts = f"{self._damaged} damaged part{'s' * (self._damaged > 1)} could not be decoded"
            self.notes.append(parts + f" ({self._failure})" * bool(self._failure))
        told_s = (self._container.duration or 0) / av.time_base
        if self._container.format.name in IN_CODING_ORDER:
            told_s = max(told_s, self._stream.frames * self.period_s)
        tells = bool(TELLS_DURATION & set(self._container.format.name.split(",")))
        if tells and self._end_s < told_s - CUT_OFF_S:
            self.notes.append(f"the file is cut off: it ends at {self._end_s:.2f} s of {told_s:.2f} s")


def read_video(path: str | Path, notes: list[str] | None = None, start_s: float = 0.0) -> Iterator[Frame]:
    """Every image of a file at its true time, as fast as it decodes.

    Args:
        path: video file.
        notes: receives at the end what is odd about the file; see :class:`VideoReader`.
        start_s: images before are left out [s].

    Raises:
        SourceError: as :class:`VideoReader`; what is not a video is refused at the first image.
    """
    reader = VideoReader(path, start_s)
    try:
        while (frame := reader.read()) is not None:
            yield frame
    finally:
        reader.close()
        if notes is not None:
            notes += reader.notes


def _check_file(path: Path) -> None:
    if not path.exists():
        raise SourceError(f"no such video: {path}")
    if not path.is_file():
        raise SourceError(f"{path} is not a file; give a video (physio launch plays a folder of images with source:=folder)")
    if path.stat().st_size == 0:
        raise SourceError(f"{path} is an empty file")
    if not os.access(path, os.R_OK):
        raise SourceError(f"{path} cannot be read: permission denied")


def _codec_of(stream: av.stream.Stream) -> str:
    context = stream.codec_context
    cover = stream.type == "video" and stream.disposition & av.stream.Disposition.attached_pic
    return "cover image" if cover else context.name if context is not None else "unknown codec"


def _why(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error)
