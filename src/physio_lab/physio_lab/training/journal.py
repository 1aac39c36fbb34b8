"""What a training says about itself: a line of CSV for each step, progress, and where the time went."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightning.pytorch as pl

from physio_core.files import unwritable
from physio_lab.training.config import TrainingConfig

LOG = "log.csv"
COLUMNS = ("step", "loss", "right", "rate", "seconds", "waited")

Progress = Callable[[int, int, float, float], None]
"""Told after each step: step, steps, loss, share of right ticks."""


class Journal(pl.Callback):
    """Writes ``log.csv``; ``seconds`` is the time spent so far, ``waited`` how much of it no batch was ready.

    What an interrupted run spent up to its last checkpoint counts too.
    """

    def __init__(self, work: Path, config: TrainingConfig, progress: Progress | None) -> None:
        self._path, self._config, self._progress = work / LOG, config, progress
        self._began = self._ready_at = time.monotonic()
        self._waited_s = 0.0
        self._steps = 0

    def summary(self) -> dict[str, float]:
        """Steps and seconds, and the share of the time that was spent in the network."""
        if not self._steps:  # all was done before
            self._take_up(self._lines()[1:])
        seconds = self._ready_at - self._began
        return {
            "steps": self._steps,
            "seconds": round(seconds, 1),
            "in_network": round(1.0 - self._waited_s / seconds, 4) if self._steps else 1.0,
        }

    def on_train_start(self, trainer: pl.Trainer, _module: pl.LightningModule) -> None:
        """Drop what an interrupted run wrote after its last checkpoint."""
        if trainer.is_global_zero:
            before = self._lines()[1 : trainer.global_step + 1]
            self._write("w", [",".join(COLUMNS), *before])
            self._take_up(before)

    def _take_up(self, before: list[str]) -> None:
        """Count on from the lines of an earlier run."""
        spent_s, waited_s = (float(cell) for cell in before[-1].split(",")[-2:]) if before else (0.0, 0.0)
        self._steps, self._waited_s, self._ready_at = len(before), waited_s, time.monotonic()
        self._began = self._ready_at - spent_s

    def on_train_batch_start(self, _trainer: pl.Trainer, _module: pl.LightningModule, _batch: Any, _index: int) -> None:
        """A batch has come."""
        self._waited_s += time.monotonic() - self._ready_at

    def on_train_batch_end(self, trainer: pl.Trainer, module: pl.LightningModule, outputs: Any, _batch: Any, _index: int) -> None:
        """Note a step."""
        self._steps += 1
        loss, right, step = float(outputs["loss"]), float(outputs["right"]), trainer.global_step
        rate = float(trainer.lr_scheduler_configs[0].scheduler.get_last_lr()[0])
        if trainer.is_global_zero:
            seconds = time.monotonic() - self._began
            self._write("a", [f"{step},{loss:.4f},{right:.4f},{rate:.6f},{seconds:.1f},{self._waited_s:.1f}"])
            if trainer.logger:
                trainer.logger.log_metrics({"loss": loss, "right": right, "rate": rate}, step)
            if self._progress:
                self._progress(step, self._config.optimiser.steps, loss, right)
        self._ready_at = time.monotonic()

    def _lines(self) -> list[str]:
        return self._path.read_text().splitlines() if self._path.exists() else []

    def _write(self, mode: str, lines: list[str]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open(mode) as file:
                file.writelines(line + "\n" for line in lines)
        except OSError as error:
            raise unwritable(self._path, error) from error
