"""Image sources for live use: a device, or a file or folder played at its own pace as if it were one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from physio_core.camera.config import CameraConfig
from physio_core.camera.image import fit, read_image
from physio_core.errors import SourceError
from physio_core.types import ByteImage, Frame

Clock = Callable[[], float]
"""Gives the time that images are stamped with [s]."""

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp")
LATE_S = 0.5
"""A player that is later than this (the process was stopped) continues from now instead of catching up in a burst."""


MAX_PAUSE_S = 2.0
"""A longer pause between the images of a recording is shortened to this: no one waits an hour because of a broken stamp."""


class Source(Protocol):
    """Gives images one after the other.

    Attributes:
        notes: what is odd about it so far, in sentences; grows while it is read.
    """

    notes: list[str]

    def read(self) -> Frame | None:
        """Wait for the next image, stamped with its time of acquisition; None at the end or after ``interrupt()``.

        Raises:
            SourceError: the source is lost.
        """
        ...

    def interrupt(self) -> None:
        """Make a waiting ``read()`` of another thread return soon."""
        ...

    def close(self) -> None:
        """Close the device or file; for the thread that reads."""
        ...


class Reader(Protocol):
    """A recording: images with their times from its start; ``notes`` as of :class:`Source`."""

    period_s: float
    notes: list[str]

    def read(self) -> Frame | None:
        """The next image; None at the end."""
        ...

    def close(self) -> None:
        """Close the recording."""
        ...


class FolderReader:
    """The images of a folder in the order of their names.

    Raises:
        SourceError: no such folder, or no images in it.
    """

    def __init__(self, path: str | Path, fps: float) -> None:
        """List the folder."""
        folder = Path(path)
        if not folder.is_dir():
            raise SourceError(f"no such image folder: {folder}")
        self._files = sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS)
        if not self._files:
            raise SourceError(f"{folder} holds no images ({' '.join(ENDINGS)})")
        self.period_s = 1.0 / fps
        self.notes: list[str] = []
        self._next = 0

    def read(self) -> Frame | None:
        """The next image; SourceError when it cannot be decoded."""
        if self._next >= len(self._files):
            return None
        self._next += 1
        return Frame((self._next - 1) * self.period_s, read_image(self._files[self._next - 1]))

    def close(self) -> None:
        """Nothing is held open."""


class PlayedSource:
    """A recording played at its own pace; stamps keep the recording's spacing on the given clock.

    Raises:
        SourceError: the recording cannot be opened.
    """

    def __init__(self, open_reader: Callable[[], Reader], config: CameraConfig, clock: Clock = time.time) -> None:
        """Open the recording; its first image is due at the first read."""
        self._open_reader, self._config, self._clock = open_reader, config, clock
        self._reader = open_reader()
        self.notes: list[str] = []
        self._stop = threading.Event()
        self._lead_s = float("nan")  # stamp on the clock minus time.monotonic()
        self._due_s = float("nan")  # on time.monotonic()
        self._last_s = 0.0  # time in the recording of the image before

    def read(self) -> Frame | None:
        """See :class:`Source`."""
        frame = self._reader.read()
        self.notes += [note for note in self._reader.notes if note not in self.notes]
        if frame is None and self._config.loop and not self._stop.is_set():
            self._reader.close()
            self._reader = self._open_reader()
            frame = self._reader.read()
            self._last_s = (frame.stamp_s if frame else 0.0) - self._reader.period_s
        if frame is None:
            return None
        self._schedule(frame.stamp_s)
        if self._stop.wait(max(0.0, self._due_s - time.monotonic())):
            return None
        return Frame(self._due_s + self._lead_s, fit(frame.rgb, self._config.width, self._config.height))

    def interrupt(self) -> None:
        """See :class:`Source`."""
        self._stop.set()

    def close(self) -> None:
        """See :class:`Source`."""
        self._reader.close()

    def _schedule(self, recorded_s: float) -> None:
        now_s = time.monotonic()
        pause_s = recorded_s - self._last_s
        if pause_s > MAX_PAUSE_S and self._due_s == self._due_s:  # before the first image there is nothing to wait for
            self.notes.append(
                f"a pause of {pause_s:.1f} s in the images at {self._last_s:.1f} s is shortened to {MAX_PAUSE_S:g} s"
            )
            pause_s = MAX_PAUSE_S
        self._due_s += pause_s / self._config.speed
        self._last_s = recorded_s
        if not self._due_s > now_s - LATE_S:  # also at the start, where it is not a number
            self._due_s, self._lead_s = now_s, self._clock() - now_s


class DeviceSource:
    """A camera of this machine.

    Raises:
        SourceError: it cannot be opened.
    """

    def __init__(self, config: CameraConfig, clock: Clock = time.time) -> None:
        """Open the device and ask for the size and rate."""
        self._config, self._clock = config, clock
        self.notes: list[str] = []
        self.name = config.path or f"/dev/video{config.device}"
        self._capture = cv2.VideoCapture()
        if not Path(self.name).exists() or not self._capture.open(config.path or config.device, cv2.CAP_V4L2):
            devices = ", ".join(sorted(str(path) for path in Path("/dev").glob("video*"))) or "none"
            raise SourceError(f"camera {self.name} cannot be opened (unplugged, in use, or no right to read?); found: {devices}")
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, config.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, config.height)
        self._capture.set(cv2.CAP_PROP_FPS, config.fps)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # older images would only be latency
        self._image: ByteImage | None = None
        self._changed_s = time.monotonic()

    def read(self) -> Frame | None:
        """See :class:`Source`."""
        good, bgr = self._capture.read()
        if not good or bgr is None:
            raise SourceError(f"camera {self.name} gives no more images; unplugged?")
        self._check_frozen(bgr)
        return Frame(self._clock() - self._age_s(), cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))

    def interrupt(self) -> None:
        """A camera's read ends by itself, with the next image or the driver's own time-out."""

    def close(self) -> None:
        """See :class:`Source`."""
        self._capture.release()

    def _age_s(self) -> float:
        """How long ago the driver took the image, where it tells (on the monotonic clock)."""
        age_s = time.monotonic() - float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000.0
        return age_s if 0.0 <= age_s < 1.0 else 0.0

    def _check_frozen(self, bgr: ByteImage) -> None:
        """A real sensor is never bit by bit the same; a hung one must not pass for a person who stands still."""
        now_s = time.monotonic()
        if self._image is None or not np.array_equal(bgr, self._image):
            self._image, self._changed_s = bgr, now_s
        elif 0.0 < self._config.frozen_s < now_s - self._changed_s:
            raise SourceError(f"camera {self.name} has given the same image for {self._config.frozen_s:g} s; hung?")


def open_source(config: CameraConfig, clock: Clock = time.time) -> Source:
    """The live source that the parameters ask for.

    Raises:
        SourceError: it gives no images; the message names it.
    """
    if config.source == "device":
        return DeviceSource(config, clock)
    if not config.path:
        raise SourceError(f"source: {config.source} needs a path")
    if config.source == "folder":
        return PlayedSource(lambda: FolderReader(config.path, config.fps), config, clock)
    # The library that decodes takes 15 MB, which no camera needs.
    from physio_core.camera.video import VideoReader

    return PlayedSource(lambda: VideoReader(config.path), config, clock)
