"""Folders of labelled pictures of hands, and the hands that the estimator sees in pictures and videos; pictures are not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from physio_core.camera.image import ENDINGS, read_image
from physio_core.camera.video import read_video
from physio_core.csv_table import read_table
from physio_core.errors import EstimatorError, InputError
from physio_core.hands.canonical import JOINTS, hand_points
from physio_core.hands.shape import FEATURES, hand_features
from physio_core.pose.choice import REFERENCE
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.types import FloatArray, Frame, Hand

INDEX = "index.csv"
COLUMNS = ("file", "person", "recording", "frame", "state")
RATE_HZ = 30.0
"""Of the pictures of a recording: only their order matters."""


@dataclass(frozen=True)
class Picture:
    """One row of a folder's index.

    Attributes:
        path: of the picture.
        state: position that the hand is in.
        person: whose hand.
        recording: of which it is a frame; pictures of one recording are alike.
    """

    path: Path
    state: str
    person: str
    recording: str

    @property
    def take(self) -> tuple[str, str]:
        """Person and recording."""
        return self.person, self.recording


@dataclass(frozen=True)
class SeenHands:
    """What was seen, one row for each picture; NaN where no hand was.

    Attributes:
        points: (N, 21, 3) landmarks [px], of right hands or mirrored into such.
        stamps_s: (N,) [s].
    """

    points: FloatArray
    stamps_s: npt.NDArray[np.float64]

    @property
    def features(self) -> FloatArray:
        """(N, 20) in the order of :data:`~physio_core.hands.shape.FEATURES`."""
        return hand_features(self.points) if len(self.points) else np.zeros((0, len(FEATURES)))

    @property
    def seen(self) -> npt.NDArray[np.bool_]:
        """(N,) whether a hand with a palm was seen."""
        return np.asarray(np.isfinite(self.features).all(axis=1))


def read_pictures(folder: Path) -> list[Picture]:
    """The pictures of a folder with an ``index.csv``: file, person, recording, frame, state; files in it or in ``images/``.

    Raises:
        InputError: no index, columns missing, a row without file or state, no pictures, or a picture that is not there.
    """
    path = folder / INDEX
    rows = read_table(path, COLUMNS, "a folder of pictures of hands").rows
    if not rows:
        raise InputError(f"{path} names its columns, but no pictures; add a row for each: {','.join(COLUMNS)}")
    found = []
    for row in rows:
        cells = row.cells
        if not cells["file"] or not cells["state"]:
            raise InputError(f"{path} row {row.line}: file {cells['file']!r}, state {cells['state']!r}; both are needed")
        places = [folder / cells["file"], folder / "images" / cells["file"]]
        place = next((place for place in places if place.is_file()), None)
        if place is None:
            raise InputError(f"{path} row {row.line}: no picture {places[0]}, nor {places[1]}")
        picture = Picture(place, cells["state"], cells["person"], cells["recording"])
        found.append((picture.person, picture.recording, _number(cells["frame"]), picture))
    return [picture for *_, picture in sorted(found, key=lambda one: one[:3])]


def read_of(folder: Path) -> list[Path]:
    """The files of a folder that are read; errors as :func:`read_pictures`."""
    return [folder / INDEX, *(picture.path for picture in read_pictures(folder))]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def see_pictures(pictures: Sequence[Picture], tell: Callable[[], None] = lambda: None) -> SeenHands:
    """Run the coach's estimator over pictures; each recording is a sequence of its own.

    Raises:
        SourceError: not an image.
    """
    points: list[FloatArray] = []
    for take in dict.fromkeys(picture.take for picture in pictures):
        own = [picture for picture in pictures if picture.take == take]
        frames = (Frame(at / RATE_HZ, read_image(picture.path)) for at, picture in enumerate(own))
        for hand in see(frames):
            points.append(_upright(hand))
            tell()
    order = [at for take in dict.fromkeys(one.take for one in pictures) for at, one in enumerate(pictures) if one.take == take]
    sorted_points = np.full((len(pictures), JOINTS, 3), np.nan)
    sorted_points[order] = np.array(points).reshape(-1, JOINTS, 3)
    return SeenHands(sorted_points, np.arange(len(pictures)) / RATE_HZ)


def see_all(path: Path) -> SeenHands:
    """The hands of a video, or of a folder of pictures without an index, in the order of their names.

    Raises:
        InputError: no such file, or no picture in the folder.
        SourceError: not a video.
    """
    if not path.exists():
        raise InputError(f"{path}: no such video or folder of pictures")
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS)
        if not files:
            raise InputError(f"{path} holds no picture; known endings are {', '.join(ENDINGS)}")
        frames: Iterable[Frame] = (Frame(at / RATE_HZ, read_image(file)) for at, file in enumerate(files))
    else:
        frames = read_video(path)
    return seen_in(frames)


def seen_in(frames: Iterable[Frame]) -> SeenHands:
    """The hands of images."""
    stamps_s: list[float] = []

    def stamped() -> Iterator[Frame]:
        for frame in frames:
            stamps_s.append(frame.stamp_s)
            yield frame

    points = [_upright(hand) for hand in see(stamped())]
    return SeenHands(np.array(points).reshape(-1, JOINTS, 3), np.array(stamps_s))


def see(frames: Iterable[Frame]) -> Iterator[Hand | None]:
    """The surest hand of each image; None: there is none, or the estimator failed."""
    estimator = make_hand_estimator(HandConfig(hand_estimator=REFERENCE))
    try:
        for frame in frames:
            try:
                hands = estimator.estimate(frame)
            except EstimatorError:
                hands = ()
            yield max(hands, key=lambda hand: hand.presence, default=None)
    finally:
        estimator.close()


def _upright(hand: Hand | None) -> FloatArray:
    """Landmarks (21, 3) [px] of a right hand; NaN without a hand."""
    points = hand_points(hand.skeleton) if hand else None
    if hand is None or points is None:
        return np.full((JOINTS, 3), np.nan)
    return np.asarray(points * np.array([-1.0 if hand.side == "left" else 1.0, 1.0, 1.0]))
