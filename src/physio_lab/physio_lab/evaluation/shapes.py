"""A whole movement as so many numbers, the same for every recording: what classical methods compare."""

from __future__ import annotations

import numpy as np

from physio_core.errors import InputError
from physio_core.skeleton.layouts import layout_named
from physio_core.skeleton.stream import to_isotropic
from physio_core.types import BoolArray, FloatArray
from physio_lab.augment.transform import body_size
from physio_lab.datasets.sequence import SkeletonSequence

FRAMES = 32


def shape_of(sequence: SkeletonSequence, frames: int = FRAMES) -> FloatArray:
    """The person seen best, from when to when he is seen, about the middle of his way and in sizes of his body.

    His way through the picture or the room is kept (a squat goes down), where it happens and how large he is are not; nor is how
    long it takes.

    Args:
        sequence: of any layout, in a picture or in metres.
        frames: evenly spaced over the time in which someone is seen.

    Returns:
        (frames, V x 2) of a picture, in body sizes; (frames, V x 3) of metres. Joints that are never seen are 0.

    Raises:
        InputError: someone in fewer than two frames.
    """
    person = int(sequence.confidence.sum((1, 2)).argmax())
    seen = sequence.confidence[person] > 0
    when = np.flatnonzero(seen.any(1))
    if len(when) < 2:
        raise InputError(f"{sequence.name}: someone is seen in {len(when)} frames; a movement has at least two")
    within = slice(int(when[0]), int(when[-1]) + 1)
    seen, points = seen[within], sequence.points[person, within].astype(float)
    if sequence.width_px:
        points = to_isotropic(points, sequence.width_px, sequence.height_px)
    size = body_size(points, seen.astype(float), layout_named(sequence.layout)) or 1.0
    stamps_s = sequence.stamps_s[within]
    even_s = np.linspace(stamps_s[0], stamps_s[-1], frames)
    shape = np.zeros((frames, *points.shape[1:]))
    known = seen.any(0)
    for joint in np.flatnonzero(known):
        shape[:, joint] = _between(even_s, stamps_s, points[:, joint], seen[:, joint])
    shape[:, known] -= shape[:, known].mean((0, 1))
    return (shape / size).reshape(frames, -1).astype(np.float32)


def _between(even_s: FloatArray, stamps_s: FloatArray, points: FloatArray, seen: BoolArray) -> FloatArray:
    """A joint (T, D) at other times, on straight lines between the frames in which it is seen."""
    return np.stack([np.interp(even_s, stamps_s[seen], axis[seen]) for axis in points.T], axis=-1)
