"""Trains a network from a recipe: Lightning runs the steps, here is what it learns, keeps and says.

A batch is a function of the seed, its number and the process, and so is the chance inside the network; so a run that goes on from
a checkpoint, however it ended, gives the same weights as one that was never interrupted.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.loggers import TensorBoardLogger
from lightning.pytorch.plugins.io import CheckpointIO
from torch import nn
from torch.utils.data import DataLoader, Dataset, Sampler

from physio_core.errors import ConfigError
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import CHANNELS
from physio_core.training.config import TrainingConfig
from physio_core.training.data import Batches, load_sources
from physio_core.training.export import export
from physio_core.training.journal import Journal, Progress
from physio_core.training.measure import measure
from physio_core.training.network import Stgcn
from physio_core.training.optimiser import frozen, make_optimiser
from physio_core.training.prepare import LEFT_OUT
from physio_core.training.weights import (
    CHECKPOINT,
    RECIPE,
    WEIGHTS,
    differences,
    read_checkpoint,
    recipe_text,
    save_weights,
    start_from,
    unwritable,
    write_whole,
)  # fmt: skip

_APART = 1_000_003
"""Distance between the seeds of two steps, and of two processes."""


def train(
    config: TrainingConfig, work: Path, out: Path, progress: Progress | None = None, tensorboard: bool = False
) -> dict[str, Any]:
    """Train, measure on sequences never learnt from, export.

    Args:
        config: the recipe.
        work: folder for checkpoint and log; a checkpoint of the same recipe there is continued.
        out: model folder to write.
        progress: told after each step.
        tensorboard: also write a log for TensorBoard into ``work``.

    Returns:
        Figures measured on held-out sequences; nothing in all but the first of processes that train together.

    Raises:
        ConfigError: the checkpoint in ``work`` belongs to another recipe, a set cannot be split, or nothing can be written.
        ModelError: the checkpoint is damaged, or the weights to start from do not fit.
    """
    network, sources = make_network(config), load_sources(config)
    spent = fit(network, config, sources.learn, work, progress, tensorboard)
    if spent is None:
        return {}
    measured = {**measure(network, config, sources), "training": spent}
    write_model(network, config, out, measured)
    return measured


def fit(
    network: Stgcn, config: TrainingConfig, batches: Batches, work: Path, progress: Progress | None = None,
    tensorboard: bool = False,
) -> dict[str, float] | None:  # fmt: skip
    """Train a network in place, on the processor again afterwards; the rest as :func:`train`.

    Returns:
        Steps, seconds and the share of them spent in the network; None in all but the first of several processes.
    """
    torch.set_num_threads(config.optimiser.threads)
    kept, journal = _own_checkpoint(work, config), Journal(work, config, progress)
    trainer = _trainer(config, [journal, _Keeper(work / CHECKPOINT)], work if tensorboard else None)
    with _undisturbed():
        trainer.fit(Learning(network, config, batches), ckpt_path=kept)
    network.cpu()
    return journal.summary() if trainer.is_global_zero else None


def write_model(network: Stgcn, config: TrainingConfig, out: Path, measured: dict[str, Any]) -> None:
    """Write a model folder: to run it, and to learn on from it.

    Raises:
        ConfigError: it cannot be written.
    """
    try:
        export(network, config, out, measured)
    except OSError as error:
        raise unwritable(out, error) from error
    save_weights(network, config, out / WEIGHTS)


def make_network(config: TrainingConfig) -> Stgcn:
    """The network of a recipe: random by its seed, or with the weights that it starts from."""
    torch.manual_seed(config.seed)
    network = Stgcn(OPENPOSE_18, len(CHANNELS), len(config.labels), config.network)
    if config.transfer.init:
        start_from(network, config.labels, os.path.expandvars(config.transfer.init))
    return network


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Lightning ends the process at Ctrl-C, and warns of what cannot be helped here; neither is for the user."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*LeafSpec", FutureWarning)
        warnings.filterwarnings("ignore", ".*does not have many workers")
        try:
            yield
        except SystemExit:
            raise KeyboardInterrupt from None


class Learning(pl.LightningModule):
    """What one step is, for Lightning."""

    def __init__(self, network: Stgcn, config: TrainingConfig, batches: Batches) -> None:
        super().__init__()
        self.network, self.config, self._batches = network, config, batches

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], _index: int) -> dict[str, torch.Tensor]:
        """Loss and share of right ticks of one batch."""
        features, labels = batch
        torch.manual_seed(self.config.seed + _APART * (self.global_step + 1) + self.global_rank)
        self._freeze()
        scores, wanted = self.network(features).float(), labels[:, self.network.reach - 1 :]
        loss = nn.functional.cross_entropy(
            scores, wanted, ignore_index=LEFT_OUT, label_smoothing=self.config.optimiser.label_smoothing
        )
        counted = wanted != LEFT_OUT
        right = (scores.detach().argmax(1) == wanted)[counted].float().mean()
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
        """The recipe goes with the weights."""
        checkpoint[RECIPE] = recipe_text(self.config)

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


class _Keeper(pl.Callback):
    """Keeps a checkpoint after each round."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def on_train_epoch_end(self, trainer: pl.Trainer, _module: pl.LightningModule) -> None:
        """Lightning calls a round an epoch."""
        trainer.save_checkpoint(self._path)


class _Whole(CheckpointIO):
    """Checkpoints that are whole or not there."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write."""
        write_whole(checkpoint, Path(path))

    def load_checkpoint(self, path: Any, map_location: Any = None, weights_only: bool | None = None) -> dict[str, Any]:
        """Read."""
        return read_checkpoint(Path(path))

    def remove_checkpoint(self, path: Any) -> None:
        """Nothing is removed."""


def _trainer(config: TrainingConfig, callbacks: list[pl.Callback], log: Path | None) -> pl.Trainer:
    plan = config.optimiser
    local, world = (int(os.environ.get(name, 1)) for name in ("LOCAL_WORLD_SIZE", "WORLD_SIZE"))  # as torchrun sets them
    for talker in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(talker).setLevel(logging.WARNING)
    return pl.Trainer(
        max_epochs=-1, max_steps=plan.steps, precision=plan.precision, gradient_clip_val=plan.clip,
        devices=local, num_nodes=max(1, world // local), strategy="ddp" if world > 1 else "auto",
        callbacks=callbacks, plugins=[_Whole()], use_distributed_sampler=False, deterministic="warn",
        logger=TensorBoardLogger(log, name=None, version="") if log else False, log_every_n_steps=1,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False, inference_mode=False,
    )  # fmt: skip


def _own_checkpoint(work: Path, config: TrainingConfig) -> Path | None:
    path = work / CHECKPOINT
    if not path.exists():
        return None
    if found := differences(read_checkpoint(path)[RECIPE], recipe_text(config)):
        raise ConfigError(
            f"{path} was made by another recipe: {'; '.join(found[:3])}; remove that folder, or give another with --work"
        )
    return path
