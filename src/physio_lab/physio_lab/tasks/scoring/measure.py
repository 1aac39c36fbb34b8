"""What a scorer is worth on patients who taught nothing; its temperature is found on those on whom the loss was followed."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from physio_core.types import FloatArray
from physio_lab.scoring.examples import Examples
from physio_lab.scoring.fma_figures import figures
from physio_lab.tasks.scoring.data import ScoringData
from physio_lab.tasks.scoring.network import Scorer

_CHUNK = 256
TEMPERATURES = np.geomspace(0.3, 3.0, 41)
UNLIKE_QUANTILE = 0.999
"""Of the deviations of those learnt from: what deviates more, by a margin, is like nothing that was learnt."""
UNLIKE_MARGIN = 1.5


def measure(network: Scorer, data: ScoringData) -> dict[str, Any]:
    """Figures of the test, and what the card needs: temperature, and the deviation beyond which nothing is told."""
    network.eval()
    heat = temperature(scores_of(network, data.held), data.held)
    told = probabilities(scores_of(network, data.test), heat)
    with torch.no_grad():
        away = np.concatenate(
            [network.standardised(torch.from_numpy(part)).square().mean((1, 2)).numpy() for part in _parts(data.train.inputs)]
        )
    return {
        "test": figures(data.test, told), "temperature": heat,
        "unlike_above": UNLIKE_MARGIN * float(np.quantile(away, UNLIKE_QUANTILE)), "learnt_from": len(data.train),
    }  # fmt: skip


def scores_of(network: Scorer, examples: Examples) -> FloatArray:
    """Scores before softmax (N, K)."""
    with torch.no_grad():
        return np.concatenate([network(torch.from_numpy(part)).numpy() for part in _parts(examples.inputs)])


def probabilities(scores: FloatArray, heat: float) -> FloatArray:
    """Tempered softmax (N, K)."""
    raised = np.exp((scores - scores.max(1, keepdims=True)) / heat)
    return np.asarray(raised / raised.sum(1, keepdims=True))


def temperature(scores: FloatArray, examples: Examples) -> float:
    """The one that makes what happened most likely (Guo et al., "On calibration of modern neural networks", 2017)."""
    rows = np.arange(len(examples))
    lost = [-np.log(probabilities(scores, heat)[rows, examples.levels] + 1e-9).mean() for heat in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(lost))])


def _parts(inputs: FloatArray) -> list[FloatArray]:
    return [inputs[at : at + _CHUNK] for at in range(0, len(inputs), _CHUNK)]
