"""What Lightning runs: the loss of a step, the batches that it takes, the checkpoints that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.plugins.io import CheckpointIO
from torch.utils.data import DataLoader, Dataset, Sampler

from physio_core.errors import ModelError
from physio_lab.engine.checkpoint import GIVEN, RECIPE, read_checkpoint, recipe_text, write_whole
from physio_lab.engine.config import Recipe
from physio_lab.engine.optimiser import frozen, make_optimiser
from physio_lab.engine.task import Batches, Task, as_tensors

_APART = 1_000_003
"""Distance between the seeds of two steps and, in steps, of two processes; larger than any number of steps."""


def seed_of(recipe: Recipe, step: int, process: int) -> int:
    """Seed of the chance inside the network at a step, counted from 0, of one of the processes that train together."""
    return recipe.seed + _APART * (step + 1 + _APART * process)


class TaskModule(pl.LightningModule):
    """What one step of a task is, for Lightning."""

    def __init__(
        self, task: Task[Any, Any], network: torch.nn.Module, recipe: Recipe, batches: Batches, given: Mapping[str, Any]
    ) -> None:
        super().__init__()
        self.network, self.recipe = network, recipe
        self._task, self._blocks, self._batches, self._given = task, list(task.blocks(network)), batches, dict(given)

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], _index: int) -> dict[str, torch.Tensor]:
        """Loss and figures of one batch."""
        torch.manual_seed(seed_of(self.recipe, self.global_step, self.global_rank))
        self._freeze()
        found = self._task.loss(self.network, *batch, self.recipe)
        if not torch.isfinite(found.loss):
            raise ModelError(
                f"step {self.global_step + 1}: the loss is {found.loss.item()}, the training diverged; give it a lower learning "
                "rate and begin again in another folder (--work); the last checkpoint was left as it was"
            )
        return {"loss": found.loss, **found.figures}

    def _freeze(self) -> None:
        """While only the head learns, the body keeps its running means too."""
        self.network.train(not frozen(self.global_step, self.recipe.optimiser, self.recipe.transfer))
        self._blocks[0].train()

    def configure_optimizers(self) -> dict[str, Any]:
        """Optimiser, and a schedule that moves with each step."""
        optimiser, schedule = make_optimiser(self.network, self._blocks, self.recipe.optimiser, self.recipe.transfer)
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """The recipe, and what else decides them, goes with the weights."""
        checkpoint[RECIPE], checkpoint[GIVEN] = recipe_text(self.recipe), self._given

    def train_dataloader(self) -> DataLoader[Any]:
        """The batches from the step that is next to the last; all of them are one epoch to Lightning."""
        plan = self.recipe.optimiser
        return DataLoader(
            IndexedBatches(self._batches), batch_size=None, sampler=StepSampler(self.trainer, plan.steps),
            num_workers=plan.workers, prefetch_factor=4 if plan.workers else None, persistent_workers=plan.workers > 0,
        )  # fmt: skip


class IndexedBatches(Dataset[Any]):
    """Batches as torch wants them."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        return as_tensors(self._batches[index])


class StepSampler(Sampler[int]):
    """Numbers of the batches that are still to come; each process takes others."""

    def __init__(self, trainer: pl.Trainer, steps: int) -> None:
        self._trainer, self._steps = trainer, steps

    def __len__(self) -> int:
        return self._steps

    def __iter__(self) -> Iterator[int]:
        processes, rank, first = self._trainer.world_size, self._trainer.global_rank, self._trainer.global_step
        return iter(step * processes + rank for step in range(first, self._steps))


class CheckpointCallback(pl.Callback):
    """Keeps a checkpoint every ``keep_every`` steps, and at the last one."""

    def __init__(self, path: Path, recipe: Recipe) -> None:
        self._path, self._recipe = path, recipe

    def on_train_batch_end(
        self, trainer: pl.Trainer, _module: pl.LightningModule, _outputs: Any, _batch: Any, _index: int
    ) -> None:
        """Keep it, if it is time."""
        if checkpoint_due(trainer.global_step, self._recipe):
            trainer.save_checkpoint(self._path)


def checkpoint_due(step: int, recipe: Recipe) -> bool:
    """Whether a checkpoint belongs after a step, counted from 1."""
    return step % recipe.optimiser.keep_every == 0 or step == recipe.optimiser.steps


class AtomicCheckpointIO(CheckpointIO):
    """Checkpoints that are whole or not there."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write."""
        write_whole(checkpoint, Path(path))

    def load_checkpoint(self, path: Any, map_location: Any = None, weights_only: bool | None = None) -> dict[str, Any]:
        """Read."""
        return read_checkpoint(Path(path))

    def remove_checkpoint(self, path: Any) -> None:
        """Nothing is removed."""
