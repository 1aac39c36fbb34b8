"""Which activity a worker does, told from the poses of the hand: what refined poses are good for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio_core.types import FloatArray
from physio_lab.evaluation.support_vectors import SupportVectors
from physio_lab.refining.filters import Candidates, FilterConfig, filter_hands, hand_length
from physio_lab.reports.confusion import Confusion
from physio_lab.synthetic.assembly import ACTIVITIES, Clip

POINTS = 18
"""Of a clip in time."""
LEAST = 0.2
"""Share of the images with a hand below which nothing is told."""


def shape_of(found: Candidates, filters: FilterConfig) -> FloatArray | None:
    """A clip as numbers (18, 83); None: too few images show a hand.

    The hand's course about its mean place, its joints from the wrist, both in hand lengths and as of a right hand, and how fast
    they move.
    """
    made = filter_hands(found, filters)
    count = np.isfinite(made.points[..., 0, 0]).sum(0)
    column = int(np.argmax(count))
    points = made.points[:, column, :, :2]
    there = np.isfinite(points).all((1, 2))
    if there.mean() < LEAST or there.sum() < 3:
        return None
    length = float(np.median(hand_length(made.points[there, column])))
    at = np.linspace(found.stamps_s[0], found.stamps_s[-1], POINTS)
    flat = points[there].reshape(-1, 42)
    course = (
        np.stack([np.interp(at, found.stamps_s[there], flat[:, n]) for n in range(42)], axis=1).reshape(POINTS, 21, 2) / length
    )
    if np.median(found.left[found.found]) >= 0.5:
        course = course * [-1.0, 1.0]
    place = course[:, 0] - course[:, 0].mean(0)
    joints = (course - course[:, :1])[:, 1:].reshape(POINTS, -1)
    step = np.abs(np.diff(joints, axis=0, prepend=joints[:1]))
    way = np.linalg.norm(np.diff(place, axis=0, prepend=place[:1]), axis=1)
    return np.asarray(np.concatenate([place, joints, step, way[:, None]], axis=1))


def recognise(
    taught: tuple[Sequence[Candidates], Sequence[Clip]], test: tuple[Sequence[Candidates], Sequence[Clip]], filters: FilterConfig
) -> dict[str, Confusion]:
    """The activities of each worker of the test, told by what others taught; a clip without a hand is named nothing."""
    known = [
        (shape, clip.activity) for found, clip in zip(*taught, strict=True) if (shape := shape_of(found, filters)) is not None
    ]
    shapes = [shape_of(found, filters) for found in test[0]]
    seen = [shape for shape in shapes if shape is not None]
    machine = SupportVectors()
    named: list[str] = []
    if known and seen:
        machine.fit(np.stack([shape for shape, _ in known]), [label for _, label in known])
        named = machine.predict(np.stack(seen))
    told = iter(named)
    by_worker: dict[str, list[tuple[str, str]]] = {}
    for shape, clip in zip(shapes, test[1], strict=True):
        name = "" if shape is None or not named else next(told)
        by_worker.setdefault(clip.worker, []).append((clip.activity, name))
    return {
        worker: Confusion.of([truth for truth, _ in pairs], [name for _, name in pairs], list(ACTIVITIES))
        for worker, pairs in by_worker.items()
    }
