"""Trains a network from a recipe: Lightning runs the steps, here is what it learns, keeps and says.

A batch is a function of the seed, its number and the process, and so is the chance inside the network; so a run that goes on from
a checkpoint, however it ended, gives the same weights as one that was never interrupted.
"""

from __future__ import annotations

import logging
import os
import signal
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.loggers import TensorBoardLogger

from physio_core.action.card import CARD
from physio_core.errors import ConfigError
from physio_core.files import check_folder, writing_into
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import CHANNELS
from physio_lab.training.config import TrainingConfig
from physio_lab.training.data import Batches, load_sources
from physio_lab.training.export import export
from physio_lab.training.files import CHECKPOINT, fingerprint
from physio_lab.training.journal import Journal, Progress
from physio_lab.training.measure import measure
from physio_lab.training.network import Stgcn
from physio_lab.training.steps import Keeper, Learning, Whole
from physio_lab.training.weights import differences, start_from

TERMINATED = 128 + signal.SIGTERM
"""Exit code of a training that SIGTERM ended, as of any program."""


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
        ModelError: the checkpoint is damaged, the weights to start from do not fit, or what is learnt is no longer finite.
    """
    if int(os.environ.get("RANK", 0)) == 0:
        check_folder(out)
    network, sources = make_network(config), load_sources(config)
    start = {name: value.clone() for name, value in network.state_dict().items()}
    spent = fit(network, config, sources.learn, work, progress, tensorboard)
    if spent is None:
        return {}
    blend(network, start, config.transfer.keep)
    measured = {**measure(network, config, sources), "training": spent}
    write_model(network, config, out, measured)
    return measured


def fit(
    network: Stgcn, config: TrainingConfig, batches: Batches, work: Path, progress: Progress | None = None,
    tensorboard: bool = False, given: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, float] | None:  # fmt: skip
    """Train a network in place; errors as :func:`train`.

    Args:
        network: on the processor again afterwards.
        config: its recipe.
        batches: to learn from.
        work: see :func:`train`, as the next two.
        progress: see there.
        tensorboard: see there.
        given: what decides the weights besides the recipe, as plain values; a checkpoint made with another is refused.

    Returns:
        Steps, seconds and the share of them spent in the network; None in all but the first of several processes.

    Raises:
        SystemExit: SIGTERM came; the last checkpoint is kept.
    """
    torch.set_num_threads(config.optimiser.threads)
    given = {**given, "processes": _processes()[1], "weights to start from": fingerprint(config.transfer.init)}
    kept, journal = _own_checkpoint(work, config, given), Journal(work, config, progress)
    trainer = _trainer(config, [journal, Keeper(work / CHECKPOINT)], work if tensorboard else None)
    try:
        with _undisturbed():
            trainer.fit(Learning(network, config, batches, given), ckpt_path=kept)
    except (RuntimeError, KeyboardInterrupt):
        if trainer.received_sigterm:  # Lightning takes the signal, then ends as at Ctrl-C, or by the death of a worker
            raise SystemExit(TERMINATED) from None
        raise
    network.cpu()
    return journal.summary() if trainer.is_global_zero else None


def blend(network: Stgcn, start: Mapping[str, torch.Tensor], keep: float) -> None:
    """Go back by a share of the way to the weights started from, in place.

    The mean of both often does better than either where neither was trained: Wortsman et al. 2022, "Robust fine-tuning of
    zero-shot models".
    """
    learnt = network.state_dict()
    network.load_state_dict(
        {name: torch.lerp(value, start[name], keep) if value.is_floating_point() else value for name, value in learnt.items()}
    )


def write_model(
    network: Stgcn, config: TrainingConfig, out: Path, measured: dict[str, Any], kept: Mapping[str, Any] = MappingProxyType({}),
    beside: Callable[[Path], None] = lambda _folder: None,
) -> None:  # fmt: skip
    """Write a model folder, whole or not at all: to run it, and to learn on from it.

    Args:
        network: trained.
        config: its recipe.
        out: the folder.
        measured: figures for the card.
        kept: entries of the card that are those of an earlier model.
        beside: writes further files into a folder.

    Raises:
        ConfigError: it cannot be written.
        ModelError: weights that are not finite.
    """
    with writing_into(out, last=CARD) as folder:
        beside(folder)
        export(network, config, folder, measured, kept)


def make_network(config: TrainingConfig) -> Stgcn:
    """The network of a recipe: random by its seed, or with the weights that it starts from."""
    torch.manual_seed(config.seed)
    network = Stgcn(OPENPOSE_18, len(CHANNELS), len(config.labels), config.network)
    if config.transfer.init:
        start_from(network, config.labels, config.transfer.init)
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


def _trainer(config: TrainingConfig, callbacks: list[pl.Callback], log: Path | None) -> pl.Trainer:
    plan = config.optimiser
    local, world = _processes()
    for talker in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(talker).setLevel(logging.WARNING)
    return pl.Trainer(
        max_epochs=-1, max_steps=plan.steps, precision=precision_here(plan.precision), gradient_clip_val=plan.clip,
        devices=local, num_nodes=max(1, world // local), strategy="ddp" if world > 1 else "auto",
        callbacks=callbacks, plugins=[Whole()], use_distributed_sampler=False, deterministic="warn",
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


def _own_checkpoint(work: Path, config: TrainingConfig, given: Mapping[str, Any]) -> Path | None:
    path = work / CHECKPOINT
    if not path.exists():
        return None
    if found := differences(path, config, given):
        raise ConfigError(
            f"{path} was made by another recipe: {'; '.join(found[:3])}; remove that folder, or give another with --work"
        )
    return path
