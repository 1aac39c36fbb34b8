"""Changes of time: another tempo, another piece of the recording. T differs afterwards; the time between frames does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.params import param
from physio_core.skeleton.layouts import Layout
from physio_core.types import FloatArray
from physio_lab.augment.transform import Pair, Transform, without

PADDINGS = ("replay", "hold", "empty")


@dataclass(frozen=True)
class RandomChoose(Transform):
    """ST-GCN's random choosing: a window of fixed length; what is too short is padded.

    Padding: ``replay`` starts again from the first frame, as the thesis did; ``hold`` shows the first and the last frame for
    longer; ``empty`` has nobody in it, as in ST-GCN's feeder. With the last two the sequence lies anywhere in the window.
    """

    frames: int = param(150, "Length of the window.", unit="frames", low=1, high=100_000)
    padding: str = param("replay", "What fills the window where the sequence is shorter.", choices=PADDINGS)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        spare = points.shape[-3] - self.frames
        place = int(rng.integers(abs(spare) + 1))
        if spare >= 0:
            return points[..., place : place + self.frames, :, :], confidence[..., place : place + self.frames, :]
        if self.padding == "replay":
            return _taken(points, confidence, np.arange(self.frames) % points.shape[-3])
        index = np.arange(self.frames) - place
        held = _taken(points, confidence, np.clip(index, 0, points.shape[-3] - 1))
        if self.padding == "hold":
            return held
        return without(*held, ((index < 0) | (index >= points.shape[-3]))[:, None])


@dataclass(frozen=True)
class Tempo(Transform):
    """Faster or slower, and not evenly so; the first and the last pose stay. T becomes T over the tempo."""

    slowest: float = param(0.7, "Least tempo.", low=0.1, high=10.0)
    fastest: float = param(1.4, "Highest tempo.", low=0.1, high=10.0)
    uneven: float = param(0.3, "Most that the tempo changes within the sequence; 1: it comes to rest.", low=0.0, high=1.0)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        low, high = sorted((self.slowest, self.fastest))
        last = points.shape[-3] - 1
        frames = round(last / float(np.exp(rng.uniform(np.log(low), np.log(high))))) + 1
        share = np.linspace(0.0, 1.0, max(frames, 2 if last else 1))
        share = share + rng.uniform(-self.uneven, self.uneven) * np.sin(2 * np.pi * share) / (2 * np.pi)
        return between(points, confidence, np.clip(share, 0.0, 1.0) * last)


@dataclass(frozen=True)
class CropTime(Transform):
    """Only a part of the recording, without a break."""

    least: float = param(0.5, "Smallest share of the frames that is kept.", low=0.0, high=1.0)

    def change(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :class:`Transform`."""
        frames = points.shape[-3]
        kept = max(1, round(frames * rng.uniform(self.least, 1.0)))
        start = int(rng.integers(frames - kept + 1))
        return points[..., start : start + kept, :, :], confidence[..., start : start + kept, :]


def between(points: FloatArray, confidence: FloatArray, when: npt.NDArray[np.float64]) -> Pair:
    """Points and confidence at times ``when`` (S,) [frames], on straight lines; a missing joint draws no line to nowhere."""
    before = np.clip(when.astype(int), 0, max(points.shape[-3] - 2, 0))
    after = np.minimum(before + 1, points.shape[-3] - 1)
    share = (when - before)[:, None]
    (old, old_sure), (new, new_sure) = _taken(points, confidence, before), _taken(points, confidence, after)
    weigh_old, weigh_new = (1.0 - share) * (old_sure > 0), share * (new_sure > 0)
    total = weigh_old + weigh_new
    part = np.where(total > 0, weigh_new / np.where(total > 0, total, 1.0), share)[..., None]
    return old + part * (new - old), (1.0 - share) * old_sure + share * new_sure


def _taken(points: FloatArray, confidence: FloatArray, index: npt.NDArray[np.intp]) -> Pair:
    return points[..., index, :, :], confidence[..., index, :]
