"""Runs skeletons through the recogniser as they come and keeps what it said, for everything that is measured afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from physio_core.action.model import Model
from physio_core.action.recogniser import Recogniser, RecogniserConfig, Step
from physio_core.types import Abstain, FloatArray, Prediction, Skeleton


@dataclass(frozen=True)
class Run:
    """What the recogniser said of a clip. S steps, K labels.

    Attributes:
        predictions: one for each image.
        logits: (S, K) scores before softmax of the steps at whose image something was said.
        speeds: (S,) how fast the joints moved [body sizes per tenth of a second], root mean square.
        energies: (S,) how familiar the movement was, smoothed as the recogniser compares it.
    """

    predictions: tuple[Prediction, ...]
    logits: FloatArray
    speeds: FloatArray
    energies: FloatArray

    @property
    def said(self) -> list[Prediction]:
        """The predictions that name something or call it unknown."""
        return [one for one in self.predictions if one.abstain is Abstain.NONE]

    @property
    def mean_scores(self) -> FloatArray | None:
        """(K,) mean scores of the predictions that say something; None when none does."""
        return np.stack([one.scores for one in self.said]).mean(0) if self.said else None


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
    recogniser = Recogniser(model, config)
    predictions: list[Prediction] = []
    kept: list[Step] = []
    for index, skeleton in enumerate(stream):
        prediction = recogniser.update(skeleton)
        if prediction.abstain is Abstain.NONE:
            kept += recogniser.steps
        predictions.append(prediction if stamps_s is None else replace(prediction, stamp_s=float(stamps_s[index])))
    logits = np.stack([step.logits for step in kept]) if kept else np.zeros((0, len(model.labels)), np.float32)
    speeds = np.array([_speed(step) for step in kept], np.float32)
    return Run(tuple(predictions), logits, speeds, np.array([step.energy for step in kept], np.float32))


def _speed(step: Step) -> float:
    return float(np.sqrt((step.frame[-2:] ** 2).sum(0).mean()))
