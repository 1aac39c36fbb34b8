"""A support vector machine on whole movements. The only door to scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from physio_core.errors import ConfigError
from physio_core.types import FloatArray

COST = 10.0
"""Of a movement on the wrong side; not tuned on any set."""


def need_sklearn() -> Any:
    """What classifies.

    Raises:
        ConfigError: scikit-learn is not installed.
    """
    try:
        from sklearn import pipeline, preprocessing, svm
    except ModuleNotFoundError as error:
        raise ConfigError(
            "a support vector machine needs scikit-learn, which comes with the laboratory: scripts/setup --training"
        ) from error
    return pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC(C=COST))


class SupportVectors:
    """Radial basis functions over standardised coordinates (Cortes and Vapnik, Support-vector networks, 1995)."""

    def __init__(self) -> None:
        self._machine: Any = need_sklearn()
        self._only = ""

    def fit(self, shapes: FloatArray, labels: Sequence[str]) -> None:
        """Learn shapes (M, T, F) and their labels."""
        self._only = labels[0] if len(set(labels)) == 1 else ""
        if not self._only:
            self._machine.fit(shapes.reshape(len(shapes), -1), list(labels))

    def predict(self, shapes: FloatArray) -> list[str]:
        """Labels of shapes (N, T, F)."""
        if self._only:
            return [self._only] * len(shapes)
        return [str(label) for label in self._machine.predict(shapes.reshape(len(shapes), -1))]
