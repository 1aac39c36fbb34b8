"""Recognition as a task of the engine; torch is imported when it is needed, so that the command line starts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from physio_lab.engine.task import Loss, Task
from physio_lab.tasks.stgcn.config import StgcnRecipe
from physio_lab.tasks.stgcn.prepare import IGNORE_INDEX
from physio_lab.tasks.stgcn.recipe import stgcn_recipe

if TYPE_CHECKING:
    from physio_lab.tasks.stgcn.data import Sources


class StgcnTask(Task["StgcnRecipe", "Sources"]):
    """See :class:`~physio_lab.engine.task.Task`."""

    name = "stgcn"
    columns: Mapping[str, str] = {"accuracy": ".1%", "balanced accuracy": ".1%", "clips or ticks": ".0f"}

    def recipe(self, data: Any, where: str) -> StgcnRecipe:
        """See :func:`~physio_lab.tasks.stgcn.recipe.stgcn_recipe`."""
        return stgcn_recipe(data, where)

    def model(self, recipe: StgcnRecipe) -> Any:
        """See :func:`~physio_lab.tasks.stgcn.weights.make_network`."""
        from physio_lab.tasks.stgcn.weights import make_network

        return make_network(recipe)

    def blocks(self, model: Any) -> Sequence[Any]:
        """The head, then the units from the last to the first."""
        return list(model.blocks)

    def data(self, recipe: StgcnRecipe) -> Sources:
        """See :func:`~physio_lab.tasks.stgcn.data.load_sources`."""
        from physio_lab.tasks.stgcn.data import load_sources

        return load_sources(recipe)

    def loss(self, model: Any, inputs: Any, targets: Any, recipe: StgcnRecipe) -> Loss:
        """Cross entropy and accuracy over the ticks that could be known; clips (N, C, T, V), labels (N, T)."""
        from torch.nn import functional

        scores, labels = model.aligned(inputs, targets)
        scores, counted = scores.float(), labels != IGNORE_INDEX
        right = (scores.detach().argmax(1) == labels)[counted].float().sum() / counted.sum().clamp(min=1)
        loss = functional.cross_entropy(
            scores, labels, ignore_index=IGNORE_INDEX, label_smoothing=recipe.optimiser.label_smoothing
        )
        return Loss(loss if counted.any() else 0.0 * scores.sum(), {"accuracy": right}, int(counted.sum()))

    def metrics(self, model: Any, recipe: StgcnRecipe, data: Sources) -> dict[str, Any]:
        """See :func:`~physio_lab.tasks.stgcn.measure.measure`."""
        from physio_lab.tasks.stgcn.measure import measure

        return measure(model, recipe, data)

    def export(self, model: Any, recipe: StgcnRecipe, out: Path, measured: dict[str, Any]) -> None:
        """See :func:`~physio_lab.tasks.stgcn.export.write_model`."""
        from physio_lab.tasks.stgcn.export import write_model

        write_model(model, recipe, out, measured)

    def headline(self, measured: Mapping[str, Any]) -> dict[str, float]:
        """Figures of clips tested on, or else held out, or else of held-out synthetic ticks."""
        found = measured.get("test") or measured.get("sets") or measured["synthetic"]
        return {
            "accuracy": found["accuracy"],
            "balanced accuracy": found["balanced_accuracy"],
            "clips or ticks": found["n"],
        }

    def summary(self, measured: Mapping[str, Any]) -> str:
        """What was measured, in a few words."""
        parts = []
        if "synthetic" in measured:
            ticks = measured["synthetic"]
            parts.append(f"{ticks['accuracy']:.3f} of held-out synthetic ticks right, per class {ticks['recall']}")
        if "sets" in measured:
            clips = measured["sets"]
            parts.append(f"{clips['accuracy']:.3f} of {clips['n']} held-out recorded clips right, per class {clips['recall']}")
        if "test" in measured:
            clips = measured["test"]
            parts.append(f"{clips['accuracy']:.3f} of {clips['n']} clips tested on right, per class {clips['recall']}")
        if "left_out" in measured:
            parts.append(f"{len(measured['left_out'])} recorded clips left out, such as {measured['left_out'][0]}")
        return "; ".join(parts)


STGCN = StgcnTask()
