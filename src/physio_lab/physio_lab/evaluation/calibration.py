"""Whether confidences mean what they say: expected calibration error, the temperature that mends them, and what to refuse.

Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017; for the energy under which a movement is
refused, :meth:`physio_core.action.model.Model.energy`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.action.card import CARD, read_card
from physio_core.errors import InputError
from physio_core.files import write_json
from physio_core.types import UNKNOWN, BoolArray, FloatArray
from physio_lab.evaluation.evaluate import Outcome

BINS = 15
FOLDS = 5
REST_SPEED = 0.05
"""Root mean square speed of the joints below which a person rests [body sizes per tenth of a second]."""
REST_TICKS = 15
COLDEST, HOTTEST = 0.05, 20.0
REFUSED = 0.005
"""Share of the ticks of development clips that may be refused as like nothing learnt."""


@dataclass(frozen=True)
class Ticks:
    """Ticks with a known label. S ticks, K labels.

    Attributes:
        logits: (S, K) scores before softmax.
        truth: (S,) index of the clip's label.
        clip: (S,) index of the clip.
        energies: (S,) how familiar, smoothed as the recogniser compares it.
    """

    logits: FloatArray
    truth: npt.NDArray[np.intp]
    clip: npt.NDArray[np.intp]
    energies: FloatArray


@dataclass(frozen=True)
class Reliability:
    """Mean confidence, share of right ones and share of all in each bin of confidence that holds any, and the error."""

    confidence: FloatArray
    accuracy: FloatArray
    weight: FloatArray

    @property
    def ece(self) -> float:
        """Expected calibration error: the gap between confidence and accuracy, averaged over the ticks."""
        return float((self.weight * np.abs(self.confidence - self.accuracy)).sum())


@dataclass(frozen=True)
class Calibration:
    """What a temperature does, and where familiarity ends.

    Attributes:
        temperature: that makes the clips likeliest.
        before: with temperature 1, as trained.
        after: with ``temperature``; the same clips.
        held_out_ece: each fifth of the clips with the temperature of the other four.
        energy_below: smoothed energy under which :data:`REFUSED` of these ticks lie.
        ticks: number of ticks counted.
        clips: number of clips that they come from.
    """

    temperature: float
    before: Reliability
    after: Reliability
    held_out_ece: float
    energy_below: float
    ticks: int
    clips: int


def ticks_of(outcomes: Sequence[Outcome], labels: Sequence[str]) -> Ticks:
    """The ticks at which something was said, each with its clip's label.

    In a clip of an exercise a person who rests is doing nothing yet: ticks after a second of rest are left out, because their
    label is not known. The scores have no say in that.

    Raises:
        InputError: nothing was said of any clip.
    """
    logits, truth, clip, energies = [], [], [], []
    for index, one in enumerate(outcomes):
        if one.run is None or not len(one.run.logits):
            continue
        known = moving(one.run.speeds) if one.truth != UNKNOWN else np.ones(len(one.run.speeds), bool)
        logits.append(one.run.logits[known])
        energies.append(one.run.energies[known])
        truth += [labels.index(one.truth)] * int(known.sum())
        clip += [index] * int(known.sum())
    if not truth:
        raise InputError("nothing was said of any clip, so confidences cannot be checked; give clips with people in them")
    return Ticks(np.concatenate(logits), np.array(truth, np.intp), np.array(clip, np.intp), np.concatenate(energies))


def moving(speeds: FloatArray) -> npt.NDArray[np.bool_]:
    """(S,) whether the joints moved in the last second."""
    total = np.cumsum(np.concatenate([[0.0], speeds**2]))
    starts = np.maximum(np.arange(1, len(speeds) + 1) - REST_TICKS, 0)
    counts = np.arange(1, len(speeds) + 1) - starts
    return np.asarray(np.sqrt((total[1:] - total[starts]) / np.maximum(counts, 1)) >= REST_SPEED)


def fit_temperature(logits: FloatArray, truth: npt.NDArray[np.intp]) -> float:
    """The temperature under which the labels are likeliest (least negative log likelihood), by golden section."""
    low, high = np.log(COLDEST), np.log(HOTTEST)
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    while high - low > 1e-4:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if nll(logits, truth, float(np.exp(left))) < nll(logits, truth, float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2.0))


def nll(logits: FloatArray, truth: npt.NDArray[np.intp], temperature: float) -> float:
    """Mean negative log likelihood of the labels."""
    return -float(_log_softmax(logits, temperature)[np.arange(len(truth)), truth].mean())


def reliability(logits: FloatArray, truth: npt.NDArray[np.intp], temperature: float, bins: int = BINS) -> Reliability:
    """Confidence of the highest score against the share of right ones, in bins of equal width."""
    probabilities = np.exp(_log_softmax(logits, temperature))
    confidence, right = probabilities.max(-1), probabilities.argmax(-1) == truth
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    counts = np.bincount(place, minlength=bins)
    full = counts > 0
    mean = np.bincount(place, confidence, bins)[full] / counts[full]
    return Reliability(mean, np.bincount(place, right, bins)[full] / counts[full], counts[full] / len(truth))


def errors_by_class(ticks: Ticks, temperature: float, bins: int = BINS) -> list[float]:
    """For each of the K labels, how far its scores lie from the share of ticks that are it (K,), in bins of equal width.

    The static calibration error of Nixon, Dusenberry, Zhang, Jerfel and Tran, "Measuring Calibration in Deep Learning", CVPR
    workshops 2019, class by class.
    """
    scores = np.exp(_log_softmax(ticks.logits, temperature))
    return [_gap(scores[:, label], ticks.truth == label, bins) for label in range(scores.shape[1])]


def _gap(scores: FloatArray, right: BoolArray, bins: int) -> float:
    place = np.minimum((scores * bins).astype(int), bins - 1)
    apart = np.bincount(place, scores, bins) - np.bincount(place, right, bins)
    return float(np.abs(apart).sum() / len(scores))


def calibrate(ticks: Ticks) -> Calibration:
    """Fit a temperature."""
    fitted = fit_temperature(ticks.logits, ticks.truth)
    held_out = np.zeros_like(ticks.logits)
    for fold in range(FOLDS):
        inside = ticks.clip % FOLDS == fold
        others = ~inside if (~inside).any() else inside
        held_out[inside] = ticks.logits[inside] / fit_temperature(ticks.logits[others], ticks.truth[others])
    return Calibration(
        fitted,
        reliability(ticks.logits, ticks.truth, 1.0),
        reliability(ticks.logits, ticks.truth, fitted),
        reliability(held_out, ticks.truth, 1.0).ece,
        float(np.quantile(ticks.energies, REFUSED)),
        len(ticks.truth),
        len(np.unique(ticks.clip)),
    )


def write_calibration(folder: Path, calibration: Calibration) -> None:
    """Write temperature and energy, and what the temperature does, into a model's card.

    Raises:
        ModelError: no model there.
        OutputError: its card cannot be written.
    """
    read_card(folder)
    path = folder / CARD
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    card["temperature"], card["energy_below"] = round(calibration.temperature, 4), round(calibration.energy_below, 4)
    card["calibration"] = {
        "bins": BINS, "clips": calibration.clips, "ticks": calibration.ticks, "ece_before": round(calibration.before.ece, 4),
        "ece_after": round(calibration.after.ece, 4), "ece_held_out": round(calibration.held_out_ece, 4),
    }  # fmt: skip
    write_json(path, card)


def _log_softmax(logits: FloatArray, temperature: float) -> FloatArray:
    scaled = logits.astype(np.float64) / temperature
    scaled = scaled - scaled.max(-1, keepdims=True)
    return np.asarray(scaled - np.log(np.exp(scaled).sum(-1, keepdims=True)))
