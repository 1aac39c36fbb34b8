"""Scoring as a task of the engine; torch is imported when it is needed, so that the command line starts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from physio_core.errors import ConfigError
from physio_core.hands.features import GROUPS
from physio_lab.engine.recipe import recipe_from
from physio_lab.engine.task import Loss, Task
from physio_lab.tasks.scoring.config import ScoringRecipe

if TYPE_CHECKING:
    from physio_lab.tasks.scoring.data import ScoringData


class ScoringTask(Task["ScoringRecipe", "ScoringData"]):
    """See :class:`~physio_lab.engine.task.Task`."""

    name = "scoring"
    columns: Mapping[str, str] = {"kappa": ".3f", "accuracy": ".1%", "trials": ".0f"}

    def recipe(self, data: Any, where: str) -> ScoringRecipe:
        """A recipe from nested dictionaries.

        Raises:
            ConfigError: something that is not known or out of range.
        """
        recipe = recipe_from(ScoringRecipe, data, where)
        if strange := [group for group in recipe.network.without if group not in GROUPS]:
            raise ConfigError(f"{where}: network: without: {strange[0]!r}; groups of features are {', '.join(GROUPS)}")
        return recipe

    def model(self, recipe: ScoringRecipe) -> Any:
        """A network, random by the seed, that knows the scale of what it will learn from."""
        import torch

        from physio_lab.tasks.scoring.data import load_data
        from physio_lab.tasks.scoring.network import Scorer

        torch.manual_seed(recipe.seed)
        network = Scorer(recipe.network)
        network.learn_scale(load_data(recipe).train)
        return network

    def blocks(self, model: Any) -> Sequence[Any]:
        """The head, the cells, what takes points together."""
        return [model.head, model.cells, model.together]

    def data(self, recipe: ScoringRecipe) -> ScoringData:
        """See :func:`~physio_lab.tasks.scoring.data.load_data`."""
        from physio_lab.tasks.scoring.data import load_data

        return load_data(recipe)

    def loss(self, model: Any, inputs: Any, targets: Any, recipe: ScoringRecipe) -> Loss:
        """Trials (N, P, C); targets (N, 2): level, and weight of its class."""
        from physio_lab.tasks.scoring.losses import loss_of

        return loss_of(model(inputs), targets, recipe)

    def metrics(self, model: Any, recipe: ScoringRecipe, data: ScoringData) -> dict[str, Any]:
        """See :func:`~physio_lab.tasks.scoring.measure.measure`."""
        from physio_lab.tasks.scoring.measure import measure

        return measure(model, data)

    def export(self, model: Any, recipe: ScoringRecipe, out: Path, measured: dict[str, Any]) -> None:
        """See :func:`~physio_lab.tasks.scoring.export.write_model`."""
        from physio_lab.tasks.scoring.export import write_model

        write_model(model, recipe, out, measured)

    def headline(self, measured: Mapping[str, Any]) -> dict[str, float]:
        """Figures of patients tested on."""
        found = measured["test"]
        return {"kappa": found["kappa"], "accuracy": found["accuracy"], "trials": found["n"]}

    def summary(self, measured: Mapping[str, Any]) -> str:
        """What was measured, in a few words."""
        found = measured["test"]
        return (
            f"kappa {found['kappa']:.3f}, accuracy {found['accuracy']:.3f} on {found['n']} trials of {found['patients']} patients"
        )


SCORING = ScoringTask()
