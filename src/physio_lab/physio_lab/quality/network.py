"""What the network that ships sees in a movement: its features before it names one, as they are over time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from physio_core.action.model import Model, load_model
from physio_core.skeleton.normalise import normalise
from physio_core.skeleton.remapping import remap
from physio_core.skeleton.resample import resample
from physio_core.skeleton.stream import fill_gaps
from physio_core.types import FloatArray
from physio_lab.quality.takes import JOINTS, Take


def features_of(takes: Sequence[Take]) -> FloatArray:
    """Mean, spread and extremes (N, 4 W) over time of the network's W features, of takes as a camera in front sees them."""
    return np.stack([_of(take) for take in takes])


@cache
def _model() -> Model:
    return load_model()


@lru_cache(maxsize=4096)  # the same take is looked at in every fold
def _of(take: Take) -> FloatArray:
    model = _model()
    layout, config = model.card.layout, model.card.normaliser
    points, sure = remap(take.places[..., :2], np.ones(take.places.shape[:2]), JOINTS, layout)
    filled = fill_gaps(points.astype(np.float32), sure, layout, config.missing_below)
    with_sure = np.concatenate([filled, sure[..., None].astype(np.float32)], axis=-1)
    _, steps = resample(np.arange(len(filled)) / take.rate_hz, with_sure, config.rate_hz)
    stream, seen = model.stream(), []
    for frame in np.moveaxis(normalise(steps[..., :2], steps[..., 2], layout, config), 1, 0):
        stream.step(frame)
        seen.append(stream.memory[-1][0].mean(-1))
    series = np.stack(seen)
    return np.concatenate([series.mean(0), series.std(0), series.min(0), series.max(0)])
