"""Runs skeletons through the recogniser as they come and keeps what it said, for everything that is measured afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from physio_core.action.model import Model, Stream
from physio_core.action.recogniser import Recogniser, RecogniserConfig
from physio_core.types import Abstain, FloatArray, Prediction, Skeleton


@dataclass(frozen=True)
class Run:
    """What the recogniser said of a clip. S ticks, K labels.

    Attributes:
        predictions: one for each image.
        logits: (S, K) scores before softmax of the ticks at whose image something was said.
        speeds: (S,) how fast the joints moved [body sizes per tenth of a second], root mean square.
    """

    predictions: tuple[Prediction, ...]
    logits: FloatArray
    speeds: FloatArray

    @property
    def said(self) -> list[Prediction]:
        """The predictions that name something or call it unknown."""
        return [one for one in self.predictions if one.abstain is Abstain.NONE]

    @property
    def mean_scores(self) -> FloatArray | None:
        """(K,) mean scores of the predictions that say something; None when none does."""
        return np.stack([one.scores for one in self.said]).mean(0) if self.said else None


class _Overheard(Stream):
    """A stream whose ticks are written down."""

    def __init__(self, model: Model, ticks: list[tuple[FloatArray, float]]) -> None:
        super().__init__(model)
        self._ticks = ticks

    def step(self, frame: FloatArray) -> FloatArray:
        scores = super().step(frame)
        self._ticks.append((scores, float(np.sqrt((frame[-2:] ** 2).sum(0).mean()))))
        return scores


class _Listening(Model):
    """The same model; hands out streams whose ticks are written down."""

    def __init__(self, model: Model) -> None:
        self.__dict__.update(vars(model))
        self.ticks: list[tuple[FloatArray, float]] = []

    def stream(self) -> Stream:
        return _Overheard(self, self.ticks)


def recognise(
    stream: Iterable[Skeleton],
    model: Model,
    config: RecogniserConfig | None = None,
    stamps_s: npt.NDArray[np.float64] | None = None,
) -> Run:
    """A prediction for each skeleton.

    Args:
        stream: skeletons of one clip.
        model: what to use.
        config: when an exercise is named.
        stamps_s: when the images were really taken [s], where the stream pretends something else; None: as the stream says.

    Raises:
        SkeletonError: skeletons in another joint order than the model's.
    """
    listening = _Listening(model)
    recogniser = Recogniser(listening, config)
    predictions: list[Prediction] = []
    kept: list[tuple[FloatArray, float]] = []
    for index, skeleton in enumerate(stream):
        listening.ticks.clear()
        prediction = recogniser.update(skeleton)
        if prediction.abstain is Abstain.NONE:
            kept += listening.ticks
        predictions.append(prediction if stamps_s is None else replace(prediction, stamp_s=float(stamps_s[index])))
    return Run(tuple(predictions), _stacked(kept, len(model.labels)), np.array([speed for _, speed in kept], np.float32))


def _stacked(ticks: Sequence[tuple[FloatArray, float]], labels: int) -> FloatArray:
    return np.stack([scores for scores, _ in ticks]) if ticks else np.zeros((0, labels), np.float32)
