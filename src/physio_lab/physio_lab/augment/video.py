"""Changes to videos before a pose is estimated, as in the thesis: flip and zoom, so that the estimator's answer is learnt too.

Skeletons of the same video can be changed far more cheaply by :mod:`physio_lab.augment.compose`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from physio_core.camera.video import VideoReader
from physio_core.camera.writer import VideoWriter
from physio_core.params import Parameters, param
from physio_core.types import ByteImage, Frame

Change = Callable[[ByteImage], ByteImage]


@dataclass(frozen=True)
class VideoTransform(Parameters):
    """A change to all images of a video alike, drawn again for each video."""

    probability: float = param(1.0, "Probability that it is applied.", low=0.0, high=1.0)

    def draw(self, rng: np.random.Generator) -> Change:
        """The change of each image of one video."""
        raise NotImplementedError


@dataclass(frozen=True)
class Flip(VideoTransform):
    """Left and right exchanged."""

    def draw(self, rng: np.random.Generator) -> Change:
        """See :class:`VideoTransform`."""
        return lambda rgb: np.ascontiguousarray(rgb[:, ::-1])


@dataclass(frozen=True)
class Zoom(VideoTransform):
    """Nearer or further, about a place near the middle; the border is repeated where there was no image."""

    least: float = param(0.8, "Smallest magnification.", low=0.1, high=10.0)
    most: float = param(1.3, "Largest magnification.", low=0.1, high=10.0)
    off_middle: float = param(0.1, "How far from the middle it is done, as a share of the size.", low=0.0, high=0.5)

    def draw(self, rng: np.random.Generator) -> Change:
        """See :class:`VideoTransform`."""
        low, high = sorted((self.least, self.most))
        scale = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        middle = 0.5 + rng.uniform(-self.off_middle, self.off_middle, 2)

        def zoomed(rgb: ByteImage) -> ByteImage:
            size = rgb.shape[1::-1]
            shift = middle * size * (1.0 - scale)
            moved = np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]]])
            out: ByteImage = cv2.warpAffine(rgb, moved, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            return out

        return zoomed


VIDEO_TRANSFORMS: dict[str, type[VideoTransform]] = {"flip": Flip, "zoom": Zoom}
"""Class of each transform by the name that commands use."""


def augmented(frames: Iterable[Frame], transforms: Iterable[VideoTransform], rng: np.random.Generator) -> Iterator[Frame]:
    """The frames of one video, changed one after the other; only one is held at a time."""
    changes = [transform.draw(rng) for transform in transforms if rng.random() < transform.probability]
    for frame in frames:
        rgb = frame.rgb
        for change in changes:
            rgb = change(rgb)
        yield replace(frame, rgb=rgb)


def augment_video(source: Path, out: Path, transforms: Iterable[VideoTransform], rng: np.random.Generator) -> int:
    """Write a changed copy of a video, without sound, each image with its own stamp.

    Args:
        source: video file.
        out: ``.mp4`` file to write.
        transforms: what is done.
        rng: source of chance.

    Returns:
        Number of images written.

    Raises:
        SourceError: the source is not a video, or ``out`` cannot be written.
    """
    reader, written = VideoReader(source), 0
    try:
        frames = augmented(iter(reader.read, None), transforms, rng)
        first = next(frames)
        height_px, width_px = first.rgb.shape[:2]
        with VideoWriter(out, 1.0 / reader.period_s, width_px, height_px) as writer:
            for frame in itertools.chain([first], frames):
                writer.add(frame.rgb, frame.stamp_s - first.stamp_s)
                written += 1
    finally:
        reader.close()
    return written
