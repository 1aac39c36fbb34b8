"""Video files, with the time of each picture as the file tells it.

Real files have variable rates and phones' rotation flags; counting pictures would give every movement a wrong tempo.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2

from physio_core.errors import SourceError
from physio_core.types import Frame

FALLBACK_FPS = 30.0


class VideoReader:
    """Decodes one file picture by picture, as fast as it can.

    Raises:
        SourceError: no such file, an empty file, not a video, or one without pictures; later, a picture that cannot be decoded.
    """

    def __init__(self, path: str | Path) -> None:
        """Open the file and check that it holds a picture."""
        self.path = Path(path)
        _check_file(self.path)
        self._capture = cv2.VideoCapture(str(self.path))
        if not self._capture.isOpened():
            raise SourceError(f"{self.path} cannot be read as a video; give a file that OpenCV can decode, such as .mp4")
        self._capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.period_s = 1.0 / (fps if 1.0 <= fps <= 1000.0 else FALLBACK_FPS)
        self._next = self._decode(-1.0)
        if self._next is None:
            self.close()
            raise SourceError(f"{self.path} holds no pictures")

    def read(self) -> Frame | None:
        """The next picture, stamped with its time in the file [s]; None at the end.

        Raises:
            SourceError: the picture after it cannot be decoded.
        """
        frame = self._next
        if frame is not None:
            self._next = self._decode(frame.stamp_s)
        return frame

    def close(self) -> None:
        """Let go of the file."""
        self._next = None
        self._capture.release()

    def _decode(self, last_s: float) -> Frame | None:
        try:
            good, bgr = self._capture.read()
            if not good or bgr is None:
                return None
            rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        except (cv2.error, MemoryError) as error:
            self.close()
            why = str(error).strip() or "not enough memory"
            raise SourceError(f"{self.path}: the picture after {max(0.0, last_s):.2f} s cannot be decoded: {why}") from error
        stamp_s = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
        if last_s >= 0.0 and stamp_s <= last_s:  # some containers carry no times
            stamp_s = last_s + self.period_s
        return Frame(max(0.0, stamp_s), rgb)


def read_video(path: str | Path) -> Iterator[Frame]:
    """Every picture of a file with its true time, as fast as it decodes; rotation flags are honoured.

    Raises:
        SourceError: as :class:`VideoReader`; what is no video is refused at the first picture.
    """
    reader = VideoReader(path)
    try:
        while (frame := reader.read()) is not None:
            yield frame
    finally:
        reader.close()


def _check_file(path: Path) -> None:
    if not path.exists():
        raise SourceError(f"no such video: {path}")
    if not path.is_file():
        raise SourceError(f"{path} is not a file; for a folder of images use source: folder")
    if path.stat().st_size == 0:
        raise SourceError(f"{path} is an empty file")
