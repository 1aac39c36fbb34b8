"""What it takes to train the network that names paths; torch is imported by what needs it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from physio_core.trajectories.classifier import labels
from physio_lab.datasets.u30a import read_packed
from physio_lab.engine.task import Batch, Loss, Task
from physio_lab.synthetic.paths import drawings, people
from physio_lab.tasks.paths.config import PathsRecipe, paths_recipe
from physio_lab.tasks.paths.samples import PathBatches, Paths, of_drawings, of_recordings

UNSEEN_SEED, UNSEEN_PEOPLE = 977, 8
"""Simulated patients who are only measured on."""
SEEN_PEOPLE = 4
"""Of them draw every type once in front of a rendered camera, with a body of their own."""


@dataclass(frozen=True)
class PathData:
    """What a recipe learns from and is measured on.

    Attributes:
        learn: batches to learn from.
        sources: real recordings (or None), simulated patients by the robot, and by the camera.
        unseen: other simulated patients, by the robot and by the camera.
    """

    learn: PathBatches
    sources: tuple[Paths | None, Paths, Paths]
    unseen: tuple[Paths, Paths]

    @property
    def val(self) -> list[Batch]:
        """None: the recipe says when to stop."""
        return []

    @property
    def taught(self) -> tuple[Paths | None, Sequence[Paths]]:
        """Recordings, and simulated patients, for what learns from them whole."""
        return self.sources[0], self.sources[1:]


def simulated(count: int, repetitions: int, seed: int) -> tuple[Paths, Paths]:
    """Drawings of simulated patients, by the robot and by the camera."""
    drawn = drawings(people(count, seed), repetitions, seed)
    return of_drawings(drawn, camera=False), of_drawings(drawn, camera=True)


def mixed(recorded: Paths | None, made: tuple[Paths, Paths], recipe: PathsRecipe) -> PathBatches:
    """Batches of recordings and simulated patients in the recipe's shares."""
    share = recipe.samples.simulated if recorded is not None else 1.0
    real = [] if recorded is None else [(recorded, 1.0 - share)]
    return PathBatches([*real, *((one, share / 2.0) for one in made)], recipe)


@lru_cache(maxsize=1)
def _data(recipe: PathsRecipe) -> PathData:
    plan = recipe.samples
    recorded = of_recordings(read_packed(Path(os.path.expandvars(plan.recordings)))[0]) if plan.recordings else None
    made = simulated(plan.people, plan.repetitions, recipe.seed)
    unseen = simulated(UNSEEN_PEOPLE, 2, UNSEEN_SEED)
    return PathData(mixed(recorded, made, recipe), (recorded, *made), unseen)


class PathsTask(Task["PathsRecipe", "PathData"]):
    """See :class:`~physio_lab.engine.task.Task`."""

    name = "paths"
    columns: Mapping[str, str] = {"robot": ".1%", "camera": ".1%"}

    def recipe(self, data: Any, where: str) -> PathsRecipe:
        """See :func:`~physio_lab.tasks.paths.config.paths_recipe`."""
        return paths_recipe(data, where)

    def model(self, recipe: PathsRecipe) -> Any:
        """A network of random weights."""
        import torch

        from physio_lab.tasks.paths.network import PathEncoder

        torch.manual_seed(recipe.seed)
        return PathEncoder(len(labels()), recipe.encoder)

    def blocks(self, model: Any) -> Sequence[Any]:
        """The head, then all the rest."""
        return [model.head, model.encoder, model.embed]

    def data(self, recipe: PathsRecipe) -> PathData:
        """Recordings and simulated patients.

        Raises:
            InputError: no recordings where the recipe names a folder.
        """
        return _data(recipe)

    def loss(self, model: Any, inputs: Any, targets: Any, recipe: PathsRecipe) -> Loss:
        """Cross entropy and accuracy of tokens (N, T, C) and labels (N,)."""
        from torch.nn import functional

        scores = model(inputs)
        loss = functional.cross_entropy(scores, targets, label_smoothing=recipe.optimiser.label_smoothing)
        return Loss(loss, {"accuracy": (scores.detach().argmax(1) == targets).float().mean()})

    def metrics(self, model: Any, recipe: PathsRecipe, data: PathData) -> dict[str, Any]:
        """Accuracy of the ensemble on simulated patients who were not learnt from."""
        from physio_lab.tasks.paths.learning import Learned, kernel_of, right

        learned = Learned(model, kernel_of(*data.taught))
        return {name: right(learned, unseen) for name, unseen in zip(("robot", "camera"), data.unseen, strict=True)}

    def export(self, model: Any, recipe: PathsRecipe, out: Path, measured: dict[str, Any]) -> None:
        """See :func:`~physio_lab.tasks.paths.export.write_model`."""
        from physio_lab.tasks.paths.export import write_model
        from physio_lab.tasks.paths.learning import Learned, kernel_of

        write_model(Learned(model, kernel_of(*self.data(recipe).taught)), recipe, out, measured)

    def summary(self, measured: Mapping[str, Any]) -> str:
        """What was measured, in a few words."""
        return f"simulated patients not learnt from: {measured['robot']:.3f} by the robot, {measured['camera']:.3f} by the camera"


PATHS = PathsTask()
