"""Runs skeletons through the recogniser as they come and keeps what it said, for everything that is measured afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from physio_core.action.model import Model
from physio_core.action.recogniser import Recogniser, RecogniserConfig, Step
from physio_core.types import Abstain, BoolArray, FloatArray, Prediction, Skeleton


@dataclass(frozen=True)
class Heard:
    """All that the network said of a clip, also where the recogniser was silent. H steps, K labels.

    Attributes:
        images: (H,) index of the image at which each step was taken.
        logits: (H, K) scores before softmax.
        all_seen: (H,) whether all joints that are needed were seen.
        against: (H, K) whether the posture speaks against each label.
        first: (H,) whether it is the first of the person in view.
        rate_hz: of the steps [Hz].
    """

    images: npt.NDArray[np.intp]
    logits: FloatArray
    all_seen: BoolArray
    against: BoolArray
    first: BoolArray
    rate_hz: float


@dataclass(frozen=True)
class Run:
    """What the recogniser said of a clip. S steps, K labels.

    Attributes:
        predictions: one for each image.
        logits: (S, K) scores before softmax of the steps at whose image something was said.
        speeds: (S,) how fast the joints moved [body sizes per tenth of a second], root mean square.
        energies: (S,) how familiar the movement was, smoothed as the recogniser compares it.
        heard: every step, to be judged by other settings.
    """

    predictions: tuple[Prediction, ...]
    logits: FloatArray
    speeds: FloatArray
    energies: FloatArray
    heard: Heard

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
    every: list[tuple[int, Step]] = []
    for index, skeleton in enumerate(stream):
        prediction = recogniser.update(skeleton)
        every += [(index, step) for step in recogniser.steps]
        if prediction.abstain is Abstain.NONE:
            kept += recogniser.steps
        predictions.append(prediction if stamps_s is None else replace(prediction, stamp_s=float(stamps_s[index])))
    speeds = np.array([_speed(step) for step in kept], np.float32)
    energies = np.array([step.energy for step in kept], np.float32)
    heard = Heard(
        np.array([index for index, _ in every], np.intp),
        _logits([step for _, step in every], model),
        np.array([step.all_seen for _, step in every], bool),
        np.array([step.against for _, step in every], bool).reshape(-1, len(model.labels)),
        np.array([step.first for _, step in every], bool),
        model.card.normaliser.rate_hz,
    )
    return Run(tuple(predictions), _logits(kept, model), speeds, energies, heard)


def _logits(steps: Sequence[Step], model: Model) -> FloatArray:
    return np.stack([step.logits for step in steps]) if steps else np.zeros((0, len(model.labels)), np.float32)


def _speed(step: Step) -> float:
    return float(np.sqrt((step.frame[-2:] ** 2).sum(0).mean()))
