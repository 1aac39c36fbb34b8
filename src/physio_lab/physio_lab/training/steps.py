"""What Lightning runs: the loss of a step, the batches that it takes, the checkpoints that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.plugins.io import CheckpointIO
from torch import nn
from torch.utils.data import DataLoader, Dataset, Sampler

from physio_core.errors import ModelError
from physio_lab.training.config import TrainingConfig
from physio_lab.training.data import Batches
from physio_lab.training.network import Stgcn
from physio_lab.training.optimiser import frozen, make_optimiser
from physio_lab.training.prepare import LEFT_OUT
from physio_lab.training.weights import GIVEN, RECIPE, read_checkpoint, recipe_text, write_whole

_APART = 1_000_003
"""Distance between the seeds of two steps and, in steps, of two processes; larger than any number of steps."""


def seed_of(config: TrainingConfig, step: int, process: int) -> int:
    """Seed of the chance inside the network at a step, counted from 0, of one of the processes that train together."""
    return config.seed + _APART * (step + 1 + _APART * process)


class Learning(pl.LightningModule):
    """What one step is, for Lightning."""

    def __init__(self, network: Stgcn, config: TrainingConfig, batches: Batches, given: Mapping[str, Any]) -> None:
        super().__init__()
        self.network, self.config, self._batches, self._given = network, config, batches, dict(given)

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], _index: int) -> dict[str, torch.Tensor]:
        """Loss and share of right ticks of one batch."""
        features, labels = batch
        torch.manual_seed(seed_of(self.config, self.global_step, self.global_rank))
        self._freeze()
        scores, wanted = self.network(features).float(), labels[:, self.network.reach - 1 :]
        counted = wanted != LEFT_OUT
        right = (scores.detach().argmax(1) == wanted)[counted].float().sum() / counted.sum().clamp(min=1)
        smoothing = self.config.optimiser.label_smoothing
        loss = nn.functional.cross_entropy(scores, wanted, ignore_index=LEFT_OUT, label_smoothing=smoothing)
        if not counted.any():
            loss = 0.0 * scores.sum()
        if not torch.isfinite(loss):
            raise ModelError(
                f"step {self.global_step + 1}: the loss is {loss.item()}, the training diverged; give it a lower rate and begin "
                "anew in another folder (--work); the last checkpoint was left as it was"
            )
        return {"loss": loss, "right": right}

    def _freeze(self) -> None:
        """While only the head learns, the body keeps its running means too."""
        self.network.train(not frozen(self.global_step, self.config.optimiser, self.config.transfer))
        self.network.head.train()

    def configure_optimizers(self) -> dict[str, Any]:
        """Optimiser, and a schedule that moves with each step."""
        optimiser, schedule = make_optimiser(self.network, self.config.optimiser, self.config.transfer)
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """The recipe, and what else decides them, goes with the weights."""
        checkpoint[RECIPE], checkpoint[GIVEN] = recipe_text(self.config), self._given

    def train_dataloader(self) -> DataLoader[Any]:
        """One round of batches, beginning with the step that is next."""
        plan = self.config.optimiser
        return DataLoader(
            _Numbered(self._batches), batch_size=None, sampler=_Round(self.trainer, plan.keep_every), num_workers=plan.workers,
            prefetch_factor=4 if plan.workers else None, persistent_workers=plan.workers > 0,
        )  # fmt: skip


class _Numbered(Dataset[Any]):
    """Batches as torch wants them."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        features, labels = self._batches[index]
        return torch.from_numpy(features), torch.from_numpy(labels)


class _Round(Sampler[int]):
    """Numbers of the batches between two checkpoints; each process takes others."""

    def __init__(self, trainer: pl.Trainer, length: int) -> None:
        self._trainer, self._length = trainer, length

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[int]:
        processes, rank, first = self._trainer.world_size, self._trainer.global_rank, self._trainer.global_step
        return iter(step * processes + rank for step in range(first, first + self._length))


class Keeper(pl.Callback):
    """Keeps a checkpoint after each round."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def on_train_epoch_end(self, trainer: pl.Trainer, _module: pl.LightningModule) -> None:
        """Lightning calls a round an epoch."""
        trainer.save_checkpoint(self._path)


class Whole(CheckpointIO):
    """Checkpoints that are whole or not there."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write."""
        write_whole(checkpoint, Path(path))

    def load_checkpoint(self, path: Any, map_location: Any = None, weights_only: bool | None = None) -> dict[str, Any]:
        """Read."""
        return read_checkpoint(Path(path))

    def remove_checkpoint(self, path: Any) -> None:
        """Nothing is removed."""
