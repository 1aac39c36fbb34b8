"""Learns networks and kernel machine together, and asks both: what an evaluation by participant does again and again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from physio_core.types import FloatArray
from physio_lab.engine.task import Batches
from physio_lab.engine.trainer import fit
from physio_lab.tasks.paths.config import PathsRecipe
from physio_lab.tasks.paths.network import SHRINKAGE, SHRINKAGE_SIMULATED, Ensemble, KernelMachine, PathEncoders
from physio_lab.tasks.paths.samples import Labels, Paths, turned_round
from physio_lab.tasks.paths.task import PATHS

MOST_OF_ONE = 700
"""Of each source that a kernel machine learns from: simulated drawings beyond are left out evenly."""
ENCODER, KERNEL, BOTH = "network", "kernel", "both"
WAYS = (ENCODER, KERNEL, BOTH)


@dataclass(frozen=True)
class Learned:
    """What was learnt."""

    encoders: PathEncoders
    kernel: KernelMachine

    @property
    def ensemble(self) -> Ensemble:
        """Both, as one network, ready to be asked."""
        both = Ensemble(self.encoders, self.kernel)
        both.eval()
        return both

    def scores(self, paths: Paths) -> Mapping[str, FloatArray]:
        """Scores (N, K) of each of :data:`WAYS`."""
        tokens, numbers = torch.from_numpy(paths.tokens), torch.from_numpy(paths.geometry)
        with torch.no_grad():
            both, alone = self.ensemble(tokens, numbers)
            values = self.kernel(numbers)
        return {ENCODER: alone.numpy(), KERNEL: values.numpy(), BOTH: both.numpy()}


def kernel_of(recorded: Paths | None, made: Sequence[Paths] = ()) -> KernelMachine:
    """A kernel machine, which has no class ``unknown``, of recordings, also drawn backwards, and of simulated patients."""
    rows = [] if recorded is None else [(recorded.geometry, recorded.labels, SHRINKAGE)]
    if recorded is not None:
        back = turned_round(recorded.names)[recorded.labels]
        rows.append((recorded.backwards[back >= 0], back[back >= 0], SHRINKAGE))
    for one in made:
        kept = np.arange(len(one)) % (-(-len(one) // MOST_OF_ONE)) == 0
        rows.append((one.geometry[kept], one.labels[kept], SHRINKAGE if recorded is None else SHRINKAGE_SIMULATED))
    shrinkage = np.concatenate([np.full(len(labels), size) for _, labels, size in rows])
    features, labels = (np.concatenate([row[place] for row in rows]) for place in (0, 1))
    names = (recorded or made[0]).names
    return KernelMachine(features, labels, len(names) - 1, shrinkage)


def encoders_of(
    batches: Batches, recipe: PathsRecipe, classes: int, tell: Callable[[int], None] = lambda _step: None
) -> PathEncoders:
    """Networks trained on the same batches by the engine.

    Args:
        batches: to learn from.
        recipe: how.
        classes: how many.
        tell: told the step, after each.
    """
    torch.manual_seed(recipe.seed)
    model = PathEncoders(recipe.members, classes, recipe.encoder)

    def progress(step: int, _steps: int, _figures: Mapping[str, Any]) -> None:
        tell(step)

    with tempfile.TemporaryDirectory() as work:
        fit(PATHS, model, recipe, batches, Path(work), progress)
    model.eval()
    return model


def named(scores: FloatArray, allowed: Sequence[int]) -> Labels:
    """(N,) the best of the allowed classes for scores (N, K)."""
    return np.asarray(np.array(allowed, np.int64)[scores[:, list(allowed)].argmax(1)])


def right(learned: Learned, paths: Paths) -> float:
    """Share that the ensemble names rightly; ``unknown`` is wrong."""
    scores = learned.scores(paths)[BOTH]
    return float((scores.argmax(1) == paths.labels).mean())
