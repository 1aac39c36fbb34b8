"""Three tasks that have nothing in common but the engine: a regressor, a classifier of sequences, a network of images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from physio_core.files import write_json
from physio_core.params import Parameters, param
from physio_lab.engine.config import Recipe
from physio_lab.engine.recipe import recipe_from
from physio_lab.engine.task import Batch, Loss, as_tensors


@dataclass(frozen=True)
class SizeConfig(Parameters):
    """Of a toy's network."""

    hidden_dim: int = param(16, "Width of the hidden layer.", low=1, high=256)


@dataclass(frozen=True, kw_only=True)
class ToyRecipe(Recipe):
    """A recipe of a toy."""

    network: SizeConfig = field(default_factory=SizeConfig)


@dataclass(frozen=True)
class ToyData:
    """Batches made by a function of a random generator; those of another seed are held out."""

    make: Any
    recipe: ToyRecipe
    seed: int = 0

    @property
    def learn(self) -> ToyData:
        """See :class:`~physio_lab.engine.task.Data`."""
        return self

    @property
    def val(self) -> list[Batch]:
        """See :class:`~physio_lab.engine.task.Data`."""
        return [ToyData(self.make, self.recipe, 1)[i] for i in range(self.recipe.optimiser.val_batches)]

    def __getitem__(self, index: int) -> Batch:
        """See :class:`~physio_lab.engine.task.Batches`."""
        return self.make(np.random.default_rng((self.recipe.seed, self.seed, index)), self.recipe.optimiser.batch)


class Toy:
    """What the toys share; each says its batches, its network and its loss."""

    name = "toy"
    columns: Mapping[str, str] = {"error": ".3f"}

    def recipe(self, data: Any, where: str) -> ToyRecipe:
        return recipe_from(ToyRecipe, data, where)

    def model(self, recipe: ToyRecipe) -> Any:
        import torch

        torch.manual_seed(recipe.seed)
        return self.network(recipe.network.hidden_dim)

    def blocks(self, model: Any) -> Sequence[Any]:
        return list(reversed(model))

    def data(self, recipe: ToyRecipe) -> ToyData:
        return ToyData(self.make, recipe)

    def metrics(self, model: Any, recipe: ToyRecipe, data: ToyData) -> dict[str, Any]:
        import torch

        with torch.no_grad():
            losses = [self.loss(model.eval(), *as_tensors(batch), recipe) for batch in data.val]
        return {"error": float(np.mean([self.error(one) for one in losses]))}

    def error(self, found: Loss) -> float:
        return float(found.loss)

    def export(self, model: Any, recipe: ToyRecipe, out: Path, measured: dict[str, Any]) -> None:
        write_json(out / "card.json", {"name": recipe.name, "measured": measured})

    def headline(self, measured: Mapping[str, Any]) -> dict[str, float]:
        return {"error": measured["error"]}

    def summary(self, measured: Mapping[str, Any]) -> str:
        return f"error {measured['error']:.3f}"


class Regressor(Toy):
    """Two numbers of four, with a loss in the units of the target."""

    name = "regressor"

    def make(self, rng: np.random.Generator, count: int) -> Batch:
        inputs = rng.normal(size=(count, 4)).astype(np.float32)
        return inputs, np.stack([inputs[:, 0] - inputs[:, 1], inputs[:, 2]], axis=1)

    def network(self, width: int) -> Any:
        from torch import nn

        return nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Linear(width, 2))

    def loss(self, model: Any, inputs: Any, targets: Any, _recipe: ToyRecipe) -> Loss:
        from torch.nn import functional

        found = model(inputs)
        return Loss(functional.mse_loss(found, targets), {"worst": (found - targets).detach().abs().max()}, len(targets))


class Classifier(Toy):
    """Sequences that rise or fall, by a recurrent network."""

    name = "classifier"

    def make(self, rng: np.random.Generator, count: int) -> Batch:
        labels = rng.integers(0, 2, count)
        slopes = (2.0 * labels - 1.0)[:, None] * np.linspace(-1.0, 1.0, 12)
        return (slopes + 0.3 * rng.normal(size=slopes.shape)).astype(np.float32)[..., None], labels

    def network(self, width: int) -> Any:
        from torch import nn

        class Last(nn.GRU):
            def forward(self, steps: Any) -> Any:
                return super().forward(steps)[1][0]

        return nn.Sequential(Last(1, width, batch_first=True), nn.Linear(width, 2))

    def loss(self, model: Any, inputs: Any, targets: Any, recipe: ToyRecipe) -> Loss:
        from torch.nn import functional

        scores = model(inputs)
        right = (scores.detach().argmax(1) == targets).float().mean()
        loss = functional.cross_entropy(scores, targets, label_smoothing=recipe.optimiser.label_smoothing)
        return Loss(loss, {"accuracy": right}, len(targets))

    def error(self, found: Loss) -> float:
        return 1.0 - float(found.figures["accuracy"])


class Images(Classifier):
    """Images of a bar, upright or flat, by a convolutional network."""

    name = "images"

    def make(self, rng: np.random.Generator, count: int) -> Batch:
        labels = rng.integers(0, 2, count)
        images = 0.2 * rng.normal(size=(count, 1, 8, 8)).astype(np.float32)
        for image, label, place in zip(images, labels, rng.integers(0, 8, count), strict=True):
            image[0, (place if label else slice(None)), (slice(None) if label else place)] += 1.0
        return images, labels

    def network(self, width: int) -> Any:
        from torch import nn

        return nn.Sequential(
            nn.Conv2d(1, width, 3), nn.BatchNorm2d(width), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 2)
        )


TOYS = (Regressor(), Classifier(), Images())


@pytest.fixture(params=TOYS, ids=lambda task: task.name)
def task(request: pytest.FixtureRequest) -> Toy:
    """Each toy in turn."""
    pytest.importorskip("lightning", reason="lightning is installed for training only: scripts/setup --training")
    return request.param


@pytest.fixture
def regressor() -> Regressor:
    """The quickest toy."""
    pytest.importorskip("lightning", reason="lightning is installed for training only: scripts/setup --training")
    return TOYS[0]


@pytest.fixture
def recipe() -> ToyRecipe:
    """Seconds of training for any toy."""
    settings = {"steps": 60, "batch": 16, "lr": 0.02, "workers": 0, "val_batches": 4, "keep_every": 15, "precision": "32-true"}
    return recipe_from(ToyRecipe, {"name": "toy", "optimiser": settings}, "toy")
