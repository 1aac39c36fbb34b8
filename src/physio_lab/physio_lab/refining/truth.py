"""Seen hands against true ones: how many images show a right hand, how far off they are, and what the filters let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.types import BoolArray, FloatArray
from physio_lab.refining.filters import Candidates, FilterConfig, filter_hands
from physio_lab.reports.intervals import DRAWS, LEVEL, Interval, wilson
from physio_lab.synthetic.assembly import Clip

RIGHT_WITHIN = 0.1
"""Mean error of the joints in hand lengths up to which it is the right hand, as of ``physio hand see``."""
MISSED = 1.0
"""Error that an image counts with in which no hand, or a worse one, is seen [hand lengths]."""


@dataclass(frozen=True)
class Share:
    """A figure of images, with its interval over workers."""

    value: float
    interval: Interval


@dataclass(frozen=True)
class Measured:
    """How well hands of some clips are seen.

    Attributes:
        images: how many.
        workers: of how many people.
        seen: share with a hand.
        right: share with the right one.
        error: mean error of all images [hand lengths], :data:`MISSED` at most and where there is none.
        error_seen: median error of those with a hand; NaN: there are none.
    """

    images: int
    workers: int
    seen: Share
    right: Share
    error: Share
    error_seen: float


def errors(points: FloatArray, clip: Clip) -> FloatArray:
    """Mean distance of the joints of hands (T, K, 21, 2 or 3) from the true ones (T, K) [hand lengths]; NaN: none."""
    apart = np.linalg.norm(points[..., :2] - clip.points_px[: len(points), None], axis=-1).mean(-1)
    return np.asarray(apart / clip.length_px[: len(points), None])


def surest(found: Candidates, least: float = 0.5) -> FloatArray:
    """Of each image the hand that the estimator is surest of (T, 1, 21, 3); NaN: it is sure of none."""
    best = np.argmax(np.where(found.found, found.presence, -1.0), axis=1)
    rows = np.arange(len(best))
    sure = found.found[rows, best] & (found.presence[rows, best] >= least)
    return np.where(sure[:, None, None], found.points[rows, best], np.nan)[:, None]


def measure(seen: Sequence[Candidates], clips: Sequence[Clip]) -> Measured:
    """Of the surest hand in each image."""
    people: dict[str, list[FloatArray]] = {}
    for found, clip in zip(seen, clips, strict=True):
        people.setdefault(clip.worker, []).append(errors(surest(found), clip)[:, 0])
    groups = [np.concatenate(parts) for parts in people.values()]
    every = np.concatenate(groups)
    there = every[np.isfinite(every)]
    return Measured(
        len(every), len(groups),
        _share([np.isfinite(group).astype(float) for group in groups]),
        _share([(group <= RIGHT_WITHIN).astype(float) for group in groups]),
        _share([np.minimum(np.nan_to_num(group, nan=MISSED), MISSED) for group in groups]),
        float(np.median(there)) if len(there) else np.nan,
    )  # fmt: skip


def _share(groups: Sequence[FloatArray]) -> Share:
    """A mean over images, with its bootstrap interval over groups (Wilson's where it is 0 or 1)."""
    value = float(np.concatenate(groups).mean())
    if value in (0.0, 1.0):
        return Share(value, wilson(value * len(groups), len(groups)))
    sums, counts = np.array([group.sum() for group in groups]), np.array([len(group) for group in groups])
    drawn = np.random.default_rng(0).integers(len(groups), size=(DRAWS, len(groups)))
    low, high = np.quantile(sums[drawn].sum(1) / counts[drawn].sum(1), [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0]).tolist()
    return Share(value, Interval(low, high))


@dataclass(frozen=True)
class Passed:
    """What a filter lets through.

    Attributes:
        config: of the filter.
        precision: share of what is kept or filled in that is right.
        recall: share of the images with a right hand among the candidates that have a right one after it.
        filled: hands that were filled in, of all that pass.
        error: median error of what passes [hand lengths].
    """

    config: FilterConfig
    precision: float
    recall: float
    filled: float
    error: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2.0 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def passed(
    seen: Sequence[Candidates], clips: Sequence[Clip], config: FilterConfig, *, spatial: bool = True, temporal: bool = True
) -> Passed:
    """What one filter makes of candidates whose truth is known."""
    right, through, filled, had, has = 0, 0, 0, 0, 0
    off: list[FloatArray] = []
    for found, clip in zip(seen, clips, strict=True):
        made = filter_hands(found, config, spatial=spatial, temporal=temporal)
        after = errors(made.points, clip)
        there = np.isfinite(after)
        good: BoolArray = there & (after <= RIGHT_WITHIN)
        before = (errors(found.points, clip) <= RIGHT_WITHIN).any(1)
        right, through, filled = right + int(good.sum()), through + int(there.sum()), filled + int(made.filled.sum())
        had, has = had + int(before.sum()), has + int((before & good.any(1)).sum())
        off.append(after[there])
    every = np.concatenate(off)
    return Passed(
        config,
        right / max(through, 1),
        has / max(had, 1),
        filled / max(through, 1),
        float(np.median(every)) if len(every) else np.nan,
    )
