"""Trains a network of any task from a recipe: Lightning runs the steps, here is what it learns, keeps and says.

A batch is a function of the seed, its number and the process, and so is the chance inside the network; so a run that goes on from
a checkpoint, however it ended, gives the same weights as one that was never interrupted.
"""

from __future__ import annotations

import logging
import os
import signal
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import LambdaCallback
from lightning.pytorch.loggers import TensorBoardLogger
from torch import nn

from physio_core.errors import ConfigError
from physio_core.files import check_folder
from physio_lab.engine.checkpoint import differences
from physio_lab.engine.config import R, Recipe
from physio_lab.engine.files import BEST, CHECKPOINT, fingerprint
from physio_lab.engine.journal import Journal, Progress
from physio_lab.engine.state import read_state
from physio_lab.engine.steps import AtomicCheckpointIO, CheckpointCallback, TaskModule
from physio_lab.engine.task import Batch, Batches, D, Task, Validated
from physio_lab.engine.validation import Validation

TERMINATED = 128 + signal.SIGTERM
"""Exit code of a training that SIGTERM ended, as of any program."""


def train(
    task: Task[R, D], recipe: R, work: Path, out: Path, progress: Progress | None = None, tensorboard: bool = False,
    validated: Validated | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Train, measure on what was never learnt from, write the model folder.

    Args:
        task: what is trained.
        recipe: how.
        work: folder for checkpoint and log; a checkpoint of the same recipe there is continued.
        out: model folder to write.
        progress: told after each step.
        tensorboard: also write a log for TensorBoard into ``work``.
        validated: told after each validation.

    Returns:
        What the task measured, and under ``training`` what :func:`fit` gives; nothing in all but the first of processes that
        train together.

    Raises:
        ConfigError: the checkpoint in ``work`` belongs to another recipe, a set cannot be split, or nothing can be written.
        ModelError: the checkpoint is damaged, the weights to start from do not fit, or what is learnt is no longer finite.
    """
    check_folder(out)
    model, data = task.model(recipe), task.data(recipe)
    start = {name: value.clone() for name, value in model.state_dict().items()}
    val = data.val if recipe.validation.every else ()
    spent = fit(task, model, recipe, data.learn, work, progress, tensorboard, val=val, validated=validated)
    if spent is None:
        return {}
    blend(model, start, recipe.transfer.init_weight)
    measured = {**task.metrics(model, recipe, data), "training": spent}
    task.export(model, recipe, out, measured)
    return measured


def fit(
    task: Task[R, Any], model: nn.Module, recipe: R, batches: Batches, work: Path, progress: Progress | None = None,
    tensorboard: bool = False, given: Mapping[str, Any] = MappingProxyType({}), val: Sequence[Batch] = (),
    validated: Validated | None = None,
) -> dict[str, Any] | None:  # fmt: skip
    """Train a network in place; errors as :func:`train`.

    Args:
        task: what is trained.
        model: on the processor again afterwards.
        recipe: how.
        batches: to learn from.
        work: see :func:`train`, as the next two.
        progress: see there.
        tensorboard: see there.
        given: what decides the weights besides the recipe, as plain values; a checkpoint made with another is refused.
        val: to validate on.
        validated: told after each validation.

    Returns:
        Steps, seconds and the share of them spent in the network, and what :meth:`Validation.summary` gives; None in all but
        the first of several processes.

    Raises:
        SystemExit: SIGTERM came; the last checkpoint is kept.
    """
    torch.set_num_threads(recipe.optimiser.threads)
    given = {**given, "processes": _processes()[1], "weights to start from": fingerprint(recipe.transfer.init)}
    kept, journal = _own_checkpoint(task, work, recipe, given), Journal(work, recipe, progress)
    validation = Validation(task, recipe, val, work, validated)
    # The log has every step of a checkpoint, and the checkpoint what validation found.
    after = LambdaCallback(on_train_batch_end=lambda *_: journal.ready())
    callbacks = [journal, validation, CheckpointCallback(work / CHECKPOINT, recipe), after]
    trainer = _trainer(recipe, callbacks, work if tensorboard else None)
    try:
        with _undisturbed():
            trainer.fit(TaskModule(task, model, recipe, batches, given), ckpt_path=kept)
    except (RuntimeError, KeyboardInterrupt):
        if trainer.received_sigterm:  # Lightning takes the signal, then ends as at Ctrl-C, or by the death of a worker
            raise SystemExit(TERMINATED) from None
        raise
    model.cpu()
    if val and recipe.validation.choose == "best":
        model.load_state_dict(read_state(work / BEST))
    return {**journal.summary(), **validation.summary()} if trainer.is_global_zero else None


def blend(model: nn.Module, start: Mapping[str, torch.Tensor], init_weight: float) -> None:
    """Go back by a share of the way to the weights started from, in place.

    The mean of both often does better than either where neither was trained: Wortsman et al. 2022, "Robust fine-tuning of
    zero-shot models" (WiSE-FT).
    """
    learnt = model.state_dict()
    model.load_state_dict(
        {
            name: torch.lerp(value, start[name], init_weight) if value.is_floating_point() else value
            for name, value in learnt.items()
        }
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Lightning ends the process at Ctrl-C, and warns of what cannot be helped here; neither is for the user."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*LeafSpec", FutureWarning)
        warnings.filterwarnings("ignore", ".*does not have many workers")
        warnings.filterwarnings("ignore", ".*resuming from a checkpoint that ended before the epoch")  # batches have numbers
        try:
            yield
        except SystemExit:
            raise KeyboardInterrupt from None


def _trainer(recipe: Recipe, callbacks: list[pl.Callback], log: Path | None) -> pl.Trainer:
    plan = recipe.optimiser
    local, world = _processes()
    for talker in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(talker).setLevel(logging.WARNING)
    return pl.Trainer(
        max_epochs=-1, max_steps=plan.steps, precision=precision_here(plan.precision), gradient_clip_val=plan.clip,
        devices=local, num_nodes=max(1, world // local), strategy="ddp" if world > 1 else "auto",
        callbacks=callbacks, plugins=[AtomicCheckpointIO()], use_distributed_sampler=False, deterministic="warn",
        logger=TensorBoardLogger(log, name=None, version="") if log else False, log_every_n_steps=1,
        enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False, inference_mode=False,
    )  # fmt: skip


def _processes() -> tuple[int, int]:
    """Processes that train together, on this machine and in all, as torchrun says."""
    local, world = (int(os.environ.get(name, 1)) for name in ("LOCAL_WORLD_SIZE", "WORLD_SIZE"))
    return local, world


def precision_here(wanted: str) -> str:
    """Lightning's name of a precision; a processor that imitates bfloat16 takes ten times as long with it as without."""
    if wanted != "auto":
        return wanted
    has = torch.cpu.get_capabilities()
    quick = torch.cuda.is_bf16_supported() if torch.cuda.is_available() else has.get("avx512_bf16") or has.get("amx_bf16")
    return "bf16-mixed" if quick else "32-true"


def _own_checkpoint(task: Task[R, Any], work: Path, recipe: R, given: Mapping[str, Any]) -> Path | None:
    path = work / CHECKPOINT
    if not path.exists():
        return None
    if found := differences(path, recipe, given, task.recipe):
        raise ConfigError(
            f"{path} was made by another recipe: {'; '.join(found[:3])}; remove that folder, or give another with --work"
        )
    return path
