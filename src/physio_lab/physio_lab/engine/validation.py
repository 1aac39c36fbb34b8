"""Follows a network on what it never learns from while it learns: the loss, the best weights, when to stop.

The first of several processes measures for all, because the running means of the others differ from those that are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import torch

from physio_lab.engine.config import Recipe
from physio_lab.engine.files import BEST
from physio_lab.engine.journal import read_lines, write_lines
from physio_lab.engine.steps import checkpoint_due
from physio_lab.engine.task import Batch, Task, Validated, as_tensors

LOG = "validation.csv"


class Validation(pl.Callback):
    """Writes ``validation.csv``: step, loss, the task's figures; keeps ``best.pt`` where the best weights are to be chosen."""

    def __init__(
        self, task: Task[Any, Any], recipe: Recipe, batches: Sequence[Batch], work: Path, validated: Validated | None
    ) -> None:
        self._task, self._recipe, self._batches, self._work, self._validated = task, recipe, batches, work, validated
        self._rounds = self._stale = self._best_step = 0
        self._best = self._last = float("inf")
        self._stopped = False

    def summary(self) -> dict[str, Any]:
        """Loss of the weights that were chosen, their step, and whether the training stopped early; nothing: no validation."""
        if not self._best_step:
            return {}
        best = self._recipe.validation.choose == "best"
        found = {"val_loss": round(self._best if best else self._last, 6), "best_step": self._best_step}
        return {**found, "stopped_early": self._stopped}

    def state_dict(self) -> dict[str, Any]:
        """What a run that goes on must know."""
        return {name: getattr(self, name) for name in ("_rounds", "_stale", "_best_step", "_best", "_last", "_stopped")}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on."""
        for name, value in state_dict.items():
            setattr(self, name, value)

    def on_train_start(self, trainer: pl.Trainer, _module: pl.LightningModule) -> None:
        """Drop what an interrupted run wrote after its last checkpoint; a run that had stopped stays so."""
        if trainer.is_global_zero and self._batches:
            path = self._work / LOG
            before = [line for line in read_lines(path)[1:] if int(line.split(",")[0]) <= trainer.global_step]
            write_lines(path, "w", [*read_lines(path)[:1], *before] if before else [])
        trainer.should_stop = self._stopped

    def on_train_batch_end(
        self, trainer: pl.Trainer, module: pl.LightningModule, _outputs: Any, _batch: Any, _index: int
    ) -> None:
        """Measure, if it is time; before the checkpoint, which keeps what was found."""
        settings = self._recipe.validation
        if not self._batches or not checkpoint_due(trainer.global_step, self._recipe):
            return
        self._rounds += 1
        if self._rounds % settings.every and trainer.global_step < self._recipe.optimiser.steps:
            return
        figures = trainer.strategy.broadcast(self._measure(trainer, module.network) if trainer.is_global_zero else None)
        self._last, self._stale = figures["loss"], self._stale + 1
        if self._last < self._best:
            self._best, self._best_step, self._stale = self._last, trainer.global_step, 0
            if settings.choose == "best":
                trainer.save_checkpoint(self._work / BEST, weights_only=True)
        if settings.patience and self._stale >= settings.patience:
            trainer.should_stop = self._stopped = True
        if trainer.is_global_zero:
            self._tell(trainer, figures)

    def _measure(self, trainer: pl.Trainer, network: torch.nn.Module) -> dict[str, float]:
        """Means over everything that counts in the batches."""
        network.eval()
        device = next(network.parameters()).device
        sums: dict[str, float] = {}
        total = 0
        with torch.no_grad(), trainer.precision_plugin.val_step_context():
            for batch in self._batches:
                inputs, targets = as_tensors(batch)
                found = self._task.loss(network, inputs.to(device), targets.to(device), self._recipe)
                total += found.counted
                for name, value in {"loss": found.loss, **found.figures}.items():
                    sums[name] = sums.get(name, 0.0) + float(value) * found.counted
        return {name: value / max(total, 1) for name, value in sums.items()}

    def _tell(self, trainer: pl.Trainer, figures: Mapping[str, float]) -> None:
        path, step = self._work / LOG, trainer.global_step
        header = [] if read_lines(path) else [",".join(("step", *figures))]
        write_lines(path, "a", [*header, ",".join((str(step), *(f"{value:.6g}" for value in figures.values())))])
        if trainer.logger:
            trainer.logger.log_metrics({f"val_{name}": value for name, value in figures.items()}, step)
        if self._validated:
            self._validated(step, figures)
