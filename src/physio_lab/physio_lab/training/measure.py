"""Measures a network on sequences that it never learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from physio_lab.reports.confusion import Confusion
from physio_lab.training.config import TrainingConfig
from physio_lab.training.data import Batches, Sources
from physio_lab.training.network import Stgcn
from physio_lab.training.prepare import LEFT_OUT


def measure(network: Stgcn, config: TrainingConfig, sources: Sources) -> dict[str, Any]:
    """Under ``synthetic`` the share of right ticks of held-out sequences, under ``sets`` of clips held out of recorded sets.

    Args:
        network: on the processor; switched to evaluation, as by all that measures here.
        config: its recipe.
        sources: what the recipe learns from and is measured on.
    """
    measured: dict[str, Any] = {}
    if sources.check is not None:
        ticks = ticks_right(network, sources.check, config.optimiser.check_batches, len(config.labels))
        measured["synthetic"] = figures(ticks, config.labels)
    if sources.held_out:
        measured["sets"] = figures(clips_right(network, config, sources), config.labels)
    if sources.left_out:
        measured["left_out"] = list(sources.left_out)
    return measured


def ticks_right(network: Stgcn, batches: Batches, count: int, classes: int) -> npt.NDArray[np.int64]:
    """Confusion (truth, named) over the ticks of some batches."""
    network.eval()
    confusion = np.zeros((classes, classes), np.int64)
    for index in range(count):
        features, labels = batches[index]
        with torch.no_grad():
            named = network(torch.from_numpy(features)).argmax(1).numpy()
        wanted = labels[:, network.reach - 1 :]
        counted = wanted != LEFT_OUT
        np.add.at(confusion, (wanted[counted], named[counted]), 1)
    return confusion


def clips_right(network: Stgcn, config: TrainingConfig, sources: Sources) -> npt.NDArray[np.int64]:
    """Confusion (truth, named) over held-out clips, each named by the mean of its scores, as ST-GCN names clips."""
    network.eval()
    classes = len(config.labels)
    confusion = np.zeros((classes, classes), np.int64)
    for features, labels in sources.clips(network.reach - 1):
        with torch.no_grad():
            scores = network(torch.from_numpy(features)).softmax(1).numpy()
        known = (labels[:, network.reach - 1 :] != LEFT_OUT)[:, None]
        named = (scores * known).sum(2).argmax(1)
        np.add.at(confusion, (labels.max(1), named), 1)
    return confusion


def figures(confusion: npt.NDArray[np.int64], labels: Sequence[str]) -> dict[str, Any]:
    """Accuracy and per-class recall; a class that does not occur has none."""
    counted = Confusion(tuple(labels), confusion)
    return {
        "n": counted.total,
        "accuracy": round(counted.accuracy, 4),
        "balanced_accuracy": round(counted.balanced_accuracy, 4),
        "recall": {label: round(share, 4) for label, share in counted.recall.items()},
    }
