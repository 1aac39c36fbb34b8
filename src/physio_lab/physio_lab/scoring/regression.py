"""A number told from a row of numbers: methods of scikit-learn, with settings that are fixed or chosen on what is learnt from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.errors import ConfigError
from physio_core.types import FloatArray

TAIL = 0.01
"""Share of the values at either end that is brought to where the rest ends."""
COST, WIDTH, TUBE = 1.0, 0.003, 0.3
"""Of the support vector machine: what an error costs, how fast likeness falls with distance, and the error that costs nothing."""
TREES, LEAF, SHARE = 300, 2, 0.3
_RIDGE = 10.0 ** np.arange(0.0, 5.0, 0.5)


def need_sklearn() -> None:
    """ConfigError: scikit-learn is not installed."""
    try:
        import sklearn  # noqa: F401
    except ModuleNotFoundError as error:
        raise ConfigError("ratings need scikit-learn, which comes with the laboratory: scripts/setup --training") from error


@dataclass(frozen=True)
class Method:
    """A way to tell numbers.

    Attributes:
        what: in a few words.
        makes: regressors that know nothing yet, whose answers are averaged; none: the median of what is learnt.
    """

    what: str
    makes: tuple[Callable[[], Any], ...]

    def told(self, features: FloatArray, targets: FloatArray, asked: FloatArray) -> FloatArray:
        """Numbers (M,) of the rows ``asked`` (M, F) after learning ``targets`` (N,) of ``features`` (N, F); NaN is allowed."""
        if not self.makes or len(np.unique(targets)) < 2:
            return np.full(len(asked), float(np.median(targets)))
        usual = np.array([np.median(column[np.isfinite(column)]) if np.isfinite(column).any() else 0.0 for column in features.T])
        learnt, other = (np.where(np.isfinite(rows), rows, usual) for rows in (features, asked))
        low, high = np.quantile(learnt, [TAIL, 1.0 - TAIL], axis=0)
        learnt, other = np.clip(learnt, low, high), np.clip(other, low, high)
        return np.asarray(np.mean([make().fit(learnt, targets).predict(other) for make in self.makes], axis=0))


def _even(regressor: Any) -> Any:
    """With columns that are first brought near a normal distribution (Yeo and Johnson, Biometrika 87, 2000)."""
    from sklearn import pipeline, preprocessing

    return pipeline.make_pipeline(preprocessing.PowerTransformer(), regressor)


def _ridge() -> Any:
    from sklearn.linear_model import RidgeCV

    return _even(RidgeCV(_RIDGE))


def _vectors() -> Any:
    from sklearn.svm import SVR

    return _even(SVR(C=COST, gamma=WIDTH, epsilon=TUBE))


def _trees() -> Any:
    from sklearn.ensemble import ExtraTreesRegressor

    return ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, max_features=SHARE, random_state=0)


METHODS = {
    "usual": Method("always the usual rating", ()),
    "trees": Method("randomised trees", (_trees,)),
    "ridge": Method("ridge regression", (_ridge,)),
    "vectors": Method("support vectors", (_vectors,)),
    "both": Method("ridge regression and support vectors", (_ridge, _vectors)),
}
"""By name; the last is the one whose figures are the results."""
