"""Stands in for random convolutions in tests: aeon compiles for minutes when it is first used."""

from __future__ import annotations

import numpy as np

from physio_core.types import FloatArray


class Plain:
    """Means over thirds of the time, less what it was fitted to."""

    def __init__(self, seed: int = 0) -> None:
        self.parameters = [np.zeros(1)] * 5

    def fit(self, series: FloatArray) -> Plain:
        """As :meth:`physio_lab.quality.rocket.Rocket.fit`."""
        self.parameters = [series.mean((0, 1))] * 5
        return self

    @staticmethod
    def restored(parameters: tuple[FloatArray, ...]) -> Plain:
        """Likewise."""
        one = Plain()
        one.parameters = list(parameters)
        return one

    def features(self, series: FloatArray) -> FloatArray:
        """Likewise."""
        parts = np.array_split(series - self.parameters[0], 3, axis=1)
        return np.asarray(np.concatenate([part.mean(1) for part in parts], axis=1))
