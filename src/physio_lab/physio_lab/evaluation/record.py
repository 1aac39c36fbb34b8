"""Records one labelled clip from a camera, for a set that the recogniser is tested on.

Images are never kept otherwise, so nothing is opened before a person has said that everyone in the picture agrees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from physio_core.camera.sources import Source
from physio_core.camera.writer import VideoWriter
from physio_core.errors import InputError, SourceError
from physio_core.files import check_writable
from physio_core.patient_code import checked_code
from physio_core.types import Frame
from physio_lab.evaluation.index import COLUMNS, open_index

RECORDED = (*COLUMNS, "reps", "grade", "subject", "fps", "frames")
"""Columns of an index that is made here; of one that is there, those that it has are filled in."""
COUNTDOWN_S = 3
LENGTHS_S = (0.5, 600.0)
_LABEL = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Request:
    """What to record.

    Attributes:
        label: what is done, as the model names it.
        subject: code of the person, such as p01; never a name.
        folder: of the clips and ``INDEX.csv``; made if it is not there.
        seconds: longest length of the clip [s].
        consent: whether everyone in the picture agrees.
    """

    label: str
    subject: str
    folder: Path
    seconds: float
    consent: bool

    def check(self) -> None:
        """Refuse what may not, or cannot, be recorded.

        Raises:
            InputError: no consent; a label, code or length that cannot be; an index that cannot be read.
            OutputError: the folder cannot be written.
        """
        if not self.consent:
            raise InputError("images are never stored otherwise: once everyone in the picture agrees to it, add --consent")
        if not _LABEL.fullmatch(self.label):
            raise InputError(f"label {self.label!r}: use small letters, digits and _, beginning with a letter, e.g. squat")
        checked_code(self.subject, "subject")
        if not LENGTHS_S[0] <= self.seconds <= LENGTHS_S[1]:
            raise InputError(f"seconds {self.seconds:g}: give {LENGTHS_S[0]:g} to {LENGTHS_S[1]:g}")
        check_writable(open_index(self.folder, RECORDED).path)


@dataclass(frozen=True)
class Recording:
    """A clip that was written: its file, how many pictures, and from the first to the last [s]."""

    path: Path
    frames: int
    seconds: float


def record(
    request: Request, source: Source, say: Callable[[str], None], stopped: Callable[[], bool] = lambda: False
) -> Recording | None:
    """Count down, then record until the time is over, the source ends or it is stopped; clip and row are there, or neither.

    Args:
        request: what to record, once :meth:`Request.check` found it good.
        source: gives the pictures; the countdown goes by their stamps, so that a camera has settled when it ends.
        say: is told 3, 2, 1 and when it begins.
        stopped: whether someone wants it to end; what is recorded until then is kept.

    Returns:
        None where it was stopped before the first picture: nothing is written.

    Raises:
        SourceError: the source gives no picture, is lost, or changes its size; nothing is written.
        OutputError: a file cannot be written; nothing is left of the clip.
    """
    first = _count_down(source, say, stopped)
    if first is None:
        return None
    path, count, last_s = _free(request), 0, -1.0
    height_px, width_px = first.rgb.shape[:2]
    frame: Frame | None = first
    with VideoWriter(path, 30.0, width_px, height_px) as video:
        while frame is not None and (at_s := frame.stamp_s - first.stamp_s) < request.seconds:
            if at_s > last_s:  # a clock may be set back
                video.add(frame.rgb, at_s)
                count, last_s = count + 1, at_s
            frame = None if stopped() else source.read()
    fps = round((count - 1) / last_s, 2) if last_s > 0.0 else 0.0
    row = {"file": path.name, "label": request.label, "subject": request.subject, "fps": fps, "frames": count}
    try:
        open_index(request.folder, RECORDED).put("file", row)
    except BaseException:
        path.unlink(missing_ok=True)  # a clip without its row would be found by nobody
        raise
    return Recording(path, count, last_s)


@contextmanager
def leaving_no_empty_folder(folder: Path) -> Iterator[None]:
    """Folders that were made for clips which never came go again."""
    absent = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        yield
    finally:
        for place in absent:
            with suppress(OSError):  # one that holds something stays
                place.rmdir()


def _count_down(source: Source, say: Callable[[str], None], stopped: Callable[[], bool]) -> Frame | None:
    """The first picture after the countdown; None: stopped."""
    begun_s, said = None, 0
    while not stopped():
        frame = source.read()
        if frame is None:
            if stopped():
                return None
            raise SourceError(f"no picture after the countdown of {COUNTDOWN_S} s; nothing is written")
        begun_s = frame.stamp_s if begun_s is None else begun_s
        passed_s = frame.stamp_s - begun_s
        if passed_s >= COUNTDOWN_S:
            say("recording")
            return frame
        if passed_s >= said:
            say(f"{COUNTDOWN_S - said} ...")
            said += 1
    return None


def _free(request: Request) -> Path:
    """A name that no clip has yet."""
    number = 1
    while (path := request.folder / f"{request.label}_{request.subject}_{number:02}.mp4").exists():
        number += 1
    return path
