"""`physio train RECIPE`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_core.share import shared_path
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.training.compare import as_table, compare, load_folder, markdown
from physio_lab.training.config import TrainingConfig
from physio_lab.training.recipe import load_training

RECIPES = ("config", "training")
WIDTH = 140
"""Least width of a table, so that names are not cut."""


def add_commands(subparsers: Any, name: str) -> None:
    """Add the command."""
    parser = subparsers.add_parser(name, help="train a recognition model from a recipe")
    parser.add_argument(
        "recipe",
        help="YAML file, or the name of one in config/training: stgcn_kinematic; a folder such as ladder: all its recipes",
    )
    parser.add_argument("--out", type=Path, help="model folder to write (default: models/NAME)")
    parser.add_argument("--work", type=Path, help="folder for checkpoint and log (default: build/training/NAME)")
    parser.add_argument("--tensorboard", action="store_true", help="also write a log for TensorBoard into the work folder")
    parser.add_argument("--seeds", type=int, default=3, help="of a folder: trainings of each recipe (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there, by name of the recipe")
    parser.add_argument("--tables", type=Path, help="of a folder: put the table into this page, between marks of its name")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train; a second run of the same recipe goes on where the first was interrupted."""
    recipe = find_recipe(options.recipe)
    if recipe.is_dir():
        return run_folder(recipe, options)
    if options.tables:
        raise ConfigError(f"--tables is for a folder of recipes; {recipe} is one recipe, whose figures go to --json FILE")
    check_writable(options.json)
    config = load_training(recipe)
    out, work = options.out or Path("models", config.name), options.work or Path("build", "training", config.name)
    console = Console()
    measured = train_with_progress(config, work, out, console, options.tensorboard)
    if measured and options.json:
        write_json(options.json, {config.name: [measured]})
    if measured:
        console.print(f"wrote {out}: {summary(measured)}")
    return 0


def run_folder(folder: Path, options: argparse.Namespace) -> int:
    """Train a folder of recipes and print them in one table; what was trained before is not trained again."""
    if int(os.environ.get("WORLD_SIZE", 1)) > 1:
        raise ConfigError(f"{folder}: a folder is trained by one process; give torchrun one recipe, such as ladder/0_pretrain")
    if options.seeds < 1:
        raise ConfigError(f"--seeds {options.seeds} must be 1 or more")
    check_writable(options.json, options.tables)
    if options.tables:
        around_block(options.tables, folder.name)
    console = Console(width=max(WIDTH, Console().width))
    rows = compare(
        load_folder(folder), options.work or Path("build", "training", folder.name), options.seeds,
        lambda config, work, out: train_with_progress(config, work, out, console, options.tensorboard),
    )  # fmt: skip
    if options.json:
        write_json(options.json, {row.config.name: row.measured for row in rows})
    if options.tables:
        write_block(options.tables, folder.name, markdown(rows))
    heading, cells = as_table(rows)
    table = Table(*map(escape, heading))
    for row in cells:
        table.add_row(*row)
    console.print(table)
    return 0


def find_recipe(name: str) -> Path:
    """A recipe, or a folder of them, by its path or by its name in ``config/training``.

    Raises:
        ConfigError: neither is there.
    """
    folder = shared_path(*RECIPES)
    if name.strip():
        if Path(name).exists() or name.endswith((".yaml", ".yml")):
            return Path(name)
        for path in (folder / f"{name}.yaml", folder / name):
            if path.exists():
                return path
    known = ", ".join(sorted(path.stem for path in folder.iterdir()))
    raise ConfigError(f"no recipe {name!r}: neither a file nor in {folder}, which has: {known}")


def train_with_progress(config: TrainingConfig, work: Path, out: Path, console: Console, tensorboard: bool) -> dict[str, Any]:
    """Train, with a bar on the console of the first process.

    Raises:
        ConfigError: the libraries for training are not installed; and what training raises.
    """
    try:
        from physio_lab.training.train import train
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed for training only; install it with: scripts/setup --training") from error
    with _bar(config, console) as tell:
        return train(config, work, out, tell, tensorboard)


@contextmanager
def _bar(config: TrainingConfig, console: Console) -> Iterator[Callable[[int, int, float, float], None]]:
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, disable=os.environ.get("RANK", "0") != "0") as bar:
        task = bar.add_task(config.name, total=config.optimiser.steps)

        def tell(step: int, _steps: int, loss: float, right: float) -> None:
            bar.update(task, completed=step, description=f"{config.name}: loss {loss:.3f} right {right:.3f}")

        yield tell


def summary(measured: dict[str, Any]) -> str:
    """What was measured, in a few words."""
    parts = []
    if "synthetic" in measured:
        ticks = measured["synthetic"]
        parts.append(f"{ticks['accuracy']:.3f} of held-out synthetic ticks right, per class {ticks['recall']}")
    if "sets" in measured:
        clips = measured["sets"]
        parts.append(f"{clips['accuracy']:.3f} of {clips['n']} held-out recorded clips right, per class {clips['recall']}")
    if "left_out" in measured:
        parts.append(f"{len(measured['left_out'])} recorded clips left out, such as {measured['left_out'][0]}")
    spent = measured["training"]
    if spent["steps"]:
        parts.append(f"{spent['steps']} steps in {spent['seconds']:.0f} s, {spent['in_network']:.1%} of it in the network")
    return "; ".join(parts)
