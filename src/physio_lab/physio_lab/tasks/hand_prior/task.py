"""A prior of hand motion as a task of the engine; torch is imported when needed, so that the command line starts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from physio_lab.engine.recipe import recipe_from
from physio_lab.engine.task import Loss, Task
from physio_lab.tasks.hand_prior.config import PriorRecipe

if TYPE_CHECKING:
    from physio_lab.tasks.hand_prior.data import PriorData

_LENGTH_M = 0.186
_NEAR_M, _BEND_RAD = 0.005, 0.2
"""Errors of joints and of angles that count as one."""


class PriorTask(Task["PriorRecipe", "PriorData"]):
    """See :class:`~physio_lab.engine.task.Task`."""

    name = "hand_prior"
    columns: Mapping[str, str] = {"joints_mm": ".1f", "divergence": ".1f"}

    def recipe(self, data: Any, where: str) -> PriorRecipe:
        """A recipe from nested dictionaries.

        Raises:
            ConfigError: something that is not known or out of range.
        """
        return recipe_from(PriorRecipe, data, where)

    def model(self, recipe: PriorRecipe) -> Any:
        """A network, random by the seed."""
        import torch

        from physio_lab.tasks.hand_prior.network import HandVae

        torch.manual_seed(recipe.seed)
        return HandVae(recipe.network)

    def blocks(self, model: Any) -> Sequence[Any]:
        """The decoder, what begins it, the encoder."""
        return [model.decoder, model.begin, model.encoder]

    def data(self, recipe: PriorRecipe) -> PriorData:
        """See :func:`~physio_lab.tasks.hand_prior.data.load_data`."""
        from physio_lab.tasks.hand_prior.data import load_data

        return load_data(recipe)

    def loss(self, model: Any, inputs: Any, targets: Any, recipe: PriorRecipe) -> Loss:
        """Windows (N, F, I) and true angles (N, F, A): joints, angles and steps of joints that are missed, and the divergence."""
        import torch

        from physio_lab.tasks.hand_prior.kinematics import joints_of

        told, mean, spread = model(inputs)
        shape, length_m = torch.zeros(4), torch.tensor(_LENGTH_M)
        missed = joints_of(told, shape, length_m) - joints_of(targets, shape, length_m)
        divergence = 0.5 * (mean.square() + spread.exp() - 1.0 - spread).sum(1).mean()
        wrong = (missed / _NEAR_M).square().sum(-1).mean() + ((told - targets) / _BEND_RAD).square().mean()
        wrong = wrong + ((missed[:, 1:] - missed[:, :-1]) / _NEAR_M).square().sum(-1).mean()
        away = missed.detach().square().sum(-1).sqrt().mean()
        return Loss(wrong + recipe.network.divergence * divergence,
                    {"joints_mm": 1000.0 * away, "divergence": divergence.detach()}, len(inputs))  # fmt: skip

    def metrics(self, model: Any, recipe: PriorRecipe, data: PriorData) -> dict[str, Any]:
        """How well windows of people who taught nothing are made again from their codes."""
        import torch

        from physio_lab.engine.task import as_tensors

        model.eval()
        with torch.no_grad():
            found = [self.loss(model, *as_tensors(batch), recipe).figures for batch in data.val or [data[0]]]
        return {name: float(sum(float(one[name]) for one in found) / len(found)) for name in self.columns}

    def export(self, model: Any, recipe: PriorRecipe, out: Path, measured: dict[str, Any]) -> None:
        """See :func:`~physio_lab.tasks.hand_prior.folder.write_prior`."""
        from physio_lab.tasks.hand_prior.folder import write_prior

        write_prior(model, recipe, out, measured)

    def summary(self, measured: Mapping[str, Any]) -> str:
        """What was measured, in a few words."""
        return f"windows of other people made again within {measured['joints_mm']:.1f} mm a joint, from what an estimator saw"


PRIOR = PriorTask()
