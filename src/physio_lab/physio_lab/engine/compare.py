"""Trains a folder of recipes, one after the other, and puts them into one table: ladders and ablations.

Recipes run in the order of their names; one that begins with ``_`` is only a base of others. A recipe may start from the
model of an earlier one by its name (``transfer: {init: pretrain}``). With several seeds each recipe, other than those that are
started from, is trained several times, so that luck can be told from merit.
"""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Generic

from physio_core.errors import ConfigError
from physio_core.files import write_json
from physio_lab.engine.config import R
from physio_lab.engine.files import fingerprint
from physio_lab.engine.task import Task

RESULT = "result.json"

Train = Callable[[R, Path, Path], dict[str, Any]]
"""Trains a recipe, given a work folder and a model folder, and gives what was measured."""


@dataclass(frozen=True)
class Row(Generic[R]):
    """One recipe with what was measured, once for each seed."""

    recipe: R
    measured: tuple[dict[str, Any], ...]

    @property
    def seconds(self) -> float:
        """Mean time of a training [s]."""
        return statistics.fmean(one["training"]["seconds"] for one in self.measured)


def load_folder(folder: Path, load: Callable[[Path], R]) -> list[R]:
    """Recipes of a folder in the order of their names.

    Args:
        folder: holds them.
        load: reads one.

    Raises:
        ConfigError: none, two of one name, or one that cannot be read.
    """
    recipes = [load(path) for path in sorted(folder.glob("*.yaml")) if not path.name.startswith("_")]
    names = [recipe.name for recipe in recipes]
    if not recipes or len(set(names)) < len(names):
        raise ConfigError(f"{folder} must hold recipes (*.yaml) with different names; it has: {', '.join(names) or 'none'}")
    return recipes


def compare(recipes: Sequence[R], work: Path, seeds: int, train: Train[R]) -> list[Row[R]]:
    """Train every recipe; a training that was done before, from the same weights, is not repeated.

    Args:
        recipes: in order.
        work: a folder for each recipe is made in it.
        seeds: trainings of each recipe that no other one starts from.
        train: trains one.

    Raises:
        ConfigError: what an earlier run measured cannot be read; and what ``train`` raises.
    """
    models = {recipe.name: work / recipe.name / f"seed_{recipe.seed}" / "model" for recipe in recipes}
    needed = {recipe.transfer.init for recipe in recipes}
    rows = []
    for recipe in recipes:
        init = recipe.transfer.init
        started = replace(recipe, transfer=replace(recipe.transfer, init=str(models.get(init, init))))
        count = 1 if recipe.name in needed else seeds
        measured = tuple(_one(replace(started, seed=recipe.seed + i), work, train) for i in range(count))
        rows.append(Row(recipe, measured))
    return rows


def _one(recipe: R, work: Path, train: Train[R]) -> dict[str, Any]:
    folder, init = work / recipe.name / f"seed_{recipe.seed}", fingerprint(recipe.transfer.init)
    settings, done = json.loads(json.dumps(asdict(recipe))), _done(folder / RESULT)
    if done and done.get("init", "") != init:  # its checkpoint started from weights that are no more
        shutil.rmtree(folder)
    elif done.get("recipe") == settings:
        return dict(done["measured"])
    measured = train(recipe, folder, folder / "model")
    write_json(folder / RESULT, {"recipe": settings, "init": init, "measured": measured})
    return measured


def _done(path: Path) -> dict[str, Any]:
    """What an earlier run measured; empty: nothing yet."""
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"{path} is truncated or damaged: {error}; delete it, then this recipe is measured again") from error


def as_table(rows: Sequence[Row[Any]], task: Task[Any, Any]) -> tuple[list[str], list[list[str]]]:
    """Heading and cells: the task's figures, mean and range over the seeds."""
    heading = ["recipe", "what is new", *task.columns, "weights from", "time [s]"]
    cells = []
    for row in rows:
        figures = [task.headline(one) for one in row.measured]
        spreads = [spread([one[name] for one in figures], style) for name, style in task.columns.items()]
        recipe = row.recipe
        cells.append([recipe.name, recipe.description, *spreads, recipe.transfer.init or "-", f"{row.seconds:.0f}"])
    if any(row.recipe.reference for row in rows):
        heading.append("reference")
        cells = [[*cell, row.recipe.reference] for cell, row in zip(cells, rows, strict=True)]
    return heading, cells


def mean_row(rows: Sequence[Row[Any]], task: Task[Any, Any], width: int) -> list[str]:
    """A last row of ``width`` cells: mean and range over all rows, as of the folds of a cross-validation."""
    figures = [task.headline(one) for row in rows for one in row.measured]
    spreads = [spread([one[name] for one in figures], style) for name, style in task.columns.items()]
    return [*["all", f"mean of {len(rows)}", *spreads, "", ""], *[""] * width][:width]


def spread(values: Sequence[float], style: str = ".1%") -> str:
    """Mean with the lowest and highest of several, if they differ, e.g. ``55.0 % (50.0 to 60.0)``."""
    mean, low, high = (f"{value:{style}}".replace("%", " %") for value in (statistics.fmean(values), min(values), max(values)))
    return mean if low == high else f"{mean} ({low.removesuffix(' %')} to {high.removesuffix(' %')})"
