"""What it takes to train the networks that name paths; torch is imported by what needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from physio_core.trajectories.classifier import labels
from physio_lab.engine.task import Loss, Task
from physio_lab.tasks.paths.config import PathsRecipe, paths_recipe
from physio_lab.tasks.paths.data import PathData, data_of


class PathsTask(Task[PathsRecipe, PathData]):
    """See :class:`~physio_lab.engine.task.Task`."""

    name = "paths"
    columns: Mapping[str, str] = {"robot": ".1%", "camera": ".1%"}

    def recipe(self, data: Any, where: str) -> PathsRecipe:
        """See :func:`~physio_lab.tasks.paths.config.paths_recipe`."""
        return paths_recipe(data, where)

    def model(self, recipe: PathsRecipe) -> Any:
        """Networks of random weights."""
        import torch

        from physio_lab.tasks.paths.network import PathEncoders

        torch.manual_seed(recipe.seed)
        return PathEncoders(recipe.members, len(labels()), recipe.encoder)

    def blocks(self, model: Any) -> Sequence[Any]:
        """The heads, then all the rest."""
        from torch import nn

        return [nn.ModuleList(getattr(one, part) for one in model.members) for part in ("head", "encoder", "embed")]

    def data(self, recipe: PathsRecipe) -> PathData:
        """Recordings and simulated patients.

        Raises:
            InputError: no recordings where the recipe names a folder.
        """
        return data_of(recipe)

    def loss(self, model: Any, inputs: Any, targets: Any, recipe: PathsRecipe) -> Loss:
        """Cross entropy and accuracy of each network for tokens (N, T, C) and labels (N,): none learns from another."""
        from torch.nn import functional

        scores = model(inputs)
        each = targets.expand(len(scores), -1)
        loss = functional.cross_entropy(scores.flatten(0, 1), each.flatten(), label_smoothing=recipe.optimiser.label_smoothing)
        return Loss(loss, {"accuracy": (scores.detach().argmax(2) == each).float().mean()})

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
