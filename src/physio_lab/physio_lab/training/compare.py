"""Trains a folder of recipes, one after the other, and puts them into one table: ladders and ablations.

Recipes run in the order of their names; one that begins with ``_`` is only a base of others. A recipe may start from the
model of an earlier one by its name (``transfer: {init: pretrain}``). With several seeds each recipe, other than those that are
started from, is trained again and again, so that luck can be told from merit.
"""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.files import write_json
from physio_lab.reports.markdown import markdown_table
from physio_lab.training.config import TrainingConfig
from physio_lab.training.files import fingerprint
from physio_lab.training.recipe import load_training

RESULT = "result.json"

Train = Callable[[TrainingConfig, Path, Path], dict[str, Any]]
"""Trains a recipe, given a work folder and a model folder, and gives what was measured."""


@dataclass(frozen=True)
class Row:
    """One recipe with what was measured, once for each seed."""

    config: TrainingConfig
    measured: tuple[dict[str, Any], ...]

    def figures(self, name: str) -> list[float]:
        """One figure of held-out clips, or else of held-out synthetic ticks, for each seed."""
        return [float((one.get("sets") or one["synthetic"])[name]) for one in self.measured]

    @property
    def seconds(self) -> float:
        """Mean time of a training [s]."""
        return statistics.fmean(one["training"]["seconds"] for one in self.measured)


def load_folder(folder: Path) -> list[TrainingConfig]:
    """Recipes of a folder in the order of their names.

    Raises:
        ConfigError: none, two of one name, or one that cannot be read.
    """
    configs = [load_training(path) for path in sorted(folder.glob("*.yaml")) if not path.name.startswith("_")]
    names = [config.name for config in configs]
    if not configs or len(set(names)) < len(names):
        raise ConfigError(f"{folder} must hold recipes (*.yaml) with different names; it has: {', '.join(names) or 'none'}")
    return configs


def compare(configs: Sequence[TrainingConfig], work: Path, seeds: int, train: Train) -> list[Row]:
    """Train every recipe; a training that was done before, from the same weights, is not repeated.

    Args:
        configs: recipes in order.
        work: a folder for each recipe is made in it.
        seeds: trainings of each recipe that no other one starts from.
        train: trains one.

    Raises:
        ConfigError: what an earlier run measured cannot be read; and what ``train`` raises.
    """
    models = {config.name: work / config.name / f"seed_{config.seed}" / "model" for config in configs}
    needed = {config.transfer.init for config in configs}
    rows = []
    for config in configs:
        init = config.transfer.init
        started = replace(config, transfer=replace(config.transfer, init=str(models.get(init, init))))
        count = 1 if config.name in needed else seeds
        measured = tuple(_one(replace(started, seed=config.seed + i), work, train) for i in range(count))
        rows.append(Row(config, measured))
    return rows


def _one(config: TrainingConfig, work: Path, train: Train) -> dict[str, Any]:
    folder, init = work / config.name / f"seed_{config.seed}", fingerprint(config.transfer.init)
    recipe, done = json.loads(json.dumps(asdict(config))), _done(folder / RESULT)
    if done and done.get("init", "") != init:  # its checkpoint started from weights that are no more
        shutil.rmtree(folder)
    elif done.get("recipe") == recipe:
        return dict(done["measured"])
    measured = train(config, folder, folder / "model")
    write_json(folder / RESULT, {"recipe": recipe, "init": init, "measured": measured})
    return measured


def _done(path: Path) -> dict[str, Any]:
    """What an earlier run measured; empty: nothing yet."""
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"{path} is truncated or damaged: {error}; delete it, then this recipe is measured again") from error


def as_table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells, in per cent, mean and range over the seeds."""
    reference = any(row.config.reference for row in rows)
    heading = ["recipe", "what is new", "accuracy", "balanced accuracy", "clips or ticks", "weights from", "time [s]"]
    cells = [
        [
            row.config.name, row.config.description, spread(row.figures("accuracy")), spread(row.figures("balanced_accuracy")),
            str(int(row.figures("n")[0])), row.config.transfer.init or "-", f"{row.seconds:.0f}",
        ]
        for row in rows
    ]  # fmt: skip
    if reference:
        heading.append("reference")
        cells = [[*cell, row.config.reference] for cell, row in zip(cells, rows, strict=True)]
    return heading, cells


def spread(shares: Sequence[float]) -> str:
    """Mean in per cent, with the lowest and highest of several."""
    mean = f"{100 * statistics.fmean(shares):.1f} %"
    return mean if len(shares) == 1 else f"{mean} ({100 * min(shares):.1f} to {100 * max(shares):.1f})"


def markdown(rows: Sequence[Row]) -> str:
    """The table for a page."""
    return "\n".join(markdown_table(*as_table(rows), literal=False)) + "\n"
