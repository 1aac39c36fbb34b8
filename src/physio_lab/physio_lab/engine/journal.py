"""What a training says about itself: a line of CSV for each step, progress, and where the time went."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import lightning.pytorch as pl

from physio_core.files import unwritable
from physio_lab.engine.config import Recipe

LOG = "log.csv"

Progress = Callable[[int, int, Mapping[str, float]], None]
"""Told after each step: step, steps, the loss and the task's other figures."""


class Journal(pl.Callback):
    """Writes ``log.csv``: step, loss, the task's figures, lr, seconds, waited.

    ``seconds`` is the time spent so far, ``waited`` how much of it no batch was ready. What an interrupted run spent up to its
    last checkpoint counts too.
    """

    def __init__(self, work: Path, recipe: Recipe, progress: Progress | None) -> None:
        self._path, self._recipe, self._progress = work / LOG, recipe, progress
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
            "in_network": round(1.0 - self._waited_s / seconds, 4) if seconds > 0.0 else 1.0,  # a log rounds a short run to 0.0 s
        }

    def on_train_start(self, trainer: pl.Trainer, _module: pl.LightningModule) -> None:
        """Drop what an interrupted run wrote after its last checkpoint."""
        if trainer.is_global_zero:
            before = self._lines()[: trainer.global_step + 1] if trainer.global_step else []
            self._write("w", before)
            self._take_up(before[1:])

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
        figures = {name: float(value) for name, value in outputs.items()}
        lr, step = float(trainer.lr_scheduler_configs[0].scheduler.get_last_lr()[0]), trainer.global_step
        if trainer.is_global_zero:
            seconds = time.monotonic() - self._began
            cells = [f"{value:.4f}" for value in figures.values()]
            header = [] if self._steps else [",".join(("step", *figures, "lr", "seconds", "waited"))]
            self._write("a", [*header, ",".join((str(step), *cells, f"{lr:.6f}", f"{seconds:.1f}", f"{self._waited_s:.1f}"))])
            if trainer.logger:
                trainer.logger.log_metrics({**figures, "lr": lr}, step)
            if self._progress:
                self._progress(step, self._recipe.optimiser.steps, figures)
        self._steps += 1
        self.ready()

    def ready(self) -> None:
        """From here on it waits for a batch; time spent on validation and checkpoints is no waiting."""
        self._ready_at = time.monotonic()

    def _lines(self) -> list[str]:
        return read_lines(self._path)

    def _write(self, mode: str, lines: list[str]) -> None:
        write_lines(self._path, mode, lines)


def read_lines(path: Path) -> list[str]:
    """Lines of a log; none where there is no file yet."""
    return path.read_text().splitlines() if path.exists() else []


def write_lines(path: Path, mode: str, lines: list[str]) -> None:
    """Write a log ("w") or go on with it ("a").

    Raises:
        OutputError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode) as file:
            file.writelines(line + "\n" for line in lines)
    except OSError as error:
        raise unwritable(path, error) from error
