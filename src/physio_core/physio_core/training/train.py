"""Trains a network from a recipe: the loop, its checkpoints and its log."""

from __future__ import annotations

import csv
import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset

from physio_core.errors import ConfigError
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import CHANNELS
from physio_core.training.config import OptimiserConfig, TrainingConfig
from physio_core.training.export import export
from physio_core.training.network import Stgcn
from physio_core.training.synthetic import LEFT_OUT, SyntheticSet

CHECKPOINT, LOG = "checkpoint.pt", "log.csv"
CHECK_SEED = 999_331
"""Added to the seed for the sequences that are never learnt from."""

Progress = Callable[[int, int, float, float], None]
"""Told after each step: step, steps, loss, share of right ticks."""


class _Batches(Dataset[Any]):
    """A :class:`SyntheticSet` as torch wants it."""

    def __init__(self, batches: SyntheticSet, count: int) -> None:
        self._batches, self._count = batches, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        features, labels = self._batches[index]
        return torch.from_numpy(features), torch.from_numpy(labels)


def train(config: TrainingConfig, work: Path, out: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Train, measure on sequences never learnt from, export.

    Args:
        config: the recipe.
        work: folder for checkpoint and log; a checkpoint of the same recipe there is continued.
        out: model folder to write.
        progress: told after each step.

    Returns:
        Figures measured on held-out synthetic sequences.

    Raises:
        ConfigError: the checkpoint in ``work`` belongs to another recipe.
    """
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.optimiser.threads)
    network = Stgcn(OPENPOSE_18, len(CHANNELS), len(config.labels), config.network)
    trainer = _Trainer(network, config, work)
    trainer.run(progress)
    measured = measure(network, config)
    export(network, config, out, measured)
    return measured


def share_of_rate(step: int, plan: OptimiserConfig) -> float:
    """Learning rate at a step as a share of the largest: in each cycle up for a tenth of it, then down as a cosine.

    Each cycle after the first reaches half of the one before it (Loshchilov and Hutter 2017, SGDR).
    """
    length = max(1, plan.steps // plan.cycles)
    cycle, place = min(step // length, plan.cycles - 1), min(step % length, length - 1) / length
    if step >= plan.steps:
        place = 1.0
    rise = 0.1
    up = 0.04 + 0.96 * (0.5 - 0.5 * np.cos(np.pi * place / rise))
    down = 0.5 + 0.5 * np.cos(np.pi * (place - rise) / (1.0 - rise))
    return float(0.5**cycle * (up if place < rise else down))


class _Trainer:
    """Everything that a checkpoint must hold, and the loop."""

    def __init__(self, network: Stgcn, config: TrainingConfig, work: Path) -> None:
        self.network, self.config, self.work = network, config, work
        plan = config.optimiser
        self.optimiser = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=plan.weight_decay)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, lambda step: share_of_rate(step, plan))
        self.step = 0
        self._recipe = json.dumps(dataclasses.asdict(config), sort_keys=True)
        self._load()

    def run(self, progress: Progress | None) -> None:
        """Go on to the last step."""
        plan, config = self.config.optimiser, self.config
        batches = SyntheticSet(config.labels, config.synthetic, config.noise, config.normaliser, plan.batch, config.seed)
        rest = Subset(_Batches(batches, plan.steps), range(self.step, plan.steps))
        loader = DataLoader(rest, batch_size=None, num_workers=1, prefetch_factor=4) if len(rest) else []
        started = time.monotonic()
        self.network.train()
        with (self.work / LOG).open("a", newline="") as file:
            log = csv.writer(file)
            if self.step == 0:
                log.writerow(["step", "loss", "right", "rate", "seconds"])
            for features, labels in loader:
                loss, right = self._learn(features, labels)
                self.step += 1
                seconds = time.monotonic() - started
                log.writerow(
                    [self.step, f"{loss:.4f}", f"{right:.4f}", f"{self.schedule.get_last_lr()[0]:.6f}", f"{seconds:.1f}"]
                )
                file.flush()
                if progress:
                    progress(self.step, plan.steps, loss, right)
                if self.step % plan.keep_every == 0 or self.step == plan.steps:
                    self._save()

    def _learn(self, features: torch.Tensor, labels: torch.Tensor) -> tuple[float, float]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = self.network(features)
        scores, wanted = scores.float(), labels[:, self.network.reach - 1 :]
        loss = nn.functional.cross_entropy(
            scores, wanted, ignore_index=LEFT_OUT, label_smoothing=self.config.optimiser.label_smoothing
        )
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.schedule.step()
        counted = wanted != LEFT_OUT
        return float(loss.detach()), float((scores.argmax(1) == wanted)[counted].float().mean())

    def _save(self) -> None:
        state = {
            "recipe": self._recipe, "step": self.step, "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(), "schedule": self.schedule.state_dict(),
        }  # fmt: skip
        fresh = self.work / (CHECKPOINT + ".new")
        torch.save(state, fresh)
        fresh.replace(self.work / CHECKPOINT)  # an interruption leaves the old one whole

    def _load(self) -> None:
        path = self.work / CHECKPOINT
        if not path.exists():
            (self.work / LOG).unlink(missing_ok=True)
            return
        state = torch.load(path, weights_only=True)
        if state["recipe"] != self._recipe:
            raise ConfigError(f"{path} was made by another recipe; remove that folder, or give another with --work")
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.step = state["step"]


def measure(network: Stgcn, config: TrainingConfig) -> dict[str, Any]:
    """Per-class recall and accuracy over the ticks of sequences that were never learnt from."""
    network.eval()
    check = SyntheticSet(
        config.labels, config.synthetic, config.noise, config.normaliser, config.optimiser.batch, config.seed + CHECK_SEED
    )
    confusion = np.zeros((len(config.labels), len(config.labels)), np.int64)
    for index in range(config.optimiser.check_batches):
        features, labels = check[index]
        with torch.no_grad():
            named = network(torch.from_numpy(features)).argmax(1).numpy()
        wanted = labels[:, network.reach - 1 :]
        counted = wanted != LEFT_OUT
        np.add.at(confusion, (wanted[counted], named[counted]), 1)
    recall = confusion.diagonal() / np.maximum(confusion.sum(1), 1)
    return {
        "ticks": int(confusion.sum()),
        "accuracy": round(float(confusion.trace() / max(confusion.sum(), 1)), 4),
        "recall": {label: round(float(value), 4) for label, value in zip(config.labels, recall, strict=True)},
    }
