"""Changes of time: another tempo, another piece of the recording. T differs afterwards; the time between frames does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.params import param
from physio_core.skeleton.layouts import Layout
from physio_core.types import FloatArray
from physio_lab.augment.transform import Changed, Pair, Transform, without

PADDINGS = ("replay", "hold", "empty")


@dataclass(frozen=True)
class TimeTransform(Transform):
    """Shows other moments of what was given; everything else follows from :meth:`when`."""

    def shown(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Changed:
        """See :class:`Transform`."""
        when = self.when(points.shape[-3], rng)
        return Changed(*played(points, confidence, when), when)

    def when(self, frames: int, rng: np.random.Generator) -> FloatArray:
        """Which of the frames each new one shows (S,), counted from 0, also between two; NaN: none, nobody is there."""
        raise NotImplementedError


@dataclass(frozen=True)
class RandomChoose(TimeTransform):
    """ST-GCN's random choosing: a window of fixed length; what is too short is padded.

    Padding: ``replay`` starts again from the first frame, as the thesis did; ``hold`` shows the first and the last frame for
    longer; ``empty`` has no person in it, as in ST-GCN's feeder. With the last two the sequence lies anywhere in the window.
    """

    frames: int = param(150, "Length of the window.", unit="frames", low=1, high=100_000)
    padding: str = param("replay", "What fills the window where the sequence is shorter.", choices=PADDINGS)

    def when(self, frames: int, rng: np.random.Generator) -> FloatArray:
        """See :class:`TimeTransform`."""
        spare = frames - self.frames
        place = int(rng.integers(abs(spare) + 1))
        if spare >= 0:
            return np.arange(place, place + self.frames, dtype=float)
        if self.padding == "replay":
            return np.arange(self.frames) % frames * 1.0
        index = np.arange(self.frames, dtype=float) - place
        if self.padding == "hold":
            return np.clip(index, 0, frames - 1)
        return np.where((index < 0) | (index >= frames), np.nan, index)


@dataclass(frozen=True)
class Tempo(TimeTransform):
    """Faster or slower, and unevenly; the first and the last pose stay. T becomes T over the tempo."""

    slowest: float = param(0.7, "Least tempo.", low=0.1, high=10.0)
    fastest: float = param(1.4, "Highest tempo.", low=0.1, high=10.0)
    uneven: float = param(0.3, "Most that the tempo changes within the sequence; 1: it comes to rest.", low=0.0, high=1.0)

    def when(self, frames: int, rng: np.random.Generator) -> FloatArray:
        """See :class:`TimeTransform`."""
        low, high = sorted((self.slowest, self.fastest))
        last = frames - 1
        count = round(last / float(np.exp(rng.uniform(np.log(low), np.log(high))))) + 1
        share = np.linspace(0.0, 1.0, max(count, 2 if last else 1))
        share = share + rng.uniform(-self.uneven, self.uneven) * np.sin(2 * np.pi * share) / (2 * np.pi)
        return np.asarray(np.clip(share, 0.0, 1.0) * last)


@dataclass(frozen=True)
class CropTime(TimeTransform):
    """Only a part of the recording, without a break."""

    least: float = param(0.5, "Smallest share of the frames that is kept.", low=0.0, high=1.0)

    def when(self, frames: int, rng: np.random.Generator) -> FloatArray:
        """See :class:`TimeTransform`."""
        kept = max(1, round(frames * rng.uniform(self.least, 1.0)))
        start = int(rng.integers(frames - kept + 1))
        return np.arange(start, start + kept, dtype=float)


def played(points: FloatArray, confidence: FloatArray, when: FloatArray) -> Pair:
    """Points and confidence at times ``when`` (S,) [frames]; NaN: nobody is there."""
    none = np.isnan(when)
    held = np.where(none, 0.0, when)
    whole = held.astype(int)
    moved = _frames_at(points, confidence, whole) if (whole == held).all() else between(points, confidence, held)
    return without(*moved, none[:, None]) if none.any() else moved


def between(points: FloatArray, confidence: FloatArray, when: npt.NDArray[np.float64]) -> Pair:
    """Points and confidence at times ``when`` (S,) [frames], on straight lines; a missing joint is not interpolated."""
    before = np.clip(when.astype(int), 0, max(points.shape[-3] - 2, 0))
    after = np.minimum(before + 1, points.shape[-3] - 1)
    share = (when - before)[:, None]
    (old, old_sure), (new, new_sure) = _frames_at(points, confidence, before), _frames_at(points, confidence, after)
    weigh_old, weigh_new = (1.0 - share) * (old_sure > 0), share * (new_sure > 0)
    total = weigh_old + weigh_new
    part = np.where(total > 0, weigh_new / np.where(total > 0, total, 1.0), share)[..., None]
    return old + part * (new - old), (1.0 - share) * old_sure + share * new_sure


def _frames_at(points: FloatArray, confidence: FloatArray, index: npt.NDArray[np.intp]) -> Pair:
    return points[..., index, :, :], confidence[..., index, :]
