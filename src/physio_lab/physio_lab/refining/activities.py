"""Which activity a worker does, told from the poses of the hand: what refined poses are good for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio_core.hands.canonical import KNUCKLES, TIPS
from physio_core.types import FloatArray
from physio_lab.evaluation.support_vectors import SupportVectors
from physio_lab.refining.filters import Candidates, FilterConfig, filter_hands, hand_length
from physio_lab.reports.confusion import Confusion
from physio_lab.synthetic.assembly import ACTIVITIES, Clip

POINTS, STEPS = 24, 8
"""Of a clip in time, and of these those that are told themselves."""
LEAST = 0.2
"""Share of the images with a hand below which nothing is told."""


def shape_of(found: Candidates, filters: FilterConfig) -> FloatArray | None:
    """A clip as numbers (F,); None: too few images show a hand.

    How far the fingers are open, how near the thumb is to index and middle finger, how broad the palm looks and how far the hand
    went, at eight times each; and how far it went in all, how much each of these goes to and fro, and when. All lengths in hand
    lengths. Which numbers was decided by leaving out each of the workers who taught, never by those who are told.
    """
    made = filter_hands(found, filters)
    column = int(np.argmax(np.isfinite(made.points[..., 0, 0]).sum(0)))
    points = made.points[:, column]
    there = np.isfinite(points).all((1, 2))
    if there.mean() < LEAST:
        return None
    at, flat = np.linspace(found.stamps_s[0], found.stamps_s[-1], POINTS), points[there].reshape(-1, 63)
    course = np.stack([np.interp(at, found.stamps_s[there], flat[:, n]) for n in range(63)], axis=1).reshape(POINTS, 21, 3)
    course /= float(np.median(hand_length(points[there])))
    wide = np.linalg.norm(np.diff(course[:, KNUCKLES[[0, -1]], :2], axis=1)[:, 0], axis=1)
    opened = np.linalg.norm(course[:, TIPS] - course[:, :1], axis=-1)
    pinched = np.linalg.norm(course[:, TIPS[1:3]] - course[:, TIPS[:1]], axis=-1)
    place = course[:, 0, :2] - course[0, 0, :2]
    away, path = np.linalg.norm(place, axis=1), np.linalg.norm(np.diff(place, axis=0), axis=1)
    curves = np.column_stack([opened, pinched, away, wide])
    steps = np.stack([np.interp(np.linspace(0, POINTS - 1, STEPS), np.arange(POINTS), curve) for curve in curves.T])
    mean, quarter, third = opened.mean(1), POINTS // 4, POINTS // 3
    swings = [_to_and_fro(curve) for curve in (wide, pinched[:, 0], mean, place[:, 0], place[:, 1])]
    ways = [away[-1], away.max(), path.sum(), *(part.sum() for part in np.split(path, [third, 2 * third]))]
    return np.concatenate([steps.ravel(), swings, ways, [wide.std(), mean[-quarter:].mean() - mean[:quarter].mean()]])


def _to_and_fro(curve: FloatArray) -> float:
    """How much further a curve (T,) goes than from its beginning to its end."""
    return float(np.abs(np.diff(curve)).sum() - abs(curve[-1] - curve[0]))


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
        machine.fit(np.stack([shape for shape, _ in known])[:, None], [label for _, label in known])
        named = machine.predict(np.stack(seen)[:, None])
    told = iter(named)
    by_worker: dict[str, list[tuple[str, str]]] = {}
    for shape, clip in zip(shapes, test[1], strict=True):
        name = "" if shape is None or not named else next(told)
        by_worker.setdefault(clip.worker, []).append((clip.activity, name))
    return {
        worker: Confusion.of([truth for truth, _ in pairs], [name for _, name in pairs], list(ACTIVITIES))
        for worker, pairs in by_worker.items()
    }
