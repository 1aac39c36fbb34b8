"""Measures a network on sequences that it never learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from physio_lab.engine.task import Batches, as_tensors
from physio_lab.reports.confusion import Confusion
from physio_lab.tasks.stgcn.config import StgcnRecipe
from physio_lab.tasks.stgcn.data import Sources
from physio_lab.tasks.stgcn.prepare import IGNORE_INDEX
from physio_lab.tasks.stgcn.published import Network, PublishedStgcn, continual_form
from physio_lab.tasks.stgcn.recorded import Recorded


def measure(network: Network, config: StgcnRecipe, sources: Sources) -> dict[str, Any]:
    """Figures of held-out synthetic sequences (``synthetic``), of clips validated on (``sets``) and tested on (``test``).

    Args:
        network: on the processor; switched to evaluation, as by all that measures here.
        config: its recipe.
        sources: what the recipe learns from and is measured on.

    Returns:
        See above; of the published network also those of its continual form, under ``continual``.
    """
    measured: dict[str, Any] = {}
    if isinstance(network, PublishedStgcn):  # what runs frame by frame is not what was trained
        form = continual_form(network, config.network.pool)
        check = sources.check if config.synthetic.frames >= form.receptive_field else None
        measured["continual"] = measure(form, config, replace(sources, check=check, left_out=()))
    if sources.check is not None:
        ticks = ticks_right(network, sources.check, config.optimiser.val_batches, len(config.labels))
        measured["synthetic"] = figures(ticks, config.labels)
    if sources.held_out:
        measured["sets"] = figures(clips_right(network, config, sources), config.labels)
    if sources.test:
        measured["test"] = figures(clips_right(network, config, sources, sources.test), config.labels)
    if sources.left_out:
        measured["left_out"] = list(sources.left_out)
    return measured


def ticks_right(network: Network, batches: Batches, count: int, classes: int) -> npt.NDArray[np.int64]:
    """Confusion (K, K), true class by predicted class, over the ticks of some batches."""
    network.eval()
    confusion = np.zeros((classes, classes), np.int64)
    for index in range(count):
        with torch.no_grad():
            scores, labels = network.aligned(*as_tensors(batches[index]))
        predicted, true = scores.argmax(1).numpy(), labels.numpy()
        counted = true != IGNORE_INDEX
        np.add.at(confusion, (true[counted], predicted[counted]), 1)
    return confusion


def clips_right(
    network: Network, config: StgcnRecipe, sources: Sources, clips: Sequence[Recorded] | None = None
) -> npt.NDArray[np.int64]:
    """Confusion (K, K) over clips (those held out), each named by the mean of its scores, as ST-GCN names clips."""
    network.eval()
    classes = len(config.labels)
    confusion = np.zeros((classes, classes), np.int64)
    for features, labels in sources.clips(sources.held_out if clips is None else clips, network.lead):
        with torch.no_grad():
            scores, true = network.aligned(*as_tensors((features, labels)))
        known = (true != IGNORE_INDEX)[:, None]
        predicted = (scores.softmax(1) * known).sum(2).argmax(1).numpy()
        np.add.at(confusion, (labels.max(1), predicted), 1)
    return confusion


def figures(confusion: npt.NDArray[np.int64], labels: Sequence[str]) -> dict[str, Any]:
    """Accuracy and per-class recall; a class that does not occur has none."""
    found = Confusion(tuple(labels), confusion)
    return {
        "n": found.total,
        "accuracy": round(found.accuracy, 4),
        "balanced_accuracy": round(found.balanced_accuracy, 4),
        "recall": {label: round(share, 4) for label, share in found.recall.items()},
    }
