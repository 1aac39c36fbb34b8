"""One recorded movement as every format, builder and trainer here sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from physio_core.errors import SkeletonError
from physio_core.skeleton.layouts import layout_named
from physio_core.skeleton.remapping import remap
from physio_core.types import FloatArray, Skeleton
from physio_lab.datasets.annotations import NOTHING_KNOWN, Annotations


@dataclass(frozen=True)
class SkeletonSequence:
    """The joints of one or more people over time, with a label. M people, T frames, V joints, D coordinates.

    Attributes:
        points: (M, T, V, D), D 2 or 3. In a picture: x and y as fractions of its width and height, as in
            :class:`~physio_core.types.Skeleton`; from a depth camera (``width_px`` 0): metres in its optical frame
            (REP-103: x right, y down, z away).
        confidence: (M, T, V) [0..1]; 0: the joint is missing. A person absent from a frame has 0 throughout.
        stamps_s: (T,) increasing [s].
        layout: name of the joint order.
        label: what is done; empty: not known.
        name: unique within a set, e.g. the file's stem.
        subject: who, where known; sets are split by it.
        source: which recording it was cut from; sets are split by it where the subject is not known.
        width_px: picture width [px]; 0: no picture.
        height_px: picture height [px]; 0: no picture.
        annotations: what is known besides the label.

    Raises:
        SkeletonError: shapes that disagree or do not fit the layout, numbers that are not finite, stamps that do not increase.
    """

    points: FloatArray
    confidence: FloatArray
    stamps_s: npt.NDArray[np.float64]
    layout: str
    label: str = ""
    name: str = ""
    subject: str = ""
    source: str = ""
    width_px: int = 0
    height_px: int = 0
    annotations: Annotations = NOTHING_KNOWN

    def __post_init__(self) -> None:
        """Refuse arrays that disagree or hold what is no number."""
        joints = len(layout_named(self.layout).joints)
        shape = self.points.shape
        if self.points.ndim != 4 or shape[-1] not in (2, 3) or shape[:-1] != self.confidence.shape:
            raise SkeletonError(
                f"{self.name}: points {shape}, confidence {self.confidence.shape}; need (M, T, V, 2 or 3), (M, T, V)"
            )
        if shape[2] != joints or len(self.stamps_s) != shape[1]:
            raise SkeletonError(
                f"{self.name}: {shape[2]} joints over {shape[1]} frames with {len(self.stamps_s)} stamps; "
                f"layout {self.layout} has {joints} joints, and each frame needs a stamp"
            )
        if not (np.isfinite(self.points).all() and np.isfinite(self.confidence).all() and np.isfinite(self.stamps_s).all()):
            raise SkeletonError(f"{self.name}: NaN or infinite numbers; mark a missing joint by confidence 0")
        if (np.diff(self.stamps_s) <= 0).any():
            raise SkeletonError(f"{self.name}: stamps must increase; sort the frames and drop repeated ones")


def sequence_of(
    skeletons: Sequence[Skeleton], size_px: tuple[int, int], dims: int = 2, stamps_s: npt.NDArray[np.float64] | None = None
) -> SkeletonSequence:
    """What an estimator or tracker gave image by image, without label and name; where nobody was tracked, confidence is 0.

    Args:
        skeletons: of each image, at least one.
        size_px: width and height of the images [px].
        dims: 2: x and y; 3: with the depth, which must then be known.
        stamps_s: (T,) [s]; None: those of the skeletons.
    """
    layout = next((one.layout for one in skeletons if one.tracked), skeletons[0].layout)
    shape = (1, len(skeletons), len(layout_named(layout).joints))
    points, confidence = np.zeros((*shape, dims), np.float32), np.zeros(shape, np.float32)
    for index, one in enumerate(skeletons):
        if one.tracked:
            points[0, index], confidence[0, index] = one.points[:, :dims], one.confidence
    if stamps_s is None:
        stamps_s = np.array([one.stamp_s for one in skeletons])
    return SkeletonSequence(points, confidence, stamps_s, layout, width_px=size_px[0], height_px=size_px[1])


def in_layout(sequence: SkeletonSequence, layout: str) -> SkeletonSequence:
    """The sequence with the joints of another layout.

    Raises:
        ConfigError: no such layout, or nothing in common with it.
    """
    source, target = layout_named(sequence.layout), layout_named(layout)
    if source is target:
        return sequence
    points, confidence = remap(sequence.points, sequence.confidence, source, target)
    return replace(sequence, points=points, confidence=confidence, layout=layout)


def taken(
    sequence: SkeletonSequence, index: npt.NDArray[np.intp], stamps_s: npt.NDArray[np.float64] | None = None
) -> SkeletonSequence:
    """Some frames of a sequence, in any order and also repeatedly; annotations follow them.

    Args:
        sequence: what they are taken from.
        index: (S,) which frames.
        stamps_s: (S,) their new stamps [s]; None: they keep theirs, which must increase.
    """
    stamps_s = sequence.stamps_s[index] if stamps_s is None else stamps_s
    return replace(
        sequence, points=sequence.points[:, index], confidence=sequence.confidence[:, index], stamps_s=stamps_s,
        annotations=sequence.annotations.retimed(index.astype(float), stamps_s, sequence.stamps_s),
    )  # fmt: skip


def back_and_forth(sequence: SkeletonSequence, seconds: float) -> SkeletonSequence:
    """A short movement played back and forth until it lasts so long [s]; without jumps, as if it were repeated."""
    count = len(sequence.stamps_s)
    period_s = float(np.diff(sequence.stamps_s).mean()) if count > 1 else 0.0
    if not period_s or count * period_s >= seconds:
        return sequence
    there = np.arange(count)
    order = np.resize(np.concatenate([there, there[-2:0:-1]]), round(seconds / period_s))
    steps_s = np.abs(np.diff(sequence.stamps_s[order], prepend=sequence.stamps_s[0]))
    return taken(sequence, order, sequence.stamps_s[0] + np.cumsum(steps_s))
