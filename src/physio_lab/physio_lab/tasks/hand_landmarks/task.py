"""Landmarks of a hand as a task of the engine; torch is imported when needed, so that the command line starts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from physio_lab.engine.recipe import recipe_from
from physio_lab.engine.task import Loss, Task
from physio_lab.tasks.hand_landmarks.config import RESNET, LandmarkRecipe

if TYPE_CHECKING:
    from physio_lab.tasks.hand_landmarks.data import LandmarkData

_PALM_OF_REGION = 1.0 / 3.0
"""About how long the palm is in a region [sides]: marks and joints are weighed alike."""


class LandmarkTask(Task["LandmarkRecipe", "LandmarkData"]):
    """See :class:`~physio_lab.engine.task.Task`."""

    name = "hand_landmarks"
    columns: Mapping[str, str] = {"r2": ".3f", "mse": ".4f"}

    def recipe(self, data: Any, where: str) -> LandmarkRecipe:
        """A recipe from nested dictionaries.

        Raises:
            ConfigError: something that is not known or out of range.
        """
        return recipe_from(LandmarkRecipe, data, where)

    def model(self, recipe: LandmarkRecipe) -> Any:
        """A head on MediaPipe's network, or a ResNet-50.

        Raises:
            ModelError: weights that are missing or damaged.
            InputError: there is no set to learn from.
        """
        import torch

        torch.manual_seed(recipe.seed)
        if recipe.network.kind == RESNET:
            from physio_lab.tasks.hand_landmarks.resnet import ResNetLandmarks

            return ResNetLandmarks(recipe.network)
        from physio_lab.tasks.hand_landmarks.head import LandmarkHead

        model = LandmarkHead(recipe.network)
        if recipe.network.solved:
            data = self.data(recipe)
            model.solve(data.once(), data.val)
        return model

    def blocks(self, model: Any) -> Sequence[Any]:
        """From the head to the deepest."""
        return list(model.parts())

    def data(self, recipe: LandmarkRecipe) -> LandmarkData:
        """See :func:`~physio_lab.tasks.hand_landmarks.data.load_data`."""
        from physio_lab.tasks.hand_landmarks.data import load_data

        return load_data(recipe)

    def loss(self, model: Any, inputs: Any, targets: Any, recipe: LandmarkRecipe) -> Loss:
        """Mean square errors of joints and places (N, 2, 21, 3), both in lengths of the palm."""
        missed = model(inputs) - targets
        joints = (missed[:, 1] - missed[:, 1, :1]).square().mean()
        places = (missed[:, 0] / _PALM_OF_REGION).square().mean()
        return Loss(joints + recipe.network.places * places, {"joints": joints.detach(), "places": places.detach()}, len(inputs))

    def metrics(self, model: Any, recipe: LandmarkRecipe, data: LandmarkData) -> dict[str, Any]:
        """R² and mean square error of joints in the region, of people or sequences that taught nothing."""
        import torch

        from physio_lab.landmarks.figures import figures_of

        model.eval()
        with torch.no_grad():
            found = [(model(torch.from_numpy(inputs)).numpy()[:, 1], targets[:, 1]) for inputs, targets in data.val]
        told, true = (np.concatenate(part) for part in zip(*found, strict=True))
        who = [data.held.samples[number // data.held.crops].group for number in range(len(told))]
        measured = figures_of(told - told[:, :1], true, who)
        return {"regions": len(told), "people": len(set(who)), **measured}

    def export(self, model: Any, recipe: LandmarkRecipe, out: Path, measured: dict[str, Any]) -> None:
        """See :func:`~physio_lab.tasks.hand_landmarks.export.write_model`."""
        from physio_lab.tasks.hand_landmarks.export import write_model

        write_model(model, recipe, out, measured)

    def summary(self, measured: Mapping[str, Any]) -> str:
        """What was measured, in a few words."""
        return f"R² of joints in the region {measured['r2']:.3f}, of {measured['people']} people who taught nothing"


LANDMARKS = LandmarkTask()
