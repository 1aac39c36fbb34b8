"""The capture thread: reads a source, so that waiting for a camera never holds up anything else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import Enum

from physio_core.camera.sources import Source
from physio_core.errors import PhysioError
from physio_core.types import Frame


class CaptureState(Enum):
    """State of the capture."""

    STARTING = "starting"
    RUNNING = "running"
    LOST = "lost"
    ENDED = "ended"


class CaptureThread:
    """Passes every image on as it comes; opens a lost source again and again."""

    def __init__(
        self,
        open_source: Callable[[], Source],
        on_frame: Callable[[Frame], None],
        *,
        retry_s: float = 1.0,
        on_change: Callable[[CaptureState, str], None] = lambda state, why: None,
        on_note: Callable[[str], None] = lambda note: None,
    ) -> None:
        """Prepare; nothing is opened before :meth:`start`.

        Args:
            open_source: opens the source; may raise SourceError, now and later.
            on_frame: called on this thread with each image.
            retry_s: time between attempts to open a lost source [s].
            on_change: called on this thread with each new state and, for LOST, the reason.
            on_note: called on this thread with each new note of the source: what is odd about it.
        """
        self._open_source, self._on_frame, self._on_change, self._on_note = open_source, on_frame, on_change, on_note
        self._retry_s = retry_s
        self._stop = threading.Event()
        self._source: Source | None = None
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)
        self._last_s = time.monotonic()
        self.state = CaptureState.STARTING
        self.error = ""
        self.notes: list[str] = []
        self.frames = 0
        self.losses = 0

    @property
    def silent_s(self) -> float:
        """Time since the last image, or since the start [s]."""
        return time.monotonic() - self._last_s

    def start(self) -> None:
        """Begin to read."""
        self._last_s = time.monotonic()
        self._thread.start()

    def close(self, timeout_s: float = 2.0) -> None:
        """End the thread; a driver that hangs is left behind after ``timeout_s``."""
        self._stop.set()
        if (source := self._source) is not None:
            source.interrupt()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._read_all()
                if not self._stop.is_set():
                    self._change(CaptureState.ENDED, "")
                return
            except PhysioError as error:  # an image too small to use is as bad as none
                if self.state is not CaptureState.LOST or str(error) != self.error:
                    self.losses += 1
                    self._change(CaptureState.LOST, str(error))
            self._stop.wait(self._retry_s)

    def _read_all(self) -> None:
        self._source = source = self._open_source()
        try:
            while not self._stop.is_set() and (frame := self._read(source)) is not None:
                self._last_s = time.monotonic()
                self.frames += 1
                if self.state is not CaptureState.RUNNING:
                    self._change(CaptureState.RUNNING, "")
                self._on_frame(frame)
        finally:
            source.close()

    def _read(self, source: Source) -> Frame | None:
        frame = source.read()
        for note in [note for note in source.notes if note not in self.notes]:
            self.notes.append(note)
            self._on_note(note)
        return frame

    def _change(self, state: CaptureState, why: str) -> None:
        self.state, self.error = state, why
        self._on_change(state, why)
