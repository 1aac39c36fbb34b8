"""Random convolutions of time series (MiniRocket): the only door to aeon.

A. Dempster, D. F. Schmidt, G. I. Webb: "MiniRocket: a very fast (almost) deterministic transform for time series
classification", KDD 2021. Its biases are drawn from the series that it is fitted to, never from those it is measured on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from physio_core.errors import ConfigError
from physio_core.types import FloatArray

KERNELS = 5000
"""Half of what the paper has, shared among all channels; a kernel is a feature."""
LEAST_FRAMES = 9
"""Length of a kernel."""
JITTER = 1e-4
"""A channel that never changes has no bias to draw; so little noise is far below the sensor's."""


def need_aeon() -> Any:
    """What transforms.

    Raises:
        ConfigError: aeon is not installed.
    """
    try:
        from aeon.transformations.collection.convolution_based import MiniRocketMultivariate
    except ModuleNotFoundError as error:
        raise ConfigError("features of random convolutions need aeon, which comes with: scripts/setup --training") from error
    return MiniRocketMultivariate


class Rocket:
    """The transform of series of one length and one set of channels."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._transform: Any = need_aeon()(num_kernels=KERNELS, random_state=seed)

    @property
    def parameters(self) -> list[FloatArray]:
        """Channels, dilations and biases: what :meth:`restored` needs."""
        return [np.asarray(array) for array in self._transform.parameters]

    @staticmethod
    def restored(parameters: Sequence[FloatArray], seed: int = 0) -> Rocket:
        """The transform that had these :attr:`parameters`, for series with the channels that it was fitted to."""
        one = Rocket(seed)
        *indices, biases = parameters
        channels = int(indices[1].max()) + 1
        one.fit(np.zeros((2, 2 * LEAST_FRAMES, channels), np.float32))
        one._transform.parameters = (*(np.asarray(array, np.int32) for array in indices), np.asarray(biases, np.float32))
        return one

    def fit(self, series: FloatArray) -> Rocket:
        """Draw kernels and biases from series (N, T, C)."""
        self._transform.fit(self._channels_first(series))
        return self

    def features(self, series: FloatArray) -> FloatArray:
        """Shares of positive values (M, F) [0..1] of series (M, T, C)."""
        return np.asarray(self._transform.transform(self._channels_first(series)), np.float32)

    def _channels_first(self, series: FloatArray) -> FloatArray:
        noise = np.random.default_rng(self._seed).normal(0.0, JITTER, series.shape[1:])
        return np.ascontiguousarray((series + noise).transpose(0, 2, 1), np.float32)
